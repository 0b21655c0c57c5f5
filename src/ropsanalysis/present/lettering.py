"""How wide a text is when drawn, and where to break it so that it fits: for boxes and labels that must not be cut."""

from __future__ import annotations

from functools import cache
from typing import Final

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

_FAMILY: Final = "DejaVu Sans"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a line of text in points."""
    return size / 100 * _width_at_100(text, bold)


@cache
def _width_at_100(text: str, bold: bool) -> float:
    font = FontProperties(family=_FAMILY, size=100, weight="bold" if bold else "normal")
    across, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(across)


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Return the text in lines that are no wider than the room (points).

    Spaces that do not break stay whole; a single word that is too wide is divided, with a hyphen.

    Examples
    --------
    >>> wrapped("centra integracji społecznej", 90, 8)
    ['centra integracji', 'społecznej']
    """
    lines: list[str] = []
    for word in _fitting(text.split(" "), room, size, bold=bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitting(found: list[str], room: float, size: float, *, bold: bool) -> list[str]:
    fitting: list[str] = []
    for word in found:
        rest = word
        while width(rest, size, bold=bold) > room and len(rest) > 3:
            cut = next((n for n in range(len(rest) - 2, 2, -1) if width(rest[:n] + "-", size, bold=bold) <= room), 3)
            fitting.append(rest[:cut] + "-")
            rest = rest[cut:]
        fitting.append(rest)
    return fitting
