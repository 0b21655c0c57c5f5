"""A small project with the data of cooperation, each file a real one; tests change one thing and screen it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from impact_project import to_text

from ropsanalysis.cooperation.schema import (
    BASKET_COLUMNS,
    CASE_COLUMNS,
    COACHING_COLUMNS,
    EFFECT_COLUMNS,
    GOAL_COLUMNS,
    PARTNER_COLUMNS,
    PILOT_COLUMNS,
    TIE_COLUMNS,
)
from ropsanalysis.io.cooperation import CooperationScreening, screen_cooperation
from ropsanalysis.io.findings import Finding, format_findings
from support import PROJECT

Row = dict[str, str]

ENTITIES = (
    ("ops", "social_assistance", "gmina", "animator"), ("rops", "pomoc społeczna", "region", "inspirer"),
    ("pcpr", "PCPR", "powiat", "partner"), ("szkola", "Edukacja", "gmina", "partner"),
)  # fmt: skip


def pilot(key: str = "04-a", unit: str = "041903", **changes: str) -> Row:
    """Return a pilot in kujawsko-pomorskie."""
    values = (
        "04", key, f"Pilotaż {key}", unit, "14 800", "urban_rural", "2023-01-02", "", "tak", "1", "2025-12-31",
    )  # fmt: skip
    return dict(zip(PILOT_COLUMNS, values, strict=True)) | changes


def partners(key: str = "04-a") -> list[Row]:
    """Return the entities of a pilot."""
    return [
        dict(zip(PARTNER_COLUMNS, (key, entity, f"Podmiot {entity}", sector, level, role, "", "2023-01-09", ""),
                 strict=True))
        for entity, sector, level, role in ENTITIES
    ]  # fmt: skip


def tie(wave: str, source: str, target: str, strength: str = "2", key: str = "04-a") -> Row:
    """Return a tie."""
    return dict(zip(TIE_COLUMNS, (key, wave, source, target, strength), strict=True))


def case(number: int, key: str = "04-a", **changes: str) -> Row:
    """Return a case that ended well and was looked at again."""
    columns = [name for name in CASE_COLUMNS if name != "row"]
    values = (
        key, f"KS/{number:03}/2024", "3", "2024-01-10", "22.01.2024", "2024-02-15", "2025-01-20", "success", "1",
        "2025-06-02", "kept",
    )  # fmt: skip
    return dict(zip(columns, values, strict=True)) | changes


def basket(number: int, sector: str = "education", planned: str = "10", delivered: str = "8", **changes: str) -> Row:
    """Return a service of a case's basket."""
    values = ("04-a", f"KS/{number:03}/2024", sector, "zajęcia", planned, delivered)
    return dict(zip(BASKET_COLUMNS, values, strict=True)) | changes


def goal(number: int, **changes: str) -> Row:
    """Return a goal of a case."""
    values = ("04-a", f"KS/{number:03}/2024", "praca", "2", "-1", "1")
    return dict(zip(GOAL_COLUMNS, values, strict=True)) | changes


def meeting(worker: str = "ps-1", **changes: str) -> Row:
    """Return a meeting with a coach."""
    values = ("04-a", worker, "individual", "2024-03-04", "1,5")
    return dict(zip(COACHING_COLUMNS, values, strict=True)) | changes


def effect(key: str = "covid_entities", achieved: str = "120", **changes: str) -> Row:
    """Return what an office states to have achieved."""
    values = ("04", "urban_rural", key, achieved, "2025-12-31", "sprawozdanie")
    return dict(zip(EFFECT_COLUMNS, values, strict=True)) | changes


@cache
def few_units() -> str:
    """Return the list of territorial units with all voivodeships, but the gminas of two only: it is read quickly."""
    lines = (PROJECT / "data" / "raw" / "teryt_units" / "units.csv").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith(("teryt", "04", "26")) or line[2] == ",")


@dataclass
class CooperationProjectFiles:
    """A project folder; `screened` puts the files in place and screens them."""

    root: Path
    pilots: list[Row] = field(default_factory=lambda: [pilot()])
    partners: list[Row] = field(default_factory=partners)
    ties: list[Row] = field(
        default_factory=lambda: [
            tie("before", "ops", "pcpr", "1"), tie("after", "ops", "pcpr"), tie("after", "ops", "szkola"),
        ]
    )  # fmt: skip
    cases: list[Row] = field(default_factory=lambda: [case(number) for number in range(1, 4)])
    baskets: list[Row] = field(default_factory=lambda: [basket(1), basket(2, "health", "4", "4")])
    goals: list[Row] = field(default_factory=lambda: [goal(1), goal(2)])
    effects: list[Row] = field(default_factory=lambda: [effect()])
    coaching: list[Row] = field(default_factory=lambda: [meeting(), meeting("ps-2")])

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    def put(self, name: str, text: str) -> None:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write(self) -> None:
        self.put("teryt_units/units.csv", few_units())
        for dataset, names in (
            ("cooperation_network", ("pilots", "partners", "ties")),
            ("cooperation_cases", ("cases", "baskets", "goals")), ("cooperation_effects", ("effects", "coaching")),
        ):  # fmt: skip
            for name in names:
                if getattr(self, name):
                    self.put(f"{dataset}/{name}.csv", to_text(getattr(self, name)))

    def screen(self) -> CooperationScreening:
        return screen_cooperation(self.raw)

    def screened(self) -> CooperationScreening:
        self.write()
        return self.screen()


def codes(screening: CooperationScreening) -> set[str]:
    return {finding.code for finding in screening.findings}


def only(screening: CooperationScreening, code: str) -> Finding:
    """Return the first finding, after checking that there is no other check."""
    assert codes(screening) == {code}, format_findings(screening.findings)
    return screening.findings[0]


def everything_told(screening: CooperationScreening) -> str:
    """Return all text that a screening could lead to: findings, refused rows, provenance."""
    rejected = screening.rejected.to_csv()
    return "\n".join([format_findings(screening.findings, limit=10_000), rejected, *map(repr, screening.files)])


def refused(screening: CooperationScreening, code: str) -> list[tuple[str, int]]:
    """Return file and row of what was refused for a check."""
    rows = screening.rejected
    chosen = rows[rows["code"].str.contains(code)]
    return [(Path(file).stem, int(row)) for file, row in zip(chosen["file"], chosen["row"], strict=True)]
