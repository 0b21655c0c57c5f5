"""Networks before and after: the same entities in the same places, side by side, one row of drawings per network.

Entities carry numbers, which a table beneath explains; their sectors differ by shape and by how dark they are, and each
group on the circle has its name beside it. Ties that are new are heavy, so that no colour has to be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from ropsanalysis.present import lettering, theme
from ropsanalysis.present.svg import to_svg


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: its number, its place (circle of radius 1 around the origin), its sector and whether it is animator.

    Attributes
    ----------
    sector
        Index into the names of the sectors.
    """

    number: int
    x: float
    y: float
    sector: int
    animator: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two nodes (their indices) and whether it was there before and is there after."""

    first: int
    second: int
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes and ties of one network under a title; `heads` stand over the drawings before and after."""

    title: str
    heads: tuple[str, str]
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a group of entities beside the circle: its lines, the edge it leans on, and the middle of its height.

    Attributes
    ----------
    x, y
        In points from the middle of the circle; the text runs away from the circle.
    """

    lines: tuple[str, ...]
    x: float
    y: float

    @property
    def height(self) -> float:
        """Height in points."""
        return _LINE * len(self.lines)


Points = NDArray[np.float64]

#: Radius of the circle, of an entity and of the circle outside of which names stand, in points.
RADIUS, ENTITY, OUTSIDE = 58.0, 7.2, 67.5
#: Entities nearer than this (points) would cover one another.
_NEAREST: Final = 13.5
#: How far inside the circle the second ring lies.
_RING: Final = 0.74
#: Shape and fill by sector: neighbours in the list differ in both.
SHAPES: Final = (
    ("o", theme.CLASSES[4], "#ffffff"), ("s", "#ffffff", theme.INK), ("D", theme.CLASSES[2], theme.INK),
    ("o", "#ffffff", theme.INK), ("s", theme.CLASSES[4], "#ffffff"), ("D", "#ffffff", theme.INK),
    ("o", theme.CLASSES[2], theme.INK), ("s", theme.CLASSES[2], theme.INK), ("D", theme.CLASSES[4], "#ffffff"),
    ("h", "#ffffff", theme.INK), ("h", theme.CLASSES[4], "#ffffff"),
)  # fmt: skip
#: A diamond of the same number would be larger, a hexagon smaller.
_SIZES: Final = {"o": 14.0, "s": 12.6, "D": 11.6, "h": 15.0}
_HALF = theme.WIDTH * 72 / 2
_ROOM = _HALF / 2 - OUTSIDE - 1
_SIZE, _LINE, _HEAD, _KEY = 7.2, 9.0, 27.0, 14.0
_OLD, _NEW, _GONE = 0.8, 1.9, 0.9
_DOTS: Final = (0.0, (1.0, 2.0))


def networks(found: Sequence[Network], *, key: str, sectors: Sequence[str], names: tuple[str, str, str, str]) -> str:
    """Draw each network before and after.

    Parameters
    ----------
    sectors
        Short names of the sectors.
    names
        For the key: ties that were and are there, new ties, ties that are gone, the animator.
    """
    lines = _key_lines(found, sectors, names)
    total = height(found, sectors=sectors, names=names)
    with theme.styled():
        figure, surface = theme.new_surface(total)
        _draw_key(surface, lines, total)
        top = total - _KEY * len(lines) - 4
        for network in found:
            lettered = labels(network, sectors)
            above, below = _extents(lettered)
            surface.text(0, top - 2, network.title, fontsize=8.5, fontweight="bold", va="top")
            for side, head in enumerate(network.heads):
                middle = np.array([_HALF * (side + 0.5), top - _HEAD - above])
                surface.text(middle[0], top - 15, head, fontsize=_SIZE, ha="center", va="top", color=theme.MUTED)
                _draw(surface, network, middle, after=side == 1)
                for label in lettered:
                    _letter(surface, label, middle)
            top -= above + below + _HEAD
        return to_svg(figure, key=key)


def height(found: Sequence[Network], *, sectors: Sequence[str], names: tuple[str, str, str, str]) -> float:
    """Return how high the drawing is, in points."""
    circles = sum((_HEAD + sum(_extents(labels(network, sectors))) for network in found), 0.0)
    return circles + _KEY * len(_key_lines(found, sectors, names)) + 4


def places(nodes: Sequence[Node]) -> Points:
    """Return where the entities stand, in points from the middle, shape (n, 2).

    Where neighbours on the circle would cover one another, every second one moves to a ring inside it.
    """
    found = RADIUS * np.array([(node.x, node.y) for node in nodes]).reshape(-1, 2)
    if len(nodes) > 1 and _closest(found) < _NEAREST:
        turn = np.arctan2(found[:, 0], found[:, 1])
        around = np.array([place for place in np.argsort(turn) if np.hypot(*found[place]) > RADIUS / 2])
        gaps = np.diff(turn[around], append=turn[around[0]] + 2 * np.pi)
        around = np.roll(around, -int(np.argmax(gaps)) - 1)  # first and last of an odd number lie on the same ring
        found[around[1::2]] *= _RING
    return found


def fits(nodes: Sequence[Node]) -> bool:
    """Return whether all entities have room, so that none covers another."""
    return len(nodes) < 2 or _closest(places(nodes)) >= _NEAREST


def _closest(found: Points) -> float:
    apart = np.hypot(*(found[:, None] - found[None]).transpose(2, 0, 1))
    return float(apart[np.triu_indices(len(found), 1)].min())


def labels(network: Network, sectors: Sequence[str]) -> list[Label]:
    """Return the names of the groups around the circle, kept apart from one another and from the entities."""
    found: list[Label] = []
    for sector in dict.fromkeys(node.sector for node in network.nodes):
        around = [node for node in network.nodes if node.sector == sector and hypot(node.x, node.y) > 0.5]
        if not around:
            continue  # only in the middle: the key names it
        x, y = sum(node.x for node in around), sum(node.y for node in around)
        far = hypot(x, y) or 1.0
        lines = tuple(lettering.wrapped(sectors[sector], _ROOM, _SIZE))
        height = _LINE * len(lines)
        found.append(Label(lines, 1.0 if x >= 0 else -1.0, y / far * (OUTSIDE + height / 2)))
    return [label for side in (-1.0, 1.0) for label in _apart([one for one in found if one.x == side])]


def _apart(found: list[Label]) -> list[Label]:
    """Move the names on one side up and down until none covers another, and then out of the circle."""
    ordered = sorted(found, key=lambda label: label.y)
    heights = [label.y for label in ordered]
    for _ in range(60):
        for k in range(len(ordered) - 1):
            needed = (ordered[k].height + ordered[k + 1].height) / 2 + 1.5
            lacking = needed - (heights[k + 1] - heights[k])
            if lacking > 0:
                heights[k] -= lacking / 2
                heights[k + 1] += lacking / 2
    moved = []
    for label, y in zip(ordered, heights, strict=True):
        inner = max(0.0, abs(y) - label.height / 2)
        moved.append(Label(label.lines, label.x * float(np.sqrt(max(0.0, OUTSIDE**2 - inner**2))), y))
    return moved


def _extents(found: Sequence[Label]) -> tuple[float, float]:
    """Return how far a drawing reaches above and below the middle of its circle."""
    least = RADIUS + ENTITY + 2
    above = max([least, *(label.y + label.height / 2 for label in found)])
    below = max([least, *(label.height / 2 - label.y for label in found)])
    return above + 3, below + 3


def _letter(surface: Axes, label: Label, middle: Points) -> None:
    x = middle[0] + label.x
    for k, line in enumerate(label.lines):
        y = middle[1] + label.y + label.height / 2 - _LINE * (k + 0.5)
        surface.text(x, y, line, fontsize=_SIZE, ha="left" if label.x >= 0 else "right", va="center", color=theme.INK)


def _draw(surface: Axes, network: Network, middle: Points, *, after: bool) -> None:
    stands = list(middle + places(network.nodes))
    kinds: dict[str, list[Points]] = {"old": [], "new": [], "gone": []}
    for tie in network.ties:
        if after:
            kind = "old" if tie.before and tie.after else "new" if tie.after else "gone"
        elif tie.before:
            kind = "old"
        else:
            continue
        kinds[kind].append(_line(stands[tie.first], stands[tie.second], middle))
    for kind, colour, width, style in (
        ("gone", theme.MUTED, _GONE, _DOTS), ("old", theme.MUTED, _OLD, "solid"), ("new", theme.REGION, _NEW, "solid")
    ):  # fmt: skip
        if kinds[kind]:
            surface.add_collection(
                LineCollection(kinds[kind], colors=colour, linewidths=width, linestyles=[style], zorder=2)
            )
    for node, place in zip(network.nodes, stands, strict=True):
        _entity(surface, node.sector, place, animator=node.animator)
        ink = SHAPES[node.sector % len(SHAPES)][2]
        surface.text(place[0], place[1], str(node.number), fontsize=_SIZE, ha="center", va="center_baseline",
                     color=ink, fontweight="bold", zorder=5)  # fmt: skip


def _line(start: Points, end: Points, middle: Points) -> Points:
    """Return the way of a tie: straight, or bent where it would run through the entity in the middle."""
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    across = np.array([-along[1], along[0]]) / length
    off = float(np.dot(middle - start, across))
    if abs(off) >= ENTITY + 3 or min(np.hypot(*(start - middle)), np.hypot(*(end - middle))) < ENTITY:
        return np.vstack([start, end])
    bend = (ENTITY + 7 - abs(off)) * (-1 if off >= 0 else 1)
    t = np.linspace(0, 1, 13)[:, None]
    return start + t * along + 4 * t * (1 - t) * bend * across


def _entity(surface: Axes, sector: int, place: Points, *, animator: bool) -> None:
    marker, fill, _ = SHAPES[sector % len(SHAPES)]
    surface.plot(
        place[0], place[1], marker, markersize=_SIZES[marker], markerfacecolor=fill, markeredgewidth=0.9,
        color=theme.INK, zorder=4,
    )  # fmt: skip
    if animator:
        surface.plot(
            place[0], place[1], "o", markersize=21, markerfacecolor="none", markeredgewidth=1.4, color=theme.INK,
            zorder=4,
        )  # fmt: skip


# --- key ----------------------------------------------------------------------------------------------

_Item = tuple[str, int, str]


def _key_lines(found: Sequence[Network], sectors: Sequence[str], names: tuple[str, str, str, str]) -> list[list[_Item]]:
    """Return the items of the key in lines that fit the width."""
    drawn = sorted({node.sector for network in found for node in network.nodes})
    gone = any(tie.before and not tie.after for network in found for tie in network.ties)
    kinds = [("old", 0, names[0]), ("new", 0, names[1])] + ([("gone", 0, names[2])] if gone else [])
    items: list[_Item] = [
        *kinds,
        ("animator", 0, names[3]),
        *(("sector", number, sectors[number]) for number in drawn),
    ]
    lines: list[list[_Item]] = []
    used = theme.WIDTH * 72
    for item in items:
        wide = _item_width(item)
        if used + wide > theme.WIDTH * 72 or (item[0] == "sector" and lines[-1][0][0] != "sector"):
            lines.append([])
            used = 0.0
        lines[-1].append(item)
        used += wide
    return lines


def _item_width(item: _Item) -> float:
    return 26 + lettering.width(item[2], _SIZE) + 10


def _draw_key(surface: Axes, lines: Sequence[Sequence[_Item]], top: float) -> None:
    for k, line in enumerate(lines):
        x, y = 2.0, top - _KEY * (k + 0.5)
        for item in line:
            _sign(surface, item, np.array([x + 10, y]))
            surface.text(x + 24, y, item[2], fontsize=_SIZE, va="center")
            x += _item_width(item)


def _sign(surface: Axes, item: _Item, place: Points) -> None:
    kind, number, _ = item
    if kind == "sector":
        marker, fill, _ = SHAPES[number % len(SHAPES)]
        surface.plot(place[0], place[1], marker, markersize=0.62 * _SIZES[marker], markerfacecolor=fill,
                     markeredgewidth=0.9, color=theme.INK)  # fmt: skip
    elif kind == "animator":
        surface.plot(place[0], place[1], "o", markersize=11, markerfacecolor="none", markeredgewidth=1.4,
                     color=theme.INK)  # fmt: skip
    else:
        colour, width, style = {
            "old": (theme.MUTED, _OLD, "solid"), "new": (theme.REGION, _NEW, "solid"),
            "gone": (theme.MUTED, _GONE, _DOTS),
        }[kind]  # fmt: skip
        stroke = place + np.array([(-9.0, 0.0), (9.0, 0.0)])
        surface.add_collection(LineCollection([stroke], colors=colour, linewidths=width, linestyles=[style]))
