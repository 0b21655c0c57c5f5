"""The page that leads to every report of an edition: a map of links, a list, and a search field.

The list is there without any script; the script only hides what does not match the words typed.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from ropsanalysis.io import atomic
from ropsanalysis.regions import POLAND, REGIONS, Region
from ropsanalysis.reporting import html, local_index, manifest
from ropsanalysis.reporting.local_index import LocalReports
from ropsanalysis.reporting.manifest import Entry
from ropsanalysis.reporting.spec import REPORTS

NAME = "index.html"
_FORMAT_NAMES = {"html": "HTML", "pdf": "PDF", "xlsx": "XLSX", "json": "JSON", "ipynb": "notatnik"}


@dataclass(frozen=True, slots=True)
class _Link:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class _Report:
    title: str
    short: str
    links: tuple[_Link, ...]
    synthetic: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """One voivodeship, or Poland, in the list; `words` are what the search looks through.

    `local` leads to the reports on its gminas and powiats, where there are any.
    """

    region: Region
    called: str
    reports: tuple[_Report, ...]
    words: str
    local: LocalReports | None


def write(folder: Path, *, edition: str) -> Path:
    """Write `index.html` of an edition from its manifest, and the pages it leads to, where they say anything new.

    Raises
    ------
    RopsError
        The page cannot be written.
    """
    script = (files("ropsanalysis.reporting") / "templates" / "search.js").read_text(encoding="utf-8")
    entries = manifest.entries(folder)
    local = local_index.write(folder, entries, edition=edition, formats=_FORMAT_NAMES)
    country, *rows = _rows(entries, local)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    text = (
        html.environment()
        .get_template("index.html.j2")
        .render(
            edition=edition,
            country=country,
            rows=rows,
            listed=[country, *rows] if country.reports else rows,
            script=Markup(script),  # noqa: S704 - our own file
            digest=digest,
        )
    )
    path = folder / NAME
    if path.is_file() and path.read_bytes() == text.encode():
        return path
    return atomic.write_text(path, text)


def _rows(entries: Sequence[Entry], local: Mapping[str, LocalReports]) -> list[_Row]:
    """Return the rows of the list: the country first, then the voivodeships; reports in the order of `REPORTS`."""
    by_region: dict[str, list[_Report]] = {}
    order = list(REPORTS)
    for entry in sorted(entries, key=lambda entry: order.index(entry.report)):
        if local_index.is_local(entry):
            continue
        links = tuple(_Link(_FORMAT_NAMES[name], entry.files[name]) for name in _FORMAT_NAMES if name in entry.files)
        by_region.setdefault(entry.teryt, []).append(
            _Report(REPORTS[entry.report].title, REPORTS[entry.report].short, links, entry.synthetic, entry.stale)
        )
    return [
        _row(region, tuple(by_region.get(region.teryt, ())), local.get(region.teryt)) for region in (POLAND, *REGIONS)
    ]


def _row(region: Region, reports: tuple[_Report, ...], local: LocalReports | None) -> _Row:
    kind, called = ("kraj", region.name) if region is POLAND else ("województwo", f"województwo {region.name}")
    words = " ".join([kind, region.name, region.slug, region.teryt, region.centre, *region.nuts2])
    return _Row(region, called, reports, f"{words} {_plain(words)}".lower(), local)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    return decomposed.encode("ascii", "ignore").decode()
