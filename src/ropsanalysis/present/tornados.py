"""A tornado: how far a result moves when one assumption after another takes its lowest and its highest value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import lettering, polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Swing:
    """One assumption: the result at its lowest and at its highest value, and how these values are printed."""

    label: str
    at_low: float
    at_high: float
    low: str
    high: str


_LABELS, _NOTES, _ABOVE, _BELOW = 186.0, 92.0, 33.0, 31.0
_LOW: Final = "#ffffff"


def tornado(
    swings: Sequence[Swing], *, base: float, key: str, label: str, names: tuple[str, str], notes: str,
    line: tuple[float, str], estimate: str,
) -> str:  # fmt: skip
    """Draw one bar per assumption around the result, the longest on top.

    Parameters
    ----------
    label
        What the axis measures.
    names
        What the two halves of a bar are: at the lowest and at the highest value.
    notes
        Heading of the values printed at the right edge.
    line
        A result that matters, and its name.
    estimate
        Name of the result itself.
    """
    wrapped = [lettering.wrapped(s.label, _LABELS - 12, 7.4) for s in swings]
    each = 9.0 + 9.0 * max(len(lines) for lines in wrapped)
    width, height = theme.WIDTH * 72, each * len(swings) + _ABOVE + _BELOW
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes(
            (_LABELS / width, _BELOW / height, (width - _LABELS - _NOTES) / width, each * len(swings) / height)
        )
        for y, (swing, lines) in enumerate(zip(swings, wrapped, strict=True)):
            _draw(axes, y, swing, lines, base)
        axes.axvline(base, color=theme.REGION, linewidth=1.4, zorder=4)
        axes.axvline(line[0], color=theme.INK, linewidth=1.2, linestyle=(0, (4, 1.6)), zorder=4)
        numbers = [v for s in swings for v in (s.at_low, s.at_high)] + [base, line[0]]
        room = 0.06 * (max(numbers) - min(numbers)) or 0.1
        axes.set_xlim(min(numbers) - room, max(numbers) + room)
        axes.set_ylim(len(swings) - 0.5, -0.5)
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: polish.number(value, digits=1)))
        axes.set_xlabel(label, fontsize=7.6)
        axes.annotate(
            notes, (1, 1), (8, 4), xycoords="axes fraction", textcoords="offset points", fontsize=7.4,
            color=theme.MUTED,
        )  # fmt: skip
        legend(
            figure,
            [
                _square(_LOW, names[0]),
                _square(theme.PEER, names[1]),
                Line2D([], [], color=theme.REGION, linewidth=1.4, label=estimate),
                Line2D([], [], color=theme.INK, linewidth=1.2, linestyle=(0, (4, 1.6)), label=line[1]),
            ],
        )
        return to_svg(figure, key=key)


def _draw(axes: Axes, y: int, swing: Swing, lines: Sequence[str], base: float) -> None:
    for end, colour in ((swing.at_low, _LOW), (swing.at_high, theme.PEER)):
        axes.barh(y, end - base, left=base, height=0.56, color=colour, edgecolor=theme.PEER, linewidth=0.9, zorder=3)
    beside = axes.get_yaxis_transform()
    axes.annotate(
        "\n".join(lines), (0, y), (-6, 0), xycoords=beside, textcoords="offset points", fontsize=7.4, ha="right",
        va="center", linespacing=1.1,
    )  # fmt: skip
    axes.annotate(
        " – ".join(filter(None, (swing.low, swing.high))), (1, y), (8, 0), xycoords=beside,
        textcoords="offset points", fontsize=7.2, va="center",
    )  # fmt: skip


def _square(fill: str, name: str) -> Line2D:
    return Line2D(
        [], [], marker="s", markersize=7, markerfacecolor=fill, markeredgecolor=theme.PEER, linestyle="none", label=name
    )
