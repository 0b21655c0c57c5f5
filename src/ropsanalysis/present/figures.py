"""Drawings: frozen series in, SVG text out.

No function here decides anything about the data; it draws what it is given. Labels stand beside
what they name, so that no legend has to be matched by colour.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg
from ropsanalysis.present.theme import Role

_DASHES = (0, (4, 1.6))
_SHORT_DASHES = (0, (2, 1.2))
_BAND_80, _BAND_95 = "#d9a3bf", "#f1dfe8"

_STYLE: dict[Role, dict[str, object]] = {
    "region": {"linewidth": 2.2, "linestyle": "-", "zorder": 5},
    "poland": {"linewidth": 1.5, "linestyle": _DASHES, "zorder": 4},
    "peer": {"linewidth": 1.1, "linestyle": "-", "zorder": 3},
}


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
class SpineRow:
    """One indicator of a spine chart, in distances from Poland (positive is more favourable).

    Attributes
    ----------
    region
        Distance of the report's region; NaN where unknown.
    others
        Distances of the other voivodeships.
    standing
        Decides the marker: better, worse or similar.
    """

    label: str
    region: float
    others: tuple[float, ...]
    standing: str
    value: str
    poland: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A unit with a point and an interval around it."""

    label: str
    point: float
    low: float
    high: float
    role: Role


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity at the start and at the end of its series."""

    label: str
    before: float
    after: float


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


def trajectories(panels: Sequence[Panel], *, key: str, region: str) -> str:
    """Draw small multiples: each indicator's path for the region, Poland, its peers and all others."""
    with theme.styled():
        figure, axes = _multiples([panel.title for panel in panels])
        for one, panel in zip(axes, panels, strict=True):
            _trajectory(one, panel)
        _legend(
            figure,
            [
                Line2D([], [], color=theme.REGION, linewidth=2.2, label=region),
                Line2D([], [], color=theme.POLAND, linewidth=1.5, linestyle=_DASHES, label="Polska"),
                Line2D([], [], color=theme.PEER, linewidth=1.1, label="województwa podobne"),
                Line2D([], [], color=theme.OTHER, linewidth=0.9, label="pozostałe województwa"),
            ],
        )
        return to_svg(figure, key=key)


def _multiples(titles: Sequence[str]) -> tuple[Figure, list[Axes]]:
    """Return a figure with a small chart for each title, three (or two) to a row."""
    columns = 2 if len(titles) in (2, 4) else min(3, len(titles))
    rows = ceil(len(titles) / columns)
    height = 1.78 * rows + 0.28
    figure = theme.new_figure(height)
    wide = theme.WIDTH / columns
    axes = []
    for index, title in enumerate(titles):
        row, column = divmod(index, columns)
        left, bottom = column * wide + 0.36, height - 0.28 - 1.78 * (row + 1) + 0.26
        one = figure.add_axes(
            (left / theme.WIDTH, bottom / height, (wide - 0.86) / theme.WIDTH, 1.02 / height)
        )
        one.text(
            -0.30 / (wide - 0.86), 1.21, _folded(title, width=int(wide * 14.5)), transform=one.transAxes,
            fontsize=7.8, fontweight="bold", va="bottom", linespacing=1.15,
        )  # fmt: skip
        axes.append(one)
    return figure, axes


def _folded(text: str, *, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width=width, break_long_words=False))


def _legend(figure: Figure, handles: Sequence[Line2D], *, columns: int = 4) -> None:
    figure.legend(
        handles=list(handles), loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False,
        fontsize=7.5, handlelength=1.8, columnspacing=1.3, handletextpad=0.5, borderaxespad=0, borderpad=0,
    )  # fmt: skip


