"""All tables together: their contract, the same for the same data in any order and under any pseudonyms."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_pilots import CASES, HAND, OPEN, PARTNERS, TIES, USUAL, drawn_cases, inputs, pilot

from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.records import TABLES
from ropsanalysis.cooperation.schema import Inputs, validate
from ropsanalysis.errors import DataError
from ropsanalysis.stats.published import columns

OF_OFFICES = ("pilots", "partners", "ties", "cases", "baskets", "goals", "coaching", "effects")


def several() -> Inputs:
    """Return three pilots in two voivodeships with networks, cases, baskets and goals."""
    rng = np.random.default_rng(3)
    keys = ("04-a", "04-b", "08-a")
    cases = [case for key in keys for case in drawn_cases(rng, key, 30)]
    services = [
        {
            "pilot": case["pilot"], "case": case["case"], "sector": sector, "service": "s",
            "planned": float(rng.integers(1, 90)) / 7, "delivered": float(rng.integers(0, 40)) / 7,
        }
        for case in cases
        for sector in ("health", "education")
    ]  # fmt: skip
    goals = [
        {
            "pilot": case["pilot"], "case": case["case"], "goal": str(number), "weight": float(rng.integers(1, 6)),
            "entry": float(rng.integers(-2, 1)), "exit": float(rng.integers(-2, 3)),
        }
        for case in cases
        for number in range(3)
    ]  # fmt: skip
    return inputs(
        pilots=[pilot(key) for key in keys],
        partners=[{**one, "pilot": key} for key in keys for one in PARTNERS],
        ties=[{**one, "pilot": key} for key in keys for one in TIES],
        cases=cases,
        baskets=services,
        goals=goals,
    )


def changed(data: Inputs, **tables: Any) -> Inputs:
    return replace(data, **tables)


def assert_same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one[name], other[name], obj=name, check_exact=True)


def test_every_table_has_the_columns_of_its_record() -> None:
    found = assess(several(), parameters=USUAL)
    assert list(found) == list(TABLES)
    for name, record in TABLES.items():
        assert {column: str(kind) for column, kind in found[name].dtypes.items()} == columns(record), name


@pytest.mark.parametrize("parameters", [USUAL, OPEN])
def test_the_order_of_rows_does_not_matter(parameters: Any) -> None:
    data = several()
    rng = np.random.default_rng(5)
    tables = {name: getattr(data, name) for name in OF_OFFICES}
    shuffled = {name: table.iloc[rng.permutation(len(table))].reset_index(drop=True) for name, table in tables.items()}
    assert_same(assess(data, parameters=parameters), assess(changed(data, **shuffled), parameters=parameters))


def test_pseudonyms_do_not_matter() -> None:
    data = several()
    names = {key: f"{place:05}" for place, key in enumerate(np.random.default_rng(6).permutation(data.cases["case"]))}
    renamed = {
        name: getattr(data, name).assign(case=getattr(data, name)["case"].map(names).astype("str"))
        for name in ("cases", "baskets", "goals")
    }
    assert_same(assess(data, parameters=OPEN), assess(changed(data, **renamed), parameters=OPEN))


def test_no_input_is_changed() -> None:
    data = several()
    before = {field.name: getattr(data, field.name) for field in fields(data)}
    copies = {name: table.copy() for name, table in before.items() if isinstance(table, pd.DataFrame)}
    assess(data, parameters=USUAL)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(before[name], copy, obj=name)


def test_a_voivodeship_does_not_depend_on_another_one() -> None:
    data = several()
    alone = inputs(
        pilots=[pilot("08-a")],
        partners=[{**one, "pilot": "08-a"} for one in PARTNERS],
        ties=[{**one, "pilot": "08-a"} for one in TIES],
    )
    own = {
        name: getattr(data, name)[getattr(data, name)["pilot"] == "08-a"].reset_index(drop=True)
        for name in ("cases", "baskets", "goals")
    }
    together, apart = assess(data, parameters=USUAL), assess(changed(alone, **own), parameters=USUAL)
    for name, table in together.items():
        if "teryt" in table:
            part = table[table["teryt"] == "08"].reset_index(drop=True)
            pd.testing.assert_frame_equal(part, apart[name], obj=name)


def test_no_pseudonym_reaches_a_table() -> None:
    keys = {str(case["case"]) for case in CASES} | {"w1", "w2"}
    for name, table in assess(HAND, parameters=OPEN).items():
        for column in table.select_dtypes("str"):
            assert not set(table[column]) & keys, f"{name}.{column}"


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("pilots", "teryt", "99", "pilots: kod spoza listy"),
        ("pilots", "pilot", "04+a", "znak + w kluczu"),
        ("partners", "sector", "church", "partners: wartość kolumny sector"),
        ("partners", "entity", "ops", "partners: powtórzony podmiot"),
        ("ties", "strength", 4, "ties: siła więzi"),
        ("ties", "target", "nobody", "ties: podmiot spoza listy"),
        ("ties", "source", "zzz", "odwrócona para"),
        ("cases", "outcome", "lost", "cases: wartość kolumny outcome"),
        ("cases", "case", "c1", "cases: powtórzona sprawa"),
        ("cases", "pilot", "99-z", "cases: pilotaż spoza listy"),
        ("cases", "diagnosis", "2023-01-01", "cases: dni poza kolejnością"),
        ("cases", "signal", "2026-01-01", "cases: dzień późniejszy niż stan danych"),
        ("cases", "ended", "2024-12-01", "sprawa w toku z takim dniem"),
        ("baskets", "delivered", -1.0, "baskets: ujemna liczba"),
        ("baskets", "case", "c9", "baskets: sprawa spoza listy"),
        ("goals", "exit", 3.0, "goals: kolumna exit"),
        ("goals", "weight", 0.0, "goals: waga"),
        ("coaching", "hours", 0.0, "coaching: liczba godzin"),
    ],
)
def test_broken_inputs_are_refused_without_their_values(table: str, column: str, value: Any, told: str) -> None:
    broken = getattr(HAND, table).copy()
    broken.loc[len(broken) - 1, column] = pd.Timestamp(value) if str(value).startswith("20") else value
    with pytest.raises(DataError, match=told.replace("+", r"\+")) as error:
        validate(changed(HAND, **{table: broken}))
    assert "c1" not in str(error.value)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="cases: inne kolumny"):
        validate(changed(HAND, cases=HAND.cases.drop(columns="outcome")))
