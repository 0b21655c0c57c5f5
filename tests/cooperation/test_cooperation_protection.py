"""Nothing published of cases tells of some few: an attacker who puts all tables together, and rules by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_pilots import USUAL, drawn_cases, inputs, pilot, with_outcomes

from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.protection import least_cases, open_steps
from ropsanalysis.cooperation.schema import Inputs

#: A trait of cases -> traits that every case with it has, as anybody knows who knows the model.
IMPLIED: Mapping[str, tuple[str, ...]] = {
    "success": ("ended",),
    "followup": ("ended", "success"),
    "kept": ("ended", "success", "followup"),
    "goals": ("ended",),
    **dict.fromkeys(("health", "education"), ("ended", "basket")),
}
#: The same where the office is known to make no contract without a diagnosis, and no basket without a contract.
IN_ORDER: Mapping[str, tuple[str, ...]] = IMPLIED | {
    "contract": ("diagnosis",),
    "basket": ("diagnosis", "contract"),
    "goals": ("ended", "diagnosis", "contract"),
    **dict.fromkeys(("health", "education"), ("ended", "diagnosis", "contract", "basket")),
}
ELEMENTS = {"diagnosis": "diagnosis", "contract": "contract", "basket": "basket", "monitoring": "monitored"}
Traits = frozenset[str]
Known = dict[tuple[frozenset[str], Traits], int]


def drawn(seed: int, *, in_order: bool = True) -> Inputs:
    """Return a voivodeship of two to five pilots of any size, with baskets and goals that a few cases lack.

    Unless in order, some contracts of some pilots have no diagnosis.
    """
    rng = np.random.default_rng(seed)
    keys = [f"04-{place}" for place in range(int(rng.integers(2, 6)))]
    cases = [case for key in keys for case in drawn_cases(rng, key, int(rng.integers(2, 36)))]
    if not in_order:
        skipping = {key: float(rng.choice([0.0, 0.3])) for key in keys}
        cases = [case | {"diagnosis": ""} if rng.random() < skipping[case["pilot"]] else case for case in cases]
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


def published(data: Inputs, *, in_order: bool = True) -> Known:
    """Return every number of cases that the tables tell; of shares an attacker knows what they are of."""

    def traits(*names: str) -> Traits:
        implied = IN_ORDER if in_order else IMPLIED
        return frozenset(names) | {one for name in names for one in implied.get(name, ())}

    tables = assess(data, parameters=USUAL)
    everybody = frozenset(data.pilots["pilot"])
    known: Known = {}
    flow = {row["step"]: row["cases"] for row in _told(tables["case_flow"], "cases")}
    for step, count in flow.items():
        if step != "undiagnosed":
            known[everybody, traits() if step == "signal" else traits(step)] = count
    if {"undiagnosed", "contract"} <= flow.keys():
        known[everybody, traits("contract", "diagnosis")] = flow["contract"] - flow["undiagnosed"]
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
        if row["step"] == "contract" and not pd.isna(row["events"]):
            known[everybody, traits("diagnosis", "contract")] = row["events"]
    for row in _told(tables["baskets"], "cases"):
        known[everybody, traits(row["sector"])] = row["cases"]
    for row in _told(tables["goals"], "cases"):
        known[frozenset(row["pilots"].split("+")) if row["pilots"] else everybody, traits("goals")] = row["cases"]
    pilot = _localised(tables["fidelity"], data)
    contracts = combined(known).get((frozenset([pilot]), traits("contract")))
    if contracts is not None and "undiagnosed" in flow:
        known[frozenset([pilot]), traits("contract", "diagnosis")] = contracts - flow["undiagnosed"]
    return known


def _localised(table: pd.DataFrame, data: Inputs) -> str:
    """Return the only pilot of which, by the shares told, cases may lack a diagnosis; "" if there are several."""
    shares = table[(table["element"] == "diagnosis") & table["share"].notna()].set_index("pilot")["share"]
    rest = [pilot for pilot in data.cases["pilot"].unique() if shares.get(pilot) != 1]
    return rest[0] if len(rest) == 1 else ""


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
    for (one, has), (other, too) in combinations(known, 2):
        both, whole = (one, has | too), (one, frozenset[str]())
        if one == other and not has <= too and not too <= has and {both, whole} <= known.keys():
            neither = known[whole] - known[one, has] - known[other, too] + known[both]
            if _few(neither):
                found.append(f"{sorted(one)} neither {sorted(has)} nor {sorted(too)}: {neither}")
    wholes = {part: count for (part, has), count in known.items() if not has}
    return found + [f"{sorted(part)}: {count} cases" for part, count in wholes.items() if 0 < count < USUAL.min_cases]


def _few(count: int) -> bool:
    return 0 < count < USUAL.min_count


@cache
def told(seed: int, *, in_order: bool) -> Known:
    """Return what the tables of a drawn voivodeship tell, assessed once for all tests; not to be changed."""
    return published(drawn(seed, in_order=in_order), in_order=in_order)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("in_order", [True, False])
def test_no_attacker_finds_some_few_cases(seed: int, in_order: bool) -> None:
    assert weak_spots(combined(told(seed, in_order=in_order))) == []


def test_the_attacker_would_find_what_is_not_protected() -> None:
    def traits(*names: str) -> Traits:
        return frozenset(names) | {implied for name in names for implied in IMPLIED.get(name, ())}

    part, both = frozenset("a"), frozenset("ab")
    known = {(both, traits("ended")): 40, (part, traits("ended")): 30, (both, traits("success")): 25}
    assert weak_spots(combined(known)) == []
    found = weak_spots(combined(known | {(part, traits("success")): 17}))  # 10 of b ended, 8 of them well
    assert found == ["['b'] ['ended'] against ['ended', 'success']: 2"]


def test_the_tables_under_attack_are_not_empty() -> None:
    sizes = [len(told(seed, in_order=True)) for seed in range(20)]
    assert min(sizes) >= 1
    assert np.mean(sizes) > 12
    names = {name for seed in range(40) for _, has in told(seed, in_order=True) for name in has}
    assert {"followup", "monitored", "health", "goals", "kept"} <= names


def test_contracts_without_a_diagnosis_are_not_told_of_the_one_pilot_that_has_them() -> None:
    def tables(diagnosed_only: int) -> Inputs:
        # Cases with both, with the diagnosis only, with the contract only, with neither.
        groups = {"04-a": (25, 5, 0, 0), "04-b": (10, diagnosed_only, 5, 3)}
        kinds = (("2024-02-01", "2024-03-01"), ("2024-02-01", ""), ("", "2024-03-01"), ("", ""))
        cases = []
        for key, sizes in groups.items():
            own = with_outcomes(key, success=0, ended=0, ongoing=sum(sizes))
            days = [kind for kind, size in zip(kinds, sizes, strict=True) for _ in range(size)]
            cases += [
                case | {"diagnosis": one, "contract": other} for case, (one, other) in zip(own, days, strict=True)
            ]
        return inputs(pilots=[pilot("04-a"), pilot("04-b")], cases=cases)

    for diagnosed_only, told in ((4, 4), (2, 2)):
        data = tables(diagnosed_only)
        found = assess(data, parameters=USUAL)
        flow = found["case_flow"].set_index("step")["cases"]
        assert flow["undiagnosed"] == 5  # all of 04-b, since all of 04-a are diagnosed
        assert weak_spots(combined(published(data, in_order=False))) == []
        shares = found["fidelity"][found["fidelity"]["element"].isin(["diagnosis", "contract"])]["share"]
        assert shares.notna().sum() == told  # of two cases of 04-b with the diagnosis only, one share is hidden


def _candidates(shown: int, whole: int) -> list[int]:
    """Return the numbers of cases that would be shown as this one."""
    return [n for n in range(10, whole + 1) if least_cases([n], [[whole]], parameters=USUAL) == [shown]]


@pytest.mark.parametrize("seed", range(40))
def test_numbers_rounded_down_leave_no_part_with_some_few_missing_cases(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ended = [int(n) for n in rng.integers(13, 60, int(rng.integers(2, 4)))]
    scored = [n - int(min(rng.choice([0, 1, 2, 5, 12]), n - 10)) for n in ended]
    exact = sum(ended) - sum(scored) not in (1, 2)
    least = least_cases([sum(scored), *scored], [[sum(ended)], *([n] for n in ended)], exact=exact, parameters=USUAL)
    assert all(shown <= n for shown, n in zip(least, [sum(scored), *scored], strict=True))
    # Parts that all show 10 may have any number: they were set back together.
    back = set(least[1:]) == {10}
    parts = [range(10, n + 1) if back else _candidates(shown, n) for shown, n in zip(least[1:], ended, strict=True)]
    totals = {sum(scored)} if exact else set(_candidates(least[0], sum(ended)))
    possible = [found for found in product(*parts) if sum(found) in totals]
    assert tuple(scored) in possible
    for place, whole in enumerate(ended):
        missing = {whole - found[place] for found in possible}
        assert not missing <= {1, 2}
    assert not {sum(ended) - total for total in totals} <= {1, 2}


def test_goals_tell_of_how_many_cases_at_least() -> None:
    # 40 ended, 38 have three goals each: not told exactly, since two have none; 38 and 40 give 30 and 90.
    cases = with_outcomes("04-a", success=30, ended=40)
    goals = [
        {"pilot": "04-a", "case": case["case"], "goal": str(k), "weight": 1.0, "entry": -1.0, "exit": float(k - 1)}
        for case in cases[:38]
        for k in range(3)
    ]
    found = assess(inputs(cases=cases, goals=goals), parameters=USUAL)["goals"].iloc[0]
    assert found[["cases", "goals"]].isna().all()
    assert found[["cases_from", "goals_from", "unscored"]].tolist() == [30, 90, 0.25]
    # 35 of 40: exact, five have none.
    found = assess(inputs(cases=cases, goals=goals[: 35 * 3]), parameters=USUAL)["goals"].iloc[0]
    assert found[["cases", "goals", "unscored"]].tolist() == [35, 105, 0.125]
    assert found[["cases_from", "goals_from"]].isna().all()
    # Two cases of one of two pilots have no goals, five of the other: the whole is exact, the parts are not.
    two = [*cases, *with_outcomes("04-b", success=30, ended=40)]
    other = [goal | {"pilot": "04-b", "case": goal["case"].replace("04-a", "04-b")} for goal in goals[: 35 * 3]]
    data = inputs(pilots=[pilot("04-a"), pilot("04-b")], cases=two, goals=[*goals, *other])
    table = assess(data, parameters=USUAL)["goals"].set_index("pilots")
    assert table.loc["", ["cases", "goals", "unscored"]].tolist() == [73, 219, 0.088]  # 7 of 80
    assert table["cases"].isna().tolist() == [False, True, True]
    assert table["cases_from"].tolist()[1:] == [30, 30]


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


def test_groups_of_two_recorded_steps_are_not_told_where_they_are_few() -> None:
    counts = {
        "signal": 50, "diagnosis": 40, "contract": 38, "basket": 38,
        "ended": 40, "success": 30, "followup": 0, "kept": 0,
    }  # fmt: skip
    pairs = {frozenset(pair): 36 for pair in (("diagnosis", "contract"), ("diagnosis", "basket"))}
    pairs[frozenset({"contract", "basket"})] = 38
    # 36 have both, 4 only the diagnosis, 2 only the contract: not told beside the contracts.
    assert "diagnosis" not in open_steps(counts, pairs, parameters=USUAL)
    pairs |= {pair: 30 for pair in pairs if "diagnosis" in pair}  # 30, 10, 8, and 2 with neither
    assert "diagnosis" not in open_steps(counts, pairs, parameters=USUAL)
    pairs |= {pair: 33 for pair in pairs if "diagnosis" in pair}  # 33, 7, 5, 5
    assert {"diagnosis", "undiagnosed"} <= open_steps(counts, pairs, parameters=USUAL)


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
