"""Bars: units ranked by one measure with lines for whole areas, and columns over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final, Literal

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg
from ropsanalysis.present.theme import Role


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; a missing value is NaN and leaves its row empty but named."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a whole area, drawn as a line across all bars."""

    label: str
    value: float
    role: Role


_ROW, _ABOVE, _BELOW = 12.5, 25.0, 30.0
_DASHES: Final = (0.0, (4, 1.6))


def ranked(
    bars: Sequence[Bar], *, key: str, label: str, digits: int, marks: Sequence[Mark] = (), tall: float = _ROW
) -> str:
    """Draw one bar per unit from zero, in the order given, each with its value.

    Parameters
    ----------
    label
        What the axis measures.
    digits
        Of the values beside the bars.
    tall
        Height of a row in points; labels of several lines need more than one of a single line.
    """
    height = tall * len(bars) + _ABOVE + _BELOW
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes((0.27, _BELOW / height, 0.66, tall * len(bars) / height))
        known = [bar.value for bar in bars if not isnan(bar.value)]
        axes.barh(
            [y for y, bar in enumerate(bars) if not isnan(bar.value)], known, height=0.68, color=theme.CLASSES[2],
            zorder=2,
        )  # fmt: skip
        for mark in marks:
            axes.axvline(mark.value, color=theme.COLOUR[mark.role], linewidth=1.4, linestyle=_style(mark), zorder=3)
        for y, bar in enumerate(bars):
            axes.annotate(
                "brak danych" if isnan(bar.value) else polish.number(bar.value, digits=digits),
                (0 if isnan(bar.value) else bar.value, y), (4, 0), textcoords="offset points", va="center",
                fontsize=7.2, zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            )  # fmt: skip
        axes.set_yticks(range(len(bars)), labels=[bar.label for bar in bars], fontsize=7.6, color=theme.INK)
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.set_xlim(0, max([*known, *(mark.value for mark in marks), 0.0]) * 1.1 or 1)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        axes.set_xlabel(label, fontsize=7.6)
        if marks:
            legend(
                figure,
                [
                    Line2D(
                        [], [], color=theme.COLOUR[mark.role], linewidth=1.4, linestyle=_style(mark),
                        label=f"{mark.label}: {polish.number(mark.value, digits=digits)}",
                    )
                    for mark in marks
                ],
            )  # fmt: skip
        return to_svg(figure, key=key)


def columns(bars: Sequence[Bar], *, key: str, up: str, digits: int = 0) -> str:
    """Draw one column per point in time from zero, each with its value above it; `up` says what their height is."""
    height = 2.5
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.02, 0.36 / height, 0.96, 1 - 0.72 / height))
        places = np.arange(len(bars))
        axes.bar(places, [0 if isnan(bar.value) else bar.value for bar in bars], width=0.66, color=theme.PEER, zorder=2)
        for place, bar in zip(places, bars, strict=True):
            axes.annotate(
                polish.number(bar.value, digits=digits), (place, 0 if isnan(bar.value) else bar.value), (0, 3),
                textcoords="offset points", ha="center", va="bottom", fontsize=7.6,
            )  # fmt: skip
        axes.set_xlim(-0.6, max(len(bars), 6) - 0.4)
        axes.set_ylim(0, max(bar.value for bar in bars if not isnan(bar.value)) * 1.15 or 1)
        axes.set_xticks(places, labels=[bar.label for bar in bars], fontsize=7.0)
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.text(0, 1.06, up, transform=axes.transAxes, fontsize=7.6, va="bottom")
        return to_svg(figure, key=key)


def _style(mark: Mark) -> Literal["solid"] | tuple[float, tuple[float, float]]:
    return _DASHES if mark.role == "poland" else "solid"


def _tick(value: float, _: object) -> str:
    return polish.number(value, digits=0 if float(value).is_integer() else 1)
