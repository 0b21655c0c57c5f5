"""A grid of yes and no: which things have which elements, told by word and by fill, never by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ropsanalysis.present import lettering, theme
from ropsanalysis.present.svg import to_svg

State = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether the thing has the element, and a remark beneath, such as a share."""

    state: State
    remark: str = ""


_LABELS, _ROW, _PAD, _LINE = 112.0, 25.0, 6.0, 9.0
_SIZE, _SMALL = 7.6, 7.2
#: Word, fill, ink, edge, dash and width of the edge.
_STYLE: Final = {
    "yes": ("tak", "#dbe8f5", theme.INK, "#7d8791", "solid", 0.6),
    "no": ("nie", theme.INK, "#ffffff", theme.INK, "solid", 0.6),
    "unknown": ("?", "#ffffff", theme.INK, theme.MUTED, (0, (3, 2)), 1.0),
}


def matrix(cells: Sequence[Sequence[Cell]], *, rows: Sequence[str], columns: Sequence[str], key: str) -> str:
    """Draw the grid: what is there is light, what is missing is dark, what is not known has a dashed edge.

    Parameters
    ----------
    cells
        One row of cells for each of the rows.
    """
    wide = (theme.WIDTH * 72 - _LABELS - 2) / len(columns)
    heads = [lettering.wrapped(name, wide - 5, _SMALL) for name in columns]
    labels = [lettering.wrapped(name, _LABELS - 8, _SIZE) for name in rows]
    tall = [max(_ROW, _LINE * len(lines) + 6) for lines in labels]
    head = _LINE * max(len(lines) for lines in heads) + _PAD
    height = head + sum(tall) + 2
    with theme.styled():
        figure, surface = theme.new_surface(height)
        for k, lines in enumerate(heads):
            _text(surface, lines, _LABELS + wide * (k + 0.5), height - head + _PAD / 2, bottom=True)
        top = height - head
        for own, lines, deep in zip(cells, labels, tall, strict=True):
            for k, line in enumerate(lines):
                y = top - deep / 2 + _LINE * (len(lines) / 2 - k - 0.5)
                surface.text(_LABELS - 6, y, line, fontsize=_SIZE, ha="right", va="center")
            for k, cell in enumerate(own):
                _cell(surface, cell, _LABELS + wide * k, top - deep, wide, deep)
            top -= deep
        return to_svg(figure, key=key)


def _text(surface: Axes, lines: Sequence[str], x: float, y: float, *, bottom: bool) -> None:
    for k, line in enumerate(lines):
        at = y + _LINE * (len(lines) - 1 - k) if bottom else y - _LINE * k
        surface.text(x, at, line, fontsize=_SMALL, ha="center", va="bottom")


def _cell(surface: Axes, cell: Cell, left: float, bottom: float, wide: float, deep: float) -> None:
    word, fill, ink, edge, dash, width = _STYLE[cell.state]
    surface.add_patch(
        Rectangle((left + 1.2, bottom + 1.2), wide - 2.4, deep - 2.4, facecolor=fill, edgecolor=edge, linestyle=dash,
                  linewidth=width)
    )  # fmt: skip
    x, y = left + wide / 2, bottom + deep / 2
    bold = "bold" if cell.state == "no" else "normal"
    if not cell.remark:
        surface.text(x, y, word, fontsize=_SIZE, ha="center", va="center", color=ink, fontweight=bold)
        return
    surface.text(x, y + 4.8, word, fontsize=_SIZE, ha="center", va="center", color=ink, fontweight=bold)
    surface.text(x, y - 5.2, cell.remark, fontsize=_SMALL, ha="center", va="center", color=ink)
