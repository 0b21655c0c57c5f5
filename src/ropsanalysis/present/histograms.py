"""Distributions in bins: one of them with a line that matters, or two on either side of one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Bin:
    """Share in percent of what lies from `low` to `high`; `other` that of a second group."""

    low: float
    high: float
    share: float
    other: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A value that matters, with its name for the key."""

    value: float
    name: str
    dashed: bool = False


_HEIGHT: Final = 2.6
_DASHES: Final = (0, (4, 1.6))


def distribution(bins: Sequence[Bin], *, key: str, across: str, up: str, lines: Sequence[Line], split: float) -> str:
    """Draw bins as columns; those that end at or below `split` are hollow.

    Parameters
    ----------
    across, up
        What the axes measure.
    lines
        Values drawn across all columns, such as the estimate.
    """
    with theme.styled():
        figure, axes = _axes()
        _columns(axes, bins, [b.share for b in bins], split)
        for line, colour in zip(lines, (theme.INK, theme.REGION, theme.PEER), strict=False):
            axes.axvline(line.value, color=colour, linewidth=1.6, linestyle=_DASHES if line.dashed else "solid")
        axes.set_ylim(0, max(b.share for b in bins) * 1.12)
        _finish(axes, across, up)
        legend(
            figure,
            [
                Line2D([], [], color=colour, linewidth=1.6, linestyle=_DASHES if line.dashed else "solid",
                       label=line.name)
                for line, colour in zip(lines, (theme.INK, theme.REGION, theme.PEER), strict=False)
            ],
        )  # fmt: skip
        return to_svg(figure, key=key)


def mirrored(bins: Sequence[Bin], *, key: str, across: str, up: str, names: tuple[str, str]) -> str:
    """Draw two distributions over the same bins, the first upwards and the second downwards."""
    with theme.styled():
        figure, axes = _axes()
        low, wide = [b.low for b in bins], [b.high - b.low for b in bins]
        axes.bar(low, [b.share for b in bins], wide, align="edge", color=theme.REGION, edgecolor="white", linewidth=0.8)
        axes.bar(
            low, [-b.other for b in bins], wide, align="edge", color="#dbe8f6", edgecolor=theme.PEER, linewidth=0.9
        )
        axes.axhline(0, color=theme.INK, linewidth=0.9)
        _finish(axes, across, up)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(abs(value))))
        legend(
            figure,
            [
                _square(theme.REGION, theme.REGION, names[0]),
                _square("#dbe8f6", theme.PEER, names[1]),
            ],
        )
        return to_svg(figure, key=key)


def _axes() -> tuple[Figure, Axes]:
    figure = theme.new_figure(_HEIGHT)
    return figure, figure.add_axes((0.065, 0.43 / _HEIGHT, 0.915, 1 - 0.85 / _HEIGHT))


def _columns(axes: Axes, bins: Sequence[Bin], shares: Sequence[float], split: float) -> None:
    for bin_, share in zip(bins, shares, strict=True):
        below = bin_.high <= split
        axes.bar(
            bin_.low, share, bin_.high - bin_.low, align="edge", color="white" if below else theme.CLASSES[2],
            edgecolor=theme.MUTED if below else "white", linewidth=0.8, zorder=2,
        )  # fmt: skip


def _finish(axes: Axes, across: str, up: str) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    axes.set_xlabel(across, fontsize=7.6)
    axes.text(-0.055, 1.03, up, transform=axes.transAxes, fontsize=7.6, va="bottom")


def _tick(value: float, _: object) -> str:
    return polish.number(value, digits=next(d for d in (0, 1, 2) if d == 2 or abs(value - round(value, d)) < 1e-9))


def _square(fill: str, edge: str, name: str) -> Line2D:
    return Line2D(
        [], [], marker="s", markersize=7, markerfacecolor=fill, markeredgecolor=edge, linestyle="none", label=name
    )
