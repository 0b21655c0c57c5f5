"""Rows of a point with its interval: a ranking with its uncertainty, or the answers to several questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a point with its interval, or a heading over the rows that follow.

    Attributes
    ----------
    point, low, high
        The estimate; NaN in a heading.
    reference
        The same estimate elsewhere, drawn as a hollow diamond; NaN where there is none.
    note
        Printed at the right edge, such as the value.
    """

    label: str
    point: float = nan
    low: float = nan
    high: float = nan
    reference: float = nan
    note: str = ""


_ROW = 16.0
_ABOVE, _BELOW = 36.0, 31.0


def ranking(
    rows: Sequence[Row], *, key: str, label: str, region: str, reference: str = "", notes: str = "", interval: str
) -> str:
    """Draw points with intervals, the first row on top.

    Parameters
    ----------
    label
        What the axis measures.
    region, reference
        Names of the points and of the diamonds for the key; without diamonds `reference` stays empty.
    notes
        Heading of the notes at the right edge.
    interval
        Name of the strokes for the key, such as "przedział 95%".
    """
    height = _ROW * len(rows) + _ABOVE + _BELOW
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes((0.385, _BELOW / height, 0.415, _ROW * len(rows) / height))
        for y, row in enumerate(rows):
            _draw(axes, y, row)
        axes.axvline(0, color="#9aa3ad", linewidth=0.8, zorder=0)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks([])
        axes.grid(visible=True, axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        axes.set_xlabel(label, fontsize=7.6)
        axes.text(1.03, 1 + 5 / (_ROW * len(rows)), notes, transform=axes.transAxes, fontsize=7.6, color=theme.MUTED)
        own, muted = theme.REGION, theme.POLAND
        handles = [
            Line2D([], [], marker="o", color=own, markersize=5.5, linestyle="none", label=region),
            Line2D([], [], color=own, linewidth=3, alpha=0.4, label=interval),
        ]
        if reference:
            handles.append(
                Line2D([], [], marker="D", color=muted, markerfacecolor="white", markersize=4.5, linestyle="none",
                       label=reference)
            )  # fmt: skip
        legend(figure, handles)
        return to_svg(figure, key=key)


def _tick(value: float, _: object) -> str:
    return polish.number(value, digits=0 if float(value).is_integer() else 1)


def _draw(axes: Axes, y: int, row: Row) -> None:
    beside = axes.get_yaxis_transform()
    if isnan(row.point):
        axes.text(-0.9, y + 0.12, row.label, transform=beside, fontsize=7.8, fontweight="bold", va="center")
        return
    axes.text(-0.025, y, row.label, transform=beside, fontsize=7.8, ha="right", va="center")
    axes.plot([row.low, row.high], [y, y], color=theme.REGION, linewidth=3, alpha=0.4, solid_capstyle="butt", zorder=2)
    axes.plot(row.point, y, "o", color=theme.REGION, markersize=5.5, zorder=4)
    if not isnan(row.reference):
        axes.plot(row.reference, y, "D", color=theme.POLAND, markerfacecolor="white", markersize=4.5, zorder=3)
    axes.text(1.03, y, row.note, transform=beside, fontsize=7.6, va="center")
