"""Survival curves: one small chart for each group, a step wherever the share still active falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ropsanalysis.present import theme
from ropsanalysis.present.figures import legend
from ropsanalysis.present.multiples import Frame, dress, end_label, surfaces
from ropsanalysis.present.svg import to_svg

_DASHES = (0, (4, 1.6))
_BAND = "#ecd3df"


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve at rising years since founding; shares in percent, each holding until the next year given.

    Attributes
    ----------
    low, high
        Its confidence band; empty where none is drawn.
    """

    years: tuple[float, ...]
    shares: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The curve of one group in the region and, where known, in Poland."""

    title: str
    region: Curve
    poland: Curve | None = None


def survival(panels: Sequence[Panel], *, key: str, region: str, unit: str, interval: str) -> str:
    """Draw the curves on one scale, so that groups can be compared.

    Parameters
    ----------
    unit
        What the height of a curve is.
    interval
        Name of the band for the key, such as "przedział 95%".
    """
    drawn = [curve for panel in panels for curve in (panel.region, panel.poland) if curve is not None]
    lowest = min(min(curve.low or curve.shares) for curve in drawn)
    longest = max(curve.years[-1] for curve in drawn)
    bottom = max(0.0, 10 * np.floor(lowest / 10))
    with theme.styled():
        figure, surface, places = surfaces(len(panels))
        for panel, (left, base, width) in zip(panels, places, strict=True):
            frame = Frame(left, base, width, years=(0.0, longest), values=(bottom, 101.0))
            dress(surface, frame, panel.title, unit, 0)
            own, poland = panel.region, panel.poland
            if own.low:
                band = np.vstack([_stairs(frame, own.years, own.low), _stairs(frame, own.years, own.high)[::-1]])
                surface.add_collection(PolyCollection([band], facecolors=_BAND, linewidths=0, zorder=1))
            if poland is not None:
                surface.add_collection(
                    LineCollection(
                        [_stairs(frame, poland.years, poland.shares)], colors=theme.POLAND, linewidths=1.2,
                        linestyles=[_DASHES], capstyle="butt", zorder=2,
                    )
                )  # fmt: skip
            line = _stairs(frame, own.years, own.shares)
            surface.add_collection(LineCollection([line], colors=theme.REGION, linewidths=2.0, zorder=3))
            end_label(surface, (line[-1, 0], line[-1, 1]), own.shares[-1], 0, "region")
        handles = [
            Line2D([], [], color=theme.REGION, linewidth=2.0, label=region),
            Line2D([], [], color=_BAND, linewidth=6, solid_capstyle="butt", label=interval),
        ]
        if any(panel.poland is not None for panel in panels):
            handles.append(Line2D([], [], color=theme.POLAND, linewidth=1.2, linestyle=_DASHES, label="Polska"))
        legend(figure, handles)
        return to_svg(figure, key=key)


def _stairs(frame: Frame, years: Sequence[float], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return the corners of a curve that stays level until its next year; only where it falls."""
    xs, ys = [years[0]], [shares[0]]
    for year, share in zip(years[1:], shares[1:], strict=True):
        if share != ys[-1]:
            xs += [year, year]
            ys += [ys[-1], share]
    return frame.at([*xs, years[-1]], [*ys, ys[-1]])
