"""Rising curves: what more money buys, and the course of a sum over quarters toward a target, with its forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Bought:
    """What an amount achieves; both in the units of the axes."""

    amount: float
    achieved: float


#: Labels of points nearer than this share of the axis would cover one another.
_APART = 0.06


def curve(
    points: Sequence[Bought],
    *,
    own: Bought | None,
    key: str,
    across: str,
    up: str,
    name: str,
    unit: str = "%",
    digits: int = 1,
) -> str:
    """Draw what each amount achieves, each point labelled.

    Parameters
    ----------
    points
        In order of their amounts.
    own
        The point that is planned.
    across, up
        What the axes measure.
    name
        What `own` is, for the key.
    unit, digits
        Of the labels beside the points; of points close together only the first has one.
    """
    height = 3.1
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.085, 0.43 / height, 0.89, 1 - 0.80 / height))
        amounts, achieved = [p.amount for p in points], [p.achieved for p in points]
        axes.plot(amounts, achieved, "-o", color=theme.PEER, linewidth=1.6, markersize=4.5, zorder=2)
        labelled = [] if own is None else [own.amount]
        for point in points:
            if all(abs(point.amount - amount) > _APART * max(amounts) for amount in labelled):
                labelled.append(point.amount)
                axes.annotate(
                    polish.with_unit(polish.number(point.achieved, digits=digits), unit),
                    (point.amount, point.achieved), (0, 7), textcoords="offset points", ha="center", fontsize=7.6,
                )  # fmt: skip
        if own is not None:
            axes.plot(
                [own.amount, own.amount], [0, own.achieved], color=theme.REGION, linewidth=1, linestyle=(0, (3, 2))
            )
            axes.plot(own.amount, own.achieved, "D", color=theme.REGION, markersize=7, zorder=3)
            axes.annotate(
                polish.with_unit(polish.number(own.achieved, digits=digits), unit), (own.amount, own.achieved), (0, 9),
                textcoords="offset points", ha="center", fontsize=8.5, fontweight="bold", color=theme.REGION,
            )  # fmt: skip
        axes.set_ylim(0, max([*achieved, own.achieved if own else 0]) * 1.22)
        axes.set_xlim(0, max(amounts) * 1.06)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(value)))
        axes.set_xlabel(across, fontsize=7.6)
        axes.text(-0.075, 1.03, up, transform=axes.transAxes, fontsize=7.6, va="bottom")
        if own is not None:
            legend(figure, [Line2D([], [], marker="D", color=theme.REGION, linestyle="none", label=name)])
        return to_svg(figure, key=key)


@dataclass(frozen=True, slots=True)
class Course:
    """A sum at the end of each quarter; all tuples as long as the quarters, a missing value is NaN.

    Attributes
    ----------
    reached
        What there was; ends at the day of the data.
    planned, even
        What was planned, and what an even pace from start to end would be; empty where there is none.
    ahead, low, high
        Forecast and the ends of its interval; empty where there is none.
    target
        Level of a dotted line; NaN for none.
    """

    quarters: tuple[str, ...]
    reached: tuple[float, ...]
    planned: tuple[float, ...] = ()
    even: tuple[float, ...] = ()
    ahead: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    target: float = float("nan")


@dataclass(frozen=True, slots=True)
class CourseNames:
    """What the lines of a course are called in its key."""

    reached: str
    planned: str = ""
    even: str = ""
    ahead: str = ""
    interval: str = ""
    target: str = ""


_DASHES: Final = (0, (4, 1.6))
_SHORT: Final = (0, (2, 1.2))
_DOTS: Final = (0, (1, 2))
_BAND: Final = "#f1dfe8"
#: Numbers at the ends of lines stand at least so far apart, as a share of the height.
_LABELS_APART: Final = 0.062


def course(of: Course, *, names: CourseNames, key: str, up: str, digits: int = 0, unit: str = "") -> str:
    """Draw how a sum grew quarter by quarter, beside its plan and an even pace, and where it leads.

    Parameters
    ----------
    up
        What the upright axis measures.
    digits, unit
        Of the numbers beside the ends of the lines.
    """
    height = 2.75
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.085, 0.36 / height, 0.80, 1 - 0.92 / height))
        ends: list[tuple[float, str]] = []
        handles: list[Line2D] = []
        known = [place for place, value in enumerate(of.reached) if not isnan(value)]
        if of.low:
            now = [(known[-1], of.reached[known[-1]])] if known else []
            band = [(p, a, b) for p, (a, b) in enumerate(zip(of.low, of.high, strict=True)) if not isnan(a)]
            x = [p for p, _ in now] + [p for p, _, _ in band]
            low, high = ([v for _, v in now] + [row[side] for row in band] for side in (1, 2))
            axes.fill_between(x, low, high, color=_BAND, linewidth=0, zorder=1)
        for path, name, colour, dash in (
            (of.even, names.even, theme.POLAND, _DASHES),
            (of.planned, names.planned, theme.PEER, None),
        ):
            if path and name:
                handles.append(_path(axes, path, name, colour, dash))
                ends += _end(path, colour)
        handles.insert(0, _path(axes, of.reached, names.reached, theme.REGION, None, wide=2.4))
        if known:
            axes.plot(known[-1], of.reached[known[-1]], "o", color=theme.REGION, markersize=5, zorder=5)
            axes.annotate(
                _text(of.reached[known[-1]], digits, unit), (known[-1], of.reached[known[-1]]), (0, 7),
                textcoords="offset points", ha="center", fontsize=8, fontweight="bold", color=theme.REGION, zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.8},
            )  # fmt: skip
        if of.ahead:
            joined = list(of.ahead)
            if known:
                joined[known[-1]] = of.reached[known[-1]]
            handles.append(_path(axes, joined, names.ahead, theme.REGION, _SHORT))
            handles.append(Line2D([], [], color=_BAND, linewidth=6, label=names.interval))
            ends += _end(of.ahead, theme.REGION)
        if not isnan(of.target):
            axes.axhline(of.target, color=theme.MUTED, linewidth=1.1, linestyle=_DOTS, zorder=1)
            handles.append(Line2D([], [], color=theme.MUTED, linewidth=1.1, linestyle=_DOTS, label=names.target))
            if all(abs(value - of.target) > 1e-9 for value, _ in ends):
                ends.append((of.target, theme.MUTED))
        values = [v for row in (of.reached, of.planned, of.even, of.ahead, of.high) for v in row if not isnan(v)]
        top = 1.1 * max([*values, 0.0 if isnan(of.target) else of.target]) or 1.0
        axes.set(xlim=(-0.4, len(of.quarters) - 0.6), ylim=(0, top))
        _write_ends(axes, ends, top, len(of.quarters) - 0.6, digits, unit)
        years = [place for place, quarter in enumerate(of.quarters) if quarter.endswith("Q4")]
        axes.set_xticks(years, labels=[f"koniec\n{of.quarters[place][:4]}" for place in years], fontsize=7.2)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
        axes.text(-0.09, 1.03, up, transform=axes.transAxes, fontsize=7.6, va="bottom")
        legend(figure, handles, columns=3)
        return to_svg(figure, key=key)


def _tick(value: float) -> str:
    return polish.number(value, digits=0 if float(value).is_integer() else 1)


def _text(value: float, digits: int, unit: str) -> str:
    return polish.with_unit(polish.number(value, digits=digits), unit)


def _path(axes: Axes, values: Sequence[float], name: str, colour: str, dash: object, *, wide: float = 1.5) -> Line2D:
    known = [(place, value) for place, value in enumerate(values) if not isnan(value)]
    style = {"color": colour, "linewidth": wide, "linestyle": dash or "solid"}
    axes.plot([p for p, _ in known], [v for _, v in known], zorder=3, **style)  # type: ignore[arg-type]
    return Line2D([], [], label=name, **style)  # type: ignore[arg-type]


def _end(values: Sequence[float], colour: str) -> list[tuple[float, str]]:
    known = [value for value in values if not isnan(value)]
    return [(known[-1], colour)] if known else []


def _write_ends(axes: Axes, ends: list[tuple[float, str]], top: float, x: float, digits: int, unit: str) -> None:
    """Write the last value of each line beside its end; equal values once, the others kept apart."""
    told: dict[str, tuple[float, str]] = {}
    for value, colour in ends:
        told.setdefault(_text(value, digits, unit), (value, colour))
    rows = sorted((value, text, colour) for text, (value, colour) in told.items())
    heights = [value / top for value, _, _ in rows]
    for _ in range(len(heights)):
        for place in range(1, len(heights)):
            lack = _LABELS_APART - (heights[place] - heights[place - 1])
            if lack > 0:
                heights[place - 1] -= lack / 2
                heights[place] += lack / 2
    for height, (_, text, colour) in zip(heights, rows, strict=True):
        axes.annotate(
            text, (x, height * top), (4, 0), textcoords="offset points", va="center", fontsize=7.6, color=colour,
            annotation_clip=False,
        )  # fmt: skip
