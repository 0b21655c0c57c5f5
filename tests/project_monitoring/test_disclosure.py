"""An outsider with all published tables tries to tell how many persons have a trait; small numbers must stay unknown.

The attack is exhaustive: the least and the greatest number that agree with everything published are found by integer
programming. A number is told if both are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from monitoring_inputs import make_inputs, units
from scipy.optimize import Bounds, LinearConstraint, milp

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.counting import count_persons
from ropsanalysis.project_monitoring.joining import joined_with_spare
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.reasons import person_reasons

USUAL = MonitoringParameters(draws=50)
FEW = USUAL.min_count
GMINAS = sorted(code for code in units()["teryt"] if code.startswith("16") and len(code) == 6)


class Attack:
    """Unknown whole numbers and what is published of them, as sums."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.rows: list[tuple[dict[str, int], float, float]] = []

    def know(self, low: float, high: float, **weights: int) -> None:
        """Add that a sum of unknown numbers lies between two ends."""
        for name in weights:
            self.names.setdefault(name, len(self.names))
        self.rows.append((weights, low, high))

    def range_of(self, **weights: int) -> tuple[float, float]:
        """Return the least and the greatest value of a sum that agree with what is known."""
        cost = np.zeros(len(self.names))
        for name, weight in weights.items():
            cost[self.names[name]] = weight
        matrix = np.zeros((len(self.rows), len(self.names)))
        for place, (row, _, _) in enumerate(self.rows):
            for name, weight in row.items():
                matrix[place, self.names[name]] = weight
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        ends = []
        for sign in (1, -1):
            found = milp(sign * cost, constraints=limits, integrality=np.ones(len(cost)), bounds=Bounds(0, 5_000))
            assert found.success, found.message
            ends.append(sign * round(found.fun))
        return float(ends[0]), float(ends[1])


def sums(names: list[str], weight: int = 1) -> dict[str, int]:
    return dict.fromkeys(names, weight)


def attack(found: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, dict[str, int], Attack]]:
    """Yield every number on persons that must not be told if small, with what is known."""
    known = Attack()
    indicators = found["indicators"].set_index("indicator")["value"]
    supported, qualified = int(indicators["supported"]), int(indicators["qualified"])
    secrets: dict[str, dict[str, int]] = {}
    for dimension, parts in found["parts"].groupby("dimension"):
        for row in parts.to_dict("records"):
            names = [f"{dimension}:{key}" for key in row["keys"].split("+")]
            for name in names:
                # A key that is named has somebody; the qualified are among the supported.
                known.know(1, np.inf, **{f"s {name}": 1})
                known.know(0, np.inf, **{f"s {name}": 1, f"q {name}": -1})
                secrets |= {f"s {name}": {f"s {name}": 1}, f"q {name}": {f"q {name}": 1},
                            f"not q {name}": {f"s {name}": 1, f"q {name}": -1}}  # fmt: skip
            known.know(row["supported"], row["supported"], **sums([f"s {name}" for name in names]))
            if not pd.isna(row["qualified"]):
                known.know(row["qualified"], row["qualified"], **sums([f"q {name}" for name in names]))
        every = [name.removeprefix("s ") for name in known.names if name.startswith(f"s {dimension}:")]
        known.know(supported, supported, **sums([f"s {name}" for name in every]))
        known.know(qualified, qualified, **sums([f"q {name}" for name in every]))
    for row in found["action_states"].to_dict("records"):
        name = f"s action:{row['action']}"
        if not pd.isna(row["persons"]) and row["persons"] and name in known.names:
            later, never = f"later {row['action']}", f"never {row['action']}"
            known.know(row["persons"], row["persons"], **{name: 1, later: 1})
            known.know(supported - row["persons"], supported - row["persons"], **{never: 1})
            secrets |= {later: {later: 1}, never: {never: 1}}
    for row in found["reasons"].to_dict("records"):
        if row["indicator"] == "plans" or pd.isna(row["number"]):
            continue
        names = [f"{row['indicator']}:{rule}" for rule in row["rules"].split("+")]
        for name in names:
            known.know(1, np.inf, **{name: 1})
            secrets[name] = {name: 1}
        known.know(row["number"], row["number"], **sums(names))
        if not pd.isna(row["of"]):
            known.know(row["of"] - supported, row["of"] - supported, outside=1)
            secrets["outside"] = {"outside": 1}
    for name, weights in secrets.items():
        yield name, weights, known


