"""The place of one unit in its group, one line for each indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ropsanalysis.present import theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Strip:
    """One indicator.

    Attributes
    ----------
    group, voivodeship
        Share of the other units of the group, and of the voivodeship, that the unit is ahead of; NaN where unknown.
    value, median
        As they are printed at the right edge.
    directed
        Whether being ahead means a more favourable value.
    """

    label: str
    group: float
    voivodeship: float
    value: str
    median: str
    directed: bool


_ROW, _ABOVE, _BELOW = 17.0, 50.0, 30.0
_LEFT, _WIDTH = 0.365, 0.40


def strips(rows: Sequence[Strip], *, key: str, unit: str) -> str:
    """Draw the places from behind all others (left) to ahead of all (right), half the group between the shades."""
    height = _ROW * len(rows) + _ABOVE + _BELOW
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes((_LEFT, _BELOW / height, _WIDTH, _ROW * len(rows) / height))
        boxes = [Rectangle((x, y - 0.32), 0.25, 0.64) for y in range(len(rows)) for x in (0.25, 0.5)]
        axes.add_collection(PatchCollection(boxes, facecolor="#e4ebf2", edgecolor="none", zorder=0))
        lines = [[(0, y), (1, y)] for y in range(len(rows))]
        axes.add_collection(LineCollection(lines, colors=theme.OTHER, linewidths=0.8, zorder=1))
        axes.axvline(0.5, color=theme.POLAND, linewidth=0.9, zorder=1)
        beside = axes.get_yaxis_transform()
        for y, row in enumerate(rows):
            axes.text(-0.04, y, row.label, transform=beside, fontsize=7.6, ha="right", va="center")
            axes.text(1.27, y, row.value, transform=beside, fontsize=7.6, ha="right", va="center", color=theme.REGION,
                      fontweight="bold")  # fmt: skip
            axes.text(1.54, y, row.median, transform=beside, fontsize=7.6, ha="right", va="center")
        for places, style in _marks(rows):
            axes.plot([x for x, _ in places], [y for _, y in places], linestyle="none", **style)  # type: ignore[arg-type]
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.03, 1.03)
        axes.set_yticks([])
        axes.grid(visible=False)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], labels=["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("jednostki z wartością mniej korzystną (puste kółko: niższą)", fontsize=7.2)
        top = 1 + 5 / (_ROW * len(rows))
        for x, text, align, colour in (
            (0.0, "◂ mniej korzystnie", "left", theme.INK), (1.0, "korzystniej ▸", "right", theme.INK),
            (1.27, "wartość", "right", theme.REGION), (1.54, "mediana gr.", "right", theme.INK),
        ):  # fmt: skip
            axes.text(x, top, text, transform=axes.transAxes, fontsize=7.4, ha=align, va="bottom", color=colour)
        legend(figure, _key(unit, neutral=any(not row.directed for row in rows)), columns=3)
        return to_svg(figure, key=key)


def _marks(rows: Sequence[Strip]) -> list[tuple[list[tuple[float, int]], dict[str, object]]]:
    """Return the places of each kind of mark with its style, so that each kind is drawn at once."""

    def at(directed: bool) -> list[tuple[float, int]]:
        return [(row.group, y) for y, row in enumerate(rows) if row.directed == directed and not isnan(row.group)]

    near = [(row.voivodeship, y) for y, row in enumerate(rows) if not isnan(row.voivodeship)]
    own = {"color": theme.REGION, "zorder": 4, "markersize": 6.5}
    return [
        (near, {"marker": "D", "color": theme.PEER, "markerfacecolor": "white", "markersize": 4.5, "zorder": 3}),
        (at(directed=True), {**own, "marker": "o"}),
        (at(directed=False), {**own, "marker": "o", "markerfacecolor": "white"}),
    ]


def _key(unit: str, *, neutral: bool) -> list[Line2D]:
    own = {"color": theme.REGION, "linestyle": "none", "marker": "o", "markersize": 6}
    found = [Line2D([], [], label=f"{unit} w grupie", **own)]  # type: ignore[arg-type]
    if neutral:
        found.append(
            Line2D([], [], label="bez kierunku: licząc od najniższej wartości", markerfacecolor="white", **own)  # type: ignore[arg-type]
        )
    found.append(
        Line2D([], [], color=theme.PEER, linestyle="none", marker="D", markerfacecolor="white", markersize=4.5,
               label=f"{unit} w województwie")
    )  # fmt: skip
    return found
