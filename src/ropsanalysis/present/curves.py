"""What more money buys: a rising curve with the point where the budget stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
