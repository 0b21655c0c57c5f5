"""A grid of numbers on closed classes of colour; a number that is not shown is a crossed field."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg

_ROW, _LABELS, _KEY = 15.0, 150.0, 22.0
_WIDEST = 52.0
_EDGE = "#ffffff"


def heatmap(
    values: ArrayLike,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    edges: Sequence[float],
    classes: Sequence[str],
    key: str,
    digits: int = 0,
    hidden: str = "ukryto",
    apart: int = 0,
) -> str:
    """Draw a grid of numbers.

    Parameters
    ----------
    values
        Shape (rows, columns); NaN where a number is not shown.
    edges
        Four ascending bounds between the five classes; a value on a bound belongs to the upper class.
    classes
        Words of the five classes for the key.
    digits
        Decimals of the numbers in the fields.
    hidden
        Word of the key for fields without a number.
    apart
        So many leading columns stand a little apart from the others.
    """
    grid = np.asarray(values, dtype=float)
    wide = min(_WIDEST, (theme.WIDTH * 72 - _LABELS - 10) / len(columns))
    head = _heading_height(columns, wide)
    height = _ROW * len(rows) + head + _KEY
    left = _LABELS + np.arange(len(columns)) * wide + np.where(np.arange(len(columns)) < apart, 0, 6 if apart else 0)
    bottom = height - _KEY - head - _ROW * (np.arange(len(rows)) + 1)
    index = np.where(np.isnan(grid), -1, np.searchsorted(edges, grid, side="right"))
    with theme.styled():
        figure, surface = theme.new_surface(height)
        for number in range(-1, 5):
            places = [(left[x], bottom[y]) for y, x in np.argwhere(index == number)]
            _fields(surface, places, wide, theme.NO_DATA if number < 0 else theme.CLASSES[number])
            if number < 0:
                _crosses(surface, places, wide)
            else:
                _numbers(surface, grid[index == number], places, wide, digits=digits, ink=theme.ON_CLASSES[number])
        for y, name in zip(bottom, rows, strict=True):
            surface.text(_LABELS - 5, y + _ROW / 2, name, fontsize=7.8, ha="right", va="center")
        _headings(surface, columns, left + wide / 2, height - _KEY - head + 4, wide)
        _legend(surface, [*classes, *([hidden] if (index < 0).any() else [])], height - 12)
        return to_svg(figure, key=key)


def _fields(surface: Axes, places: Sequence[tuple[float, float]], wide: float, colour: str) -> None:
    """Draw all fields of one class as one shape."""
    if places:
        corners = np.array([(0, 0), (wide, 0), (wide, _ROW), (0, _ROW), (0, 0)], dtype=float)
        shape = Path.make_compound_path(*[Path(corners + place, closed=True) for place in places])
        surface.add_patch(PathPatch(shape, facecolor=colour, edgecolor=_EDGE, linewidth=1.2, zorder=1))


def _crosses(surface: Axes, places: Sequence[tuple[float, float]], wide: float) -> None:
    stroke = np.array([(wide / 2 - 5, 3.5), (wide / 2 + 5, _ROW - 3.5)])
    lines: list[NDArray[np.float64]] = [stroke + place for place in places]
    lines += [stroke * (1, -1) + (0, _ROW) + place for place in places]
    surface.add_collection(LineCollection(lines, colors=theme.MUTED, linewidths=0.8, zorder=2))


def _numbers(
    surface: Axes,
    values: NDArray[np.float64],
    places: Sequence[tuple[float, float]],
    wide: float,
    *,
    digits: int,
    ink: str,
) -> None:
    for value, (x, y) in zip(values, places, strict=True):
        text = polish.number(value, digits=digits)
        surface.text(
            x + wide / 2, y + _ROW / 2, text, fontsize=7.4, color=ink, ha="center", va="center_baseline", zorder=3
        )


def _broken(name: str, wide: float) -> str:
    return "\n".join(textwrap.wrap(name, width=max(5, int(wide / 4.4)), break_long_words=False))


def _upright(columns: Sequence[str], wide: float) -> bool:
    """Whether every heading fits over its column without being turned."""
    return all(len(word) * 4.6 <= wide for name in columns for word in name.split())


def _heading_height(columns: Sequence[str], wide: float) -> float:
    if _upright(columns, wide):
        return 10 + 9.5 * max(_broken(name, wide).count("\n") + 1 for name in columns)
    return 10 + 4.6 * max(len(line) for name in columns for line in _turned(name).split("\n"))


def _turned(name: str) -> str:
    """Return a heading that is turned by 90 degrees, in lines of about half its length if it is long."""
    return "\n".join(textwrap.wrap(name, width=max(14, (len(name) + 1) // 2 + 2), break_long_words=False))


def _headings(surface: Axes, columns: Sequence[str], middle: ArrayLike, y: float, wide: float) -> None:
    upright = _upright(columns, wide)
    for x, name in zip(np.asarray(middle, dtype=float), columns, strict=True):
        text, turn = (_broken(name, wide), 0) if upright else (_turned(name), 90)
        surface.text(x, y, text, fontsize=7.4, rotation=turn, ha="center", va="bottom", linespacing=1.15)


def _legend(surface: Axes, names: Sequence[str], y: float) -> None:
    x = 2.0
    for number, name in enumerate(names):
        own = number < len(theme.CLASSES)
        _fields(surface, [(x, y - 4)], 14, theme.CLASSES[number] if own else theme.NO_DATA)
        if not own:
            _crosses(surface, [(x, y - 4)], 14)
        surface.text(x + 18, y + 3, name, fontsize=7.4, va="center")
        x += 30 + 4.5 * len(name)
