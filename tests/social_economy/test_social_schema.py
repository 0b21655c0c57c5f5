"""The contract of what the report on the social economy is computed from: each rule is one that can be broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.social_economy.schema import (
    FORM_COLUMNS,
    POPULATION_COLUMNS,
    PROGRAMME_COLUMNS,
    REGISTER_COUNT_COLUMNS,
    REVENUE_SOURCES,
    SPELL_COLUMNS,
    STATUS_COLUMNS,
    SUPPORT_COLUMNS,
    SURVEY_COLUMNS,
    UNIT_COLUMNS,
    Inputs,
    revenue_tolerance,
    validate,
)

DAYS = ("start", "end", "observed_from", "verified", "since", "until")
PARTS = [f"revenue_{source}_pln" for source in REVENUE_SOURCES]


def table(columns: tuple[str, ...], *rows: tuple[Any, ...]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=list(columns))
    return made.astype({name: "datetime64[s]" for name in DAYS if name in columns})


def survey_row(entity: str, year: int, **answers: float) -> tuple[Any, ...]:
    return (entity, year, *(answers.get(name, np.nan) for name in SURVEY_COLUMNS[2:]))


@pytest.fixture
def inputs() -> Inputs:
    """Return inputs that keep every rule, at the border of some."""
    money = {"revenue_total_pln": 100.0, **dict.fromkeys(PARTS, 0.0), PARTS[0]: 101.0}
    return Inputs(
        spells=table(
            SPELL_COLUMNS,
            ("a", "A", "ngo", "260101", "2015-01-01", "2020-06-01", "", "", "KRS", None, True, None, "0"),
            ("a", "A", "social_cooperative", "260102", "2020-06-01", None, "", "", "KRS", None, True, None, "1-9"),
            ("b", "B", "ngo", "260101", "2015-01-01", "2015-01-01", "", "", "KRS", None, True, "2024-01-01", None),
        ),
        status=table(
            STATUS_COLUMNS, ("a", "2022-10-30", "2023-01-01"), ("a", "2023-01-01", None), ("b", "2023-05-01", None)
        ),
        survey=table(
            SURVEY_COLUMNS,
            survey_row("a", 2024, staff=4, staff_risk=4, result_pln=-5, **money),
            survey_row("a", 2023, exits=3, exits_to_work=3, revenue_total_pln=100, **{PARTS[0]: 10}),
            survey_row("b", 2024, staff=0),
        ),
        support=table(
            SUPPORT_COLUMNS,
            ("o1", "OWES", "26", "", 2023, 10.0, 5.0, 5.0, 4.0, 1.0, 1.0),
            ("o1", "OWES", "26", "", 2024, 10.0, 5.0, np.nan, np.nan, 1.0, 1.0),
        ),
        programme=table(PROGRAMME_COLUMNS, ("26", "x", "y", "", "", 0, "higher", 1.0, 2021, 1.0, 2022)),
        population=table(POPULATION_COLUMNS, ("260101", 2024, 1), ("260101", 2023, 2)),
        units=table(
            UNIT_COLUMNS,
            ("00", "country", "Polska", "", "kraj"),
            ("26", "voivodeship", "świętokrzyskie", "00", "województwo"),
            ("2601", "powiat", "buski", "26", "powiat"),
            ("260101", "gmina", "Busko-Zdrój", "2601", "gmina miejsko-wiejska"),
            ("260102", "gmina", "Gnojno", "2601", "gmina wiejska"),
        ),
        observations=pd.DataFrame({"indicator": ["1.B.7"], "teryt": "26", "year": 2024, "value": 4.0, "flag": ""}),
        indicators=pd.DataFrame({"indicator": ["1.B.7", "1.E.2"]}),
        legal_forms=table(
            FORM_COLUMNS,
            ("ngo", "Organizacja", "NGO", "organisations", False, False),
            ("social_cooperative", "Spółdzielnia socjalna", "Sp. socj.", "cooperatives", False, True),
        ),
        register_counts=table(REGISTER_COUNT_COLUMNS, ("26", "KRS", 3, 2, 0, 0)),
        as_of=pd.Timestamp("2025-12-31"),
    )


def test_inputs_that_keep_the_contract_are_returned(inputs: Inputs) -> None:
    assert validate(inputs) is inputs


def test_empty_optional_tables_keep_the_contract(inputs: Inputs) -> None:
    empty = {name: getattr(inputs, name).iloc[:0] for name in ("survey", "support", "programme", "status")}
    assert validate(replace(inputs, **empty)).survey.empty


def cell(row: int, column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        changed = table.copy()
        changed.loc[row, column] = value
        return changed

    return change


def again(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.iloc[[0]]], ignore_index=True)


BROKEN = [
    ("spells", lambda t: t.drop(columns="verified"), "spells: inne kolumny"),
    ("spells", lambda t: t[list(reversed(SPELL_COLUMNS))], "spells: inne kolumny"),
    ("spells", lambda t: t.assign(end=t["end"].astype(str)), "spells: kolumna end"),
    ("status", lambda t: t.assign(since=t["since"].astype(str)), "status: kolumna since"),
    ("spells", cell(0, "teryt", "999999"), "spells: gmina"),
    ("spells", cell(0, "teryt", "2601"), "spells: gmina"),
    ("spells", cell(0, "legal_form", "klub"), "spells: forma prawna"),
    ("spells", cell(0, "start", pd.NaT), "spells: brak podmiotu"),
    ("spells", cell(2, "entity", None), "spells: brak podmiotu"),
    ("spells", cell(0, "end", pd.Timestamp("2014-12-31")), "spells: koniec przed początkiem"),
    ("spells", cell(0, "size_class", "dużo"), "spells: klasa"),
    ("spells", cell(0, "end", pd.Timestamp("2020-06-02")), "spells: okresy"),
    ("spells", cell(0, "end", pd.NaT), "spells: okresy"),
    ("spells", again, "spells: okresy"),
    ("status", cell(0, "entity", "nikt"), "status: podmiot"),
    ("status", cell(0, "since", pd.Timestamp("2022-10-29")), "status: dzień nadania"),
    ("status", cell(0, "since", pd.NaT), "status: dzień nadania"),
    ("status", cell(0, "until", pd.Timestamp("2022-10-29")), "status: koniec"),
    ("status", cell(0, "until", pd.Timestamp("2023-01-02")), "status: okresy"),
    ("survey", again, "survey: powtórzony"),
    ("survey", cell(0, "entity", "nikt"), "survey: podmiot"),
    ("survey", lambda t: t.assign(staff="4"), "survey: kolumna, która"),
    ("survey", cell(0, "volunteers", np.inf), "survey: liczba nieskończona"),
    ("survey", cell(0, "volunteers", -1.0), "survey: liczba mniejsza"),
    ("survey", cell(0, "staff_risk", 5.0), "survey: staff_risk"),
    ("survey", cell(1, "exits_to_work", 4.0), "survey: exits_to_work"),
    ("survey", cell(0, PARTS[0], 101.5), "survey: części"),
    ("survey", cell(0, PARTS[0], 98.5), "survey: części"),
    ("survey", cell(1, PARTS[0], 101.5), "survey: części"),
    ("support", cell(0, "teryt", "00"), "support: województwo"),
    ("support", again, "support: powtórzony"),
    ("support", cell(0, "cost_pln", 0.0), "support: koszt"),
    ("support", cell(0, "cost_pln", np.nan), "support: koszt"),
    ("support", cell(0, "jobs_created", -1.0), "support: koszt"),
    ("support", cell(0, "jobs_after_24m", 6.0), "support: więcej"),
    ("programme", cell(0, "teryt", "2601"), "programme: województwo"),
    ("programme", cell(0, "direction", "wzrost"), "programme: kierunek"),
    ("programme", cell(0, "target_year", 2021), "programme: rok"),
    ("population", again, "population: powtórzona"),
    ("population", cell(0, "teryt", "2601"), "population: gmina"),
    ("population", cell(0, "population", 0), "population: liczba"),
    ("units", again, "units: powtórzona"),
    ("units", cell(3, "level", "sołectwo"), "units: poziom"),
    ("units", cell(3, "parent", "2699"), "units: jednostka nadrzędna"),
    ("observations", cell(0, "indicator", "1.A.1"), "observations: wskaźnik"),
    ("indicators", cell(0, "indicator", "1.A.1"), "indicators: wskaźnik"),
    ("observations", lambda t: t.drop(columns="value"), "observations: brak kolumn"),
    ("indicators", lambda t: t.rename(columns={"indicator": "x"}), "indicators: brak kolumny"),
    ("legal_forms", lambda t: t.drop(columns="logged"), "legal_forms: inne kolumny"),
    ("register_counts", lambda t: t.drop(columns="review"), "register_counts: inne kolumny"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "message"), BROKEN, ids=[f"{n}-{m}-{i}" for i, (n, _, m) in enumerate(BROKEN)]
)
def test_each_broken_rule_is_named(
    inputs: Inputs, name: str, change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    broken = replace(inputs, **{name: change(getattr(inputs, name))})
    with pytest.raises(DataError) as caught:
        validate(broken)
    assert message in str(caught.value)


def test_all_broken_rules_are_named_at_once_and_no_value(inputs: Inputs) -> None:
    survey = cell(0, "volunteers", -424_242.0)(cell(0, "entity", "tajny")(inputs.survey))
    with pytest.raises(DataError) as caught:
        validate(replace(inputs, survey=survey, support=again(inputs.support)))
    told = str(caught.value)
    assert all(part in told for part in ("survey: podmiot", "survey: liczba mniejsza", "support: powtórzony"))
    assert "424" not in told
    assert "tajny" not in told


def test_the_order_of_rows_does_not_matter(inputs: Inputs) -> None:
    turned = {name: getattr(inputs, name).iloc[::-1].reset_index(drop=True) for name in ("spells", "status", "survey")}
    assert validate(replace(inputs, **turned)) is not inputs


@pytest.mark.parametrize(("total", "tolerance"), [(0, 1), (1000, 1), (1001, 1.001), (2_000_000, 2000)])
def test_parts_of_a_revenue_may_differ_by_a_zloty_or_a_thousandth(total: float, tolerance: float) -> None:
    assert revenue_tolerance(pd.Series([total], dtype=float)).tolist() == pytest.approx([tolerance], rel=1e-12)
