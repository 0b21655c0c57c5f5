"""Reads what a person decided about records that may be one entity: ``links.csv`` beside the register lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io import entity_numbers
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.intake import open_file
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import RowNotes
from ropsanalysis.io.tabular import RawRow

STEM: Final = "links"
COLUMNS: Final = ("record_a", "record_b", "decision")

_SAME: Final = frozenset({"same", "ten sam", "to samo", "tak"})
_DIFFERENT: Final = frozenset({"different", "inny", "inne", "rozne", "nie"})
_PLACE: Final = re.compile(r"(?P<file>.+\.(?:csv|xlsx)(?:#.*)?)\s*:\s*(?P<row>\d+)", re.IGNORECASE)
_LABELLED: Final = re.compile(r"(?P<kind>nip|regon|krs)[\s:]+(?P<number>[\d\s-]+)", re.IGNORECASE)
_COURT: Final = "000"  # no NIP begins so, every number of the court register does

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions on pairs of records, each named by its position among all records.

    Attributes
    ----------
    same, different
        Pairs of positions.
    """

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class LinksRead:
    """The file of decisions as it was read; `files` is empty where there is none."""

    decisions: Decisions
    notes: RowNotes
    cells: dict[int, tuple[str, ...]]
    files: tuple[FileRecord, ...] = ()


def read_links(
    folder: Path, *, label: str, records: pd.DataFrame, lists: Sequence[str], units: npt.NDArray[np.bool_]
) -> LinksRead:
    """Read ``links.csv``, if there is one.

    Parameters
    ----------
    label
        Path of the folder inside the project.
    records
        Columns list, row, nip, regon, krs.
    lists
        Name of the file of each list, by its position.
    units
        Which records are units of reintegration.

    Notes
    -----
    A record is named as on the review list (``<file>:<row>``), or by its NIP, REGON or KRS, with or without these
    words before it; a number names the entity itself before any unit of reintegration that it runs.
    """
    stem = next((stem for stem in (f"{STEM}.csv", f"{STEM}.xlsx") if (folder / stem).is_file()), None)
    if stem is None:
        return LinksRead(Decisions(), RowNotes(f"{label}/{STEM}.csv"), {})
    intake = open_file(folder, STEM, label=label, columns=COLUMNS, prefix="ES")
    notes = RowNotes(intake.file)
    for finding in intake.findings:
        notes.add(finding.code, finding.column, [(finding.row, finding.found)], finding.expected, finding.remedy,
                  severity=finding.severity)  # fmt: skip
    rows = intake.table.rows if intake.table else ()
    header = intake.table.header if intake.table else ()
    finder = _Finder(records, lists, units)
    decided: dict[Pair, tuple[bool, RawRow]] = {}
    contradicted: set[Pair] = set()
    for row in rows:
        cells = dict(zip(header, (cell.strip() for cell in row.cells), strict=False))
        pair = _pair(cells, row.number, finder, notes)
        same = _decision(cells.get("decision", ""), row.number, notes)
        if pair is None or same is None:
            continue
        before = decided.setdefault(pair, (same, row))
        if before[0] != same:
            contradicted.add(pair)
            places = [(one.number, "dwie różne decyzje o tych samych wierszach") for one in (before[1], row)]
            notes.add("ES-30", "decision", places, "jedna decyzja", "Żadnej z nich nie użyto. Proszę zostawić jedną.",
                      refuse=True)  # fmt: skip
    kept = {pair: same for pair, (same, _) in decided.items() if pair not in contradicted}
    decisions = Decisions(
        same=tuple(sorted(pair for pair, same in kept.items() if same)),
        different=tuple(sorted(pair for pair, same in kept.items() if not same)),
    )
    record = FileRecord(intake.file, intake.sha256, intake.bytes, len(rows), len(kept), "social_registers", "")
    return LinksRead(decisions, notes, {row.number: row.cells for row in rows}, (record,))


class _Finder:
    """Finds records by what `links.csv` calls them."""

    def __init__(self, records: pd.DataFrame, lists: Sequence[str], units: npt.NDArray[np.bool_]) -> None:
        self._units = units
        self._lists = {name.casefold(): number for number, name in enumerate(lists)}
        keys = zip(records["list"], records["row"], strict=True)
        self._places = {(int(number), int(row)): position for position, (number, row) in enumerate(keys)}
        self._columns: dict[str, npt.NDArray[np.object_]] = {
            kind: records[kind].to_numpy(dtype=object) for kind in entity_numbers.KINDS
        }

    def find(self, text: str) -> int | None:
        """Return the position of the record; None if there is none."""
        place = _PLACE.fullmatch(text)
        if place:
            number = self._lists.get(place["file"].strip().casefold())
            return None if number is None else self._places.get((number, int(place["row"])))
        labelled = _LABELLED.fullmatch(text)
        digits = re.sub(r"\D", "", labelled["number"] if labelled else text)
        for kind in entity_numbers.KINDS:
            if labelled and labelled["kind"].casefold() != kind:
                continue
            if not labelled and kind == "nip" and digits.startswith(_COURT):
                continue
            value = entity_numbers.read(kind, digits).value if digits else ""
            found = np.flatnonzero(self._columns[kind] == value).tolist() if value else []
            if found:
                return int(min(found, key=lambda position: (bool(self._units[position]), position)))
        return None


def _pair(cells: dict[str, str], row: int, finder: _Finder, notes: RowNotes) -> Pair | None:
    found: list[int] = []
    for column in ("record_a", "record_b"):
        text = cells.get(column, "")
        position = finder.find(text) if text else None
        if position is None:
            notes.add("ES-27", column, [(row, f"„{text[:60]}”" if text else "pusta komórka")],
                      "wiersz przyjęty z listy, zapisany jako plik:wiersz, albo jego NIP, REGON lub KRS",
                      "Decyzji nie użyto. Proszę poprawić wskazanie.", refuse=True)  # fmt: skip
        else:
            found.append(position)
    if len(found) < 2 or found[0] == found[1]:
        return None
    return min(found), max(found)


def _decision(text: str, row: int, notes: RowNotes) -> bool | None:
    word = normalise(text)
    if word in _SAME | _DIFFERENT:
        return word in _SAME
    near = suggest(word, ["same", "different"])
    notes.add("ES-08", "decision", [(row, f"„{text[:40]}”" if text else "pusta komórka")], "same albo different",
              f"Decyzji nie użyto. Proszę poprawić słowo. {near}".strip(), refuse=True)  # fmt: skip
    return None
