"""The page that leads to the reports on gminas and powiats of one voivodeship: powiat by powiat, as a plain list.

A country has thousands of them, which would bury the reports on voivodeships on the edition's page: that one leads
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ropsanalysis.io import atomic
from ropsanalysis.present import polish
from ropsanalysis.regions import REGIONS, Region
from ropsanalysis.reporting import html
from ropsanalysis.reporting.manifest import Entry
from ropsanalysis.reporting.spec import REPORTS

NAME = "index.html"
_POWIAT_DIGITS = 4
_GMINA_DIGITS = 7


@dataclass(frozen=True, slots=True)
class LocalReports:
    """What the edition's page says of the reports on gminas and powiats of a voivodeship: where, and how many."""

    href: str
    counts: str


@dataclass(frozen=True, slots=True)
class _Link:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class _Unit:
    called: str
    teryt: str
    title: str
    links: tuple[_Link, ...]
    synthetic: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class _Powiat:
    anchor: str
    called: str
    units: tuple[_Unit, ...]


def is_local(entry: Entry) -> bool:
    """Whether an entry is about a gmina or powiat."""
    return len(entry.teryt) >= _POWIAT_DIGITS


def write(
    folder: Path, entries: Iterable[Entry], *, edition: str, formats: Mapping[str, str]
) -> dict[str, LocalReports]:
    """Write a page for each voivodeship with reports on gminas or powiats, and take away those without.

    Parameters
    ----------
    formats
        Name of each format that a page links to, in the order of the links.

    Returns
    -------
    dict
        By the voivodeship's code, what the edition's page says.

    Raises
    ------
    RopsError
        A page cannot be written.
    """
    by_region: dict[str, list[Entry]] = {}
    for entry in entries:
        if is_local(entry):
            by_region.setdefault(entry.teryt[:2], []).append(entry)
    found = {}
    for region in REGIONS:
        path = folder / region.folder / NAME
        own = by_region.get(region.teryt)
        if own:
            _write_one(path, region, own, edition=edition, formats=formats)
            found[region.teryt] = LocalReports(f"{region.folder}/{NAME}", _counts(own))
        else:
            path.unlink(missing_ok=True)
    return found


def _write_one(path: Path, region: Region, entries: list[Entry], *, edition: str, formats: Mapping[str, str]) -> None:
    powiats: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.teryt, entry.report)):
        powiats.setdefault(entry.teryt[:_POWIAT_DIGITS], []).append(entry)
    listed = [_powiat(code, own, region, formats) for code, own in powiats.items()]
    text = (
        html.environment()
        .get_template("local_index.html.j2")
        .render(edition=edition, region=region, powiats=listed, counts=_counts(entries))
    )
    if not (path.is_file() and path.read_bytes() == text.encode()):
        atomic.write_text(path, text)


def _powiat(code: str, entries: list[Entry], region: Region, formats: Mapping[str, str]) -> _Powiat:
    """Return a powiat's part of the page: its own report first, as the shorter code has it."""
    first = entries[0].area
    called = first if len(entries[0].teryt) == _POWIAT_DIGITS else first.rpartition(", ")[2]
    units = tuple(
        _Unit(
            called=entry.area,
            teryt=entry.teryt,
            title=REPORTS[entry.report].title,
            links=tuple(
                _Link(name, entry.files[key].removeprefix(f"{region.folder}/"))
                for key, name in formats.items()
                if key in entry.files
            ),
            synthetic=entry.synthetic,
            stale=entry.stale,
        )
        for entry in entries
    )
    return _Powiat(f"p{code}", called, units)


def _counts(entries: list[Entry]) -> str:
    gminas = len({entry.teryt for entry in entries if len(entry.teryt) == _GMINA_DIGITS})
    powiats = len({entry.teryt for entry in entries if len(entry.teryt) == _POWIAT_DIGITS})
    parts = [f"{word}: {polish.number(count)}" for word, count in (("gminy", gminas), ("powiaty", powiats)) if count]
    return ", ".join(parts)
