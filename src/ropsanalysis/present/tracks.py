"""The way from where one started to where one wants to be: how far, how far it should be, where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from ropsanalysis.present import polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Track:
    """One target; all positions in percent of the way from baseline (0) to target (100), NaN where unknown.

    Attributes
    ----------
    latest
        Where it stands.
    expected
        Where an even pace would have brought it by then.
    low, high
        Interval of the forecast for the target's year.
    note
        Printed at the right edge, such as the verdict.
    """

    label: str
    latest: float
    expected: float
    low: float
    high: float
    note: str


_ROW, _ABOVE, _BELOW = 25.0, 30.0, 32.0
#: What lies further off is drawn at the edge.
_FIRST, _LAST = -60.0, 180.0


def tracks(
    rows: Sequence[Track],
    *,
    key: str,
    names: tuple[str, str, str],
    label: str = "część drogi od wartości bazowej (0%) do celu (100%)",
    first: float = _FIRST,
) -> str:
    """Draw one track for each target, the first on top.

    Parameters
    ----------
    names
        For the key: the latest value, the even pace, the forecast.
    label
        What the axis measures.
    first
        Where the axis begins, in percent; what lies further off is drawn at the edge.
    """
    height = _ROW * len(rows) + _ABOVE + _BELOW
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes((0.37, _BELOW / height, 0.42, _ROW * len(rows) / height))
        beside = axes.get_yaxis_transform()
        for y, row in enumerate(rows):
            axes.plot([0, 100], [y, y], color=theme.OTHER, linewidth=5, solid_capstyle="butt", zorder=1)
            if not isnan(row.low):
                axes.plot(
                    [_inside(row.low, first), _inside(row.high, first)], [y, y], color=theme.PEER, linewidth=2.4,
                    alpha=0.75, zorder=2, solid_capstyle="butt",
                )  # fmt: skip
            if not isnan(row.expected):
                axes.plot(_inside(row.expected, first), y, "|", color=theme.POLAND, markersize=12, markeredgewidth=1.6)
            if not isnan(row.latest):
                axes.plot(_inside(row.latest, first), y, "D", color=theme.REGION, markersize=6, zorder=4)
            axes.text(-0.03, y, row.label, transform=beside, fontsize=7.6, ha="right", va="center", linespacing=1.1)
            axes.text(1.05, y, row.note, transform=beside, fontsize=7.6, va="center")
        axes.axvline(100, color=theme.MUTED, linewidth=1.0, linestyle=(0, (3, 2)), zorder=0)
        axes.set(xlim=(first, _LAST), ylim=(len(rows) - 0.4, -0.6))
        axes.set_xticks([tick for tick in (-50, 0, 50, 100, 150) if tick >= first])
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: polish.with_unit(polish.number(value), "%")))
        axes.set_xlabel(label, fontsize=7.6)
        latest, expected, forecast = names
        handles = [
            Line2D([], [], marker="D", color=theme.REGION, markersize=6, linestyle="none", label=latest),
            Line2D([], [], marker="|", color=theme.POLAND, markersize=9, markeredgewidth=1.6, linestyle="none",
                   label=expected),
            Line2D([], [], color=theme.PEER, linewidth=2.4, alpha=0.75, label=forecast),
        ]  # fmt: skip
        legend(figure, handles)
        return to_svg(figure, key=key)


def _inside(position: float, first: float) -> float:
    return min(max(position, first + 6), _LAST - 6)
