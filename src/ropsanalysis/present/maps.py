"""Maps of the voivodeships: true outlines where a boundaries file was given, else a map of tiles; of powiats outlines.

Both kinds show five closed classes, the voivodeship's abbreviation and value, and the report's own
region in a thick accent outline. `in_words` lists every voivodeship with its class, which is what a
map says to somebody who cannot see it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from ropsanalysis.present import polish, theme
from ropsanalysis.present.svg import to_svg
from ropsanalysis.regions import REGIONS, Region

#: Rings of a region's outline in plane coordinates, each an (n, 2) array; holes are rings too.
Shapes = Mapping[str, Sequence[NDArray[np.float64]]]


@dataclass(frozen=True, slots=True)
class Classes:
    """Five closed classes of values, by quintiles of the published values.

    Attributes
    ----------
    edges
        Six rising values; class i runs from edges[i] to edges[i + 1].
    """

    edges: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> Classes:
        """Return classes that hold about equally many of the values (missing ones left out)."""
        known = np.asarray([v for v in values if not np.isnan(v)], dtype=float)
        return cls(tuple(float(edge) for edge in np.quantile(known, np.linspace(0, 1, 6))))

    def index(self, value: float) -> int:
        """Return the class (0–4) of a value."""
        return int(np.clip(np.searchsorted(self.edges, value, side="right") - 1, 0, 4))


def draw(
    values: Mapping[str, float], *, key: str, teryt: str, digits: int, unit: str, shapes: Shapes | None = None
) -> str:
    """Draw one value per voivodeship.

    Parameters
    ----------
    values
        By TERYT; NaN where missing.
    teryt
        The report's own region, outlined in the accent colour.
    shapes
        Outlines by TERYT; without them (or with one missing) the map is one of tiles.
    """
    classes = Classes.of(list(values.values()))
    true_map = shapes is not None and all(region.teryt in shapes for region in REGIONS)
    height = 3.5 if true_map else 2.75
    with theme.styled():
        figure = theme.new_figure(height)
        axes = figure.add_axes((0.0, 0.01, 0.70, 0.98))
        if shapes is not None and true_map:
            _outlines(axes, values, classes, teryt=teryt, digits=digits, shapes=shapes)
        else:
            _tiles(axes, values, classes, teryt=teryt, digits=digits)
        axes.set_aspect("equal")
        theme.quiet_axes(axes)
        _legend(figure.add_axes((0.71, 0.12, 0.28, 0.76)), values, classes, digits=digits, unit=unit)
        return to_svg(figure, key=key)


def draw_units(values: Mapping[str, float], *, key: str, digits: int, unit: str, shapes: Shapes) -> str:
    """Draw one value per unit of a voivodeship, such as its powiats.

    Parameters
    ----------
    values
        By the unit's code; NaN where missing.
    shapes
        Outlines by code, one for each unit at least.
    """
    classes = Classes.of(list(values.values()))
    labels = _label_points({code: shapes[code] for code in values})
    with theme.styled():
        figure = theme.new_figure(4.3)
        axes = figure.add_axes((0.0, 0.01, 0.70, 0.98))
        for code in sorted(values, key=lambda c: -max(map(_area, shapes[c]))):  # a city lies on the powiat around it
            fill, ink = _paint(values[code], classes)
            outline = Outline.make_compound_path(*[Outline(ring, closed=True) for ring in shapes[code]])
            axes.add_patch(PathPatch(outline, facecolor=fill, edgecolor="#7d8791", linewidth=0.6))
            if code in labels:
                axes.text(
                    *labels[code], polish.number(values[code], digits=digits), ha="center", va="center", fontsize=6.6,
                    color=ink, zorder=5,
                )  # fmt: skip
        axes.autoscale_view()
        axes.set_aspect("equal")
        theme.quiet_axes(axes)
        _legend(figure.add_axes((0.71, 0.2, 0.28, 0.6)), values, classes, digits=digits, unit=unit)
        return to_svg(figure, key=key)


def _label_points(shapes: Shapes) -> dict[str, tuple[float, float]]:
    """Return where each unit's value has most room; units too small for one, or too near another's, get none."""
    everything = np.concatenate([ring for rings in shapes.values() for ring in rings])
    width, height = np.ptp(everything, axis=0)
    room = max(width / 300, height / 290)  # kilometres of a point: the map takes 300 by 290
    placed: dict[str, tuple[float, float]] = {}
    for code in sorted(shapes, key=lambda c: max(map(_area, shapes[c]))):
        rings = [Outline(ring, closed=True) for ring in shapes[code]]
        low, high = (end(np.concatenate(shapes[code]), axis=0) for end in (np.min, np.max))
        grid = np.stack(np.meshgrid(*(np.linspace(a, b, 24) for a, b in zip(low, high, strict=True))), -1).reshape(
            -1, 2
        )
        # A point in a hole lies in two rings: in the unit and in the city that the unit surrounds.
        inside = np.sum([ring.contains_points(grid) for ring in rings], axis=0) == 1
        edges = np.concatenate([np.linspace(ring, np.roll(ring, 1, axis=0), 4).reshape(-1, 2) for ring in shapes[code]])
        reach = np.hypot(*(grid[:, None] - edges[None]).T).min(axis=0)
        for point in placed.values():
            apart = np.abs(grid - point) / room
            inside &= (apart[:, 0] > 20) | (apart[:, 1] > 9)
        if (inside & (reach > 5 * room)).any():
            best = grid[np.argmax(np.where(inside, reach, -1.0))]
            placed[code] = (float(best[0]), float(best[1]))
    return placed


def _tiles(axes: Axes, values: Mapping[str, float], classes: Classes, *, teryt: str, digits: int) -> None:
    for region in sorted(REGIONS, key=lambda r: r.teryt == teryt):
        own, value = region.teryt == teryt, values.get(region.teryt, float("nan"))
        fill, ink = _paint(value, classes)
        column, row = region.tile
        axes.add_patch(
            Rectangle(
                (column * 1.9 + 0.03, -row + 0.03), 1.84, 0.94, facecolor=fill,
                edgecolor=theme.REGION if own else "#9aa3ad", linewidth=2.6 if own else 0.6, zorder=3 if own else 2,
            )
        )  # fmt: skip
        _label(axes, (column * 1.9 + 0.95, -row + 0.5), region, value, digits=digits, ink=ink)
    axes.set_xlim(-0.1, 7.7)
    axes.set_ylim(-4.1, 1.1)


def _outlines(
    axes: Axes, values: Mapping[str, float], classes: Classes, *, teryt: str, digits: int, shapes: Shapes
) -> None:
    for region in sorted(REGIONS, key=lambda r: r.teryt == teryt):
        own, value = region.teryt == teryt, values.get(region.teryt, float("nan"))
        fill, ink = _paint(value, classes)
        rings = shapes[region.teryt]
        outline = Outline.make_compound_path(*[Outline(ring, closed=True) for ring in rings])
        axes.add_patch(
            PathPatch(
                outline, facecolor=fill, edgecolor=theme.REGION if own else "#7d8791",
                linewidth=2.0 if own else 0.6, zorder=3 if own else 2,
            )
        )  # fmt: skip
        largest = max(rings, key=lambda ring: _area(ring))
        _label(axes, _middle(largest), region, value, digits=digits, ink=ink)
    axes.autoscale_view()


def _label(axes: Axes, at: tuple[float, float], region: Region, value: float, *, digits: int, ink: str) -> None:
    axes.text(*at, f"{region.abbreviation}\n{polish.number(value, digits=digits)}", ha="center", va="center",
              fontsize=7.6, color=ink, linespacing=1.35, zorder=5)  # fmt: skip


def _paint(value: float, classes: Classes) -> tuple[str, str]:
    if np.isnan(value):
        return theme.NO_DATA, theme.INK
    index = classes.index(value)
    return theme.CLASSES[index], theme.ON_CLASSES[index]


def _area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def _middle(ring: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ring's centroid by area; the mean of its points would lean to the jagged side."""
    x, y = ring[:, 0], ring[:, 1]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    area = cross.sum() / 2
    cx = ((x + np.roll(x, -1)) * cross).sum() / (6 * area)
    cy = ((y + np.roll(y, -1)) * cross).sum() / (6 * area)
    return float(cx), float(cy)


