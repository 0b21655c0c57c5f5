"""Screens the datasets of the regional diagnosis: every finding at once, every refused row kept.

Nothing is mended in silence. What can be mended without a guess (a code that lost its zero, a zero where none
can be) is mended with a warning; everything else blocks, and the row is set aside with its reason.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.definitions import (
    DIRECTIONS,
    FLAGS,
    KINDS,
    MEASUREMENTS,
    MISSING_FLAGS,
    PUBLISHED,
    STATUSES,
    ZeroRule,
)
from ropsanalysis.errors import DataError
from ropsanalysis.io import catalogue
from ropsanalysis.io.findings import CHECKS, Finding, Severity, format_findings, suggest
from ropsanalysis.io.intake import Intake, open_file
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.tabular import RawRow, RawTable
from ropsanalysis.regional_diagnosis import schema
from ropsanalysis.regions import REGIONS, parse_teryt

__all__ = ["CHECKS", "Finding", "Screening", "format_findings", "screen_regional"]

FIRST_YEAR: Final = 1995
"""Earliest year accepted: the first of the Local Data Bank."""
REJECTED_COLUMNS: Final = ("file", "row", "code", "reason", "record")

_OBSERVATION_COLUMNS: Final = tuple(schema.OBSERVATIONS.columns)
_FREE_TEXT: Final = ("name", "short", "unit", "definition", "source", "caution", "exclusion_reason")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "direction": DIRECTIONS,
    "measurement": MEASUREMENTS,
    "status": STATUSES,
}
_BOOLEANS: Final = {"true": True, "prawda": True, "1": True, "false": False, "fałsz": False, "0": False}
_TYPED: Final = {"digits": "int64", "comparable": "bool", "index_member": "bool", "headline": "bool"}
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_WITH_COMMA: Final = re.compile(r"[+-]?\d+,\d+")
_SLIP: Final = 5.0  # a lost decimal sign moves a value tenfold; from year to year regions stay below threefold


@dataclass(frozen=True, slots=True)
class Screening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    findings
        All findings, in the order of files and rows.
    observations, indicators, context
        Accepted rows, typed, as `regional_diagnosis.schema` declares them; empty where a file is unusable.
    rejected
        Columns file, row, code, reason, record; the record is the row's cells, word for word, as a JSON list.
    files
        Provenance of the files that were read.
    """

    findings: tuple[Finding, ...]
    observations: pd.DataFrame
    indicators: pd.DataFrame
    context: pd.DataFrame
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def screen_regional(folder: Path, *, latest_year: int | None = None) -> Screening:
    """Screen ``gus_sdg`` and ``bdl_context`` below the folder of raw data.

    Parameters
    ----------
    folder
        Usually ``data/raw``.
    latest_year
        Last year that can be true; by default the current one.

    Notes
    -----
    Bad data never raise here: they become findings. A missing context is a warning, because the diagnosis can
    be made without weights and similar regions.
    """
    last = latest_year or datetime.datetime.now(tz=datetime.UTC).year
    label = f"{folder.parent.name}/{folder.name}"
    log = _Log()

    described = open_file(
        folder / "gus_sdg", "indicators", label=f"{label}/gus_sdg", columns=catalogue.INDICATOR_COLUMNS
    )
    indicators = _indicators(described, log)
    known, excluded = _rules(indicators)
    observed = open_file(folder / "gus_sdg", "observations", label=f"{label}/gus_sdg", columns=_OBSERVATION_COLUMNS)
    observations = _observations(observed, known, excluded, last, log)
    _check_series(observations, observed.file, known, log)

    background = open_file(
        folder / "bdl_context",
        "observations",
        label=f"{label}/bdl_context",
        columns=_OBSERVATION_COLUMNS,
        required=False,
    )
    context = _observations(background, _context_rules(), {}, last, log)

    accepted = ((described, indicators), (observed, observations), (background, context))
    return Screening(
        findings=tuple(log.findings),
        observations=schema.validate(observations, schema.OBSERVATIONS),
        indicators=schema.validate(indicators, schema.INDICATORS),
        context=schema.validate(context, schema.CONTEXT),
        rejected=pd.DataFrame(log.rejected, columns=list(REJECTED_COLUMNS)),
        files=tuple(_record(intake, frame) for intake, frame in accepted if intake.sha256),
    )


