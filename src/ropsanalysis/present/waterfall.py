"""From an opening to a closing stock: what came and what went, each step starting where the last one ended."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the stock: positive for what came, negative for what went."""

    label: str
    change: int


_HEIGHT, _BOTTOM, _TOP = 190.0, 40.0, 24.0


def waterfall(opening: int, steps: Sequence[Step], *, key: str, first: str, last: str) -> str:
    """Draw two levels and the changes between them.

    The stock is large beside its changes, so the scale does not start from zero: levels are lines with their number,
    not bars, and only the bars of the changes can be compared by their length.

    Parameters
    ----------
    first, last
        What the levels at both ends are, such as "stan 31.12.2023".
    """
    levels = [opening]
    for step in steps:
        levels.append(levels[-1] + step.change)
    low, high = min(levels), max(levels)
    each = theme.WIDTH * 72 / (len(steps) + 2)
    scale = (_HEIGHT - _BOTTOM - _TOP - 24) / ((high - low) or 1)

    def at(level: float) -> float:
        return _BOTTOM + 12 + (level - low) * scale

    with theme.styled():
        figure, surface = theme.new_surface(_HEIGHT)
        names = (first, *(step.label for step in steps), last)
        for place, name in enumerate(names):
            text = textwrap.fill(name, width=int(each / 4.4))
            surface.text((place + 0.5) * each, _BOTTOM - 6, text, fontsize=7.6, ha="center", va="top", linespacing=1.2)
        for place, level in ((0, opening), (len(steps) + 1, levels[-1])):
            left = place * each + 6
            surface.add_collection(
                LineCollection(
                    [[(left, at(level)), (left + each - 12, at(level))]], colors=theme.REGION, linewidths=4, zorder=3
                )
            )
            surface.text(
                left + each / 2 - 6, at(level) + 6, polish.number(level), fontsize=9.5, fontweight="bold",
                color=theme.REGION, ha="center", va="bottom",
            )  # fmt: skip
        for place, step in enumerate(steps, start=1):
            before, after = at(levels[place - 1]), at(levels[place])
            rises = step.change >= 0
            surface.add_patch(
                Rectangle(
                    (place * each + 14, min(before, after)), each - 28, max(abs(after - before), 0.8),
                    facecolor=theme.PEER if rises else "white", edgecolor=theme.PEER if rises else theme.INK,
                    linewidth=0.9, zorder=3,
                )
            )  # fmt: skip
            surface.text(
                (place + 0.5) * each, max(before, after) + 4, polish.signed(step.change), fontsize=8.5, ha="center",
                va="bottom", zorder=4,
            )  # fmt: skip
        ends = [(place + 1) * each for place in range(len(steps) + 1)]
        joints = [[(x - 14, at(level)), (x + 14, at(level))] for x, level in zip(ends, levels, strict=True)]
        surface.add_collection(LineCollection(joints, colors="#9aa3ad", linewidths=0.7, zorder=2))
        base = [[(0, _BOTTOM), (theme.WIDTH * 72, _BOTTOM)]]
        surface.add_collection(LineCollection(base, colors="#9aa3ad", linewidths=0.7, zorder=1))
        return to_svg(figure, key=key)
