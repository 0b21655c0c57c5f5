"""Small multiples over years: one small chart for each indicator, all on one drawing surface.

A matplotlib `Axes` with its ticks costs more to make than its lines to draw. Forty of them would be
most of a report's computing, so the charts here share one surface measured in points, and each maps
its years and values onto its own rectangle of it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg
from ropsanalysis.present.theme import Role

Points = NDArray[np.float64]

_DASHES = (0, (4, 1.6))
_SHORT_DASHES = (0, (2, 1.2))
_BREAK = (0, (1, 2))
_BAND_80, _BAND_95 = "#d9a3bf", "#f1dfe8"
_WIDTHS: dict[Role, float] = {"region": 2.2, "poland": 1.5, "peer": 1.1, "other": 0.7}

#: Points around the plotting area of one chart: axis labels, end labels, title and unit, years.
_LEFT, _RIGHT, _ABOVE, _BELOW, _HEIGHT = 26.0, 36.0, 34.0, 19.0, 74.0
_KEY_HEIGHT = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart over years; a missing value is NaN and leaves a gap.

    Attributes
    ----------
    label
        What the line is, in a few words.
    role
        Decides colour and weight.
    years, values
        Equally long; values in the indicator's unit.
    """

    label: str
    role: Role
    years: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart: an indicator over the years for all regions.

    Attributes
    ----------
    breaks
        First years of a new level; a dotted line marks each.
    """

    title: str
    unit: str
    digits: int
    lines: tuple[Line, ...]
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fan:
    """A history and its continuation with two intervals.

    Attributes
    ----------
    years, values
        The observed series.
    ahead, mean, low80, high80, low95, high95
        The years to come and the forecast for each.
    """

    title: str
    unit: str
    digits: int
    years: tuple[int, ...]
    values: tuple[float, ...]
    ahead: tuple[int, ...]
    mean: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    low95: tuple[float, ...]
    high95: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of one chart, in points, and the span of data it shows.

    Attributes
    ----------
    left, bottom, width
        Where the plotting area stands; all charts are equally high.
    years, values
        First and last of what its axes show.
    """

    left: float
    bottom: float
    width: float
    years: tuple[float, float]
    values: tuple[float, float]

    def at(self, years: Sequence[float], values: Sequence[float]) -> Points:
        """Return the data as points of the surface, shape (n, 2)."""
        (first, last), (low, high) = self.years, self.values
        x = self.left + (np.asarray(years, dtype=float) - first) / (last - first) * self.width
        y = self.bottom + (np.asarray(values, dtype=float) - low) / (high - low) * _HEIGHT
        return np.column_stack([x, y])

    @property
    def right(self) -> float:
        """Where the plotting area ends."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper edge of the plotting area."""
        return self.bottom + _HEIGHT


def trajectories(panels: Sequence[Panel], *, key: str, region: str) -> str:
    """Draw each indicator's path for the region, Poland, its peers and all others, where there are such lines."""
    with theme.styled():
        figure, surface, places = surfaces(len(panels))
        strokes: dict[Role, list[Points]] = {"other": [], "peer": [], "poland": [], "region": []}
        breaks: list[Points] = []
        for panel, place in zip(panels, places, strict=True):
            frame = _frame(place, [(line.years, line.values) for line in panel.lines])
            dress(surface, frame, panel.title, panel.unit, panel.digits)
            shown = {y for line in panel.lines for y, v in zip(line.years, line.values, strict=True) if v == v}
            for line in panel.lines:
                for run in _runs(line, shown):
                    strokes[line.role].append(frame.at(*run))
            _end_labels(surface, frame, panel)
            breaks += [np.array([[x, frame.bottom], [x, frame.top]]) for x in _break_places(frame, panel.breaks)]
        for zorder, (role, lines) in enumerate(strokes.items(), start=2):
            _stroke(surface, lines, role, zorder=zorder)
        surface.add_collection(
            LineCollection(breaks, colors=theme.MUTED, linewidths=0.8, linestyles=[_BREAK], zorder=1)
        )
        keys: dict[Role, Line2D] = {
            "region": Line2D([], [], color=theme.REGION, linewidth=2.2, label=region),
            "poland": Line2D([], [], color=theme.POLAND, linewidth=1.5, linestyle=_DASHES, label="Polska"),
            "peer": Line2D([], [], color=theme.PEER, linewidth=1.1, label="województwa podobne"),
            "other": Line2D([], [], color=theme.OTHER, linewidth=0.9, label="pozostałe województwa"),
        }
        legend(figure, [handle for role, handle in keys.items() if strokes[role]])
        return to_svg(figure, key=key)