# --- findings and refused rows ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Log:
    """Collects findings and refused rows while files are read."""

    findings: list[Finding] = field(default_factory=list)
    rejected: list[tuple[str, int, str, str, str]] = field(default_factory=list)

    def refuse(self, row: RawRow, findings: Iterable[Finding]) -> None:
        blocking = list(findings)
        reason = "; ".join(f"{finding.check}: {finding.found}" for finding in blocking)
        codes = " ".join(sorted({finding.code for finding in blocking}))
        record = json.dumps(row.cells, ensure_ascii=False)
        self.rejected.append((blocking[0].file, row.number, codes, reason, record))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What values of one indicator can be."""

    kind: str
    digits: int
    zero: ZeroRule
    low: float
    high: float


def _rules(indicators: pd.DataFrame) -> tuple[dict[str, _Rule], dict[str, str]]:
    """Return a rule for each used indicator and the reason for each excluded one."""
    described = {entry.indicator: entry for entry in catalogue.indicators()}
    used: dict[str, _Rule] = {}
    excluded: dict[str, str] = {}
    for row in indicators.itertuples(index=False):
        key, kind = str(row.indicator), str(row.kind)
        if row.status == "excluded":
            excluded[key] = str(row.exclusion_reason)
            continue
        entry = described.get(key)
        # Without an entry nothing is known of zeros, so they are taken as published.
        zero: ZeroRule = entry.zero if entry else "real"
        used[key] = _Rule(kind, int(str(row.digits)), zero, 0.0, 100.0 if kind == "percent" else np.inf)
    return used, excluded


def _context_rules() -> dict[str, _Rule]:
    rules = {}
    for variable in catalogue.context_variables():
        is_change = variable.indicator.endswith("_change_per_1000")
        zero: ZeroRule = "missing" if variable.indicator == "population_thousand" else "real"
        low, high = (-1000.0 if is_change else 0.0), (100.0 if variable.unit == "%" else np.inf)
        rules[variable.indicator] = _Rule("rate", variable.digits, zero, low, high)
    return rules


def _record(intake: Intake, frame: pd.DataFrame) -> FileRecord:
    return FileRecord(
        path=intake.file,
        sha256=intake.sha256,
        bytes=intake.bytes,
        rows_in=len(intake.table.rows) if intake.table else 0,
        rows_out=len(frame),
        reader="screening",
        source="",
    )


# --- observations, row by row ----------------------------------------------------------------------------


def _observations(
    intake: Intake, rules: dict[str, _Rule], excluded: dict[str, str], last: int, log: _Log
) -> pd.DataFrame:
    log.findings.extend(intake.findings)
    rows: list[tuple[str, str, int, float, str]] = []
    places: dict[tuple[str, str, int], list[tuple[int, RawRow]]] = {}
    for row in intake.table.rows if intake.table else ():
        reader = _RowReader(intake.file, intake.table, row, rules, excluded, last)  # type: ignore[arg-type]
        observation = reader.read()
        log.findings.extend(reader.findings)
        if observation is None:
            log.refuse(row, (finding for finding in reader.findings if finding.code in reader.refusals))
            continue
        places.setdefault(observation[:3], []).append((len(rows), row))
        rows.append(observation)
    repeated = {key: found for key, found in places.items() if len(found) > 1}
    refused = _refuse_repeated(repeated, intake.file, log)
    kept = [row for number, row in enumerate(rows) if number not in refused]
    frame = pd.DataFrame(kept, columns=list(_OBSERVATION_COLUMNS))
    return frame.astype({"indicator": str, "teryt": str, "year": "int64", "value": "float64", "flag": str})


def _refuse_repeated(repeated: dict[tuple[str, str, int], list[tuple[int, RawRow]]], file: str, log: _Log) -> set[int]:
    """Refuse all rows of a repeated key: none of them is more credible than the others."""
    refused: set[int] = set()
    for (indicator, teryt, year), found in repeated.items():
        numbers = " i ".join(str(row.number) for _, row in found)
        finding = Finding(
            "GUS-09", "blocking", file, found[1][1].number, "indicator, teryt, year",
            f"{indicator}, {teryt}, {year} w wierszach {numbers}",
            "jeden wiersz dla wskaźnika, województwa i roku",
            "Proszę zostawić wiersz z poprawną wartością, a pozostałe usunąć.",
        )  # fmt: skip
        log.findings.append(finding)
        for position, row in found:
            log.refuse(row, [finding])
            refused.add(position)
    return refused


class _RowReader:
    """Reads one row of observations; collects every finding in it, not only the first."""

    def __init__(
        self,
        file: str,
        table: RawTable,
        row: RawRow,
        rules: dict[str, _Rule],
        excluded: dict[str, str],
        last: int,
    ) -> None:
        self.findings: list[Finding] = []
        self.refusals: set[str] = set()
        self._file, self._table, self._row = file, table, row
        self._rules, self._excluded, self._last = rules, excluded, last

    def read(self) -> tuple[str, str, int, float, str] | None:
        """Return the observation, or None if the row is refused."""
        if not self._has_all_cells():
            return None
        cells = dict(zip(self._table.header, (cell.strip() for cell in self._row.cells), strict=True))
        indicator = self._indicator(cells["indicator"])
        teryt = self._teryt(cells["teryt"])
        year = self._year(cells["year"])
        value, flag = self._value_and_flag(cells["value"], cells["flag"], self._rules.get(indicator))
        return None if self.refusals else (indicator, teryt, year, value, flag)

    def _note(
        self,
        code: str,
        column: str,
        found: str,
        expected: str,
        remedy: str,
        *,
        severity: Severity = "blocking",
    ) -> None:
        finding = Finding(code, severity, self._file, self._row.number, column, found, expected, remedy)
        self.findings.append(finding)
        if severity == "blocking":
            self.refusals.add(code)

    def _has_all_cells(self) -> bool:
        have, want = len(self._row.cells), len(self._table.header)
        if have == want:
            return True
        expected = f"liczba komórek jak w nagłówku: {want}"
        if have == want + 1 and self._table.delimiter == ",":
            self._note(
                "GUS-08",
                "value",
                f"liczba komórek: {have} ({','.join(self._row.cells)})",
                expected,
                "Przecinek dziesiętny rozdzielił wartość na dwie komórki. Proszę zapisać plik ze średnikami "
                "między kolumnami albo z kropką dziesiętną.",
            )
        else:
            remedy = "Proszę sprawdzić rozdzielniki i cudzysłowy w tym wierszu."
            self._note("GUS-21", "", f"liczba komórek: {have}", expected, remedy)
        return False

    def _indicator(self, text: str) -> str:
        if text in self._excluded:
            self._note(
                "GUS-25", "indicator", f"„{text}” jest wyłączony: {self._excluded[text]}", "wskaźnik używany",
                "Wiersz pominięto. Proszę go usunąć albo zmienić status wskaźnika w katalogu.",
                severity="warning",
            )  # fmt: skip
            self.refusals.add("GUS-25")
        elif text not in self._rules:
            near = suggest(text, list(self._rules))
            self._note(
                "GUS-12", "indicator", f"„{text}”", "klucz wskaźnika z pliku indicators.csv",
                f"Proszę poprawić klucz albo dodać wskaźnik do katalogu. {near}".strip(),
            )  # fmt: skip
        return text

    def _teryt(self, text: str) -> str:
        try:
            code = parse_teryt(text, level="voivodeship")
        except DataError as error:
            expected = "dwucyfrowy kod województwa (02, 04, …, 32) albo 00 dla Polski"
            self._note("GUS-11", "teryt", f"„{text}”", expected, f"{error}")
            return ""
        if code != text:
            remedy = "Przyjęto kod poprawiony. Proszę zapisać kolumnę jako tekst, z zerem na początku."
            self._note("GUS-10", "teryt", f"„{text}”", f"„{code}”", remedy, severity="warning")
        return code

    def _year(self, text: str) -> int:
        expected = f"rok od {FIRST_YEAR} do {self._last}"
        if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= self._last:
            self._note("GUS-13", "year", f"„{text}”", expected, "Proszę poprawić rok.")
            return 0
        return int(text)

    def _value_and_flag(self, text: str, flag: str, rule: _Rule | None) -> tuple[float, str]:
        if flag not in FLAGS:
            near = suggest(flag, FLAGS)
            expected = f"puste albo: {', '.join(name for name in FLAGS if name)}"
            self._note("GUS-19", "flag", f"„{flag}”", expected, f"Proszę poprawić flagę. {near}".strip())
            return np.nan, flag
        if not text:
            if flag in MISSING_FLAGS:
                return np.nan, flag
            self._note(
                "GUS-19", "value", "pusta wartość bez flagi", f"flaga: {', '.join(MISSING_FLAGS)}",
                "Przyjęto „not_published”. Proszę wpisać flagę, która mówi, dlaczego brakuje wartości.",
                severity="warning",
            )  # fmt: skip
            return np.nan, "not_published"
        value = self._number(text)
        if value is None:
            return np.nan, flag
        if flag in MISSING_FLAGS:
            self._note(
                "GUS-19", "value", f"wartość „{text}” z flagą „{flag}”", "wartość albo flaga braku, nie obie",
                "Proszę usunąć wartość albo flagę.",
            )  # fmt: skip
            return np.nan, flag
        return self._plausible(value, text, flag, rule)

    def _number(self, text: str) -> float | None:
        if _NUMBER.fullmatch(text):
            return float(text)
        if _WITH_COMMA.fullmatch(text):
            if self._table.delimiter != ",":
                return float(text.replace(",", "."))
            self._note(
                "GUS-08", "value", f"„{text}”", f"„{text.replace(',', '.')}”",
                "Plik ma przecinki między kolumnami, więc wartości muszą mieć kropkę dziesiętną. Proszę "
                "zapisać plik ze średnikami albo zamienić przecinki w tej kolumnie na kropki.",
            )  # fmt: skip
            return None
        remedy = "Proszę wpisać samą liczbę, bez liter, odstępów i jednostek."
        if text.casefold() in {"x", ".", "-", "b.d.", "bd", "brak danych", "brakdanych", "n/a"}:
            remedy = "Proszę zostawić wartość pustą i wpisać flagę: withheld dla „x”, not_published dla braku."
        self._note("GUS-07", "value", f"„{text}”", "liczba, np. 377.6", remedy)
        return None

    def _plausible(self, value: float, text: str, flag: str, rule: _Rule | None) -> tuple[float, str]:
        if rule is None:
            return value, flag
        if value == 0 and flag == PUBLISHED and rule.zero != "real":
            replaced = "zero_means_missing" if rule.zero == "missing" else "unclear_zero"
            self._note(
                "GUS-15", "value", f"„{text}”", f"pusta wartość z flagą „{replaced}”",
                "Wartość zamieniono na brak danych. Proszę sprawdzić w źródle, czy zero nie oznacza braku.",
                severity="warning",
            )  # fmt: skip
            return np.nan, replaced
        if not rule.low <= value <= rule.high:
            high = "" if np.isinf(rule.high) else f" do {rule.high:g}"
            remedy = "Proszę sprawdzić wartość w źródle, także położenie znaku dziesiętnego."
            self._note("GUS-14", "value", f"„{text}”", f"wartość od {rule.low:g}{high}", remedy)
        elif rule.kind == "count" and not value.is_integer():
            self._note("GUS-14", "value", f"„{text}”", "liczba całkowita", "Proszę sprawdzić wartość w źródle.")
        return value, flag


# --- observations, series by series ----------------------------------------------------------------------


def _check_series(observations: pd.DataFrame, file: str, rules: dict[str, _Rule], log: _Log) -> None:
    """Warn of what only shows across rows: sums, copies, gaps, slips of the decimal sign."""
    if observations.empty:
        return
    present = set(observations["indicator"])
    for key in rules:
        if key not in present:
            log.findings.append(
                _doubt("GUS-23", file, key, "brak wierszy", "co najmniej jedna obserwacja",
                       "Proszę uzupełnić dane albo wyłączyć wskaźnik w katalogu.")
            )  # fmt: skip
    checks: tuple[Callable[[str, pd.DataFrame, _Rule, str], list[Finding]], ...] = (
        _check_sums,
        _check_copies,
        _check_latest,
        _check_magnitude,
    )
    shape = {"index": ["indicator", "year"], "columns": "teryt"}
    codes = list(schema.TERYT_CODES)
    # pivot, not pivot_table: keys are unique by now, and a repeated one must fail instead of being averaged.
    values = observations.pivot(**shape, values="value").reindex(columns=codes)  # noqa: PD010
    rows = observations.pivot(**shape, values="flag").reindex(columns=codes).notna()  # noqa: PD010
    for key in observations["indicator"].unique():
        for check in checks:
            source = rows if check is _check_latest else values
            log.findings.extend(check(str(key), source.loc[key].sort_index(), rules[str(key)], file))


def _check_sums(key: str, wide: pd.DataFrame, rule: _Rule, file: str) -> list[Finding]:
    if rule.kind != "count":
        return []
    complete = wide.dropna()
    total = complete[[region.teryt for region in REGIONS]].sum(axis=1)
    return [
        _doubt(
            "GUS-16",
            file,
            key,
            f"rok {year}: suma województw {regions:.0f}, Polska {poland:.0f}",
            "suma 16 województw równa wartości dla Polski",
            "Proszę sprawdzić wartości tego roku w źródle.",
        )
        for year, regions, poland in zip(complete.index, total, complete["00"], strict=True)
        if abs(regions - poland) >= 1
    ]


def _check_copies(key: str, wide: pd.DataFrame, rule: _Rule, file: str) -> list[Finding]:
    del rule
    regions = wide[[region.teryt for region in REGIONS]].dropna(how="all")
    table, years = regions.to_numpy(), regions.index
    both = ~np.isnan(table[1:]) & ~np.isnan(table[:-1])
    copied = ((table[1:] == table[:-1]) | ~both).all(axis=1) & (both.sum(axis=1) >= len(REGIONS) - 2)
    return [
        _doubt(
            "GUS-17",
            file,
            key,
            f"rok {later} powtarza wartości roku {earlier} we wszystkich województwach",
            "nowe wartości",
            "Proszę sprawdzić, czy nie skopiowano poprzedniego roku.",
        )
        for earlier, later, same in zip(years[:-1], years[1:], copied, strict=True)
        if same
    ]


def _check_latest(key: str, rows: pd.DataFrame, rule: _Rule, file: str) -> list[Finding]:
    del rule
    latest = rows.iloc[-1]
    absent = [region.name for region in REGIONS if not latest[region.teryt]]
    if not absent:
        return []
    return [
        _doubt("GUS-18", file, key, f"rok {rows.index[-1]}: brak wierszy ({', '.join(absent)})",
               "16 województw; brak wartości zaznaczony flagą", "Proszę dodać brakujące wiersze.")
    ]  # fmt: skip


def _check_magnitude(key: str, wide: pd.DataFrame, rule: _Rule, file: str) -> list[Finding]:
    del rule
    logs = wide.where(wide > 0).apply(np.log)
    before, after = logs.ffill().shift(1), logs.bfill().shift(-1)
    # The neighbour that is closer decides: after a true change of level one of them agrees.
    distance = np.exp(np.fmin((logs - before).abs(), (logs - after).abs()))
    largest = np.exp(np.fmax(logs, np.fmax(before, after)))
    # Below two units a tenfold difference is common and small.
    suspect = np.argwhere(np.asarray((distance >= _SLIP) & (largest >= 2)))
    table = wide.to_numpy()
    return [
        _doubt(
            "GUS-24",
            file,
            key,
            f"{schema.TERYT_CODES[column]}, rok {wide.index[row]}: {table[row, column]:g}, wartość "
            "kilkakrotnie inna niż w sąsiednich latach",
            "wartość tego samego rzędu",
            "Proszę sprawdzić położenie znaku dziesiętnego.",
        )
        for row, column in suspect
    ]


def _doubt(code: str, file: str, indicator: str, found: str, expected: str, remedy: str) -> Finding:
    return Finding(code, "warning", file, None, "value", f"{indicator}, {found}", expected, remedy)


# --- indicators ------------------------------------------------------------------------------------------


def _indicators(intake: Intake, log: _Log) -> pd.DataFrame:
    log.findings.extend(intake.findings)
    accepted: list[dict[str, object]] = []
    first_row: dict[str, int] = {}
    for row in intake.table.rows if intake.table else ():
        values, findings = _indicator_row(intake, row)
        key = str(values.get("indicator", ""))
        if key in first_row:
            findings.append(
                Finding("GUS-09", "blocking", intake.file, row.number, "indicator",
                        f"„{key}” w wierszach {first_row[key]} i {row.number}", "jeden wiersz dla wskaźnika",
                        "Proszę zostawić jeden z wierszy.")
            )  # fmt: skip
        first_row.setdefault(key, row.number)
        log.findings.extend(findings)
        if findings:
            log.refuse(row, findings)
        else:
            accepted.append(values)
    frame = pd.DataFrame(accepted, columns=list(catalogue.INDICATOR_COLUMNS))
    text = [name for name in catalogue.INDICATOR_COLUMNS if name not in _TYPED]
    return frame.astype(_TYPED).astype(dict.fromkeys(text, "str"))


def _indicator_row(intake: Intake, row: RawRow) -> tuple[dict[str, object], list[Finding]]:
    header = intake.table.header if intake.table else ()
    findings: list[Finding] = []

    def note(column: str, expected: str, remedy: str = "Proszę poprawić wartość.", code: str = "GUS-22") -> None:
        found = f"„{cells.get(column, '')}”" if column else f"liczba komórek: {len(row.cells)}"
        findings.append(Finding(code, "blocking", intake.file, row.number, column, found, expected, remedy))

    cells = dict(zip(header, row.cells, strict=False))
    if len(row.cells) != len(header):
        remedy = "Proszę sprawdzić rozdzielniki i cudzysłowy w tym wierszu."
        note("", f"liczba komórek jak w nagłówku: {len(header)}", remedy, "GUS-21")
        return {}, findings
    values: dict[str, object] = {}
    for name in catalogue.INDICATOR_COLUMNS:
        # Free text is kept word for word, whatever it contains; keys lose surrounding blanks.
        text = cells[name] if name in _FREE_TEXT else cells[name].strip()
        values[name] = text
        if name in ("indicator", "name", "short", "source", "section") and not text.strip():
            note(name, "wartość niepusta")
        elif name in _CHOICES and text not in _CHOICES[name]:
            note(
                name,
                f"jedna z: {', '.join(_CHOICES[name])}",
                suggest(text, _CHOICES[name]) or "Proszę poprawić.",
            )
        elif name in ("comparable", "index_member", "headline"):
            if text.casefold() in _BOOLEANS:
                values[name] = _BOOLEANS[text.casefold()]
            else:
                note(name, "true albo false")
        elif name == "digits":
            if re.fullmatch(r"[0-6]", text):
                values[name] = int(text)
            else:
                note(name, "liczba całkowita od 0 do 6")
        elif name == "break_years" and not re.fullmatch(r"(\d{4}( \d{4})*)?", text):
            note(name, "lata oddzielone spacją, np. „2013 2024”, albo puste")
    return values, findings