def _legend(axes: Axes, values: Mapping[str, float], classes: Classes, *, digits: int, unit: str) -> None:
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.5, 7)
    theme.quiet_axes(axes)
    axes.text(0, 6.4, textwrap.fill(unit, width=24), fontsize=7.6, va="bottom", color=theme.INK)
    for index, text in enumerate(class_labels(values, classes, digits=digits)):
        axes.add_patch(
            Rectangle(
                (0, 4.6 - index),
                0.16,
                0.7,
                facecolor=theme.CLASSES[index],
                edgecolor="#9aa3ad",
                linewidth=0.6,
            )
        )
        axes.text(0.22, 4.95 - index, text, fontsize=7.6, va="center")
    if any(np.isnan(value) for value in values.values()):
        axes.add_patch(Rectangle((0, -0.4), 0.16, 0.7, facecolor=theme.NO_DATA, edgecolor="#9aa3ad", linewidth=0.6))
        axes.text(0.22, -0.05, "brak danych", fontsize=7.6, va="center")


def class_labels(values: Mapping[str, float], classes: Classes, *, digits: int) -> list[str]:
    """Return for each class the span of the values that are really in it."""
    labels = []
    for index in range(5):
        inside = [v for v in values.values() if not np.isnan(v) and classes.index(v) == index]
        if not inside:
            labels.append(polish.DASH)
            continue
        low, high = (polish.number(edge, digits=digits) for edge in (min(inside), max(inside)))
        labels.append(low if low == high else f"{low}{polish.DASH}{high}")
    return labels


def in_words(values: Mapping[str, float], *, digits: int, poland: float | None) -> str:
    """Return every voivodeship with its value and class, and Poland: the map for those who listen to it."""
    classes = Classes.of(list(values.values()))
    labels = class_labels(values, classes, digits=digits)
    sentences = []
    for index, label in enumerate(labels):
        names = [
            f"{region.name} {polish.number(values[region.teryt], digits=digits)}"
            for region in REGIONS
            if region.teryt in values
            and not np.isnan(values[region.teryt])
            and classes.index(values[region.teryt]) == index
        ]
        if names:
            sentences.append(f"Klasa {index + 1} ({label}): {', '.join(names)}.")
    missing = [r.name for r in REGIONS if np.isnan(values.get(r.teryt, float("nan")))]
    if missing:
        sentences.append(f"Brak danych: {', '.join(missing)}.")
    if poland is not None and not np.isnan(poland):
        sentences.append(f"Polska: {polish.number(poland, digits=digits)}.")
    return " ".join(sentences)
