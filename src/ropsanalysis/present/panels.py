"""Small charts of estimates in steps: a line of points with intervals, by wave, by year, or around an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ropsanalysis.present import lettering, polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.multiples import Frame, surfaces
from ropsanalysis.present.svg import to_svg
from ropsanalysis.present.theme import Role


@dataclass(frozen=True, slots=True)
class Series:
    """A line of points; all tuples are equally long or empty, and a missing value is NaN.

    Attributes
    ----------
    low, high
        Ends of the interval of each point, drawn as strokes.
    band_low, band_high
        Ends of a wider band behind the line.
    """

    role: Role
    places: tuple[float, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    band_low: tuple[float, ...] = ()
    band_high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart.

    Attributes
    ----------
    ticks
        Places on the lower axis with their names.
    start
        Where a dotted line stands, such as the moment of an event; NaN for none.
    zero
        Whether a line marks no difference, which the scale then includes.
    """

    title: str
    unit: str
    digits: int
    series: tuple[Series, ...]
    ticks: tuple[tuple[float, str], ...]
    start: float = float("nan")
    zero: bool = False


_HEAD: Final = 26.0
_DASHES: Final = (0, (4, 1.6))
_DOTS: Final = (0, (1, 2))
_BAND: Final[dict[Role, str]] = {"region": "#f1dfe8", "poland": "#e4e7eb", "peer": "#dbe8f6", "other": "#eef0f2"}
_MARKER: Final[dict[Role, str]] = {"region": "o", "poland": "D", "peer": "s", "other": "^"}
_APART: Final = 9.0


def panels(
    charts: Sequence[Panel], *, key: str, names: Sequence[tuple[Role, str]], interval: str = "", band: str = ""
) -> str:
    """Draw small charts with one key above them.

    Parameters
    ----------
    names
        What the lines of each role are.
    interval, band
        Names of the strokes and of the band for the key; empty where there are none.
    """
    with theme.styled():
        figure, surface, places = surfaces(len(charts))
        for chart, place in zip(charts, places, strict=True):
            frame = _frame(chart, place)
            _dress(surface, frame, chart)
            for series in chart.series:
                _draw(surface, frame, series)
            _end_labels(surface, frame, chart)
        handles = [
            Line2D([], [], color=theme.COLOUR[role], marker=_MARKER[role], markersize=4.5, label=name,
                   linestyle=_DASHES if role == "poland" else "solid",
                   markerfacecolor="white" if role == "peer" else theme.COLOUR[role])
            for role, name in names
        ]  # fmt: skip
        if interval:
            handles.append(
                Line2D([], [], color=theme.MUTED, marker="|", markersize=7, linestyle="none", label=interval)
            )
        if band:
            handles.append(Line2D([], [], color=_BAND[names[0][0]], linewidth=6, label=band))
        legend(figure, handles)
        return to_svg(figure, key=key)


def _frame(chart: Panel, place: tuple[float, float, float]) -> Frame:
    numbers = [
        v for s in chart.series for ends in (s.values, s.low, s.high, s.band_low, s.band_high) for v in ends if v == v
    ] + ([0.0] if chart.zero else [])
    low, high = min(numbers), max(numbers)
    room = 0.08 * (high - low) or max(abs(high) * 0.05, 0.5)
    at = [x for x, _ in chart.ticks] + [x for s in chart.series for x in s.places]
    left, bottom, width = place
    return Frame(left, bottom, width, (min(at) - 0.3, max(at) + 0.3), (low - room, high + room))


