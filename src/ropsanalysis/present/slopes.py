"""Two orders of the same things side by side, with a line from each thing's place to its other place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.collections import LineCollection

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Slope:
    """A thing with its place in the left and in the right order, counted from 1.

    Attributes
    ----------
    marked
        Whether it is drawn in the accent colour.
    """

    label: str
    left: int
    right: int
    marked: bool


_ROW, _ABOVE, _BELOW = 15.0, 26.0, 4.0
_LEFT, _RIGHT = 172.0, 296.0


def slopes(things: Sequence[Slope], *, key: str, left: str, right: str) -> str:
    """Draw two orders, the first place on top; `left` and `right` name them."""
    height = _ROW * max(max(t.left, t.right) for t in things) + _ABOVE + _BELOW
    with theme.styled():
        figure, surface = theme.new_surface(height)
        for marked in (False, True):
            lines = [
                [(_LEFT + 4, _at(t.left, height)), (_RIGHT - 4, _at(t.right, height))]
                for t in things
                if t.marked == marked
            ]
            colour, width = (theme.REGION, 2.0) if marked else (theme.OTHER, 1.1)
            surface.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=2 if marked else 1))
        for thing in things:
            style: dict[str, Any] = {
                "fontsize": 7.8, "va": "center", "color": theme.REGION if thing.marked else theme.INK,
                "fontweight": "bold" if thing.marked else "normal",
            }  # fmt: skip
            surface.text(
                _LEFT, _at(thing.left, height), f"{thing.label} {polish.rank(thing.left)}", ha="right", **style
            )
            surface.text(_RIGHT, _at(thing.right, height), f"{polish.rank(thing.right)} {thing.label}", **style)
        top = height - 12
        surface.text(_LEFT, top, left, fontsize=8, fontweight="bold", ha="right", va="center")
        surface.text(_RIGHT, top, right, fontsize=8, fontweight="bold", va="center")
        return to_svg(figure, key=key)


def _at(place: int, height: float) -> float:
    return height - _ABOVE - _ROW * (place - 0.5)
