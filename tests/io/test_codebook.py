"""A codebook is read word for word, checked against the catalogue, and cannot lead out of its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from training_project import KEYS, codebook

from ropsanalysis.io import answers, catalogue
from ropsanalysis.io.codebook import Codebook, read_codebook
from ropsanalysis.io.findings import Finding


def read(tmp_path: Path, document: object) -> tuple[Codebook | None, tuple[Finding, ...]]:
    path = tmp_path / "ankieta.yaml"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return read_codebook(path, label="data/raw/training_survey")


def test_a_good_codebook_is_read_as_written(tmp_path: Path) -> None:
    book, findings = read(tmp_path, codebook(region="02", answers={"institution": {"A1": "ops", "no": ""}}))
    assert findings == ()
    assert book is not None
    assert (book.year, book.low, book.high, book.region) == (2025, 1, 5, "02")
    assert book.by_key["importance"][KEYS[0]] == f"waz[{KEYS[0]}]"
    assert book.answers["institution"] == {"A1": "ops", "no": ""}
    assert ("person", "token") in book.mapped()


def test_yaml_words_and_leading_zeros_stay_text(tmp_path: Path) -> None:
    text = f"""
survey: Badanie
year: 2025
file: a.csv
region: 02
scale: {{low: 1, high: 5}}
ticked: [no, on, 010]
columns:
  institution: yes
  importance: {{{KEYS[0]}: 0x10}}
  mastery: {{{KEYS[0]}: 1_0}}
"""
    book, findings = read(tmp_path, text)
    assert findings == ()
    assert book is not None
    assert book.region == "02"
    assert book.ticked == ("no", "on", "010")
    assert book.single["institution"] == "yes"
    assert book.by_key["importance"][KEYS[0]] == "0x10"


BAD: list[tuple[dict[str, Any] | str, str, str]] = [
    ({"year": "25"}, "TN-08", "„25”"),
    ({"year": ["2025"]}, "TN-08", "nie jest liczbą"),
    ({"file": "../../etc/passwd.csv"}, "TN-08", "ścieżka zamiast nazwy"),
    ({"file": "C:ankieta.csv"}, "TN-08", "ścieżka zamiast nazwy"),
    ({"file": "ankieta.ods"}, "TN-08", "ankieta.ods"),
    ({"file": "jan@example.org.csv"}, "TN-10", "nazwa pliku zawiera dane osobowe"),
    ({"scale": {"low": "5", "high": "1"}}, "TN-08", "skala od 5 do 1"),
    ({"scale": "1-5"}, "TN-08", "nie jest listą"),
    ({"skala": {}}, "TN-08", "nieznany wpis „skala”"),
    ({"region": "Galicja"}, "TN-08", "nieznane województwo"),
    ({"ticked": {"a": "b"}}, "TN-08", "nie jest listą tekstów"),
    ({"answers": {"institution": {"A1": "mops"}}}, "TN-09", "nieznany klucz „mops”"),
    ({"answers": {"institution": ["ops"]}}, "TN-08", "odpowiedź: klucz"),
    ({"columns": {"importance": {"social_wrk": "a"}}}, "TN-09", "nieznany klucz „social_wrk”"),
    ({"columns": {"form": {"webinar": "a"}}}, "TN-09", "nieznany klucz „webinar”"),
    ({"columns": {"importance": "waz"}}, "TN-08", "klucz: kolumna"),
    ({"columns": {"position": "typ"}}, "TN-08", "wskazana dwa razy"),
    ({"columns": {"institution": None}}, "TN-08", "brak kolumny z typem instytucji"),
    ({"columns": {"region": None}}, "TN-08", "brak kolumny z województwem"),
    ({"columns": {"mastery": None}}, "TN-08", "nie ma obu ocen"),
]


@pytest.mark.parametrize(("change", "code", "found"), BAD, ids=[found for _, _, found in BAD])
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, Any], code: str, found: str) -> None:
    book, findings = read(tmp_path, codebook(**change))
    assert book is None
    assert any(finding.code == code and found in finding.found for finding in findings)
    assert all(finding.severity == "blocking" for finding in findings if finding.code == code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: [1", "nie jest poprawnym YAML"),
        ("survey: a\nsurvey: b\n", "klucz „survey” występuje dwa razy"),
        ("[" * 5000, "nie jest poprawnym YAML"),
        ("!!python/object/apply:os.system [ls]", "brak"),
        ("", "brak"),
        ("x" * 300_000, "większy niż 256 KiB"),
    ],
)
def test_what_is_no_codebook_is_a_finding(tmp_path: Path, text: str, found: str) -> None:
    book, findings = read(tmp_path, text)
    assert book is None
    assert findings[0].code == "TN-08"
    assert found in " ".join(finding.found for finding in findings) or "nie jest listą" in findings[0].found


def test_nearest_keys_are_suggested(tmp_path: Path) -> None:
    _, findings = read(tmp_path, codebook(columns={"importance": {"social_wrk": "a"}}))
    assert "„social_work”" in next(finding.remedy for finding in findings if finding.code == "TN-09")


def test_a_competence_with_one_rating_is_a_warning(tmp_path: Path) -> None:
    book, findings = read(tmp_path, codebook(columns={"mastery": {key: f"opan[{key}]" for key in KEYS[1:]}}))
    assert book is not None
    assert [(finding.code, finding.severity, finding.column) for finding in findings] == [("TN-37", "warning", KEYS[0])]


# --- the catalogue it is checked against -----------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["competence", "institution", "position", "tenure", "education", "form", "time", "barrier"]
)
def test_no_spelling_stands_for_two_keys(role: str) -> None:
    if role == "competence":
        terms = [(entry.key, (entry.name, entry.short, *entry.aliases)) for entry in catalogue.competences()]
    elif role == "institution":
        terms = [(entry.key, (entry.name, entry.short, *entry.aliases)) for entry in catalogue.institutions()]
    else:
        terms = [(e.option, (e.label, *e.aliases)) for e in catalogue.survey_options() if e.question == role]
    meanings: dict[str, set[str]] = {}
    for key, words in terms:
        for word in (key, *words):
            meanings.setdefault(answers.normalise(word), set()).add(key)
    assert {word: keys for word, keys in meanings.items() if len(keys) > 1 or not word} == {}


def test_the_catalogue_has_the_terms_of_the_report() -> None:
    assert len(catalogue.competences()) == 20
    assert len(catalogue.institutions()) == 15
    assert {entry.group for entry in catalogue.institutions()} == {"assistance", "family", "social_economy"}
    for entry in catalogue.competences():
        assert entry.definition.endswith(".")
        assert entry.definition.count(". ") == 0, "one sentence"