def _trajectory(axes: Axes, panel: Panel) -> None:
    others = [line for line in panel.lines if line.role == "other"]
    axes.add_collection(
        LineCollection(
            [np.column_stack([line.years, line.values]) for line in others],
            colors=theme.OTHER, linewidths=0.7, zorder=1, clip_on=False,
        ),
        autolim=True,
    )  # fmt: skip
    axes.autoscale_view()
    ends: list[tuple[float, str, Role]] = []
    for line in panel.lines:
        if line.role == "other":
            continue
        years, values = _observed(line)
        axes.plot(years, values, color=theme.COLOUR[line.role], clip_on=False, **_STYLE[line.role])
        _lone_points(axes, line)
        if line.role in ("region", "poland") and values.size:
            ends.append((float(values[-1]), polish.number(values[-1], digits=panel.digits), line.role))
    _dress(axes, panel.unit, panel.digits)
    for year in panel.breaks:
        axes.axvline(year - 0.5, color=theme.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
    _end_labels(axes, ends)


def _observed(line: Line) -> tuple[np.ndarray, np.ndarray]:
    """Return the years and values between gaps; a run of missing years breaks the line.

    A series published every second year is joined across the year between, which holds no figure.
    """
    years, values = np.asarray(line.years), np.asarray(line.values, dtype=float)
    known = ~np.isnan(values)
    keep = known.copy()
    if known.any():
        gaps = np.diff(np.flatnonzero(known))
        if gaps.size and gaps.max() > 2:
            keep = np.ones_like(known)  # leave the missing years in: matplotlib breaks the line there
    return years[keep], values[keep]


def _lone_points(axes: Axes, line: Line) -> None:
    values = np.asarray(line.values, dtype=float)
    known = ~np.isnan(values)
    alone = known & ~np.roll(known, 1) & ~np.roll(known, -1)
    if known.sum() == 1 and alone.any():
        axes.plot(np.asarray(line.years)[alone], values[alone], "o", markersize=3.5, color=theme.COLOUR[line.role])


def _dress(axes: Axes, unit: str, digits: int) -> None:
    left = -0.30 / (axes.get_position().width * theme.WIDTH)
    axes.text(left, 1.06, unit, transform=axes.transAxes, fontsize=6.8, color=theme.MUTED, va="bottom")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]))
    step = np.diff(axes.get_yticks())[0] if len(axes.get_yticks()) > 1 else 1
    shown = 0 if float(step).is_integer() else min(max(digits, 1), 2)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: polish.number(y, digits=shown)))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    for line in axes.get_ygridlines():
        line.set_clip_on(False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: str(int(x))))
    axes.margins(x=0.02)


def _end_labels(axes: Axes, ends: list[tuple[float, str, Role]]) -> None:
    low, high = axes.get_ylim()
    room = (high - low) * 0.13
    ends = sorted(ends)
    heights = [value for value, _, _ in ends]
    if len(heights) == 2 and heights[1] - heights[0] < room:
        middle = sum(heights) / 2
        heights = [middle - room / 2, middle + room / 2]
    right = axes.get_xlim()[1]
    for height, (_, text, role) in zip(heights, ends, strict=True):
        axes.text(
            right, height, " " + text, color=theme.COLOUR[role], va="center", fontsize=7.5,
            fontweight="bold" if role == "region" else "normal", clip_on=False,
        )  # fmt: skip


_MARKER = {"better": "^", "worse": "v", "similar": "o", "above": "D", "below": "D"}


def spine(rows: Sequence[SpineRow], *, key: str, region: str) -> str:
    """Draw the region against Poland, one line per indicator, with all other voivodeships behind."""
    height = 0.235 * len(rows) + 0.95
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.41, 0.40 / height, 0.385, 1 - 0.95 / height))
        limit = 3.2
        spots = np.array([(x, y) for y, row in enumerate(rows) for x in row.others if not np.isnan(x)])
        _dots(axes, np.clip(spots[:, 0], -limit, limit), spots[:, 1])
        axes.axvline(0, color=theme.POLAND, linewidth=1.2, zorder=1)
        for y, row in enumerate(rows):
            axes.text(-0.02, y, row.label, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=7.6)
            axes.text(
                1.14, y, row.value, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=7.6,
                color=theme.REGION, fontweight="bold",
            )  # fmt: skip
            axes.text(1.36, y, row.poland, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=7.6)
            if not np.isnan(row.region):
                hollow = row.standing == "similar"
                axes.plot(
                    np.clip(row.region, -limit, limit), y, marker=_MARKER.get(row.standing, "o"), markersize=6.5,
                    color=theme.REGION, markerfacecolor="white" if hollow else theme.REGION, zorder=4,
                )  # fmt: skip
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-limit - 0.25, limit + 0.25)
        axes.set_yticks(range(len(rows)), labels=[""] * len(rows))
        axes.set_xticks([-2, -1, 0, 1, 2], labels=["−2", "−1", "0", "+1", "+2"])
        axes.set_xlabel("odległość od Polski w odchyleniach standardowych województw", fontsize=7.2)
        top = axes.get_xaxis_transform()
        axes.text(-limit, 1.015, "◂ mniej korzystnie", transform=top, ha="left", va="bottom", fontsize=7.6)
        axes.text(limit, 1.015, "korzystniej ▸", transform=top, ha="right", va="bottom", fontsize=7.6)
        corner = axes.transAxes
        axes.text(1.14, 1.015, "region", transform=corner, ha="right", va="bottom", fontsize=7.6, color=theme.REGION)
        axes.text(1.36, 1.015, "Polska", transform=corner, ha="right", va="bottom", fontsize=7.6)
        own = {"color": theme.REGION, "linestyle": "none", "markersize": 6}
        _legend(
            figure,
            [
                Line2D([], [], marker="^", label=f"{region}: korzystniej", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="o", markerfacecolor="white", label="podobnie", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="v", label="mniej korzystnie", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="o", color=theme.OTHER, linestyle="none", markersize=4.5, label="inne woj."),
            ],
        )
        return to_svg(figure, key=key)


