"""Colours, sizes and the look of every figure.

The region of the report is always the same accent, Poland always black and dashed, the peer group
always blue, everybody else grey: a reader learns the code once. The palette keeps its order for the
three common kinds of colour-blindness, and shape or line style always says the same as colour.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Literal

import matplotlib as mpl
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Role = Literal["region", "poland", "peer", "other"]

REGION = "#9c1458"
POLAND = "#1a1a1a"
PEER = "#2f6da8"
OTHER = "#c3c9d0"
INK = "#262b31"
MUTED = "#5b636d"
GRID = "#e4e7eb"

COLOUR: dict[Role, str] = {"region": REGION, "poland": POLAND, "peer": PEER, "other": OTHER}

#: Five closed classes, light to dark (ColorBrewer "Blues", safe for colour-blind readers).
CLASSES = ("#eff3ff", "#c6dbef", "#9ecae1", "#4f9bcb", "#1f5f9e")
#: Text colour with a contrast of at least 4.5 on each class.
ON_CLASSES = (INK, INK, INK, INK, "#ffffff")
NO_DATA = "#f4f4f4"

#: Width of a figure in inches: the text width of the printed page, so that 9 pt is 9 pt.
WIDTH = 6.5

_RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#9aa3ad",
    "axes.linewidth": 0.7,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 5,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "text.parse_math": False,
    "axes.unicode_minus": True,
}


def new_figure(height: float, *, width: float = WIDTH) -> Figure:
    """Return an empty figure (inches) that no pyplot state knows of, so nothing leaks between runs."""
    return Figure(figsize=(width, height))


def new_surface(height: float) -> tuple[Figure, Axes]:
    """Return an empty figure and one drawing surface over all of it, in points from its lower left corner."""
    figure = new_figure(height / 72)
    surface = figure.add_axes((0, 0, 1, 1))
    surface.set(xlim=(0, WIDTH * 72), ylim=(0, height))
    quiet_axes(surface)
    return figure, surface


def styled() -> AbstractContextManager[None]:
    """Return a context in which axes are made in the house style, on top of seaborn's "white"."""
    settings: Any = {**sns.axes_style("white"), **_RC}
    return mpl.rc_context(settings)


def quiet_axes(axes: Axes) -> None:
    """Remove what carries no information: frame, ticks and grid."""
    axes.set_axis_off()
    axes.grid(visible=False)
