"""Things by two measures, on four fields: numbered points and a list that names the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing with its two measures.

    Attributes
    ----------
    number
        Printed beside the point and in the list.
    marked
        Whether it lies in the field that matters most, and is drawn in the accent colour.
    """

    number: int
    label: str
    across: float
    up: float
    marked: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """Where the lines between the fields run, and what the fields are called.

    Attributes
    ----------
    across, up
        Positions of the upright and of the level line.
    names
        Upper left, upper right, lower left, lower right.
    """

    across: float
    up: float
    names: tuple[str, str, str, str]


_ROW = 14.2
_BELOW, _LEFT, _WIDE = 32.0, 30.0, 268.0
_NUMBER = np.array([9.0, 8.0])


def quadrants(spots: Sequence[Spot], *, fields: Fields, key: str, across: str, up: str) -> str:
    """Draw the points with their numbers, and beside them the list of names in the order given."""
    height = max(_ROW * len(spots), 240.0) + _BELOW + 14
    tall = height - _BELOW - 18
    with theme.styled():
        figure = theme.new_figure(height / 72)
        width = theme.WIDTH * 72
        axes = figure.add_axes((_LEFT / width, _BELOW / height, _WIDE / width, tall / height))
        xs, ys = np.array([s.across for s in spots]), np.array([s.up for s in spots])
        for setter, values, line in ((axes.set_xlim, xs, fields.across), (axes.set_ylim, ys, fields.up)):
            low, high = min(values.min(), line), max(values.max(), line)
            room = 0.12 * (high - low) or 0.5
            setter(low - room, high + room)
        axes.axvline(fields.across, color=theme.MUTED, linewidth=0.9, zorder=1)
        axes.axhline(fields.up, color=theme.MUTED, linewidth=0.9, zorder=1)
        axes.grid(visible=False)
        axes.spines[:].set_visible(True)
        for place, name in zip(((0, 1), (1, 1), (0, 0), (1, 0)), fields.names, strict=True):
            _name(axes, place, name)
        for spot in spots:
            axes.plot(
                spot.across, spot.up, "o", markersize=5.5, color=theme.REGION if spot.marked else theme.PEER,
                markerfacecolor=theme.REGION if spot.marked else "white", zorder=3,
            )  # fmt: skip
        _number_all(
            axes,
            spots,
            _positions(axes, xs, ys, tall),
            tall,
            cuts=_positions(axes, [fields.across], [fields.up], tall)[0],
        )
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(value, digits=1)))
        axes.set_xlabel(across, fontsize=7.6)
        axes.text(-26 / _WIDE, 1 + 5 / tall, up, transform=axes.transAxes, fontsize=7.6, va="bottom")
        for row, spot in enumerate(spots):
            style: dict[str, Any] = {
                "fontsize": 7.8,
                "va": "center",
                "color": theme.REGION if spot.marked else theme.INK,
            }
            y = 1 - (row + 0.5) * _ROW / tall
            axes.text(
                1 + 26 / _WIDE, y, f"{spot.number}", transform=axes.transAxes, ha="right", fontweight="bold", **style
            )
            axes.text(1 + 31 / _WIDE, y, spot.label, transform=axes.transAxes, **style)
        return to_svg(figure, key=key)


def _name(axes: Axes, place: tuple[int, int], name: str) -> None:
    x, y = place
    axes.text(
        0.015 + 0.97 * x, 0.015 + 0.97 * y, name.replace(", ", ",\n"), transform=axes.transAxes, fontsize=7.6,
        color=theme.MUTED, ha="right" if x else "left", va="top" if y else "bottom", fontstyle="italic",
    )  # fmt: skip


def _positions(axes: Axes, xs: ArrayLike, ys: ArrayLike, tall: float) -> NDArray[np.float64]:
    """Return the points in points of the page, from the lower left corner of the axes; shape (n, 2)."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    across, up = np.asarray(xs, dtype=float), np.asarray(ys, dtype=float)
    return np.column_stack([(across - left) / (right - left) * _WIDE, (up - bottom) / (top - bottom) * tall])


def _number_all(
    axes: Axes, spots: Sequence[Spot], at: NDArray[np.float64], tall: float, *, cuts: NDArray[np.float64]
) -> None:
    """Write each number near its point, where it covers no point, no other number and no line between fields."""
    placed: list[NDArray[np.float64]] = []
    leaders = []
    turns = np.arange(0.25, 2.25, 0.25) * np.pi
    for spot, point in zip(spots, at, strict=True):
        offsets = [r * np.array([np.cos(a), np.sin(a)]) for r in (9.0, 14.0, 20.0, 27.0, 35.0) for a in turns]
        best = min(offsets, key=lambda offset: (_crowding(point + offset, at, placed, cuts), np.hypot(*offset)))
        placed.append(point + best)
        if np.hypot(*best) > 10:
            leaders.append([point + best * 0.3, point + best * (1 - 5.5 / np.hypot(*best))])
        axes.annotate(
            str(spot.number), (spot.across, spot.up), tuple(best), textcoords="offset points", fontsize=7.4,
            ha="center", va="center", color=theme.REGION if spot.marked else theme.INK,
        )  # fmt: skip
    lines = [np.array(line) / (_WIDE, tall) for line in leaders]
    axes.add_collection(
        LineCollection(lines, colors="#9aa3ad", linewidths=0.6, transform=axes.transAxes, zorder=2), autolim=False
    )


def _crowding(
    middle: NDArray[np.float64],
    points: NDArray[np.float64],
    placed: Sequence[NDArray[np.float64]],
    cuts: NDArray[np.float64],
) -> int:
    """Return how many points, numbers and lines a number there would cover."""
    covered = (np.abs(points - middle) < _NUMBER / 2 + 3.5).all(axis=1).sum() + (
        np.abs(cuts - middle) < _NUMBER / 2 + 1.5
    ).sum()
    return int(covered) + sum(bool((np.abs(other - middle) < _NUMBER + 1).all()) for other in placed)
