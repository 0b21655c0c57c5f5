"""Rates of success: joined pilots, the funnel, the published pilot, advice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from scipy.stats import fisher_exact
from small_pilots import BASKETS, OPEN, PARTNERS, TIES, USUAL, inputs, pilot, with_outcomes
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.cases import voivodeships
from ropsanalysis.cooperation.success import PUBLISHED_SOURCE, comparison, success
from ropsanalysis.io.published_cooperation import rural_pilot
from ropsanalysis.stats.funnel import control_limits


def cases_of(**pilots: tuple[int, int]) -> list[dict[str, Any]]:
    """Return cases of pilots 04-<key>, each given by its successful and its ended cases."""
    return [
        case for key, (good, ended) in pilots.items() for case in with_outcomes(f"04-{key}", success=good, ended=ended)
    ]


def test_the_published_pilot_has_its_rate_and_interval() -> None:
    regions = voivodeships(inputs(cases=cases_of(a=(15, 25))))
    found = comparison(regions, parameters=USUAL).iloc[0]
    assert (found["success"], found["of"], found["rate"]) == (140, 172, 0.814)  # DOMAIN.md, case MK-A: 81.4 %
    low, high = proportion_confint(140, 172, method="wilson")
    assert (found["rate_low"], found["rate_high"]) == (round(low, 3), round(high, 3))


def test_a_voivodeship_beside_the_published_pilot() -> None:
    regions = voivodeships(inputs(cases=cases_of(a=(15, 25))))
    found = comparison(regions, parameters=USUAL).iloc[0]
    assert found["difference"] == round(15 / 25 - 140 / 172, 3)
    low, high = confint_proportions_2indep(15, 25, 140, 172, method="newcomb", compare="diff")
    assert (found["difference_low"], found["difference_high"]) == (round(low, 3), round(high, 3))
    assert found["p"] == round(fisher_exact([[15, 10], [140, 32]]).pvalue, 4)


def test_the_published_source_is_the_one_of_the_catalogue() -> None:
    assert PUBLISHED_SOURCE in rural_pilot().source
    figure = rural_pilot().figure("success")
    assert (figure.number, figure.of) == (USUAL.published_success, USUAL.published_cases)


def test_open_cases_are_in_no_rate() -> None:
    with_open = [*cases_of(a=(15, 25)), *with_outcomes("04-b", success=0, ended=0, ongoing=30)]
    found = success(voivodeships(inputs(pilots=[pilot("04-a"), pilot("04-b")], cases=with_open)), parameters=USUAL)
    assert found["pilots"].tolist() == ["", "04-a", "04-b"]
    assert found["ended"].tolist()[:2] == [25, 25]
    assert found["reason"].tolist() == ["", "", "ongoing"]


def test_small_pilots_are_joined_and_keep_the_sum() -> None:
    # b has 9 ended cases, c lacks success in 2 of 14: neither may stand alone, together they may (23, of them 18).
    data = inputs(pilots=[pilot(f"04-{key}") for key in "abc"], cases=cases_of(a=(20, 30), b=(6, 9), c=(12, 14)))
    found = success(voivodeships(data), parameters=USUAL)
    assert found[["pilots", "success", "ended"]].to_numpy().tolist() == [
        ["", 38, 53], ["04-a", 20, 30], ["04-b+04-c", 18, 23],
    ]  # fmt: skip


def test_a_voivodeship_too_small_as_a_whole_tells_nothing() -> None:
    for counts in ({"a": (5, 9)}, {"a": (10, 12)}, {"a": (1, 12)}):  # few cases, 2 not successful, 1 successful
        regions = voivodeships(inputs(cases=cases_of(**counts)))
        found = success(regions, parameters=USUAL)
        assert found["reason"].tolist() == ["few", "few"]
        assert found[["success", "ended", "rate", "reference"]].isna().all(axis=None)
        other = comparison(regions, parameters=USUAL).iloc[0]
        assert other["reason"] == "few"
        assert pd.isna(other["difference"])


def test_all_or_none_may_be_told() -> None:
    found = success(voivodeships(inputs(cases=cases_of(a=(12, 12)))), parameters=USUAL)
    assert found["rate"].tolist() == [1, 1]


def test_the_funnel_stands_around_the_voivodeships_own_rate() -> None:
    # 90 of 130; a has 60 of 70, b 30 of 60.
    data = inputs(pilots=[pilot("04-a"), pilot("04-b")], cases=cases_of(a=(60, 70), b=(30, 60)))
    found = success(voivodeships(data), parameters=USUAL).set_index("pilots")
    limits = control_limits([70, 60], 90 / 130, family="binomial")
    for place, key in enumerate(("04-a", "04-b")):
        assert found.loc[key, "reference"] == round(90 / 130, 3)
        assert found.loc[key, "inner_low"] == round(limits.low_inner[place], 3)
        assert found.loc[key, "outer_high"] == round(limits.high_outer[place], 3)
    # 60 of 70 where 69 % are usual: P(X >= 60) = 0.001; 30 of 60: P(X <= 30) = 0.0014 (scipy.stats.binom).
    assert found["zone"].tolist() == ["", "rather_high", "rather_low"]


def test_one_part_that_stands_out_does_not_widen_the_limits_for_itself() -> None:
    # 109 of 162 are 67 %; with limits widened by the dispersion of the four 10 of 50 would lie inside.
    data = inputs(
        pilots=[pilot(f"04-{key}") for key in "abcd"], cases=cases_of(a=(45, 50), b=(10, 50), c=(45, 50), d=(9, 12))
    )
    found = success(voivodeships(data), parameters=USUAL).set_index("pilots")
    assert found.loc["04-b", "zone"] == "low"


def test_advice_follows_elements_cases_and_rate() -> None:
    # a: all there; b: its rate is far below; c: nobody monitors; d: 12 ended cases only.
    keys = "abcd"
    pilots = [pilot("04-a"), pilot("04-b"), pilot("04-c", monitoring=False), pilot("04-d")]
    partners = [{**one, "pilot": f"04-{key}"} for key in keys for one in PARTNERS]
    ties = [{**one, "pilot": f"04-{key}"} for key in keys for one in TIES]
    cases = cases_of(a=(45, 50), b=(10, 50), c=(45, 50), d=(9, 12))
    baskets = [BASKETS[1] | {"pilot": case["pilot"], "case": case["case"]} for case in cases]  # 4 of 4 units
    data = inputs(pilots=pilots, partners=partners, ties=ties, cases=cases, baskets=baskets)
    found = assess(data, parameters=USUAL)["advice"].set_index("pilots")
    assert found["verdict"].to_dict() == {
        "04-a": "extend", "04-b": "look_closer", "04-c": "mend_first", "04-d": "watch",
    }  # fmt: skip
    assert found["causes"].to_dict() == {
        "04-a": "no_network_change",
        "04-b": "low_rate+below_published+no_network_change",
        "04-c": "monitoring+no_network_change",
        "04-d": "few_ended+no_network_change",
    }


def test_a_rate_clearly_below_the_published_one_is_looked_at() -> None:
    # All three alike, so that no funnel finds them: 30 of 50 have the upper end 72.4 % (Wilson), below 81.4 %.
    data = inputs(pilots=[pilot(f"04-{key}") for key in "abc"], cases=cases_of(a=(30, 50), b=(30, 50), c=(30, 50)))
    found = assess(data, parameters=replace(USUAL, min_element_share=0))["advice"]
    assert set(found["verdict"]) == {"look_closer"}
    assert all("below_published" in causes and "low_rate" not in causes for causes in found["causes"])
    # 36 of 50 are 72 %, but up to 82.5 %.
    data = inputs(pilots=[pilot("04-a")], cases=cases_of(a=(36, 50)))
    assert assess(data, parameters=replace(USUAL, min_element_share=0))["advice"]["verdict"].tolist() == ["extend"]


def test_a_joined_pilot_is_not_blamed_for_what_the_other_one_lacks() -> None:
    pilots = [pilot("04-a"), pilot("04-b", aftercare=False), pilot("04-c")]
    cases = cases_of(a=(25, 30), b=(6, 9), c=(12, 14))  # b and c are joined: 18 of 23
    found = assess(inputs(pilots=pilots, cases=cases), parameters=replace(USUAL, min_element_share=0))["advice"]
    told = found.set_index("pilots")[["rated", "verdict", "causes", "ended"]].T.to_dict("list")
    assert told == {
        "04-a": ["04-a", "extend", "", 30],
        "04-b": ["04-b+04-c", "mend_first", "aftercare", 23],
        "04-c": ["04-b+04-c", "extend", "", 23],
    }


def test_advice_names_missing_elements_short_baskets_and_no_followup() -> None:
    cases = [case | {"followup": ""} for case in cases_of(a=(25, 30))]
    short = [BASKETS[3] | {"pilot": case["pilot"], "case": case["case"]} for case in cases]  # 10 of 20 units
    partners = [one for one in PARTNERS if one["role"] != "inspirer" and one["level"] != "powiat"]
    data = inputs(pilots=[pilot("04-a", aftercare=False)], partners=partners, cases=cases, baskets=short)
    found = assess(data, parameters=USUAL)["advice"].iloc[0]
    assert found["verdict"] == "mend_first"
    assert found["causes"] == "inspirer+two_levels+aftercare+basket_short+no_followup"


@pytest.mark.parametrize("parameters", [USUAL, OPEN])
def test_a_pilot_without_cases_is_told_of_without_them(parameters: Any) -> None:
    tables = assess(inputs(partners=PARTNERS, ties=TIES), parameters=parameters)
    assert tables["success"]["reason"].tolist() == ["no_data", "no_data"]
    assert set(tables["case_flow"]["reason"]) == set(tables["durations"]["reason"]) == {"no_data"}
    assert tables["advice"]["verdict"].tolist() == ["watch"]
