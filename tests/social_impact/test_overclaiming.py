"""What an impact map claims too much of: each check alone, and none where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from small_maps import NONE, changes, effects, money

from ropsanalysis.social_impact.confirmed import Known, measured
from ropsanalysis.social_impact.overclaiming import CHECKS, overclaims
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.stats.published import columns

PARAMETERS = SocialImpactParameters()
GOOD: Mapping[str, Any] = {"deadweight_low": 0.2, "deadweight_high": 0.3, "distribution": "triangular"}
#: Two lines with nothing to say about.
PAIR: tuple[Mapping[str, Any], ...] = (
    GOOD, {**GOOD, "outcome": "Zdrowie", "outcome_key": "health", "evidence": "expert"},
)  # fmt: skip


def judged(of: pd.DataFrame, participants: float = NONE) -> Known:
    """Return what effects amount to."""
    inputs = money(costs=[{"participants": participants}])
    return measured(of, changes({}), inputs.outcomes, inputs.costs, parameters=PARAMETERS)


def found(
    *lines: Mapping[str, Any],
    shares: tuple[float, ...] = (0.5, 0.5),
    known: pd.DataFrame | None = None,
    participants: float = NONE,
    refused: Mapping[str, int] | None = None,
) -> list[tuple[str, str, str]]:
    """Return code, line and what was found, for lines that differ from good ones."""
    table = money([{**base, **line} for base, line in zip(PAIR, (*lines, {}, {}), strict=False)]).impact_map
    results = table[["teryt", "line"]].assign(share=list(shares)).astype({"share": "Float64"})
    of = effects({}) if known is None else known
    rows = overclaims(table, results, of, judged(of, participants), parameters=PARAMETERS, refused=refused or {})
    assert rows.dtypes.astype(str).to_dict() == columns(TABLES["overclaims"])
    return list(rows[["code", "line", "found"]].itertuples(index=False, name=None))


def test_a_careful_map_claims_nothing_too_much() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ({"proxy_source": "  "}, "no_source", ""),
        ({"deadweight": NONE}, "no_deadweight", ""),
        ({"duration_years": 5.0, "evidence_years": 1.5}, "too_long", "5 > 1.5"),
        ({"evidence_years": NONE}, "too_long", "3 > ?"),
        ({"deadweight_low": NONE, "deadweight_high": NONE}, "no_range", ""),
        ({"outcome_key": ""}, "unmeasured", ""),
        ({"outcome_key": "ties"}, "unmeasured", "ties"),  # no effect of it was estimated
    ],
)
def test_each_check_names_the_line(line: Mapping[str, Any], code: str, told: str) -> None:
    assert found(line) == [(code, "1", told)]


def test_one_year_needs_no_observation() -> None:
    assert found({"duration_years": 1.0, "evidence_years": NONE}) == []


def test_one_outcome_of_one_stakeholder_counts_once() -> None:
    twice = {"outcome": " PRACA ", "outcome_key": ""}
    assert found({}, twice) == [("counted_twice", "1", "2"), ("counted_twice", "2", "1")]
    assert found({}, {**twice, "stakeholder": "gmina"}) == []


def test_one_measured_outcome_is_valued_once() -> None:
    again = {"outcome_key": "work", "stakeholder": "rodziny"}
    assert [row[0] for row in found({}, again)] == ["counted_twice", "counted_twice"]
    assert found({"outcome_key": "", "evidence": "expert"}, {"outcome_key": ""}) == []


def test_a_dominant_line_is_named_with_its_share() -> None:
    assert found(shares=(0.6, 0.4)) == [("one_line", "1", "0.6000")]
    assert found(shares=(0.5, 0.5)) == []
    assert found(shares=(float("nan"), 0.5)) == []


@pytest.mark.parametrize(
    "effect", [{"grade": 2, "method": "before_after"}, {"grade": pd.NA}, {"main": False}, {"teryt": "04"}]
)
def test_only_a_comparison_is_a_measurement(effect: Mapping[str, Any]) -> None:
    assert found(known=effects(effect)) == [("unmeasured", "1", "work")]
    assert found({"evidence": "literature"}, known=effects(effect)) == []


def test_without_persons_nothing_is_measured() -> None:
    assert [row[0] for row in found(known=effects())] == ["unmeasured"]


@pytest.mark.parametrize(
    "effect", [{"p_adjusted": 0.051}, {"p_adjusted": NONE}, {"effect": 0.03, "effect_low": 0.01, "effect_high": 0.04},
               {"effect": -0.1, "effect_low": -0.2, "effect_high": -0.05}]
)  # fmt: skip
def test_an_effect_that_is_not_for_the_better_is_no_measurement_of_a_result(effect: Mapping[str, Any]) -> None:
    assert found(known=effects(effect)) == [("unmeasured", "1", "work")]


def test_a_line_with_more_persons_than_measured_claims_too_much() -> None:
    # The map: 100 x 0.75. Measured: at most 0.2 of the participants.
    assert found(participants=374.0) == [("above_measured", "1", "75 > 75")]
    assert found(participants=300.0) == [("above_measured", "1", "75 > 60")]
    assert found(participants=375.0) == []
    assert found({"deadweight": 0.4}, participants=300.0) == []
    assert found({"deadweight": NONE}, participants=300.0) == [("no_deadweight", "1", "")]


def test_lines_set_aside_make_the_value_one_of_a_part() -> None:
    teryt = money([dict(PAIR[0])]).impact_map["teryt"].iloc[0]
    assert found(refused={teryt: 2, "": 1}) == [("left_out", "", "3")]  # whose the third is nobody knows
    assert found(refused={"99": 2}) == []


def test_all_checks_can_find_something_and_stand_in_their_order() -> None:
    bad = {
        "proxy_source": "", "deadweight": NONE, "deadweight_low": NONE, "deadweight_high": NONE, "duration_years": 9.0,
        "outcome_key": "", "outcome": "Zdrowie",
    }  # fmt: skip
    rows = found(
        bad, {"outcome_key": "work", "outcome": "Zdrowie"}, shares=(0.7, 0.3), participants=100.0, refused={"": 1}
    )
    assert list(dict.fromkeys(code for code, *_ in rows)) == list(CHECKS)


def test_the_order_of_lines_changes_nothing() -> None:
    table = money([{"outcome": str(place), "outcome_key": "work"} for place in range(11)]).impact_map
    results = table[["teryt", "line"]].assign(share=0.0)
    rows = overclaims(table, results, effects({}), judged(effects({})), parameters=PARAMETERS)
    turned = overclaims(table.iloc[::-1], results, effects({}), judged(effects({})), parameters=PARAMETERS)
    pd.testing.assert_frame_equal(rows, turned)
    assert rows["line"].tolist()[:11] == [str(place) for place in range(1, 12)]


def test_no_lines_give_no_rows() -> None:
    empty = money([]).impact_map
    assert overclaims(empty, empty[["teryt", "line"]].assign(share=0.0), effects(), {}, parameters=PARAMETERS).empty
