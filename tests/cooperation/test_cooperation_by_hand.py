"""A pilot of five entities and six cases: every published number beside the way it is worked out."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any

import pandas as pd
import pytest
from small_pilots import HAND, OPEN

from ropsanalysis.cooperation.assess import assess

TABLES = assess(HAND, parameters=OPEN)


def row(table: str, **where: str) -> dict[str, Any]:
    found = TABLES[table]
    for name, value in where.items():
        found = found[found[name] == value]
    assert len(found) == 1, f"{table}: {len(found)} rows with {where}"
    return dict(found.iloc[0])


def numbers(found: dict[str, Any], *names: str) -> list[float | None]:
    return [None if pd.isna(found[name]) else found[name] for name in names]


def test_a_pilot_lasts_to_the_last_day_of_its_data() -> None:
    # 365 days of 365.25 / 12 = 30.4375 days: 11.99; sectors: assistance, family, employment, education.
    found = row("pilots", pilot="04-a")
    assert numbers(found, "months", "entities", "sectors", "levels") == [12.0, 5, 4, 3]
    assert (found["started"], found["ended"]) == ("2024-01-01", "")


@pytest.mark.parametrize(
    ("measure", "before", "after"),
    [
        ("ties", 1, 4),
        ("density", 0.1, 0.4),  # of 5 * 4 / 2 = 10 possible ones
        ("centralisation", 0.25, 1),  # degrees 1 1 0 0 0: (0 + 0 + 1 + 1 + 1) / (4 * 3); a star has 1
        ("betweenness_centralisation", 0, 1),
        ("cross_sector", 1, 0.75),  # ops and rops are both of social assistance
        ("cross_level", 0, 0.667),  # ops and the school are both of the gmina; rops is of neither level
        ("reach", 0.1, 1),
    ],
)
def test_measures_before_and_after(measure: str, before: float, after: float) -> None:
    for pilot in ("04-a", ""):  # the mean over one pilot is that pilot
        found = row("network", pilot=pilot, measure=measure)
        assert numbers(found, "before", "after", "difference", "entities") == [
            before,
            after,
            round(after - before, 3),
            5,
        ]


def test_brokerage_without_a_path_before_is_not_compared() -> None:
    # After, the star has a path between each two of the four others, and all are of unlike sectors.
    for pilot in ("04-a", ""):
        found = row("network", pilot=pilot, measure="brokerage")
        told = numbers(found, "before", "after", "difference", "p", "paths_before", "paths_after")
        assert told == [None, 1, None, None, 0, 6]
        assert found["reason"] == "few_paths"


def test_the_animator_is_the_broker() -> None:
    # Four of four others, before one; all six pairs of them go through it; it reaches all four sectors.
    found = row("brokers", entity="ops")
    assert numbers(found, "degree_before", "degree", "betweenness", "sectors", "x", "y") == [0.25, 1, 1, 4, 0, 0]
    assert numbers(row("brokers", entity="pup"), "degree_before", "degree", "betweenness", "sectors") == [0, 0.25, 0, 1]


def test_ties_of_pairs_and_of_sectors() -> None:
    assert numbers(row("ties", source="ops", target="szkola"), "before", "after") == [1, 3]
    assert numbers(row("ties", source="ops", target="rops"), "before", "after") == [0, 2]
    # Social assistance has two entities, so two pairs with the school, one of them tied in either wave.
    found = row("sector_ties", first="social_assistance", second="education")
    assert numbers(found, "before", "after", "possible") == [1, 1, 2]
    assert TABLES["sector_ties"]["possible"].sum() == 10


@pytest.mark.parametrize(
    ("step", "cases", "of"),
    [
        ("signal", 6, 6), ("diagnosis", 5, 6), ("contract", 4, 6), ("undiagnosed", 0, 4), ("basket", 4, 6),
        ("ended", 4, 6), ("success", 2, 4), ("followup", 2, 2), ("kept", 1, 2),
    ],
)  # fmt: skip
def test_flow_of_the_cases(step: str, cases: int, of: int) -> None:
    assert numbers(row("case_flow", step=step), "cases", "of") == [cases, of]


def test_steps_count_as_they_were_recorded() -> None:
    # c1 lost its diagnosis and c3 its contract: both keep the other step and their services.
    found = replace(HAND, cases=HAND.cases.copy())
    found.cases.loc[found.cases["case"] == "c1", "diagnosis"] = pd.NaT
    found.cases.loc[found.cases["case"] == "c3", "contract"] = pd.NaT
    tables = assess(found, parameters=OPEN)
    flow = tables["case_flow"].set_index("step")
    assert flow.loc[["diagnosis", "contract", "undiagnosed", "basket"], ["cases", "of"]].to_numpy().tolist() == [
        [4, 6], [3, 6], [1, 3], [4, 6],
    ]  # fmt: skip
    baskets = tables["baskets"].set_index("sector")
    assert baskets.loc["social_assistance", ["cases", "planned"]].tolist() == [3, 40]
    shares = tables["fidelity"].set_index("element")["share"]
    assert shares[["diagnosis", "contract", "basket"]].tolist() == [0.667, 0.5, 0.667]


def test_days_from_signal_to_diagnosis() -> None:
    # 10 20 30 40 50 days and one case open: 5/6 4/6 3/6 2/6 1/6 are left. At a half the curve is level from 30 to 40,
    # whose middle is 35; below 3/4 from 20 on, below 1/4 from 50 on.
    found = row("durations", step="diagnosis")
    assert numbers(found, "lower", "median", "upper", "cases", "events") == [20, 35, 50, 6, 5]


def test_a_case_broken_off_is_watched_until_its_end() -> None:
    # Days from diagnosis to contract 20 30 40 60; c4 is watched for 60 days (10 February to 10 April 2024). Left are
    # 4/5 3/5 2/5, then at 60 one of the two at risk ends: 1/5. Below a half from 40 on.
    assert numbers(row("durations", step="contract"), "median", "cases", "events") == [40, 5, 4]


def test_days_of_the_support() -> None:
    # 180 200 220 days, and c5 open for 255 (20 April to 31 December): 3/4 2/4 1/4 left; level at a half 200 to 220.
    assert numbers(row("durations", step="ended"), "median", "cases", "events") == [210, 4, 3]


def test_days_from_signal_to_contract() -> None:
    # 30 50 70 110, c4 watched for 100, c6 for 365: 5/6 4/6 3/6, then 1 of 2 at risk: 1/4. Level at a half 70 to 110.
    assert numbers(row("durations", step="signal_contract"), "median", "cases", "events") == [90, 6, 4]


def test_success_counts_ended_cases_only() -> None:
    # 2 of 4: Wilson with z = 1.96: (0.5 + z²/8 ± z sqrt(1/16 + z²/64)) / (1 + z²/4) = 0.15, 0.85.
    found = row("success", pilots="")
    assert numbers(found, "success", "ended", "rate", "rate_low", "rate_high") == [2, 4, 0.5, 0.15, 0.85]
    assert row("success", pilots="04-a")["zone"] == "inside"


def test_fidelity_to_the_minimum_content() -> None:
    shares = {"diagnosis": 0.833, "contract": 0.667, "basket": 0.667, "monitoring": 0.5, "aftercare": 1.0}
    for element, share in shares.items():  # 5, 4, 4, 3 of 6 cases; 2 of 2 successful ones
        found = row("fidelity", element=element)
        assert numbers(found, "share") == [share], element
        assert found["kept"], element
        assert found["known"], element
    for element in ("animator", "inspirer", "two_levels"):
        assert row("fidelity", element=element)["kept"]


def test_baskets_of_ended_cases() -> None:
    # 28 of 40 units. Residuals d - 0.7 p: 1, 3, -4; their squares 26; se = sqrt(3/2 * 26) / 40 = 0.1561; t(2) = 4.3027.
    found = row("baskets", sector="social_assistance")
    assert numbers(found, "cases", "planned", "delivered", "share") == [3, 40, 28, 0.7]
    assert found["share_low"] == pytest.approx(0.7 - 4.30265 * sqrt(39) / 40, abs=0.0005)
    assert found["share_high"] == 1
    assert row("baskets", sector="health")["reason"] == "no_data"  # the only case with it goes on


def test_goal_attainment() -> None:
    # c1: two goals of weight 1, sqrt(0.7 * 2 + 0.3 * 4) = sqrt(2.6); one goal alone has a divisor of its own weight.
    entry, last = (50 - 20 / sqrt(2.6), 30, 40), (50 + 10 / sqrt(2.6), 50, 40)
    found = row("goals", pilots="")
    assert numbers(found, "cases", "goals", "cases_from", "attained") == [3, 4, None, 0.75]
    assert found["unscored"] == 0.25  # c4 ended without goals
    assert numbers(found, "entry", "exit") == [round(sum(entry) / 3, 1), round(sum(last) / 3, 1)]
    changes = [one - other for one, other in zip(last, entry, strict=True)]  # 18.61, 20, 0
    mean = sum(changes) / 3
    se = sqrt(sum((change - mean) ** 2 for change in changes) / 2 / 3)
    assert found["change"] == round(mean, 1)
    assert found["change_low"] == pytest.approx(mean - 4.30265 * se, abs=0.05)
    assert found["change_high"] == pytest.approx(mean + 4.30265 * se, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "workers", "meetings", "hours"), [("", 2, 3, 7.5), ("individual", 1, 1, 1.5), ("group", 2, 2, 6)]
)
def test_coaching(kind: str, workers: int, meetings: int, hours: float) -> None:
    assert numbers(row("coaching", kind=kind), "workers", "meetings", "hours") == [workers, meetings, hours]


def test_advice_waits_for_more_cases() -> None:
    # 28 + 4 of 44 units delivered are 73 %, fewer than 80 %; nothing changed beyond chance in a network of five.
    found = row("advice", pilots="04-a")
    assert (found["verdict"], found["causes"]) == ("watch", "few_ended+basket_short+no_network_change")
    assert numbers(found, "ended", "rate") == [4, 0.5]