def fans(panels: Sequence[Fan], *, key: str) -> str:
    """Draw forecasts: history, mean, 80 and 95 % intervals."""
    with theme.styled():
        figure, surface, places = surfaces(len(panels))
        for panel, place in zip(panels, places, strict=True):
            ahead = (panel.years[-1], *panel.ahead)
            now = panel.values[-1]
            frame = _frame(
                place,
                [(panel.years, panel.values), (ahead, (now, *panel.low95)), (ahead, (now, *panel.high95))],
            )
            dress(surface, frame, panel.title, panel.unit, panel.digits)
            for low, high, colour in (
                (panel.low95, panel.high95, _BAND_95),
                (panel.low80, panel.high80, _BAND_80),
            ):
                band = np.vstack([frame.at(ahead, (now, *low)), frame.at(ahead, (now, *high))[::-1]])
                surface.add_collection(PolyCollection([band], facecolors=colour, linewidths=0, zorder=1))
            mean = frame.at(ahead, (now, *panel.mean))
            _stroke(surface, [frame.at(panel.years, panel.values)], "region", zorder=3)
            surface.add_collection(
                LineCollection([mean], colors=theme.REGION, linewidths=1.4, linestyles=[_SHORT_DASHES], zorder=2)
            )
            end_label(surface, (frame.right, mean[-1, 1]), panel.mean[-1], panel.digits, "region")
        legend(
            figure,
            [
                Line2D([], [], color=theme.REGION, linewidth=2.2, label="wartości obserwowane"),
                Line2D([], [], color=theme.REGION, linewidth=1.4, linestyle=_SHORT_DASHES, label="prognoza"),
                Line2D([], [], color=_BAND_80, linewidth=6, label="przedział 80%"),
                Line2D([], [], color=_BAND_95, linewidth=6, label="przedział 95%"),
            ],
        )
        return to_svg(figure, key=key)


def surfaces(count: int) -> tuple[Figure, Axes, list[tuple[float, float, float]]]:
    """Return a figure, its one surface in points, and left, bottom and width of each small chart on it."""
    columns = 2 if count in (2, 4) else min(3, count)
    rows = ceil(count / columns)
    each = _ABOVE + _HEIGHT + _BELOW
    height = rows * each + _KEY_HEIGHT
    figure, surface = theme.new_surface(height)
    wide = theme.WIDTH * 72 / columns
    places = []
    for index in range(count):
        row, column = divmod(index, columns)
        places.append(
            (
                column * wide + _LEFT,
                height - _KEY_HEIGHT - row * each - _ABOVE - _HEIGHT,
                wide - _LEFT - _RIGHT,
            )
        )
    return figure, surface, places


