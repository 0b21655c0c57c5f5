"""A small project with the data of training needs, each file a real one; tests change one thing and screen it."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from openpyxl import Workbook

from ropsanalysis.io import catalogue
from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.training import TrainingScreening, screen_training

KEYS = [entry.key for entry in catalogue.competences()][:12]
CANARIES = {
    "PESEL": "44051401359",  # example number of the Ministry of Digital Affairs: born 14 May 1944
    "e-mail": "jan.kowalski@example.org",
    "telefonu": "+48 600 100 200",
    "IP": "192.168.17.23",
}
REPORTED = {"PESEL": "numer PESEL", "e-mail": "adres e-mail", "telefonu": "numer telefonu", "IP": "adres IP"}


def person(number: int, **changes: Any) -> dict[str, Any]:
    """Return the answers of one person: ratings that differ between questions and persons."""
    answers: dict[str, Any] = {
        "id": str(number),
        "submitdate": "2025-03-03 10:00:00",
        "token": f"abc{number}xyz",
        "woj": "świętokrzyskie",
        "typ": "Dom pomocy społecznej",
        "stan": "Pracownik socjalny",
    }
    digits = f"{number * 7919:012b}"
    for position, key in enumerate(KEYS):
        answers[f"waz[{key}]"] = str(3 + int(digits[position % len(digits)]) + position % 2)
        answers[f"opan[{key}]"] = str(1 + int(digits[-1 - position % len(digits)]) + position % 2)
    for key in KEYS[:3]:
        answers[f"temat[{key}]"] = "Tak" if key == KEYS[number % 3] else "Nie"
    answers |= {"bar[cost]": "", "bar[none]": "", "uwagi": "bez uwag"}
    return answers | changes


def codebook(file: str = "ankieta.csv", **changes: Any) -> dict[str, Any]:
    columns = {
        "person": "token",
        "region": "woj",
        "institution": "typ",
        "position": "stan",
        "importance": {key: f"waz[{key}]" for key in KEYS},
        "mastery": {key: f"opan[{key}]" for key in KEYS},
        "wanted": {key: f"temat[{key}]" for key in KEYS[:3]},
        "barrier": {"cost": "bar[cost]", "none": "bar[none]"},
        "free_text": ["uwagi"],
    }
    columns |= changes.pop("columns", {})
    return {
        "survey": "Badanie",
        "year": "2025",
        "file": file,
        "scale": {"low": "1", "high": "5", "not_applicable": ["nie dotyczy", "N/A"]},
        "columns": {role: column for role, column in columns.items() if column is not None},
        **changes,
    }


@dataclass
class TrainingProject:
    """A project folder; `write` puts the files in place, `screen` screens them."""

    root: Path
    people: list[dict[str, Any]] = field(default_factory=lambda: [person(number) for number in range(1, 9)])
    book: dict[str, Any] = field(default_factory=codebook)
    frame: str = "teryt;institution;staff\n26;dps;40\n26;ops;1 200\n"
    offer: str = (
        "competence;form;group_size;hours;cost_pln;capacity_groups\n"
        "Praca socjalna;classroom;16;16;6 780,50;8\nlaw;e_learning;20;8;2400;3\n"
    )
    targets: str = (
        "teryt;budget_pln;persons_supported;persons_qualified;qualification_rate;minimum_coverage\n"
        "26;450000;688;654;0,96;0,02\n"
    )

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def survey(self) -> Path:
        return self.raw / "training_survey"

    def write(self) -> None:
        self.write_book("ankieta.yaml", self.book)
        write_csv(self.survey / "ankieta.csv", self.people)
        for name in ("frame", "offer", "targets"):
            path = self.raw / f"training_{name}" / f"{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(getattr(self, name), encoding="utf-8")

    def write_book(self, name: str, book: Mapping[str, Any]) -> None:
        self.survey.mkdir(parents=True, exist_ok=True)
        # JSON is YAML; every scalar here is text, so nothing is lost.
        (self.survey / name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")

    def screen(self) -> TrainingScreening:
        return screen_training(self.raw)


def write_csv(path: Path, people: Sequence[Mapping[str, Any]], *, delimiter: str = ",", bom: bool = True) -> None:
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(people)


def write_xlsx(path: Path, people: Sequence[Mapping[str, Any]], **more: Sequence[Sequence[Any]]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "dane"
    sheet.append(list(people[0]))
    for one in people:
        sheet.append(list(one.values()))
    for name, rows in more.items():
        other = book.create_sheet(name)
        for row in rows:
            other.append(list(row))
    book.save(path)


def write_sav(path: Path, columns: Mapping[str, Sequence[Any]], **options: Any) -> None:
    pyreadstat.write_sav(pd.DataFrame(columns), path, **options)


def codes(screening: TrainingScreening) -> set[str]:
    return {finding.code for finding in screening.findings}


def only(screening: TrainingScreening, code: str) -> Finding:
    """Return the finding, after checking that there is no other."""
    assert [finding.code for finding in screening.findings] == [code], format_findings(screening.findings)
    return screening.findings[0]


def everything_told(screening: TrainingScreening) -> str:
    """Return all text that a screening could lead to: findings, refused rows, provenance."""
    rejected = screening.rejected.to_csv()
    return "\n".join([format_findings(screening.findings, limit=10_000), rejected, *map(repr, screening.files)])
