"""Funnel plots: units by size and result, between the limits that chance alone would keep them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its size, its result, and the label it carries where it is the report's own."""

    base: float
    value: float
    label: str
    own: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """The control limits at one size; `inner` and `outer` are pairs of the lower and the upper one."""

    base: float
    centre: float
    inner: tuple[float, float]
    outer: tuple[float, float]


_Point = NDArray[np.float64]

_LABEL = np.array([13.0, 9.0])
_LEFT, _WIDE, _TALL, _BELOW, _ABOVE = 34.0, 420.0, 190.0, 34.0, 36.0


def funnel(
    units: Sequence[Unit],
    limits: Sequence[Limits],
    *,
    key: str,
    across: str,
    up: str,
    names: tuple[str, str, str, str],
    digits: int = 0,
    ceiling: float = np.inf,
) -> str:
    """Draw units within the limits of chance.

    Parameters
    ----------
    limits
        In rising order of the base.
    across, up
        What the axes measure.
    names
        For the key: own units, others (empty where there are none), inner band, outer band.
    digits
        Of the upright axis.
    ceiling
        Highest value there can be, such as 100%.
    """
    height = _TALL + _BELOW + _ABOVE
    bases = [limit.base for limit in limits]
    with theme.styled():
        figure = theme.new_figure(height / 72)
        width = theme.WIDTH * 72
        axes = figure.add_axes((_LEFT / width, _BELOW / height, _WIDE / width, _TALL / height))
        for band, colour in (("outer", "#e9eef4"), ("inner", "#d3deea")):
            lower, upper = zip(*(getattr(limit, band) for limit in limits), strict=True)
            axes.fill_between(bases, lower, upper, color=colour, linewidth=0, zorder=0)
        axes.plot(bases, [limit.centre for limit in limits], color=theme.POLAND, linewidth=1.1, linestyle=(0, (4, 3)))
        for unit in sorted(units, key=lambda unit: unit.own):
            axes.plot(
                unit.base, unit.value, "D" if unit.own else "o", markersize=6.5 if unit.own else 4.2,
                color=theme.REGION if unit.own else "#7d8791", markeredgecolor="white", markeredgewidth=0.5,
                zorder=4 if unit.own else 3,
            )  # fmt: skip
        values = [unit.value for unit in units]
        seen = [limit for limit in limits if limit.base >= min(unit.base for unit in units)]
        low = min(*values, min(limit.inner[0] for limit in seen))
        high = max(*values, max(limit.inner[1] for limit in seen))
        room = 0.08 * (high - low) or 1.0
        axes.set(xlim=(0, max(bases) * 1.02), ylim=(max(0.0, low - room), min(high + room, 1.01 * ceiling)))
        _label_own(axes, [unit for unit in units if unit.own])
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(value)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(value, digits=digits)))
        axes.set_xlabel(across, fontsize=7.6)
        axes.text(-(_LEFT - 4) / _WIDE, 1 + 6 / _TALL, up, transform=axes.transAxes, fontsize=7.6, va="bottom")
        own, others, inner, outer = names
        handles = [
            Line2D([], [], marker="D", color=theme.REGION, markersize=6, linestyle="none", label=own),
            Line2D([], [], marker="o", color="#7d8791", markersize=4.5, linestyle="none", label=others),
            Patch(facecolor="#d3deea", label=inner),
            Patch(facecolor="#e9eef4", label=outer),
        ]
        legend(figure, [handle for handle in handles if handle.get_label()])  # type: ignore[misc]
        return to_svg(figure, key=key)


def _label_own(axes: Axes, units: Sequence[Unit]) -> None:
    """Write each own unit's label beside its point, where it covers no other label."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    scale = np.array([_WIDE / (right - left), _TALL / (top - bottom)])
    origin = np.array([left, bottom])
    points = [(np.array([unit.base, unit.value]) - origin) * scale for unit in units]
    placed: list[_Point] = []
    turns = np.arange(0.25, 2.25, 0.25) * np.pi
    for unit, point in zip(units, points, strict=True):
        half = np.array([2.1 * len(unit.label) + 2.0, 5.0])
        offsets = [
            np.array([np.cos(a) * (r + half[0]), np.sin(a) * (r + 3.0)]) for r in (6.0, 13.0, 22.0) for a in turns
        ]

        best = min(offsets, key=partial(_crowding, point=point, half=half, points=points, placed=placed))
        placed.append(point + best)
        axes.annotate(
            unit.label, (unit.base, unit.value), tuple(best), textcoords="offset points", fontsize=7.6, ha="center",
            va="center", color=theme.REGION, fontweight="bold", zorder=5,
        )  # fmt: skip


def _crowding(
    offset: _Point, *, point: _Point, half: _Point, points: Sequence[_Point], placed: Sequence[_Point]
) -> float:
    """Return how bad a place for a label is: over points, over other labels, outside the drawing, far away."""
    middle = point + offset
    over = sum(bool((np.abs(other - middle) < half + 4).all()) for other in points)
    over += sum(bool((np.abs(other - middle) < half + _LABEL).all()) for other in placed)
    outside = bool((middle - half < 0).any() or (middle + half > (_WIDE, _TALL)).any())
    return 10.0 * over + 20.0 * outside + float(np.hypot(*offset)) / 100
