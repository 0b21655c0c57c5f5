"""Reads the frame, the offer and the targets of training needs: small tables about institutions, not persons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io import answers
from ropsanalysis.io.codebook import keys_of
from ropsanalysis.io.findings import Finding, suggest
from ropsanalysis.io.intake import Intake, open_file
from ropsanalysis.io.privacy import guard_sheets
from ropsanalysis.io.tabular import RawRow
from ropsanalysis.regions import REGIONS
from ropsanalysis.training_needs.schema import FRAME_COLUMNS, OFFER_COLUMNS, TARGET_COLUMNS

REJECTED: Final = ("file", "row", "code", "reason", "record")

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?")
_SPACES: Final = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_REMEDY: Final = "Proszę poprawić wartość."


@dataclass(frozen=True, slots=True)
class Read:
    """One table as it was read.

    Attributes
    ----------
    table
        Accepted rows, typed.
    rejected
        Columns `REJECTED`; the record is the row's cells, word for word, as a JSON list.
    findings
        What was found.
    intake
        The file.
    places
        Row of each accepted row in the file.
    """

    table: pd.DataFrame
    rejected: pd.DataFrame
    findings: tuple[Finding, ...]
    intake: Intake
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Problem:
    code: str
    expected: str
    remedy: str = _REMEDY


Cell = str | float
_Parse = Callable[[str], Cell | _Problem]


def read_frame(folder: Path, *, label: str) -> Read:
    """Read ``frame.csv``: staff by voivodeship and type of institution; cells of zero are left out with a warning."""
    parse = {"teryt": _teryt, "institution": _term("institution"), "staff": _count(smallest=0)}
    read = _read(folder, "frame", label, parse, key=("teryt", "institution"))
    zero = read.table["staff"] == 0
    warnings = [
        Finding("TN-35", "warning", read.intake.file, row, "staff", "0 pracowników", "liczba większa od zera",
                "Wiersz pominięto, tak jakby takich instytucji w województwie nie było.")
        for row, is_zero in zip(read.places, zero, strict=True) if is_zero
    ]  # fmt: skip
    table = read.table[~zero].reset_index(drop=True).astype({"staff": "int64"})
    places = tuple(row for row, is_zero in zip(read.places, zero, strict=True) if not is_zero)
    return Read(table[list(FRAME_COLUMNS)], read.rejected, (*read.findings, *warnings), read.intake, places)


def read_offer(folder: Path, *, label: str) -> Read:
    """Read ``offer.csv``: what training there is, in groups of what size, at what cost."""
    parse = {
        "competence": _term("competence"),
        "form": _term("form"),
        "group_size": _count(smallest=1),
        "hours": _amount,
        "cost_pln": _amount,
        "capacity_groups": _count(smallest=1),
    }
    read = _read(folder, "offer", label, parse, key=tuple(OFFER_COLUMNS[:5]))
    table = read.table[list(OFFER_COLUMNS)].astype({"group_size": "int64", "capacity_groups": "int64"})
    return Read(table, read.rejected, read.findings, read.intake, read.places)


def read_targets(folder: Path, *, label: str) -> Read:
    """Read ``targets.csv``: budget and indicators of each voivodeship's project."""
    parse = {
        "teryt": _teryt,
        "budget_pln": _amount,
        "persons_supported": _count(smallest=0),
        "persons_qualified": _optional(_count(smallest=0)),
        "qualification_rate": _share,
        "minimum_coverage": _share,
    }
    read = _read(folder, "targets", label, parse, key=("teryt",), required=False)
    table = read.table[list(TARGET_COLUMNS)].astype({"persons_supported": "int64", "persons_qualified": "Int64"})
    contradictory = (table["persons_qualified"] > table["persons_supported"]).fillna(value=False)
    findings = [
        Finding("TN-32", "blocking", read.intake.file, row, "persons_qualified",
                f"osób z kwalifikacjami: {qualified}, objętych wsparciem: {supported}",
                "nie więcej osób z kwalifikacjami niż objętych wsparciem", "Proszę sprawdzić wskaźniki projektu.")
        for row, qualified, supported, wrong in zip(
            read.places, table["persons_qualified"], table["persons_supported"], contradictory, strict=True
        ) if wrong
    ]  # fmt: skip
    unknown = [
        Finding("TN-40", "warning", read.intake.file, row, "persons_qualified", "pusta komórka",
                "liczba osób, które uzyskają kwalifikacje", "Plan tego województwa nie uwzględni tego wskaźnika.")
        for row, is_unknown in zip(read.places, table["persons_qualified"].isna(), strict=True) if is_unknown
    ]  # fmt: skip
    return Read(table, read.rejected, (*read.findings, *findings, *unknown), read.intake, read.places)


