"""Somebody who has the reports on the social economy of all voivodeships and can solve linear programmes.

Nothing here uses the package's protection: the printed tables of the survey are read as a reader gets them, and the
attack is SciPy's. Unknown are the weighted amounts of every voivodeship and legal form in the survey's last year.

Some things are granted to the attacker that no report prints, so the attack is stronger than a reader's: the revenue
behind the shares by source and behind the result, and the participants behind the cost of one, of every position
where the total itself is printed; and for how many entities those stand that answered with yes or no. All differ a
little from what is printed, because some entities did not answer these questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from social_economy.entity_attack import (
    PUBLIC,
    RATIOS,
    SOURCES,
    TOTALS,
    UNITS,
    Key,
    Reader,
    _joined,
    _times,
)

ALL = ("Razem", "Województwo")
HIDDEN, NOBODY = "ukryto", "brak odpowiedzi"

#: Measures in the columns of the printed tables by voivodeship and legal form; "" is a column nothing adds up from.
COLUMNS = {
    "work": ("staff", "staff_fte", "staff_risk", "volunteers", "risk_share", "employing_share", ""),
    "reintegration": (
        "places", "participants", "occupancy", "exits", "exits_to_work", "exit_to_work_share",
        "cost_per_participant_pln", "",
    ),
    "finances": (
        "revenue_total_pln", "result_margin", "positive_result_share", "", "contracts_share", "public_share", "", "",
    ),
    "revenue": (
        *(f"revenue_share_{source}" for source in (
            "sales", "fees", "donations", "public_contracts", "grants", "eu", "other",
        )), "",
    ),
    "work_figure_data": ("risk_share", "", "", "", "poland risk_share"),
    "reintegration_figure_data": ("exit_to_work_share", "", "", "", "poland exit_to_work_share"),
}  # fmt: skip
#: Numbers of entities behind the printed results, always in the column "n".
COUNTED = ("work", "work_figure_data", "reintegration", "reintegration_figure_data", "finances", "revenue")

#: Printed ratios of what no total is printed of: numerator and denominator; the others are those of `entity_attack`.
_HALF = 0.0005 + 1e-9
OWN_RATIOS = {
    **{name: (top, "structured", half) for name, (top, _, half) in RATIOS.items() if top in ("public", *SOURCES)},
    "result_margin": ("result_pln", "revenue", RATIOS["result_margin"][2]),
    "cost_per_participant_pln": ("cost", "served", RATIOS["cost_per_participant_pln"][2]),
}
#: Printed shares of entities: how many said yes; the entities behind are granted, as registers nearly tell them.
FLAGS = {
    "employing_share": "employing", "positive_result_share": "positive_result", "contracts_share": "contracts",
}  # fmt: skip
#: Denominators granted where a total is printed.
GRANTED = {"structured": "revenue_total_pln", "revenue": "revenue_total_pln", "served": "participants"}
OF_ALL = ("staff", "staff_fte", "staff_risk", "volunteers", "revenue_total_pln", "revenue", "result_pln", *SOURCES)
OF_UNITS = ("places", "participants", "exits", "exits_to_work", "cost", "served")
PARTS = (("staff_fte", "staff"), ("staff_risk", "staff"), ("exits", "participants"), ("exits_to_work", "exits"))
MONEY = ("revenue_total_pln", "revenue", "result_pln", "structured", "public", "cost", *SOURCES)


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: the number in full units (persons, PLN, shares 0-1), or the word in its place."""

    value: float | None
    word: str


@dataclass(slots=True)
class Printed:
    """What the reports print of the survey's last year.

    Attributes
    ----------
    cells
        By territorial unit, legal form ("" all) and measure.
    counts
        Numbers of entities by territorial unit, legal form, and table.
    entities
        Entities in the registers by territorial unit and legal form.
    """

    cells: dict[Key, Cell] = field(default_factory=dict)
    counts: dict[Key, Cell] = field(default_factory=dict)
    entities: dict[tuple[str, str], int] = field(default_factory=dict)

    def positions(self) -> list[tuple[str, str]]:
        """Voivodeships and legal forms of which somebody answered."""
        return [
            (teryt, form)
            for (teryt, form, measure), cell in self.cells.items()
            if measure == "staff" and form and teryt != "00" and cell.word != NOBODY
        ]


