"""A small project with the data of project monitoring, each file a real one; tests change one thing and screen it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from impact_project import few_units, to_text

from ropsanalysis.io.findings import Finding, format_findings
from ropsanalysis.io.project_monitoring import MonitoringScreening, screen_project_monitoring
from ropsanalysis.io.synthetic.workbooks import write_workbook

Row = dict[str, str]
Rows = list[Row]


def card(**changes: str) -> Row:
    """Return the card of świętokrzyskie: amounts and targets as published, seed of DOMAIN 6.1 (688, 654, 50%)."""
    row = {
        "teryt": "26", "title": "Koordynacja polityki społecznej", "number": "FERS/26", "leader": "ROPS",
        "start": "2023-09-01", "end": "31.12.2028", "as_of": "2025-12-31", "value_pln": "13 768 806,14 zł",
        "eu_pln": "11362018.82", "national_pln": "2406787,32", "target_supported": "688", "target_qualified": "654",
        "target_plan_share": "0,5", "source": "wniosek",
    }  # fmt: skip
    return row | changes


def person(key: str = "P-012", **changes: str) -> Row:
    """Return one form of support of a person who is supported and has raised qualifications."""
    row = {
        "teryt": "26", "person": key, "unit": "260401", "employer": "ops-1", "institution": "ops", "form": "course",
        "action": "6", "started": "2024-03-04", "ended": "2024-04-05", "left": "", "complete": "1",
        "evidence": "external_exam", "evidence_day": "2024-04-10",
    }  # fmt: skip
    return row | changes


def plan(**changes: str) -> Row:
    """Return a local plan that was adopted and is carried out."""
    row = {
        "teryt": "26", "unit": "260401", "title": "LPDI", "adopted": "2024-05-10", "in_force_from": "2024-05-10",
        "in_force_to": "2030-12-31", "diagnosis": "1", "programme": "tak", "costs": "1", "resources": "1",
        "monitoring": "1", "evidence": "resolution", "carried_out": "annual_report", "carried_out_day": "2025-03-31",
    }  # fmt: skip
    return row | changes


def centre(**changes: str) -> Row:
    """Return a social service centre of two gminas."""
    row = {
        "teryt": "26", "centre": "cus-1", "name": "Centrum Usług Społecznych", "gminas": "260401+2604022",
        "opened": "2023-01-02", "closed": "", "services": "14",
    }  # fmt: skip
    return row | changes


def foster(**changes: str) -> Row:
    """Return children in foster care; the printed total is that of its parts."""
    row = {
        "teryt": "26", "year": "2023", "family": "1500", "institutional": "500", "total_children": "2,0 tys.",
        "source": "sprawozdanie",
    }  # fmt: skip
    return row | changes


def activity(**changes: str) -> Row:
    """Return an activity that was done."""
    row = {
        "teryt": "26", "activity": "a-1", "action": "4", "team": "social_services", "kind": "training",
        "title": "Szkolenie o usługach", "planned": "2024-02-05", "done": "2024-02-06", "hours": "8,5",
        "attendance": "24", "product": "", "subregion": "",
    }  # fmt: skip
    return row | changes


def line(quarter: str = "2024-Q1", **changes: str) -> Row:
    """Return half of a budget that adds up to the card."""
    first = quarter == "2024-Q1"
    row = {
        "teryt": "26", "line": "1.1", "task": "Usługi", "action": "4", "team": "social_services", "category": "staff",
        "quarter": quarter, "eu_pln": "11 000 000,00" if first else "362018,82",
        "national_pln": "2406787.31" if first else "0,01",
    }  # fmt: skip
    return row | changes


def payment(**changes: str) -> Row:
    """Return a payment."""
    row = {"teryt": "26", "payment": "f-1", "line": "1.1", "day": "2024-04-15", "eu_pln": "82,52",
           "national_pln": "17,48"}  # fmt: skip
    return row | changes


@dataclass
class MonitoredProject:
    """A project folder; `screened` puts the files in place and screens them."""

    root: Path
    cards: Rows = field(default_factory=lambda: [card()])
    plan: Rows = field(default_factory=list)
    subregions: Rows = field(default_factory=list)
    persons: Rows = field(default_factory=lambda: [person(), person("P-013", unit="2604")])
    entities: Rows = field(
        default_factory=lambda: [
            {"teryt": "26", "entity": "ops-1", "unit": "260401", "institution": "OPS", "form": "doradztwo",
             "action": "3", "started": "2024-02-01"}
        ]
    )  # fmt: skip
    plans: Rows = field(default_factory=lambda: [plan()])
    centres: Rows = field(default_factory=lambda: [centre()])
    foster: Rows = field(default_factory=lambda: [foster()])
    activities: Rows = field(
        default_factory=lambda: [activity(), activity(activity="a-2", done="", planned="2026-02-02")]
    )
    budget: Rows = field(default_factory=lambda: [line(), line("2024-Q2")])
    payments: Rows = field(default_factory=lambda: [payment()])

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    def files(self) -> dict[str, Rows]:
        return {
            "project_card/cards": self.cards, "project_card/plan": self.plan,
            "project_card/subregions": self.subregions, "project_participants/participants": self.persons,
            "supported_entities/entities": self.entities, "lpdi/plans": self.plans, "cus/centres": self.centres,
            "foster_care/foster_care": self.foster, "project_activities/activities": self.activities,
            "project_budget/budget": self.budget, "project_payments/payments": self.payments,
        }  # fmt: skip

    def put(self, name: str, content: bytes) -> None:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def write(self, *, workbooks: bool = False) -> None:
        self.put("teryt_units/units.csv", few_units().encode())
        for name, rows in self.files().items():
            if rows and workbooks:
                cells = [list(row.values()) for row in rows]
                self.put(f"{name}.xlsx", write_workbook(list(rows[0]), cells, sheet="Dane", year=2025))
            elif rows:
                self.put(f"{name}.csv", to_text(rows).encode())

    def screen(self) -> MonitoringScreening:
        return screen_project_monitoring(self.raw)

    def screened(self) -> MonitoringScreening:
        self.write()
        return self.screen()


def codes(screening: MonitoringScreening) -> list[str]:
    return [finding.code for finding in screening.findings]


def only(screening: MonitoringScreening, code: str) -> Finding:
    """Return the one finding there is."""
    assert codes(screening) == [code], format_findings(screening.findings)
    return screening.findings[0]


def everything_told(screening: MonitoringScreening) -> str:
    """Return all text that a screening could lead to: findings, refused rows, provenance."""
    rejected = screening.rejected.to_csv()
    return "\n".join([format_findings(screening.findings, limit=10_000), rejected, *map(repr, screening.files)])