def _dress(surface: Axes, frame: Frame, chart: Panel) -> None:
    edge = frame.left - _HEAD + 2
    lines = lettering.wrapped(chart.title, frame.width + 46, 7.8, bold=True)
    surface.text(edge, frame.top + 15, "\n".join(lines), fontsize=7.8, fontweight="bold", va="bottom", linespacing=1.15)
    surface.text(edge, frame.top + 5, chart.unit, fontsize=6.8, color=theme.MUTED, va="bottom")
    low, high = frame.values
    ticks = [t for t in MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high) if low <= t <= high]
    shown = 0 if all(float(t).is_integer() for t in ticks) else min(max(chart.digits, 1), 2)
    for tick in ticks:
        line = frame.at(frame.years, (tick, tick))
        surface.add_collection(LineCollection([line], colors=theme.GRID, linewidths=0.7, zorder=0))
        surface.text(
            frame.left - 3, line[0, 1], polish.number(tick, digits=shown), fontsize=7, color=theme.MUTED, ha="right",
            va="center",
        )  # fmt: skip
    base = np.array([[frame.left, frame.bottom], [frame.right, frame.bottom]])
    marks = [
        np.array([[x, frame.bottom], [x, frame.bottom - 2.5]]) for x in _across(frame, [t for t, _ in chart.ticks])
    ]
    strokes = [base, *marks, *([frame.at(frame.years, (0, 0))] if chart.zero else [])]
    surface.add_collection(LineCollection(strokes, colors="#9aa3ad", linewidths=0.8, zorder=1))
    for (_, name), mark in zip(chart.ticks, marks, strict=True):
        surface.text(mark[0, 0], frame.bottom - 4, name, fontsize=6.8, color=theme.MUTED, ha="center", va="top")
    if not isnan(chart.start):
        x = _across(frame, [chart.start])[0]
        line = np.array([[x, frame.bottom], [x, frame.top]])
        surface.add_collection(LineCollection([line], colors=theme.MUTED, linewidths=0.9, linestyles=[_DOTS], zorder=1))


def _across(frame: Frame, places: Sequence[float]) -> list[float]:
    return [float(x) for x in frame.at(places, [0.0] * len(places))[:, 0]]


def _draw(surface: Axes, frame: Frame, series: Series) -> None:
    colour = theme.COLOUR[series.role]
    if series.band_low:
        whole = [
            (x, a, b) for x, a, b in zip(series.places, series.band_low, series.band_high, strict=True)
            if a == a and b == b
        ]  # fmt: skip
        if len(whole) > 1:
            x, low, high = zip(*whole, strict=True)
            band = np.vstack([frame.at(x, low), frame.at(x, high)[::-1]])
            surface.add_collection(PolyCollection([band], facecolors=_BAND[series.role], linewidths=0, zorder=1))
    if series.low:
        strokes = [
            frame.at([x, x], [a, b]) for x, a, b in zip(series.places, series.low, series.high, strict=True)
            if a == a and b == b
        ]  # fmt: skip
        surface.add_collection(LineCollection(strokes, colors=colour, linewidths=1.3, alpha=0.75, zorder=3))
    known = [(x, v) for x, v in zip(series.places, series.values, strict=True) if v == v]
    if not known:
        return
    points = frame.at([x for x, _ in known], [v for _, v in known])
    style: dict[str, Any] = {"linestyle": _DASHES if series.role == "poland" else "solid"}
    surface.plot(points[:, 0], points[:, 1], color=colour, linewidth=1.5, zorder=3, **style)
    fill = "white" if series.role == "peer" else colour
    surface.plot(
        points[:, 0], points[:, 1], _MARKER[series.role], color=colour, markerfacecolor=fill, markersize=4, zorder=4
    )


def _end_labels(surface: Axes, frame: Frame, chart: Panel) -> None:
    """Write the last value of each line beside its end, kept apart."""
    ends: list[tuple[float, Role]] = []
    for series in chart.series:
        known = [v for v in series.values if v == v]
        if known:
            ends.append((known[-1], series.role))
    ends.sort(key=lambda end: end[0])
    heights = [float(frame.at([0], [value])[0, 1]) for value, _ in ends]
    for place in range(1, len(heights)):
        lack = _APART - (heights[place] - heights[place - 1])
        if lack > 0:
            heights[place - 1] -= lack / 2
            heights[place] += lack / 2
    for height, (value, role) in zip(heights, ends, strict=True):
        surface.text(
            frame.right + 2, height, polish.number(value, digits=chart.digits), fontsize=7.2, va="center",
            color=theme.MUTED if role == "other" else theme.COLOUR[role],
            fontweight="bold" if role == "region" else "normal",
        )  # fmt: skip
