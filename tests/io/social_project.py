"""A small project with the data of the social economy, each file a real one; tests change one thing and screen it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ropsanalysis.io import entity_numbers
from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.social_economy import SocialScreening, screen_social_economy
from ropsanalysis.io.synthetic import social_places
from ropsanalysis.social_economy.schema import (
    INDICATORS,
    POPULATION_COLUMNS,
    PROGRAMME_COLUMNS,
    SUPPORT_COLUMNS,
    SURVEY_COLUMNS,
)
from support import PROJECT

SHIPPED = ("teryt_units", "bdl_context")
GMINAS = ("260101", "260102", "260401")  # in świętokrzyskie
LIST = {
    "source": "Rejestr przykładowy",
    "as_of": "2025-12-31",
    "closures": "true",
    "columns": {
        "id": "Nr", "name": "Nazwa", "nip": "NIP", "regon": "REGON", "krs": "KRS", "legal_form": "Forma",
        "teryt": "TERYT", "start": "Od", "end": "Do", "start_reason": "Powód wpisu", "end_reason": "Powód wykreślenia",
        "verified": "Weryfikacja", "status_since": "PS od", "status_until": "PS do",
    },
}  # fmt: skip


def nip(number: int) -> str:
    """Return the number-th NIP with a correct check digit."""
    first = 526_100_000 + 2 * number
    return next(
        found for step in range(2) for check in range(10) if entity_numbers.fits_nip(found := f"{first + step}{check}")
    )


def entry(number: int, **changes: str) -> dict[str, str]:
    """Return a row of the register: an organisation that is open and verified."""
    row = {
        "Nr": f"W/{number}", "Nazwa": f"Stowarzyszenie {chr(65 + number % 26) * 3} {number}", "NIP": nip(number),
        "REGON": "", "KRS": f"{number + 1:010}", "Forma": "stowarzyszenie", "TERYT": GMINAS[number % 3],
        "Od": f"20{10 + number % 15}-03-01", "Do": "", "Powód wpisu": "", "Powód wykreślenia": "",
        "Weryfikacja": "2025-06-30", "PS od": "", "PS do": "",
    }  # fmt: skip
    assert set(changes) <= set(row)
    return row | changes


def answer(number: int, **changes: str) -> dict[str, str]:
    """Return a row of the survey about the entity of `entry`."""
    row = dict.fromkeys(("nip", *SURVEY_COLUMNS[1:]), "")
    row |= {"nip": nip(number), "year": "2025", "staff": "8", "staff_fte": "7,5", "staff_risk": "2", "volunteers": "5",
            "revenue_total_pln": "100 000,00 zł", "revenue_sales_pln": "60000", "revenue_grants_pln": "40000",
            "costs_pln": "95000", "result_pln": "5000"}  # fmt: skip
    assert set(changes) <= set(row)
    return row | changes


def to_text(rows: Sequence[Mapping[str, object]]) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def population_text(raw: Path) -> str:
    """Return made-up inhabitants of every gmina that add up to what is published for each voivodeship."""
    gminas = social_places.draw_gminas(social_places.read_gminas(raw), np.random.default_rng(1))
    names = dict.fromkeys(POPULATION_COLUMNS)
    rows = [dict(zip(names, row, strict=True)) for row in social_places.population_rows(gminas) if row[1] == 2025]
    return to_text(rows)


@dataclass
class SocialProject:
    """A project folder; `write` puts the files in place, `screen` screens them."""

    root: Path
    population: str
    entries: list[dict[str, str]] = field(default_factory=lambda: [entry(number) for number in range(12)])
    mapping: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps({"file": "lista.csv", **LIST})))
    answers: list[dict[str, str]] = field(default_factory=lambda: [answer(number) for number in range(6)])
    support: str = ";".join(SUPPORT_COLUMNS) + "\no1;OWES;26;;2024;100;10;9;;2;500000\n"
    programme: str = (
        ";".join(PROGRAMME_COLUMNS) + "\n26;Solidarny rynek pracy;Jednostki;gus:1.B.7;;1;wzrost;5;2021;6;2030\n"
    )

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    def put(self, name: str, text: str) -> None:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def second_list(self, entries: Sequence[Mapping[str, str]], **changes: str) -> None:
        """Add a list of another register."""
        described = {**self.mapping, "file": "druga.csv", "source": "Drugi rejestr", **changes}
        self.put("es_register/druga.yaml", json.dumps(described, ensure_ascii=False))
        self.put("es_register/druga.csv", to_text(entries))

    def write(self) -> None:
        for name in SHIPPED:
            if not (self.raw / name).is_dir():
                shutil.copytree(PROJECT / "data" / "raw" / name, self.raw / name)
        # Of the official figures only those the report reads: the others take time, and belong to another topic.
        for name in ("indicators", "observations"):
            text = (PROJECT / "data" / "raw" / "gus_sdg" / f"{name}.csv").read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            kept = [line for line in lines if line.split(",")[0] in INDICATORS]
            self.put(f"gus_sdg/{name}.csv", "".join([lines[0], *kept]))
        # JSON is YAML; every scalar here is text, so nothing is lost.
        self.put("es_register/lista.yaml", json.dumps(self.mapping, ensure_ascii=False))
        self.put("es_register/lista.csv", to_text(self.entries))
        self.put("gmina_population/population.csv", self.population)
        self.put("es_survey/survey.csv", to_text(self.answers))
        self.put("owes_support/support.csv", self.support)
        self.put("es_programme/programme.csv", self.programme)

    def screen(self) -> SocialScreening:
        return screen_social_economy(self.raw)

    def screened(self) -> SocialScreening:
        self.write()
        return self.screen()


def codes(screening: SocialScreening) -> set[str]:
    return {finding.code for finding in screening.findings}


def only(screening: SocialScreening, code: str) -> Finding:
    """Return the finding, after checking that there is no other."""
    assert [finding.code for finding in screening.findings] == [code], format_findings(screening.findings)
    return screening.findings[0]


def everything_told(screening: SocialScreening) -> str:
    """Return all text that a screening could lead to: findings, refused rows, provenance."""
    rejected = screening.rejected.to_csv()
    return "\n".join([format_findings(screening.findings, limit=10_000), rejected, *map(repr, screening.files)])