def told(found: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the numbers from 1 to 4 that an outsider can tell."""
    leaks = []
    for name, weights, known in attack(found):
        low, high = known.range_of(**weights)
        if low == high and 0 < low < FEW:
            leaks.append(name)
    return leaks


def project(seed: int, number: int) -> list[dict[str, Any]]:
    """Draw a small project: few persons, unevenly spread, some of them in none of the indicators."""
    rng = np.random.default_rng(seed)
    spread = rng.dirichlet([0.5] * 7)
    rows = []
    for person in range(number):
        unit = str(GMINAS[int(len(GMINAS) * rng.random() ** 2)])
        institution = str(rng.choice(["ops", "pcpr", "ngo", "dps", "cis", "kis", ""], p=spread))
        actions = rng.choice([3, 4, 5, 6, 7, 10, 16], p=np.sort(spread), size=1 + int(rng.random() < 0.3))
        evidence = str(rng.choice(["", "state_diploma", "attendance", "internal_exam"], p=[0.15, 0.7, 0.1, 0.05]))
        late = rng.random() < 0.05
        for place, action in enumerate(actions):
            rows.append({
                "person": f"p{person}", "unit": unit, "institution": institution, "action": int(action),
                "started": f"2025-0{1 + place}-0{rng.integers(1, 9)}", "complete": bool(rng.random() > 0.03),
                "left": "2025-05-01" if late else None,
                "evidence": evidence, "evidence_day": "2025-06-30" if evidence else None,
            })  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_no_small_number_of_persons_can_be_worked_out(seed: int) -> None:
    number = (14, 25, 40, 70, 120, 240)[seed % 6]
    found = assess(make_inputs(participants=project(seed, number)), parameters=USUAL)
    assert told(found) == []


def test_the_attack_tells_what_careless_tables_would_give_away() -> None:
    rows = project(3, 120)
    found = assess(make_inputs(participants=rows), parameters=USUAL)
    counted = count_persons(make_inputs(participants=rows).participants, make_inputs().cards, parameters=USUAL)
    persons = counted.persons[counted.persons["supported_rule"] == ""]
    raw = persons.groupby("institution")["qualified_rule"].agg(
        supported="size", qualified=lambda x: int((x == "").sum())
    )
    careless = raw.reset_index(names="keys").assign(teryt="16", dimension="institution")
    leaks = told({**found, "parts": careless})
    small = raw[raw["supported"] < FEW]
    assert len(small)
    assert {f"s institution:{key}" for key in small.index} <= set(leaks)
    numbers = counted.supports_of("16").groupby("action")["person"].nunique()
    states = found["action_states"].assign(persons=found["action_states"]["action"].map(numbers).astype("Int64"))
    assert any(name.startswith(("later", "never", "s action")) for name in told({**found, "action_states": states}))


@pytest.mark.parametrize("seed", range(12))
def test_of_no_unit_that_support_came_to_it_can_be_told_that_few_work_there(seed: int) -> None:
    found = assess(make_inputs(participants=project(seed, 60 + 20 * seed)), parameters=USUAL)
    reached = found["units"].query("reached").groupby("subregion").size()
    for row in found["parts"].query("dimension == 'subregion'").to_dict("records"):
        places = sum(int(reached.get(key, 0)) for key in row["keys"].split("+"))
        assert row["supported"] - (places - 1) >= FEW


@pytest.mark.parametrize("seed", range(12))
def test_every_part_keeps_the_rules_and_the_parts_add_up(seed: int) -> None:
    found = assess(make_inputs(participants=project(seed, 60 + 20 * seed)), parameters=USUAL)
    value = found["indicators"].set_index("indicator")["value"]
    for _, parts in found["parts"].groupby("dimension"):
        assert parts["supported"].sum() == value["supported"]
        assert (parts["supported"] >= USUAL.min_persons).all()
        if parts["qualified"].notna().any():
            assert parts["qualified"].sum() == value["qualified"]
            for column in (parts["qualified"], parts["supported"] - parts["qualified"]):
                assert ((column == 0) | (column >= FEW)).all()


def test_where_few_are_not_qualified_parts_are_of_the_supported_alone() -> None:
    rows = [
        {"person": f"p{n}", "institution": "ops" if n < 30 else "ngo", "unit": "160101",
         **({"evidence": "state_diploma", "evidence_day": "2025-06-01"} if n > 1 else {})}
        for n in range(60)
    ]  # fmt: skip
    parts = assess(make_inputs(participants=rows), parameters=USUAL)["parts"].query("dimension == 'institution'")
    assert parts[["keys", "supported"]].to_numpy().tolist() == [["ngo", 30], ["ops", 30]]
    assert parts["qualified"].isna().all()


def test_of_too_few_persons_there_are_no_parts() -> None:
    rows = [{"person": f"p{n}"} for n in range(9)]
    found = assess(make_inputs(participants=rows), parameters=USUAL)
    assert found["parts"].empty
    assert found["indicators"].set_index("indicator").loc["supported", "value"] == 9


def persons(**rules: int) -> pd.DataFrame:
    """Persons by "supported rule__qualified rule" ("ok": none)."""
    pairs = [name.split("__") for name, number in rules.items() for _ in range(number)]
    cells = [["" if rule == "ok" else rule for rule in pair] for pair in pairs]
    return pd.DataFrame(cells, columns=["supported_rule", "qualified_rule"])


def test_reasons_of_few_are_joined_with_persons_to_spare() -> None:
    given = persons(ok__ok=50, ok__no_evidence=20, ok__too_late=4, ok__attendance_only=3, incomplete__not_supported=6)
    assert list(person_reasons(given, fewest=5)) == [
        {"indicator": "supported", "rules": "incomplete", "number": 6, "of": 83},
        {"indicator": "qualified", "rules": "not_supported", "number": 6, "of": 83},
        {"indicator": "qualified", "rules": "no_evidence", "number": 20, "of": 83},
        {"indicator": "qualified", "rules": "attendance_only+too_late", "number": 7, "of": 83},
    ]


def test_if_all_not_counted_are_few_neither_their_number_nor_that_of_all_is_told() -> None:
    given = persons(ok__ok=50, ok__no_evidence=2, ok__too_late=1, incomplete__not_supported=3)
    every = "no_evidence+attendance_only+evidence_not_accepted+evidence_before_start+too_late+evidence_after_day"
    assert list(person_reasons(given, fewest=5)) == [
        {"indicator": "supported", "number": None, "of": None,
         "rules": "not_started+after_day+incomplete+no_institution+form_not_counted"},
        {"indicator": "qualified", "rules": "not_supported", "number": None, "of": None},
        {"indicator": "qualified", "rules": every, "number": None, "of": None},
    ]  # fmt: skip


def test_ten_keys_of_ten_persons_are_no_part() -> None:
    counts = {f"k{n}": [1] for n in range(10)}
    assert joined_with_spare(counts, fewest=10, fewest_inside=5) == []
    assert joined_with_spare(counts | {"large": [14]}, fewest=10, fewest_inside=5) == [(*sorted(counts), "large")]
