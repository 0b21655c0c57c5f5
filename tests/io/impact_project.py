"""A small project with the data of social impact, each file a real one; tests change one thing and screen it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.social_impact import ImpactScreening, screen_social_impact
from ropsanalysis.social_impact.schema import (
    COST_COLUMNS,
    INACTION_COLUMNS,
    MAP_COLUMNS,
    PANEL_COLUMNS,
    SCALE_ITEMS,
    WAVES,
)
from support import PROJECT

GMINAS = ("260101", "260102", "260103", "260401")  # in świętokrzyskie
Rows = list[dict[str, str]]


def person(number: int, group: str = "participant", **changes: str) -> Rows:
    """Return the rows of a person at all waves; changes concern all of them."""
    work = number % 2
    shared = {
        "person": f"osoba-{number}", "teryt": "26", "entity": "cis_1" if group == "participant" else "pup_1",
        "group": group, "kind": "cis" if group == "participant" else "", "sex": "female" if number % 3 else "male",
        "age": str(30 + number), "disability": "0", "months_out_of_work": str(6 + number), "assistance": "1",
        "education": "3", "health": str(1 + number % 5), **dict.fromkeys(SCALE_ITEMS, str(1 + number % 5)),
    }  # fmt: skip
    rows = []
    for wave in WAVES:
        known = wave in ("m6", "m12")
        works = work if known else 0
        row = {**shared, "wave": wave, "work": str(works), "hours": "32,5" if works else "",
               "income_source": "work" if works else "benefit", "months_to_work": "4" if works else ""}  # fmt: skip
        assert set(row) == set(PANEL_COLUMNS)
        rows.append({name: row[name] for name in PANEL_COLUMNS} | changes)
    return rows


def gmina(teryt: str, opened: str = "", years: Sequence[int] = range(2018, 2026), **changes: str) -> Rows:
    """Return the rows of a gmina."""
    return [
        {"teryt": teryt, "year": str(year), "opened": opened, "home_care_per_10k": f"{20 + year % 7},5",
         "residential_per_10k": "12.4", "assistance_per_10k": "310"} | changes
        for year in years
    ]  # fmt: skip


def line(number: int, **changes: str) -> dict[str, str]:
    """Return a line of the impact map."""
    row = dict.fromkeys(MAP_COLUMNS, "") | {
        "teryt": "26", "line": str(number), "stakeholder": "uczestnicy", "outcome": f"skutek {number}",
        "outcome_key": "work" if number == 1 else "", "indicator": "osoby pracujące", "quantity": "100",
        "proxy_value": "1 200,00 zł", "duration_years": "3", "deadweight": "0,25", "displacement": "0",
        "attribution": "0.4", "drop_off": "0,1", "proxy_value_low": "1000", "proxy_value_high": "1500",
        "distribution": "pert", "currency": "PLN", "price_year": "2023", "proxy": "cena", "proxy_source": "badanie",
        "evidence": "measured" if number == 1 else "expert", "evidence_years": "3",
    }  # fmt: skip
    assert set(changes) <= set(row)
    return row | changes


def cost(year: int = 2025, payer: str = "EFS+", **changes: str) -> dict[str, str]:
    """Return a row of the costs."""
    row = dict(zip(COST_COLUMNS, ("26", str(year), payer, "12 000,00 zł", "60"), strict=True))
    return row | changes


def nothing_done(**changes: str) -> dict[str, str]:
    """Return a row of the cost of doing nothing."""
    values = ("26", "zasiłki", "gminy", "50", "7200", "3", "0,2", "2024", "sprawozdanie")
    return dict(zip(INACTION_COLUMNS, values, strict=True)) | changes


def price(year: int, index: str = "103,5", source: str = "GUS") -> dict[str, str]:
    """Return a row of the price index."""
    return {"year": str(year), "index": index, "source": source}


@cache
def few_units() -> str:
    """Return the list of territorial units with all voivodeships, but the gminas of one only: it is read quickly."""
    lines = (PROJECT / "data" / "raw" / "teryt_units" / "units.csv").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith(("teryt", "26")) or line[2] == ",")


def to_text(rows: Sequence[Mapping[str, object]], delimiter: str = ";") -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


@dataclass
class ImpactProject:
    """A project folder; `screened` puts the files in place and screens them."""

    root: Path
    persons: Rows = field(
        default_factory=lambda: [
            row for number in range(8) for row in person(number, "participant" if number < 5 else "comparison")
        ]
    )
    centres: Rows = field(
        default_factory=lambda: [*gmina(GMINAS[0], "2021"), *gmina(GMINAS[1], "2023"), *gmina(GMINAS[2])]
    )
    lines: Rows = field(default_factory=lambda: [line(1), line(2)])
    costs: Rows = field(default_factory=lambda: [cost(2024), cost(2025), cost(2025, "samorząd")])
    inaction: Rows = field(default_factory=lambda: [nothing_done()])
    prices: Rows = field(default_factory=lambda: [price(year) for year in range(2022, 2026)])

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    def put(self, name: str, text: str) -> None:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write(self) -> None:
        self.put("teryt_units/units.csv", few_units())
        for name, rows in (
            ("impact_panel/panel.csv", self.persons), ("jst_panel/jst.csv", self.centres),
            ("impact_map/map.csv", self.lines), ("impact_costs/costs.csv", self.costs),
            ("impact_costs/inaction.csv", self.inaction), ("price_index/prices.csv", self.prices),
        ):  # fmt: skip
            if rows:
                self.put(name, to_text(rows))

    def screen(self) -> ImpactScreening:
        return screen_social_impact(self.raw)

    def screened(self) -> ImpactScreening:
        self.write()
        return self.screen()


def codes(screening: ImpactScreening) -> set[str]:
    return {finding.code for finding in screening.findings}


def only(screening: ImpactScreening, code: str) -> Finding:
    """Return the first finding, after checking that there is no other check."""
    assert codes(screening) == {code}, format_findings(screening.findings)
    return screening.findings[0]


def everything_told(screening: ImpactScreening) -> str:
    """Return all text that a screening could lead to: findings, refused rows, provenance."""
    rejected = screening.rejected.to_csv()
    return "\n".join([format_findings(screening.findings, limit=10_000), rejected, *map(repr, screening.files)])


def refused(screening: ImpactScreening, code: str) -> list[int]:
    """Return the rows of the file that were refused for a check."""
    rows = screening.rejected
    return [int(row) for row in rows.loc[rows["code"].str.contains(code), "row"]]