def read_region(printed: Printed, teryt: str, tables: Mapping[str, Any], forms: Mapping[str, str]) -> None:
    """Add what one report prints; `forms` gives the legal forms' keys by their printed names."""
    for row in tables["structure"]["rows"]:
        printed.entities[teryt, _form(row[0], forms)] = int(row[1]["value"])
    for table, measures in COLUMNS.items():
        labels = [column["label"] for column in tables[table]["columns"][1:]]
        assert len(labels) == len(measures), f"other columns in {table}: {labels}"
        for name, *cells in tables[table]["rows"]:
            whole = name == "Polska"
            form = "" if whole else _form(name, forms)
            for label, measure, cell in zip(labels, measures, cells, strict=True):
                found = _cell(cell, label)
                if measure:
                    country = measure.startswith("poland ")
                    key = ("00" if whole or country else teryt, form, measure.removeprefix("poland "))
                    assert printed.cells.setdefault(key, found) == found, f"printed twice, differently: {key}"
                elif label == "n" and table in COUNTED:
                    printed.counts["00" if whole else teryt, form, table] = found


def _form(name: str, forms: Mapping[str, str]) -> str:
    return "" if name in ALL else forms[name]


def _cell(cell: Mapping[str, Any], label: str) -> Cell:
    if cell["value"] is None:
        return Cell(None, cell.get("missing", ""))
    unit = 1000.0 if "tys. zł" in label else 0.01 if "%" in label else 1.0
    return Cell(cell["value"] * unit, "")


class Outsider(Reader):
    """The linear programme of the last year, in thousands of PLN and in persons."""

    def __post_init__(self) -> None:
        for teryt, form in self.cells:
            for quantity in (*OF_ALL, *FLAGS.values(), *(OF_UNITS if form in UNITS else ())):
                self.number[teryt, form, quantity] = len(self.number)

    def sum_of(self, key: Key) -> dict[int, float]:
        """Unknowns that add up to a number."""
        teryt, form, quantity = key
        parts = {"public": PUBLIC, "structured": SOURCES}.get(quantity)
        if parts is not None:
            return _joined(self.sum_of((teryt, form, source)) for source in parts)
        inside = [cell for cell in self.cells if teryt in ("00", cell[0]) and form in ("", cell[1])]
        return {self.number[(*cell, quantity)]: 1.0 for cell in inside if (*cell, quantity) in self.number}

    def read(self, printed: Printed, granted: Callable[[Key], float]) -> None:
        """Take in the printed numbers; `granted` tells the true denominator of a ratio."""
        for (teryt, form, measure), cell in printed.cells.items():
            if cell.value is None:
                continue
            if measure in TOTALS:
                half, unit = TOTALS[measure] + 1e-6, unit_of(measure)
                terms = self.sum_of((teryt, form, measure))
                self.between(terms, (cell.value - half) / unit, (cell.value + half) / unit)
                for quantity, total in GRANTED.items():
                    if total == measure:
                        known = granted((teryt, form, quantity))
                        slack = 1e-6 * max(1.0, abs(known))
                        self.between(self.sum_of((teryt, form, quantity)), known - slack, known + slack)
            elif measure in FLAGS:
                asked = granted((teryt, form, f"{FLAGS[measure]}_asked"))
                terms = self.sum_of((teryt, form, FLAGS[measure]))
                self.between(terms, (cell.value - _HALF) * asked, (cell.value + _HALF) * asked)
            else:
                self._ratio(teryt, form, measure, cell.value)
        for cell_of in self.cells:
            for flag in FLAGS.values():
                self.at_most({self.number[(*cell_of, flag)]: 1.0}, granted((*cell_of, f"{flag}_asked")) + 1e-9)
            for part, whole in PARTS:
                if (*cell_of, part) in self.number:
                    self.at_most({self.number[(*cell_of, part)]: 1.0, self.number[(*cell_of, whole)]: -1.0}, 1e-9)

    def _ratio(self, teryt: str, form: str, measure: str, value: float) -> None:
        top, bottom, half = OWN_RATIOS.get(measure) or RATIOS[measure]
        above, below = (self.sum_of((teryt, form, name)) for name in (top, bottom))
        unit = unit_of(top) / unit_of(bottom)
        for sign in (1.0, -1.0):  # sign * (top - ratio * bottom) <= half * bottom
            reach = -sign * value / unit - (half + 1e-9) / unit
            self.at_most(_joined([_times(above, sign), _times(below, reach)]), 0.0)


def hidden_keys(printed: Printed) -> Iterator[Key]:
    """Yield the amounts and counts behind the cells that are hidden."""
    for (teryt, form, measure), cell in printed.cells.items():
        if cell.word == HIDDEN:
            ratio = OWN_RATIOS.get(measure) or RATIOS.get(measure) or (FLAGS.get(measure, measure),)
            yield teryt, form, ratio[0]


def unit_of(quantity: str) -> float:
    """Amounts are counted in thousands of PLN, so that the solver sees numbers of like size."""
    return 1000.0 if quantity in MONEY else 1.0
