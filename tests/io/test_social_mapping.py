"""Descriptions of register lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ropsanalysis.io.findings import Finding
from ropsanalysis.io.social_mapping import ListMap, read_mapping, suggest_form

GOOD: dict[str, Any] = {
    "file": "zaz.xlsx",
    "source": "Rejestr ZAZ",
    "as_of": "2025-12-31",
    "legal_form": "zaz",
    "columns": {"name": "Nazwa", "teryt": "TERYT", "start": "Od", "end": "Do"},
}


def read(folder: Path, text: str) -> tuple[ListMap | None, tuple[Finding, ...]]:
    path = folder / "zaz.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, label="data/raw/es_register")


def changed(folder: Path, **changes: Any) -> tuple[ListMap | None, tuple[Finding, ...]]:
    columns = {**GOOD["columns"], **changes.pop("columns", {})}
    book = {**GOOD, **changes, "columns": {role: name for role, name in columns.items() if name is not None}}
    return read(folder, json.dumps({key: value for key, value in book.items() if value is not None}))


def test_a_description_as_the_documentation_has_it(tmp_path: Path) -> None:
    mapping, findings = read(
        tmp_path,
        """
file: zaz.xlsx
source: "Rejestr zakładów aktywności zawodowej"
as_of: 31.12.2025
covers_from: 2004-01-01
closures: true
region: 02
sheet: Placówki
columns:
  id: "Nr wpisu"
  name: Nazwa
  legal_form: Forma
  teryt: TERYT
  start: Data wpisu
  end: Data wykreślenia
legal_forms: {"Fundacja": ngo, "Zakład AZ": ZAZ}
""",
    )
    assert findings == ()
    assert mapping is not None
    assert (mapping.as_of, mapping.covers_from, mapping.region, mapping.sheet) == (
        "2025-12-31", "2004-01-01", "02", "Placówki",
    )  # fmt: skip
    assert mapping.legal_forms == {"fundacja": "ngo", "zaklad az": "zaz"}
    assert mapping.closures
    assert not mapping.attaches


def test_closures_follow_from_the_columns(tmp_path: Path) -> None:
    with_end, _ = changed(tmp_path)
    without, _ = changed(tmp_path, columns={"end": None})
    assert with_end is not None
    assert without is not None
    assert (with_end.closures, without.closures) == (True, False)


def test_a_list_of_the_status_needs_no_form(tmp_path: Path) -> None:
    mapping, findings = changed(
        tmp_path, legal_form=None, columns={"start": None, "end": None, "nip": "NIP", "status_since": "Od kiedy"}
    )
    assert findings == ()
    assert mapping is not None
    assert mapping.attaches


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"columns": {"nazwa": "Nazwa"}}, "ES-09", "nieznany wpis „nazwa”"),
        ({"source_": "x"}, "ES-09", "Czy chodziło o „source”?"),
        ({"legal_form": "zas"}, "ES-16", "Zakład aktywności zawodowej"),
        ({"legal_form": None}, "ES-08", "brak formy prawnej"),
        ({"columns": {"legal_form": "Forma"}}, "ES-08", "forma podana dwa razy"),
        ({"columns": {"start": None}}, "ES-08", "brak kolumny start"),
        ({"columns": {"name": None}}, "ES-08", "brak kolumny, po której"),
        ({"columns": {"teryt": None}}, "ES-08", "brak gminy"),
        ({"columns": {"nip": "Nazwa"}}, "ES-08", "wskazana dwa razy"),
        ({"columns": {"end": None}, "closures": "true"}, "ES-08", "nie ma kolumny end"),
        ({"closures": "może"}, "ES-08", "true albo false"),
        ({"as_of": None}, "ES-08", "dzień, np. 2025-12-31"),
        ({"as_of": "31/12/2025"}, "ES-08", "„31/12/2025”"),
        ({"as_of": "2199-01-01"}, "ES-26", "dzień z przyszłości"),
        ({"covers_from": "2026-01-01"}, "ES-08", "później niż as_of"),
        ({"region": "krakowskie"}, "ES-40", "nieznane województwo"),
        ({"file": "../zaz.csv"}, "ES-08", "ścieżka zamiast nazwy"),
        ({"file": "zaz.pdf"}, "ES-08", "„zaz.pdf”"),
        ({"file": None}, "ES-08", "brak tekstu"),
        ({"source": "Jan, jan@example.org"}, "ES-10", "dane osobowe"),
        ({"legal_forms": {"Fundacja": "fundusz"}}, "ES-16", "legal_forms: Fundacja"),
        ({"legal_forms": ["ngo"]}, "ES-08", "nie jest listą"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, changes: dict[str, Any], code: str, words: str) -> None:
    mapping, findings = changed(tmp_path, **changes)
    assert mapping is None
    assert {finding.severity for finding in findings} == {"blocking"}
    told = [f"{finding.column} {finding.found} {finding.expected} {finding.remedy}" for finding in findings
            if finding.code == code]  # fmt: skip
    assert any(words in text for text in told), findings


@pytest.mark.parametrize(
    ("text", "words"),
    [("file: [", "poprawnym YAML"), ("a: 1\na: 2", "występuje dwa razy"), ("- x", "nie jest listą"), ("", "brak")],
)
def test_what_is_no_description(tmp_path: Path, text: str, words: str) -> None:
    mapping, findings = read(tmp_path, text)
    assert mapping is None
    assert any(words in finding.found for finding in findings)
    assert {finding.file for finding in findings} == {"data/raw/es_register/zaz.yaml"}


def test_unknown_forms_are_asked_about() -> None:
    assert suggest_form("spoldzielna socjlna") == "Czy chodziło o „Spółdzielnia socjalna”?"
    assert suggest_form("bank") == ""
