"""A matplotlib figure as a small, repeatable SVG with real text.

Matplotlib's own output carries a date, a generator, ids that repeat from figure to figure, and a
style sheet that would reach the whole page. Tidying keeps what is drawn and drops the rest, to about
a third of the size.
"""

from __future__ import annotations

import io
import re
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

FONT = "'DejaVu Sans', Verdana, sans-serif"

_DROPPED = (
    re.compile(r"^.*?(?=<svg )", re.DOTALL),  # XML declaration and document type
    re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL),
    re.compile(r' transform="rotate\(-?0 [^)]*\)"'),
)
_TEXT = re.compile(r">([^<]+)<")
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r"(url\(#|href=\"#)([^)\"]+)")
_BETWEEN = re.compile(r">\s+<")
_STYLE = re.compile(r'style="([^"]*)"')
_FONT = re.compile(r"font-family:[^;\"]*;? ?|(?<=px )'DejaVu Sans'[^;\"]*")
_PATH = re.compile(r' d="([^"]*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_PLACE = re.compile(r' (x|y)="(-?\d+\.\d+)"')
_PLAIN_GROUP = re.compile(r"<g>((?:(?!<g[ >]).)*?)</g>", re.DOTALL)
_LINES = re.compile(r'(<path) d="([^"]*)"([^>]*style="fill:none[^"]*"/>)(?:\s*<path d="([^"]*)"\3)+')
_ONE_LINE = re.compile(r'<path d="([^"]*)"')

_TEXTS = re.compile(r'<text style="([^"]*)"[^>]*>[^<]*</text>(?:<text style="\1"[^>]*>[^<]*</text>)+')


def to_svg(figure: Figure, *, key: str) -> str:
    """Return the figure as one `<svg>` element.

    Parameters
    ----------
    figure
        A finished matplotlib figure.
    key
        The figure's name in its report; salts the ids so that they differ between figures.
    """
    buffer = io.StringIO()
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": key, "text.parse_math": False}
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with mpl.rc_context(settings):
        figure.savefig(buffer, format="svg", metadata=nothing)
    return tidy(buffer.getvalue(), key=key)


def tidy(svg: str, *, key: str) -> str:
    """Drop what no reader sees, make ids unique to `key`, round to 1/10 point and join equal strokes."""
    for pattern in _DROPPED:
        svg = pattern.sub("", svg)
    svg = _TEXT.sub(_out_of_reach, svg)
    svg = _BETWEEN.sub("><", _own_ids(svg, key=key))
    svg = _PATH.sub(lambda match: f' d="{_path(match.group(1))}"', svg)
    svg = _PLACE.sub(lambda match: f' {match.group(1)}="{_short(match.group(2))}"', svg)
    svg = _STYLE.sub(lambda match: f'style="{_style(match.group(1))}"', svg)
    while (smaller := _PLAIN_GROUP.sub(r"\1", svg)) != svg:
        svg = smaller
    svg = _TEXTS.sub(_grouped, _LINES.sub(_joined, svg))
    head, rest = svg.split(">", 1)
    head = re.sub(r' (?:version|width|height)="[^"]*"', "", head)
    if "xlink:" not in rest:
        head = re.sub(r' xmlns:xlink="[^"]*"', "", head)
    return f'{head} font-family="{FONT}" stroke-linejoin="round">{rest}'.strip()


def _out_of_reach(match: re.Match[str]) -> str:
    """Return a text node in which nothing looks like an attribute or a reference to the patterns here."""
    text = match.group(1).replace('"', "&quot;").replace("#", "&#35;")
    return f">{text}<"


def _own_ids(svg: str, *, key: str) -> str:
    referenced = {name for _, name in _REFERENCE.findall(svg)}
    prefix = re.sub(r"\W+", "-", key) + "-"

    def keep(match: re.Match[str]) -> str:
        name = match.group(1)
        return f' id="{prefix}{name}"' if name in referenced else ""

    return _REFERENCE.sub(rf"\g<1>{prefix}\g<2>", _ID.sub(keep, svg))


def _path(data: str) -> str:
    """Write path data without line breaks; a polyline as steps from point to point, in tenths of a point.

    Steps are taken between rounded positions, so that no error adds up along the line.
    """
    if re.search(r"[A-KN-Za-y]", data):
        rounded = _NUMBER.sub(lambda match: _short(match.group(0)), " ".join(data.split()))
        return re.sub(r" ?([A-Za-z]) ?", r"\1", rounded)
    return "".join(_steps(part) for part in data.split("M")[1:])


def _steps(part: str) -> str:
    closed = part.rstrip().endswith("z")
    tenths = [round(float(number) * 10) for number in _NUMBER.findall(part)]
    points = list(zip(tenths[::2], tenths[1::2], strict=True))
    (x, y), rest = points[0], points[1:]
    moves = []
    for next_x, next_y in rest:
        if (next_x, next_y) != (x, y):
            moves.append(_pair(next_x - x, next_y - y))
            x, y = next_x, next_y
    start = _pair(*points[0])
    line = "l" + " ".join(moves) if moves else "h.1" if rest else ""  # a dot is a stroke too short to see
    return f"M{start}{line}" + ("z" if closed else "")


def _pair(x: int, y: int) -> str:
    """Return two numbers given in tenths, as short as SVG allows."""
    second = _tenth(y)
    return _tenth(x) + ("" if second.startswith("-") else " ") + second


def _tenth(value: int) -> str:
    return f"{value / 10:.1f}".removesuffix(".0").replace("0.", ".") if abs(value) < 10 else _short(str(value / 10))


def _short(number: str) -> str:
    return f"{float(number):.1f}".removesuffix(".0").replace("-0.0", "0")


def _style(style: str) -> str:
    return _FONT.sub("", style).replace(": ", ":").replace("; ", ";").rstrip("; ")


def _joined(match: re.Match[str]) -> str:
    data = "".join(_ONE_LINE.findall(match.group(0)))
    return f'{match.group(1)} d="{data}"{match.group(3)}'


def _grouped(match: re.Match[str]) -> str:
    style = match.group(1)
    inner = match.group(0).replace(f'<text style="{style}"', "<text")
    return f'<g style="{style}">{inner}</g>'
