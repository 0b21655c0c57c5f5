"""Nothing published of cases tells of some few: an attacker who puts all tables together, and rules by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_pilots import USUAL, drawn_cases, inputs, pilot, with_outcomes

from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.protection import open_steps
from ropsanalysis.cooperation.schema import Inputs

#: A trait of cases -> traits that every case with it has, as anybody knows who knows the model.
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "contract": ("diagnosis",),
    "basket": ("diagnosis", "contract"),
    "success": ("ended",),
    "followup": ("ended", "success"),
    "kept": ("ended", "success", "followup"),
    "goals": ("ended", "diagnosis", "contract"),
    **dict.fromkeys(("health", "education"), ("ended", "diagnosis", "contract", "basket")),
}
ELEMENTS = {"diagnosis": "diagnosis", "contract": "contract", "basket": "basket", "monitoring": "monitored"}
Traits = frozenset[str]
Known = dict[tuple[frozenset[str], Traits], int]


def traits(*names: str) -> Traits:
    return frozenset(names) | {implied for name in names for implied in IMPLIED.get(name, ())}


def drawn(seed: int) -> Inputs:
    """Return a voivodeship of two to five pilots of any size, with baskets and goals that a few cases lack."""
    rng = np.random.default_rng(seed)
    keys = [f"04-{place}" for place in range(int(rng.integers(2, 6)))]
    cases = [case for key in keys for case in drawn_cases(rng, key, int(rng.integers(2, 36)))]
    at_work = [case for case in cases if case["contract"]]
    baskets = [
        {
            "pilot": case["pilot"],
            "case": case["case"],
            "sector": sector,
            "service": "s",
            "planned": 9.0,
            "delivered": 4.0,
        }
        for case in at_work
        for sector, share in (("health", 0.95), ("education", 0.4))
        if rng.random() < share
    ]
    goals = [
        {"pilot": case["pilot"], "case": case["case"], "goal": "g", "weight": 1.0, "entry": -1.0, "exit": level}
        for case in at_work
        if case["ended"] and rng.random() < 0.95
        for level in [float(rng.integers(-2, 3))]
    ]
    return inputs(pilots=[pilot(key) for key in keys], cases=cases, baskets=baskets, goals=goals)


def published(data: Inputs) -> Known:
    """Return every number of cases that the tables tell; of shares an attacker knows what they are of."""
    tables = assess(data, parameters=USUAL)
    everybody = frozenset(data.pilots["pilot"])
    known: Known = {}
    for row in _told(tables["case_flow"], "cases"):
        known[everybody, traits() if row["step"] == "signal" else traits(row["step"])] = row["cases"]
    for row in _told(tables["success"], "ended"):
        part = frozenset(row["pilots"].split("+")) if row["pilots"] else everybody
        known[part, traits("ended")], known[part, traits("success")] = row["ended"], row["success"]
    for row in _told(tables["fidelity"], "share"):
        own = data.cases[data.cases["pilot"] == row["pilot"]]
        part, base = frozenset([row["pilot"]]), own
        if row["element"] == "aftercare":
            base = own[own["outcome"] == "success"]
            known[part, traits("success")] = len(base)
        else:
            known[part, traits()] = len(own)
        name = "followup" if row["element"] == "aftercare" else ELEMENTS.get(row["element"], "")
        if name:
            known[part, traits(name)] = round(row["share"] * len(base))
    for row in _told(tables["durations"], "cases"):
        if row["step"] == "ended" and not pd.isna(row["events"]):
            known[everybody, traits("ended", "contract")] = row["events"]
    for row in _told(tables["baskets"], "cases"):
        known[everybody, traits(row["sector"])] = row["cases"]
    for row in _told(tables["goals"], "cases"):
        known[frozenset(row["pilots"].split("+")) if row["pilots"] else everybody, traits("goals")] = row["cases"]
    return known


def _told(table: pd.DataFrame, column: str) -> Iterator[dict[str, Any]]:
    yield from table[table[column].notna()].to_dict("records")


def combined(known: Known) -> Known:
    """Return what follows by taking parts from wholes and putting parts together, until nothing new does."""
    found = dict(known)
    while True:
        new: Known = {}
        for (one, has), (other, too) in combinations(found, 2):
            if has != too or one == other:
                continue
            if one & other == frozenset():
                new[one | other, has] = found[one, has] + found[other, has]
            elif one < other or other < one:
                new[one ^ other, has] = abs(found[one, has] - found[other, has])
        if new.keys() <= found.keys():
            return found
        found |= new


def weak_spots(known: Known) -> list[str]:
    """Return the sets of cases, told or worked out, that are some few."""
    found = [f"{sorted(part)} {sorted(has)}: {count}" for (part, has), count in known.items() if _few(count)]
    for (one, has), (other, too) in combinations(known, 2):
        if one == other and (has < too or too < has):
            difference = abs(known[one, has] - known[other, too])
            if _few(difference):
                found.append(f"{sorted(one)} {sorted(has)} against {sorted(too)}: {difference}")
    wholes = {part: count for (part, has), count in known.items() if has == traits()}
    return found + [f"{sorted(part)}: {count} cases" for part, count in wholes.items() if 0 < count < USUAL.min_cases]


def _few(count: int) -> bool:
    return 0 < count < USUAL.min_count


@pytest.mark.parametrize("seed", range(60))
def test_no_attacker_finds_some_few_cases(seed: int) -> None:
    assert weak_spots(combined(published(drawn(seed)))) == []


def test_the_attacker_would_find_what_is_not_protected() -> None:
    part, both = frozenset("a"), frozenset("ab")
    known = {(both, traits("ended")): 40, (part, traits("ended")): 30, (both, traits("success")): 25}
    assert weak_spots(combined(known)) == []
    found = weak_spots(combined(known | {(part, traits("success")): 17}))  # 10 of b ended, 8 of them well
    assert found == ["['b'] ['ended'] against ['ended', 'success']: 2"]


def test_the_tables_under_attack_are_not_empty() -> None:
    sizes = [len(published(drawn(seed))) for seed in range(20)]
    assert min(sizes) >= 1
    assert np.mean(sizes) > 12
    names = {name for seed in range(40) for _, has in published(drawn(seed)) for name in has}
    assert {"followup", "monitored", "health", "goals", "kept"} <= names


def test_steps_that_tell_of_few_are_hidden_in_the_order_of_their_use() -> None:
    counts = {
        "signal": 50, "diagnosis": 49, "contract": 46, "basket": 46,
        "ended": 40, "success": 30, "followup": 20, "kept": 2,
    }  # fmt: skip
    # 49 of 50 tell of one case without a diagnosis, 2 kept tell of two; 46 is 4 off the 50 and the same as the baskets.
    assert open_steps(counts, parameters=USUAL) == {"signal", "contract", "basket", "ended", "success", "followup"}
    # That 38 of 40 ended well is not told; that 40 ended is. Of whom nothing was checked that stays 0.
    few = counts | {"success": 38, "followup": 0, "kept": 0}
    assert "success" not in open_steps(few, parameters=USUAL)
    assert open_steps(counts | dict.fromkeys(counts, 9), parameters=USUAL) == frozenset()


def test_a_voivodeship_of_nine_cases_tells_nothing_of_them() -> None:
    cases = with_outcomes("04-a", success=9, ended=9)
    tables = assess(inputs(cases=cases), parameters=USUAL)
    assert set(tables["case_flow"]["reason"]) == set(tables["durations"]["reason"]) == {"few"}
    numbers = [name for name in tables["case_flow"] if name in ("cases", "of")]
    assert tables["case_flow"][numbers].isna().all(axis=None)
    shares = tables["fidelity"][tables["fidelity"]["basis"] == "cases"]
    assert not shares["known"].any()
    assert tables["advice"][["verdict", "ended"]].to_numpy(na_value=None).tolist() == [["watch", None]]


def test_coached_workers_are_protected_like_cases() -> None:
    def tables(individual: int, group: int, both: int) -> pd.DataFrame:
        kinds = {"individual": range(individual + both), "group": range(individual, individual + both + group)}
        rows = [
            {"pilot": "04-a", "worker": f"w{number}", "kind": kind, "day": "2024-05-01", "hours": 1.0}
            for kind, numbers in kinds.items()
            for number in numbers
        ]
        return assess(inputs(coaching=rows), parameters=USUAL)["coaching"].set_index("kind")

    assert tables(0, 0, 9)["reason"].tolist() == ["few", "few", "few"]
    assert tables(0, 0, 10)["workers"].tolist() == [10, 10, 10]
    assert tables(1, 0, 12)["reason"].tolist() == ["", "few", "few"]  # one of 13 had no group
    assert tables(3, 4, 12)["workers"].tolist() == [19, 15, 16]
    assert tables(12, 8, 0)["reason"].tolist() == ["", "few", "few"]  # eight in groups


def test_the_missing_unit_of_one_case_is_not_told() -> None:
    cases = with_outcomes("04-a", success=9, ended=14)
    services = [
        {"pilot": "04-a", "case": case["case"], "sector": "health", "service": "s", "planned": 2.0, "delivered": 2.0}
        for case in cases
    ]
    full = assess(inputs(cases=cases, baskets=services), parameters=USUAL)["baskets"].set_index("sector").loc["health"]
    assert (full["cases"], full["delivered"], full["share"]) == (14, 28, 1)
    services[0]["delivered"] = 1.0
    less = assess(inputs(cases=cases, baskets=services), parameters=USUAL)["baskets"].set_index("sector").loc["health"]
    assert (less["planned"], less["reason"]) == (28, "few")
    assert less[["delivered", "share"]].isna().all()