def _dots(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Draw grey dots as round-capped strokes, which the SVG joins to one path."""
    strokes = np.stack([np.column_stack([x, y]), np.column_stack([x + 0.01, y])], axis=1)
    axes.add_collection(
        LineCollection(list(strokes), colors=theme.OTHER, linewidths=3.8, capstyle="round", zorder=2)
    )


def dumbbells(rows: Sequence[Change], *, key: str, label: str, digits: int = 1) -> str:
    """Draw for each row where it was and where it is now."""
    height = 0.235 * len(rows) + 0.78
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.41, 0.42 / height, 0.53, 1 - 0.72 / height))
        for y, row in enumerate(rows):
            axes.plot([row.before, row.after], [y, y], color=theme.OTHER, linewidth=2.2, zorder=1)
            axes.plot(row.before, y, "o", markersize=5, color=theme.MUTED, markerfacecolor="white", zorder=2)
            axes.plot(row.after, y, "o", markersize=5.5, color=theme.PEER, zorder=3)
            right = max(row.before, row.after)
            text = f"  {polish.number(row.before, digits=digits)} → {polish.number(row.after, digits=digits)}"
            axes.text(right, y, text, va="center", fontsize=7.2, color=theme.MUTED)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), labels=[row.label for row in rows], fontsize=7.6, color=theme.INK)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        most = max(max(row.before, row.after) for row in rows)
        axes.set_xlim(0, most * 1.22)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: polish.number(x)))
        axes.set_xlabel(label, fontsize=7.2)
        _legend(
            figure,
            [
                Line2D([], [], marker="o", color=theme.MUTED, markerfacecolor="white", linestyle="none",
                       label="pierwszy rok szeregu"),
                Line2D([], [], marker="o", color=theme.PEER, linestyle="none", label="ostatni rok szeregu"),
            ],
        )  # fmt: skip
        return to_svg(figure, key=key)


def intervals(bars: Sequence[Interval], *, key: str, label: str) -> str:
    """Draw a point and an interval per voivodeship; ranks run from 1 at the left."""
    height = 0.205 * len(bars) + 0.58
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.235, 0.42 / height, 0.70, 1 - 0.50 / height))
        for y, bar in enumerate(bars):
            colour = theme.MUTED if bar.role == "other" else theme.COLOUR[bar.role]
            wide = 3.4 if bar.role == "region" else 2.4
            axes.plot([bar.low, bar.high], [y, y], color=colour, linewidth=wide, alpha=0.45, solid_capstyle="round")
            axes.plot(bar.point, y, "o", color=colour, markersize=6 if bar.role == "region" else 4.5)
        _name_rows(axes, bars)
        axes.grid(visible=True, axis="x")
        axes.set_xlim(0.3, len(bars) + 0.7)
        axes.set_xticks(range(1, len(bars) + 1))
        axes.set_xlabel(label, fontsize=7.2)
        return to_svg(figure, key=key)


def _name_rows(axes: Axes, bars: Sequence[Interval]) -> None:
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_yticks(range(len(bars)), labels=[bar.label for bar in bars])
    axes.grid(visible=False, axis="y")
    for text, bar in zip(axes.get_yticklabels(), bars, strict=True):
        text.set_fontsize(7.8)
        text.set_color(theme.REGION if bar.role == "region" else theme.INK)
        text.set_fontweight("bold" if bar.role == "region" else "normal")


def fans(panels: Sequence[Fan], *, key: str) -> str:
    """Draw forecasts as small multiples: history, mean, 80 and 95 % intervals."""
    with theme.styled():
        figure, axes = _multiples([panel.title for panel in panels])
        for one, panel in zip(axes, panels, strict=True):
            _fan(one, panel)
        _legend(
            figure,
            [
                Line2D([], [], color=theme.REGION, linewidth=2.2, label="wartości obserwowane"),
                Line2D([], [], color=theme.REGION, linewidth=1.4, linestyle=_SHORT_DASHES, label="prognoza"),
                Line2D([], [], color=_BAND_80, linewidth=6, label="przedział 80%"),
                Line2D([], [], color=_BAND_95, linewidth=6, label="przedział 95%"),
            ],
        )
        return to_svg(figure, key=key)


def _fan(axes: Axes, panel: Fan) -> None:
    start_year, start = panel.years[-1], panel.values[-1]
    ahead = (start_year, *panel.ahead)
    axes.fill_between(ahead, (start, *panel.low95), (start, *panel.high95), color=_BAND_95, linewidth=0, zorder=1)
    axes.fill_between(ahead, (start, *panel.low80), (start, *panel.high80), color=_BAND_80, linewidth=0, zorder=2)
    axes.plot(panel.years, panel.values, color=theme.REGION, linewidth=2.2, zorder=4)
    axes.plot(ahead, (start, *panel.mean), color=theme.REGION, linewidth=1.4, linestyle=_SHORT_DASHES, zorder=3)
    _dress(axes, panel.unit, panel.digits)
    _end_labels(axes, [(panel.mean[-1], polish.number(panel.mean[-1], digits=panel.digits), "region")])
