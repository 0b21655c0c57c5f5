"""Drawings: frozen series in, SVG text out.

No function here decides anything about the data; it draws what it is given. Labels stand beside
what they name, so that no legend has to be matched by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg
from ropsanalysis.present.theme import Role


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
    """A quantity at the start and at the end of its series, or in one group and in another."""

    label: str
    before: float
    after: float


def legend(figure: Figure, handles: Sequence[Line2D], *, columns: int = 4) -> None:
    """Put the key to a figure's marks along its top edge."""
    figure.legend(
        handles=list(handles), loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=columns, frameon=False,
        fontsize=7.5, handlelength=1.8, columnspacing=1.3, handletextpad=0.5, borderaxespad=0, borderpad=0,
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
            axes.text(
                -0.02,
                y,
                row.label,
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                fontsize=7.6,
            )
            axes.text(
                1.14, y, row.value, transform=axes.get_yaxis_transform(), ha="right", va="center", fontsize=7.6,
                color=theme.REGION, fontweight="bold",
            )  # fmt: skip
            axes.text(
                1.36,
                y,
                row.poland,
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                fontsize=7.6,
            )
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
        axes.text(1.14, 1.015, "woj.", transform=corner, ha="right", va="bottom", fontsize=7.6, color=theme.REGION)
        axes.text(1.36, 1.015, "Polska", transform=corner, ha="right", va="bottom", fontsize=7.6)
        own = {"color": theme.REGION, "linestyle": "none", "markersize": 6}
        legend(
            figure,
            [
                Line2D([], [], marker="^", label=f"{region}: korzystniej", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="o", markerfacecolor="white", label="podobnie", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="v", label="mniej korzystnie", **own),  # type: ignore[arg-type]
                Line2D([], [], marker="o", color=theme.OTHER, linestyle="none", markersize=4.5, label="pozostałe woj."),
            ],
        )
        return to_svg(figure, key=key)


def _dots(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Draw grey dots as round-capped strokes, which the SVG joins to one path."""
    strokes = np.stack([np.column_stack([x, y]), np.column_stack([x + 0.01, y])], axis=1)
    axes.add_collection(LineCollection(list(strokes), colors=theme.OTHER, linewidths=3.8, capstyle="round", zorder=2))


def dumbbells(
    rows: Sequence[Change],
    *,
    key: str,
    label: str,
    digits: int = 1,
    ends: tuple[str, str] = ("pierwszy rok szeregu", "ostatni rok szeregu"),
    joint: str = " → ",
) -> str:
    """Draw for each row where it was and where it is now, or one group and another, as `ends` say."""
    height = 0.235 * len(rows) + 0.78
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.41, 0.42 / height, 0.53, 1 - 0.72 / height))
        for y, row in enumerate(rows):
            axes.plot([row.before, row.after], [y, y], color=theme.OTHER, linewidth=2.2, zorder=1)
            axes.plot(row.before, y, "o", markersize=5, color=theme.MUTED, markerfacecolor="white", zorder=2)
            axes.plot(row.after, y, "o", markersize=5.5, color=theme.PEER, zorder=3)
            right = max(row.before, row.after)
            text = joint.join(polish.number(value, digits=digits) for value in (row.before, row.after))
            # an offset, not leading spaces: SVG drops those
            axes.annotate(
                text, (right, y), (7, 0), textcoords="offset points", va="center", fontsize=7.2, color=theme.MUTED
            )
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), labels=[row.label for row in rows], fontsize=7.6, color=theme.INK)
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        most = max(max(row.before, row.after) for row in rows)
        axes.set_xlim(0, most * 1.22)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: polish.number(x)))
        axes.set_xlabel(label, fontsize=7.2)
        legend(
            figure,
            [
                Line2D([], [], marker="o", color=theme.MUTED, markerfacecolor="white", linestyle="none", label=ends[0]),
                Line2D([], [], marker="o", color=theme.PEER, linestyle="none", label=ends[1]),
            ],
        )
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
