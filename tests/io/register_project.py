"""A folder of raw data with register lists, each a real file; tests change one thing and read it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook

from ropsanalysis.io import social_places, social_registers
from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.social_registers import RegistersRead
from support import PROJECT

ROLES = {
    "id": "Nr wpisu", "name": "Nazwa", "nip": "NIP", "regon": "REGON", "krs": "KRS", "legal_form": "Forma",
    "teryt": "TERYT", "gmina": "Gmina", "powiat": "Powiat", "start": "Data wpisu", "end": "Data wykreślenia",
    "start_reason": "Przyczyna wpisu", "end_reason": "Przyczyna wykreślenia", "verified": "Weryfikacja",
    "size_class": "Wielkość", "staff": "Zatrudnieni", "status_since": "Status od", "status_until": "Status do",
}  # fmt: skip
KRAKOW, WARSAW, BOLESLAWIEC = "1261011", "1465011", "0201011"


def nip(number: int) -> str:
    """Return the valid NIP number `number` of a made-up series; the formula is that of the act on NIP."""
    for candidate in range(number * 20, number * 20 + 20):
        digits = f"9{candidate:08}"
        check = sum(w * int(d) for w, d in zip((6, 5, 7, 2, 3, 4, 5, 6, 7), digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError("one of twenty consecutive numbers has a check digit")


def regon(number: int) -> str:
    """Return the valid nine-digit REGON number `number` of a made-up series."""
    digits = f"98{number:06}"
    check = sum(w * int(d) for w, d in zip((8, 9, 2, 3, 4, 5, 6, 7), digits, strict=True)) % 11
    return f"{digits}{check % 10}"


@cache
def units() -> pd.DataFrame:
    return social_places.read_units(PROJECT / "data" / "raw").table


@dataclass
class RegisterProject:
    """A folder of raw data; `add` puts a list in place, `read` reads all."""

    root: Path
    lists: list[str] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def folder(self) -> Path:
        path = self.raw / "es_register"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, stem: str, rows: Sequence[Mapping[str, Any]], *, xlsx: bool = False, **about: Any) -> Path:
        """Write a list and its description; rows are given by role, and the columns are named as a register would."""
        roles = list(dict.fromkeys(role for row in rows for role in row))
        file = f"{stem}.xlsx" if xlsx else f"{stem}.csv"
        header = [ROLES[role] for role in roles]
        cells = [[row.get(role, "") for role in roles] for row in rows]
        path = self.folder / file
        if xlsx:
            write_xlsx(path, [header, *cells])
        else:
            write_csv(path, [header, *cells])
        description = {
            "file": file,
            "source": f"Rejestr {stem}",
            "as_of": "2025-12-31",
            "columns": {role: ROLES[role] for role in roles},
        } | about
        self.describe(stem, {key: value for key, value in description.items() if value is not None})
        return path

    def describe(self, stem: str, description: Mapping[str, Any]) -> None:
        # JSON is YAML; every scalar is read as text either way.
        (self.folder / f"{stem}.yaml").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")

    def links(self, *lines: str) -> None:
        text = "\n".join(["record_a,record_b,decision", *lines])
        (self.folder / "links.csv").write_text(text + "\n", encoding="utf-8")

    def read(self) -> RegistersRead:
        return social_registers.read_registers(self.raw, units=units())


def write_csv(path: Path, rows: Sequence[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def write_xlsx(
    path: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Lista", **more: Sequence[Sequence[Any]]
) -> None:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name, others in more.items():
        other = book.create_sheet(name)
        for row in others:
            other.append(list(row))
    book.save(path)


def entity(number: int, **changes: Any) -> dict[str, Any]:
    """Return a row about an entity of its own: a social cooperative in Kraków, if nothing else is said."""
    row = {
        "name": f"Spółdzielnia Socjalna Jutrzenka {number}",
        "nip": nip(number),
        "teryt": KRAKOW,
        "start": "2023-05-06",
        "end": "",
    }
    return row | changes


def told(read: RegistersRead, code: str) -> list[Finding]:
    return [finding for finding in read.findings if finding.code == code]


def codes(read: RegistersRead) -> list[str]:
    return sorted({finding.code for finding in read.findings})


def quiet(read: RegistersRead) -> RegistersRead:
    """Return what was read, after checking that there is nothing to tell."""
    assert read.findings == (), format_findings(read.findings)
    return read


def spell(read: RegistersRead, **wanted: str) -> pd.Series:
    """Return the one spell with these values."""
    table = read.spells
    for column, value in wanted.items():
        table = table[table[column] == value]
    assert len(table) == 1, table.to_string()
    return table.iloc[0]
