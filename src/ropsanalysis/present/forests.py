"""Forest plots: for each row one or more points with intervals, and a band of what is too small to matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ropsanalysis.present import lettering, polish, theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of one kind (index into the kinds) with its interval; without one, its ends are NaN."""

    kind: int
    point: float
    low: float = nan
    high: float = nan


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, its points, and what is printed at the right edge."""

    label: str
    marks: tuple[Mark, ...]
    note: str = ""


#: Marker, colour and whether it is hollow, by kind: shape says the same as colour.
KINDS: Final = (
    ("o", theme.REGION, False),
    ("s", theme.PEER, False),
    ("D", theme.INK, True),
    ("^", theme.PEER, True),
    ("v", theme.MUTED, True),
)
_FIRST, _NEXT, _ABOVE, _BELOW, _KEY = 17.0, 9.0, 16.0, 31.0, 13.0
_LABELS, _NOTES = 132.0, 104.0
_BAND: Final = "#e9ecef"


def forest(
    rows: Sequence[Row],
    *,
    key: str,
    kinds: Sequence[str],
    styles: Sequence[int] = (),
    label: str,
    interval: str = "",
    band: tuple[float, str] = (nan, ""),
    ends: tuple[str, str] = ("", ""),
    notes: str = "",
    one_line: bool = False,
) -> str:
    """Draw rows of points, the first on top.

    Parameters
    ----------
    kinds
        Names of the kinds of points for the key.
    styles
        Which of `KINDS` each kind is drawn as; by default in their order.
    label
        What the axis measures.
    interval
        Name of the strokes for the key.
    band
        Half the width of a band around zero, and its name; NaN for none.
    ends
        What stands over the left and the right end of the axis.
    notes
        Heading of the notes.
    one_line
        Whether all points of a row stand on one line instead of one below another.
    """
    styles = styles or range(len(kinds))
    most = max(len(row.marks) for row in rows)
    step = 0.0 if one_line else _NEXT
    each = _FIRST + step * (most - 1)
    width = theme.WIDTH * 72
    handles = _handles(kinds, styles, interval, band)
    keys = _KEY * (-(-len(handles) // 3))
    height = each * len(rows) + _ABOVE + _BELOW + keys
    right = _NOTES if notes else 12.0
    with theme.styled():
        figure = theme.new_figure(height / 72)
        axes = figure.add_axes(
            (_LABELS / width, _BELOW / height, (width - _LABELS - right) / width, each * len(rows) / height)
        )
        if not isnan(band[0]):
            axes.axvspan(-band[0], band[0], color=_BAND, linewidth=0, zorder=0)
        axes.axvline(0, color=theme.MUTED, linewidth=0.9, zorder=1)
        for y, row in enumerate(rows):
            _draw(axes, y, row, styles, step / each)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks([])
        axes.grid(visible=True, axis="x")
        axes.set_xlim(*_span(rows, band[0]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7))
        axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        axes.set_xlabel(label, fontsize=7.6)
        up = 1 + 4 / (each * len(rows))
        axes.text(0, up, ends[0], transform=axes.transAxes, fontsize=7.4, color=theme.MUTED)
        axes.text(1, up, ends[1], transform=axes.transAxes, fontsize=7.4, color=theme.MUTED, ha="right")
        if notes:
            at = 1 + 8 / (width - _LABELS - right)
            axes.text(at, up, notes, transform=axes.transAxes, fontsize=7.4, color=theme.MUTED)
        legend(figure, handles, columns=3)
        return to_svg(figure, key=key)


def _handles(kinds: Sequence[str], styles: Sequence[int], interval: str, band: tuple[float, str]) -> list[Line2D]:
    handles = []
    for name, style in zip(kinds, styles, strict=True):
        marker, colour, hollow = KINDS[style]
        handles.append(
            Line2D([], [], marker=marker, color=colour, markerfacecolor="white" if hollow else colour, markersize=5,
                   linestyle="none", label=name)
        )  # fmt: skip
    if interval:
        handles.append(Line2D([], [], color=theme.MUTED, linewidth=2.4, alpha=0.55, label=interval))
    if not isnan(band[0]):
        handles.append(Line2D([], [], color=_BAND, linewidth=7, label=band[1]))
    return handles


def _span(rows: Sequence[Row], band: float) -> tuple[float, float]:
    numbers = [v for row in rows for m in row.marks for v in (m.point, m.low, m.high) if v == v] + [0.0]
    if not isnan(band):
        numbers += [-1.15 * band, 1.15 * band]
    room = 0.06 * (max(numbers) - min(numbers)) or 0.5
    return min(numbers) - room, max(numbers) + room


def _tick(value: float, _: object) -> str:
    return polish.number(value, digits=next(d for d in (0, 1, 2) if d == 2 or abs(value - round(value, d)) < 1e-9))


def _draw(axes: Axes, y: int, row: Row, styles: Sequence[int], step: float) -> None:
    beside = axes.get_yaxis_transform()
    lines = lettering.wrapped(row.label, _LABELS - 10, 7.8)
    axes.annotate(
        "\n".join(lines), (0, y), (-7, 0), xycoords=beside, textcoords="offset points", fontsize=7.8, ha="right",
        va="center", linespacing=1.1,
    )  # fmt: skip
    if y:
        axes.axhline(y - 0.5, color=theme.GRID, linewidth=0.7, zorder=0)
    for place, mark in enumerate(row.marks):
        at = y + (place - (len(row.marks) - 1) / 2) * step
        marker, colour, hollow = KINDS[styles[mark.kind]]
        if not isnan(mark.low) and not isnan(mark.high):
            axes.plot([mark.low, mark.high], [at, at], color=colour, linewidth=2.4, alpha=0.55, solid_capstyle="butt")
        axes.plot(
            mark.point, at, marker, color=colour, markerfacecolor="white" if hollow else colour, markersize=5, zorder=4
        )
    if row.note:
        axes.annotate(row.note, (1, y), (8, 0), xycoords=beside, textcoords="offset points", fontsize=7.4, va="center")