def _frame(place: tuple[float, float, float], series: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Frame:
    known = np.array([(y, v) for years, values in series for y, v in zip(years, values, strict=True) if v == v])
    (first, low), (last, high) = known.min(axis=0), known.max(axis=0)
    room = 0.06 * (high - low) or max(abs(high) * 0.05, 0.5)
    span = (first, last) if last > first else (first - 1, last + 1)
    left, bottom, width = place
    return Frame(left, bottom, width, years=span, values=(low - room, high + room))


def _runs(line: Line, shown: set[int]) -> Iterator[tuple[list[int], list[float]]]:
    """Return the stretches of a line without a gap.

    A year for which nobody has a figure (between biennial surveys) is no gap; a year that only this
    line lacks is one, and breaks it.
    """
    years: list[int] = []
    values: list[float] = []
    for year, value in zip(line.years, line.values, strict=True):
        if year not in shown:
            continue
        if value == value:
            years.append(year)
            values.append(value)
        elif years:
            yield years, values
            years, values = [], []
    if years:
        yield years, values


def _stroke(surface: Axes, lines: list[Points], role: Role, *, zorder: int) -> None:
    dash = _DASHES if role == "poland" else "solid"
    long = [line for line in lines if len(line) > 1]
    surface.add_collection(
        LineCollection(
            long, colors=theme.COLOUR[role], linewidths=_WIDTHS[role], linestyles=[dash],
            capstyle="butt" if role == "poland" else "round", zorder=zorder,
        )
    )  # fmt: skip
    lone = [np.vstack([line, line + np.array([0.1, 0.0])]) for line in lines if len(line) == 1]
    surface.add_collection(
        LineCollection(lone, colors=theme.COLOUR[role], linewidths=4.0, capstyle="round", zorder=zorder)
    )


def _break_places(frame: Frame, breaks: Sequence[int]) -> list[float]:
    return [float(frame.at([year - 0.5], [frame.values[0]])[0, 0]) for year in breaks]


def dress(surface: Axes, frame: Frame, title: str, unit: str, digits: int) -> None:
    """Draw a small chart's title, unit, grid, value labels and years."""
    edge = frame.left - _LEFT + 2
    lines = textwrap.wrap(title, width=int((frame.width + 42) / 4.9), break_long_words=False)
    surface.text(edge, frame.top + 15, "\n".join(lines), fontsize=7.8, fontweight="bold", va="bottom", linespacing=1.15)
    surface.text(edge, frame.top + 5, unit, fontsize=6.8, color=theme.MUTED, va="bottom")
    ticks = [
        t
        for t in MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(*frame.values)
        if frame.values[0] <= t <= frame.values[1]
    ]
    shown = 0 if all(float(tick).is_integer() for tick in ticks) else min(max(digits, 1), 2)
    grid = [frame.at(frame.years, (tick, tick)) for tick in ticks]
    surface.add_collection(LineCollection(grid, colors=theme.GRID, linewidths=0.7, zorder=0))
    for tick, line in zip(ticks, grid, strict=True):
        text = polish.number(tick, digits=shown)
        surface.text(frame.left - 3, line[0, 1], text, fontsize=7, color=theme.MUTED, ha="right", va="center")
    base = np.array([[frame.left, frame.bottom], [frame.right, frame.bottom]])
    years = [
        y for y in MaxNLocator(nbins=4, integer=True).tick_values(*frame.years) if frame.years[0] <= y <= frame.years[1]
    ]
    marks = [np.array([[x, frame.bottom], [x, frame.bottom - 2.5]]) for x in frame.at(years, [0] * len(years))[:, 0]]
    surface.add_collection(LineCollection([base, *marks], colors="#9aa3ad", linewidths=0.7, zorder=1))
    for year, mark in zip(years, marks, strict=True):
        surface.text(mark[0, 0], frame.bottom - 4, str(int(year)), fontsize=7, color=theme.MUTED, ha="center", va="top")


def _end_labels(surface: Axes, frame: Frame, panel: Panel) -> None:
    """Write the last values of the region and of Poland beside their lines, kept apart."""
    ends: list[tuple[float, float, Role]] = []
    for line in panel.lines:
        known = [value for value in line.values if value == value]
        if line.role in ("region", "poland") and known:
            ends.append((float(frame.at([frame.years[1]], [known[-1]])[0, 1]), known[-1], line.role))
    ends.sort()
    heights = [height for height, _, _ in ends]
    apart = 9.0
    if len(heights) == 2 and heights[1] - heights[0] < apart:
        middle = sum(heights) / 2
        heights = [middle - apart / 2, middle + apart / 2]
    for height, (_, value, role) in zip(heights, ends, strict=True):
        end_label(surface, (frame.right, height), value, panel.digits, role)


def end_label(surface: Axes, at: tuple[float, float], value: float, digits: int, role: Role) -> None:
    """Write a value beside the end of its line."""
    surface.text(
        at[0] + 4, at[1], polish.number(value, digits=digits), fontsize=7.5, va="center", color=theme.COLOUR[role],
        fontweight="bold" if role == "region" else "normal",
    )  # fmt: skip
