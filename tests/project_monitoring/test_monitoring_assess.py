"""All tables of project monitoring from whatever was delivered: complete, of the right types, the same each time."""

from __future__ import annotations

import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from monitoring_inputs import COLUMNS, make_inputs

from ropsanalysis.errors import DataError
from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.records import TABLES
from ropsanalysis.project_monitoring.schema import Inputs
from ropsanalysis.stats.published import columns
from ropsanalysis.stats.records import as_records

QUICK = MonitoringParameters(draws=300)


def full(seed: int = 1) -> Inputs:
    """Return inputs of two projects with rows in every table."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    for teryt in ("16", "30"):
        own = {"teryt": teryt}
        rows["cards"].append(own)
        rows["plan"] += [{**own, "day": "2026-12-31", "planned": 60.0}]
        rows["subregions"].append({"powiat": f"{teryt}01", "subregion": "północny"})
        for n in range(90):
            evidence = str(rng.choice(["", "state_diploma", "attendance"], p=[0.3, 0.6, 0.1]))
            rows["participants"].append({
                **own, "person": f"p{n % 70}", "unit": f"{teryt}0{rng.integers(1, 4)}0{rng.integers(1, 4)}",
                "institution": str(rng.choice(["ops", "pcpr", ""])), "action": int(rng.integers(5, 8)),
                "started": f"2025-0{rng.integers(1, 10)}-11", "evidence": evidence,
                "evidence_day": "2025-11-05" if evidence else None, "row": n + 2,
            })  # fmt: skip
            hours = float(rng.uniform(1, 9))
            rows["activities"].append({
                **own, "activity": f"a{n}", "action": int(rng.integers(1, 17)), "hours": hours, "attendance": hours / 3,
                "planned": f"2025-{rng.integers(1, 13):02}-03", "done": "2025-12-01" if rng.random() < 0.7 else None,
                "product": "raport" if rng.random() < 0.3 else "",
            })  # fmt: skip
            rows["payments"].append({
                **own, "payment": f"w{n}", "line": str(n % 8), "day": f"2025-{rng.integers(1, 13):02}-28",
                "eu_grosz": int(rng.integers(1, 9_999)), "national_grosz": int(rng.integers(1, 999)),
            })  # fmt: skip
            rows["entities"].append({**own, "entity": f"e{n % 40}", "institution": str(rng.choice(["ops", "ngo"]))})
        rows["budget"] += [
            {**own, "line": str(n), "action": 2 * n, "quarter": f"202{5 + n % 2}-Q{1 + n % 4}", "eu_grosz": 99_999 * n}
            for n in range(8)
        ]
        rows["lpdi"] += [{**own, "unit": f"{teryt}0{n}01", "evidence": "resolution" if n % 2 else "draft"}
                         for n in range(1, 8)]  # fmt: skip
        rows["cus"].append({**own, "gminas": f"{teryt}0101+{teryt}0102"})
        rows["foster_care"].append({**own, "year": 2024, "family": 900.0, "institutional": 100.0})
    return make_inputs(**rows)


def test_all_tables_are_there_with_their_columns_and_types_and_rows() -> None:
    found = assess(full(), parameters=QUICK)
    assert list(found) == list(TABLES)
    for name, table in found.items():
        assert {column: str(kind) for column, kind in table.dtypes.items()} == columns(TABLES[name]), name
        assert len(as_records(table, TABLES[name])) == len(table)
        if name != "published":
            assert len(table), name


def test_cards_alone_give_tables_that_say_what_is_lacking() -> None:
    found = assess(make_inputs(), parameters=QUICK)
    assert set(found["indicators"]["reason"]) == {"no_data"}
    assert found["money"]["reason"].tolist() == ["no_budget"]
    assert len(found["units"]) == 82
    assert not found["units"]["reached"].any()
    assert found["reasons"].empty


@pytest.mark.parametrize("seed", [2, 3])
def test_the_order_of_rows_does_not_matter_and_no_input_is_changed(seed: int) -> None:
    inputs = full()
    before = copy.deepcopy(inputs)
    found = assess(inputs, parameters=QUICK)
    shuffled = {
        name: getattr(inputs, name).sample(frac=1.0, random_state=seed).reset_index(drop=True) for name in COLUMNS
    }
    again = assess(replace(inputs, **shuffled), parameters=QUICK)
    for name, table in found.items():
        pd.testing.assert_frame_equal(table, again[name])
    for field in fields(Inputs):
        one, other = getattr(before, field.name), getattr(inputs, field.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        else:
            assert one == other


def test_a_voivodeship_has_the_same_results_whichever_others_are_computed_with_it() -> None:
    both = full()
    alone = {name: table[table["teryt"] == "30"].reset_index(drop=True)
             for name in COLUMNS if "teryt" in (table := getattr(both, name))}  # fmt: skip
    first, second = (assess(inputs, parameters=QUICK) for inputs in (both, replace(both, **alone)))
    for name, table in first.items():
        if "teryt" in table:
            own = table[table["teryt"] == "30"].reset_index(drop=True)
            pd.testing.assert_frame_equal(own, second[name][second[name]["teryt"] == "30"].reset_index(drop=True))


def _broken(name: str, **changes: Any) -> Inputs:
    inputs = full()
    table = getattr(inputs, name).copy()
    for column, value in changes.items():
        table[column] = table[column].astype(object).where(table.index != 0, value).astype(table[column].dtype)
    return replace(inputs, **{name: table})


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("cards", {"teryt": "33"}, "cards: kod spoza listy"),
        ("cards", {"as_of": pd.NaT}, "cards: brak daty"),
        ("cards", {"end": pd.Timestamp("2023-12-31")}, "koniec projektu przed początkiem"),
        ("cards", {"target_supported": -1.0}, "target_supported mniejsza od zera"),
        ("participants", {"action": 17}, "participants: wartość kolumny action"),
        ("participants", {"evidence": "certificate"}, "participants: wartość kolumny evidence"),
        ("participants", {"teryt": "02"}, "participants: województwo bez karty"),
        ("activities", {"activity": "a1"}, r"activities: powtórzony wiersz \(teryt, activity\)"),
        ("budget", {"quarter": "2025-5"}, "budget: kwartał"),
        ("budget", {"eu_grosz": -1}, "budget: kwota ujemna"),
        ("payments", {"line": "99"}, "payments: pozycja spoza budżetu"),
        ("payments", {"day": pd.NaT}, "payments: płatność bez daty"),
        ("foster_care", {"teryt": "33"}, "foster_care: kod spoza listy"),
    ],
)
def test_inputs_that_break_their_contract_are_refused(name: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        assess(_broken(name, **changes), parameters=QUICK)


def test_inputs_of_other_columns_or_types_are_refused() -> None:
    inputs = full()
    with pytest.raises(DataError, match="payments: inne kolumny"):
        assess(replace(inputs, payments=inputs.payments.drop(columns="line")), parameters=QUICK)
    as_text = inputs.participants.astype({"started": "str"})
    with pytest.raises(DataError, match="kolumna started nie zawiera dat"):
        assess(replace(inputs, participants=as_text), parameters=QUICK)
    with pytest.raises(DataError, match="całkowitej liczby groszy"):
        assess(replace(inputs, payments=inputs.payments.astype({"eu_grosz": "float64"})), parameters=QUICK)
    other = pd.concat([inputs.budget, inputs.budget.assign(quarter="2027-Q1", category="travel")], ignore_index=True)
    with pytest.raises(DataError, match="jedna pozycja z różnymi"):
        assess(replace(inputs, budget=other), parameters=QUICK)
