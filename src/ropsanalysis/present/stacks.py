"""What a whole is made of: bars of equal length, cut into the same parts in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from matplotlib.patches import Rectangle

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every bar: its name in the key, its fill, and an ink that is read on it."""

    label: str
    colour: str
    ink: str = theme.INK


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar; shares in percent in the order of the parts, or none where they are not shown.

    Attributes
    ----------
    own
        Whether it is the report's own region, named in the accent colour.
    instead
        Printed where there are no shares.
    """

    label: str
    shares: tuple[float, ...]
    own: bool = False
    instead: str = ""


_ROW, _KEY_ROW = 20.0, 13.0
#: A part narrower than this (percent) has no room for its number.
_NARROWEST = 4.5


def stacked(rows: Sequence[Stack], parts: Sequence[Part], *, key: str) -> str:
    """Draw one bar per row, the first on top, with the key above in the order of the parts."""
    width = theme.WIDTH * 72
    left, wide = 0.3 * width, 0.68 * width
    keys = -(-len(parts) // 2)
    height = _ROW * len(rows) + _KEY_ROW * keys + 14
    with theme.styled():
        figure, surface = theme.new_surface(height)
        for index, part in enumerate(parts):
            x, y = (index // keys) * width / 2, height - _KEY_ROW * (index % keys + 1)
            surface.add_patch(Rectangle((x, y + 1.5), 14, 8, facecolor=part.colour, edgecolor="#7d8791", linewidth=0.4))
            surface.text(x + 19, y + 5.5, part.label, fontsize=7.6, va="center")
        for place, row in enumerate(rows):
            y = height - _KEY_ROW * keys - 10 - _ROW * (place + 1)
            surface.text(
                left - 6, y + _ROW / 2, row.label, fontsize=7.8, ha="right", va="center",
                color=theme.REGION if row.own else theme.INK, fontweight="bold" if row.own else "normal",
            )  # fmt: skip
            if not row.shares:
                surface.text(left + 4, y + _ROW / 2, row.instead, fontsize=7.6, va="center", color=theme.MUTED)
                continue
            start = left
            for share, part in zip(row.shares, parts, strict=True):
                if isnan(share) or share <= 0:
                    continue
                long = wide * share / 100
                surface.add_patch(
                    Rectangle((start, y + 2.5), long, _ROW - 5, facecolor=part.colour, edgecolor="white", linewidth=0.8)
                )
                if share >= _NARROWEST:
                    surface.text(
                        start + long / 2, y + _ROW / 2, polish.number(share), fontsize=7.2, ha="center", va="center",
                        color=part.ink,
                    )  # fmt: skip
                start += long
        return to_svg(figure, key=key)