def _read(
    folder: Path,
    stem: str,
    label: str,
    parse: Mapping[str, _Parse],
    *,
    key: Sequence[str],
    required: bool = True,
) -> Read:
    intake = open_file(
        folder, stem, label=label, columns=tuple(parse), required=required, prefix="TN", guard=guard_sheets
    )
    findings = list(intake.findings)
    refused: list[tuple[RawRow, list[Finding]]] = []
    accepted: list[tuple[RawRow, dict[str, Cell]]] = []
    for row in intake.table.rows if intake.table else ():
        values, problems = _read_row(intake, row, parse)
        if problems:
            refused.append((row, problems))
        else:
            accepted.append((row, values))
    places: dict[tuple[Cell, ...], list[RawRow]] = {}
    for row, values in accepted:
        places.setdefault(tuple(values[name] for name in key), []).append(row)
    for words, rows in places.items():
        if len(rows) > 1:  # none of the rows is more credible than the others
            problem = _repeated(intake.file, key, words, rows)
            refused.extend((row, [problem]) for row in rows)
    repeated = {id(row) for rows in places.values() if len(rows) > 1 for row in rows}
    kept = [(row, values) for row, values in accepted if id(row) not in repeated]
    findings.extend({id(problem): problem for _, problems in refused for problem in problems}.values())
    table = pd.DataFrame([values for _, values in kept], columns=list(parse))
    numbers = {name: "float64" for name in parse if name not in ("teryt", "institution", "competence", "form")}
    texts = {name: "str" for name in parse if name not in numbers}
    return Read(
        table.astype({**numbers, **texts}),
        _rejected(intake.file, refused),
        tuple(findings),
        intake,
        tuple(row.number for row, _ in kept),
    )


def _read_row(intake: Intake, row: RawRow, parse: Mapping[str, _Parse]) -> tuple[dict[str, Cell], list[Finding]]:
    header = intake.table.header if intake.table else ()
    if len(row.cells) != len(header):
        found = f"liczba komórek: {len(row.cells)}"
        remedy = "Proszę sprawdzić rozdzielniki, cudzysłowy i przecinki dziesiętne w tym wierszu."
        expected = f"liczba komórek jak w nagłówku: {len(header)}"
        return {}, [Finding("TN-21", "blocking", intake.file, row.number, "", found, expected, remedy)]
    cells = dict(zip(header, (cell.strip() for cell in row.cells), strict=True))
    values: dict[str, Cell] = {}
    problems: list[Finding] = []
    for name, read in parse.items():
        value = read(cells[name])
        if isinstance(value, _Problem):
            found = f"„{cells[name]}”" if cells[name] else "pusta komórka"
            problems.append(
                Finding(value.code, "blocking", intake.file, row.number, name, found, value.expected, value.remedy)
            )
        else:
            values[name] = value
    return values, problems


def _repeated(file: str, key: Sequence[str], words: Sequence[Cell], rows: Sequence[RawRow]) -> Finding:
    numbers = " i ".join(str(row.number) for row in rows)
    return Finding(
        "TN-27", "blocking", file, rows[1].number, ", ".join(key),
        f"{', '.join(map(str, words))} w wierszach {numbers}", f"jeden wiersz dla każdej wartości: {', '.join(key)}",
        "Proszę zostawić wiersz z poprawnymi wartościami, a pozostałe usunąć.",
    )  # fmt: skip


def _rejected(file: str, refused: Sequence[tuple[RawRow, Sequence[Finding]]]) -> pd.DataFrame:
    lines = [
        (
            file,
            row.number,
            " ".join(sorted({problem.code for problem in problems})),
            "; ".join(f"{problem.check}: {problem.found}" for problem in problems),
            json.dumps(row.cells, ensure_ascii=False),
        )
        for row, problems in refused
    ]
    return pd.DataFrame(lines, columns=list(REJECTED))


def _teryt(text: str) -> Cell | _Problem:
    teryt = answers.voivodeship(text) if text else None
    if teryt is not None:
        return teryt
    near = suggest(text, [region.name for region in REGIONS])
    return _Problem("TN-16", "nazwa albo dwucyfrowy kod TERYT województwa", f"Proszę poprawić kod. {near}".strip())


def _term(role: str) -> _Parse:
    known = answers.vocabulary(role)
    code = "TN-15" if role == "institution" else "TN-38"

    def parse(text: str) -> Cell | _Problem:
        key = known.get(answers.normalise(text)) if text else None
        if key is not None:
            return key
        near = suggest(text, answers.labels(role))
        keys = keys_of("wanted" if role == "competence" else role)
        return _Problem(code, f"klucz albo nazwa z katalogu: {', '.join(keys)}", f"{_REMEDY} {near}".strip())

    return parse


def _count(*, smallest: int) -> _Parse:
    def parse(text: str) -> Cell | _Problem:
        value = _number(text)
        if isinstance(value, float) and not (value.is_integer() and smallest <= value < 1e9):
            return _Problem("TN-28", f"liczba całkowita, co najmniej {smallest}")
        return value

    return parse


def _optional(parse: _Parse) -> _Parse:
    return lambda text: parse(text) if text else float("nan")


def _amount(text: str) -> Cell | _Problem:
    value = _number(text)
    return _Problem("TN-28", "liczba większa od zera") if isinstance(value, float) and value <= 0 else value


def _share(text: str) -> Cell | _Problem:
    value = _number(text)
    if isinstance(value, float) and not 0 <= value <= 1:
        return _Problem("TN-28", "udział od 0 do 1", "Proszę wpisać udział, np. 0,95 zamiast 95.")
    return value


def _number(text: str) -> float | _Problem:
    """Return the number; a decimal comma and spaces between thousands are accepted."""
    plain = _SPACES.sub("", text)
    if _NUMBER.fullmatch(plain):
        return float(plain.replace(",", "."))
    return _Problem("TN-13", "liczba, np. 1200,50", "Proszę wpisać samą liczbę, bez liter i jednostek.")
