"""Boxes in stages joined by arrows, from what goes in to what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from ropsanalysis.present import lettering, theme
from ropsanalysis.present.svg import to_svg

Tone = Literal["plain", "good", "bad", "open"]


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what it is about, what is known of it, and how it is dressed.

    Attributes
    ----------
    tone
        "good" and "bad" have a strong edge, "open" a dashed one; their texts must say the same in words.
    """

    title: str
    text: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Stage:
    """The boxes of one stage under a name, with a remark under the name."""

    name: str
    boxes: tuple[Box, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A box where it stands: its left lower corner, size and lines, in points."""

    box: Box
    left: float
    bottom: float
    width: float
    height: float
    title: tuple[str, ...]
    lines: tuple[str, ...]


_NAMES, _GAP, _ARROW, _PAD = 84.0, 6.0, 20.0, 5.0
_TITLE, _TEXT, _LINE = 7.6, 7.4, 10.0
_EDGE: Final[dict[Tone, str]] = {"plain": "#7d8791", "good": theme.PEER, "bad": theme.REGION, "open": theme.MUTED}
_FILL: Final[dict[Tone, str]] = {"plain": "#f4f6f8", "good": "#e3eefa", "bad": "#f8e6ee", "open": "#ffffff"}


def layout(stages: Sequence[Stage]) -> tuple[float, list[list[Placed]], list[float]]:
    """Return the height of the drawing, the boxes of each stage in their places, and the top of each stage.

    Everything is measured first, so that no text leaves its box and no box another's place.
    """
    rows = [_rows(stage) for stage in stages]
    heads = [_head_height(stage) for stage in stages]
    heights = [
        max(head, sum(height for _, height in row) + _GAP * (len(row) - 1))
        for row, head in zip(rows, heads, strict=True)
    ]
    total = sum(heights) + _ARROW * (len(stages) - 1) + 4
    tops, placed, top = [], [], total - 2
    for stage_rows, height in zip(rows, heights, strict=True):
        tops.append(top)
        placed.append(list(_put(stage_rows, top)))
        top -= height + _ARROW
    return total, placed, tops


def _head_height(stage: Stage) -> float:
    names = lettering.wrapped(stage.name, _NAMES - 8, 8.5, bold=True)
    remarks = lettering.wrapped(stage.remark, _NAMES - 8, 7.0) if stage.remark else []
    return 11.0 * len(names) + 9.0 * len(remarks) + 4


def _rows(stage: Stage) -> list[tuple[list[Placed], float]]:
    """Return the boxes in rows of at most three, as even as can be, and the height of each row."""
    count = len(stage.boxes)
    lines = ceil(count / 3)
    across = ceil(count / lines)
    wide = (theme.WIDTH * 72 - _NAMES - _GAP * (across - 1) - 2) / across
    found = []
    for start in range(0, count, across):
        row = []
        for place, box in enumerate(stage.boxes[start : start + across]):
            title = tuple(lettering.wrapped(box.title, wide - 2 * _PAD, _TITLE, bold=True))
            text = tuple(lettering.wrapped(box.text, wide - 2 * _PAD, _TEXT)) if box.text else ()
            height = _LINE * (len(title) + len(text)) + 2 * _PAD
            row.append(Placed(box, _NAMES + place * (wide + _GAP), 0.0, wide, height, title, text))
        found.append((row, max(box.height for box in row)))
    return found


def _put(rows: list[tuple[list[Placed], float]], top: float) -> Iterator[Placed]:
    for row, height in rows:
        for box in row:
            yield Placed(box.box, box.left, top - height, box.width, height, box.title, box.lines)
        top -= height + _GAP


def chain(stages: Sequence[Stage], *, key: str) -> str:
    """Draw the stages from top to bottom, an arrow from each to the next."""
    height, placed, tops = layout(stages)
    with theme.styled():
        figure, surface = theme.new_surface(height)
        for stage, boxes, top in zip(stages, placed, tops, strict=True):
            _name(surface, stage, top)
            for box in boxes:
                _draw(surface, box)
        for boxes, after in zip(placed, tops[1:], strict=False):
            _arrow(surface, min(box.bottom for box in boxes), after)
        return to_svg(figure, key=key)


def _name(surface: Axes, stage: Stage, top: float) -> None:
    y = top - 2
    for line in lettering.wrapped(stage.name, _NAMES - 8, 8.5, bold=True):
        surface.text(0, y, line, fontsize=8.5, fontweight="bold", color=theme.REGION, va="top")
        y -= 11
    for line in lettering.wrapped(stage.remark, _NAMES - 8, 7.0) if stage.remark else []:
        surface.text(0, y, line, fontsize=7.0, color=theme.MUTED, va="top")
        y -= 9


def _draw(surface: Axes, box: Placed) -> None:
    tone = box.box.tone
    surface.add_patch(
        FancyBboxPatch(
            (box.left + 1.5, box.bottom + 1.5), box.width - 3, box.height - 3,
            boxstyle="round,pad=0,rounding_size=3", facecolor=_FILL[tone], edgecolor=_EDGE[tone],
            linewidth=0.8 if tone == "plain" else 1.4, linestyle=(0, (3, 2)) if tone == "open" else "solid", zorder=2,
        )
    )  # fmt: skip
    y = box.bottom + box.height - _PAD
    for line in box.title:
        surface.text(box.left + _PAD, y - 1, line, fontsize=_TITLE, fontweight="bold", va="top", zorder=3)
        y -= _LINE
    for line in box.lines:
        surface.text(box.left + _PAD, y - 1, line, fontsize=_TEXT, va="top", zorder=3)
        y -= _LINE


def _arrow(surface: Axes, start: float, end: float) -> None:
    middle = _NAMES + (theme.WIDTH * 72 - _NAMES) / 2
    top, tip = start - 3, end + 3
    neck = tip + 7
    points = [
        (middle - 3, top), (middle + 3, top), (middle + 3, neck), (middle + 9, neck), (middle, tip), (middle - 9, neck),
        (middle - 3, neck),
    ]  # fmt: skip
    surface.add_patch(Polygon(points, closed=True, facecolor=theme.MUTED, edgecolor="none", zorder=1))
