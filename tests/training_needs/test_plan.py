"""The training plan of a voivodeship: from published tables to the tables of the report."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.stats.records import as_records
from ropsanalysis.training_needs import records
from ropsanalysis.training_needs.plan import PlanTables, plan_tables
from ropsanalysis.training_needs.plan_problem import region_problem
from ropsanalysis.training_needs.schema import Inputs


@dataclass(frozen=True)
class Choices:
    """The parameters that a plan reads."""

    plan_min_filling: float = 0.75
    plan_max_trainings: int = 3
    plan_curve_steps: int = 3
    plan_time_limit: float = 20.0


COMPETENCES = pd.DataFrame({"key": ["law", "digital", "ageing"], "short": ["Prawo", "Cyfrowe", "Starzenie się"]})
INSTITUTIONS = pd.DataFrame({"key": ["ops", "dps", "wtz"], "short": ["OPS", "DPS", "WTZ"]})
FORMS = pd.DataFrame({"question": "form", "option": ["classroom", "blended"], "label": ["Stacjonarna", "Mieszana"]})


def inputs(**changes: pd.DataFrame) -> Inputs:
    """Two voivodeships of 100, 60 and 40 staff; law is taught in two forms, digital in one, ageing in none."""
    tables = {
        "frame": pd.DataFrame(
            [(t, i, n) for t in ("26", "30") for i, n in (("ops", 100), ("dps", 60), ("wtz", 40))],
            columns=["teryt", "institution", "staff"],
        ),
        "offer": pd.DataFrame(
            [
                ("law", "classroom", 10, 16.0, 1000.0, 3),
                ("law", "blended", 10, 8.0, 2000.0, 9),
                ("digital", "classroom", 20, 8.0, 1500.0, 4),
            ],
            columns=["competence", "form", "group_size", "hours", "cost_pln", "capacity_groups"],
        ),
        "targets": pd.DataFrame(
            {
                "teryt": ["26", "30"],
                "budget_pln": [6000.0, 6000.0],
                "persons_supported": [50, 50],
                "persons_qualified": [45, 45],
                "qualification_rate": [0.95, 0.95],
                "minimum_coverage": [0.1, 0.1],
            }
        ),
    }
    unread = {"survey": None, "competences": COMPETENCES, "institutions": INSTITUTIONS, "options": FORMS}
    return Inputs(**(unread | tables | changes))  # type: ignore[arg-type]


def needs() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (teryt, competence, 4.0, mwds, share)
            for teryt in ("26", "30")
            for competence, mwds, share in (("law", 6.0, 0.5), ("digital", 4.0, 0.4), ("ageing", 2.0, 0.2))
        ],
        columns=["teryt", "competence", "importance", "mwds", "share"],
    )


def cells(*rows: tuple[str, str, str, float | None, float | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["teryt", "institution", "competence", "share", "staff", "reason"])


def gaps(*rows: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["teryt", "institution", "competence", "gap", "reason"])


def tables(given: Inputs | None = None, **changes: pd.DataFrame) -> PlanTables:
    published = {"needs": needs(), "needs_by_institution": cells(), "pooled": gaps()} | changes
    return plan_tables(given or inputs(), **published, parameters=Choices())


def with_target(**changes: float) -> Inputs:
    given = inputs()
    return replace(given, targets=given.targets.assign(**changes))


def test_need_and_weight_come_from_published_tables() -> None:
    given = inputs()
    shown = cells(
        ("26", "ops", "law", 0.7, 71.0, ""),
        ("26", "dps", "law", 0.3, None, ""),
        ("26", "wtz", "law", 0.9, 36.0, "protected"),
    )
    pooled = gaps(("26", "ops", "law", 1.5, ""), ("26", "dps", "law", -0.2, ""), ("26", "wtz", "law", 3.0, "protected"))
    region = region_problem(given, needs(), shown, pooled, given.targets.iloc[0], min_filling=0.75, max_trainings=3)
    assert region is not None
    # Published number; published share x 60; not shown: the voivodeship's 0.5 x 40.
    assert region.problem.need[0].tolist() == [71, 18, 20]
    # Importance 4 x gap 1.5; a negative gap weighs nothing; not shown: the voivodeship's score.
    assert region.problem.weight[0].tolist() == [6.0, 0.0, 6.0]
    # 10 % of 100, 60 and 40.
    assert region.problem.minimum_persons.tolist() == [10, 6, 4]
    assert region.without_offer == ("ageing",)


def test_plan_by_hand() -> None:
    # 6000: law in classrooms covers 60 points (10 x 6) for 1000, three times; digital 80 (20 x 4) for 1500, twice;
    # blended law 60 for 2000. All six thousand go to the first two. The whole need: 200 (3 + 1.6 + 0.4) = 1000.
    found = tables()
    own = found.plan[found.plan["teryt"] == "26"].set_index(["competence", "form"])
    assert own["groups"].to_dict() == {("law", "classroom"): 3, ("digital", "classroom"): 2}
    assert own["seats"].tolist() == [30, 40]
    assert own["hours"].tolist() == [48.0, 16.0]
    assert own["cost_pln"].sum() == 6000.0
    summary = found.plan_summary.set_index("teryt").loc["26"]
    assert summary["status"] == "optimal"
    assert summary["gap"] == 0.0
    assert summary["need_covered"] == pytest.approx((3 * 60 + 2 * 80) / 1000)
    assert summary["expected_qualified"] == pytest.approx(0.95 * summary["persons"])
    assert summary["persons_certain"] <= summary["persons"] <= 70
    assert "Brak oferty szkoleń dla kompetencji: „Starzenie się”." in summary["message"]


def test_limits_name_what_binds() -> None:
    found = tables()
    own = found.plan_limits[found.plan_limits["teryt"] == "26"].set_index("limit")
    assert own.loc["budget", ["used", "available", "binding"]].tolist() == [6000.0, 6000.0, True]
    # With 106 000 the whole offer is bought: 3 + 9 groups of law cover all 100 needs, 4 of digital all 80.
    assert own.loc["budget", "extra"] == pytest.approx((100 * 6 + 80 * 4 - 340) / 1000)
    assert own.loc["capacity:law:classroom", "label"] == "Dostępne grupy: Prawo, stacjonarna"
    assert own.loc["capacity:law:classroom", "extra"] > 0
    assert "capacity:law:blended" not in own.index
    assert own.loc["no_offer:ageing", "label"] == "Brak oferty: Starzenie się"
    assert not own.loc["persons_supported", "binding"]


def test_curve_holds_the_budget_and_100_000_more_and_never_falls() -> None:
    found = tables()
    curve = found.plan_curve[found.plan_curve["teryt"] == "26"]
    # 2400 (40 %) buys two groups of law or one of digital: 20 persons, fewer than the target.
    assert curve["budget_pln"].tolist() == [6000.0, 7200.0, 12000.0, 106000.0]
    assert curve["need_covered"].is_monotonic_increasing
    summary = found.plan_summary.set_index("teryt").loc["26"]
    assert curve["need_covered"].iloc[0] == summary["need_covered"]


def test_coverage_keeps_the_least_share() -> None:
    coverage = tables(with_target(minimum_coverage=0.2)).plan_coverage
    assert (coverage["share"] >= 0.2).all()
    assert (coverage["share"] == coverage["persons"] / coverage["staff"]).all()


def test_an_impossible_target_is_named_with_what_is_possible() -> None:
    # 6000 reaches at most 70 persons by hand (the plan above), or 80 with four groups of digital; these cover the
    # needs of 80 persons at most, and 0.95 of 80 are 76.
    found = tables(with_target(persons_supported=100, persons_qualified=90))
    assert (found.plan_summary["status"] == "infeasible").all()
    own = found.plan_conflicts[found.plan_conflicts["teryt"] == "26"].set_index("limit")
    assert own.loc["persons_supported", ["required", "possible"]].tolist() == [100.0, 80.0]
    assert own.loc["persons_qualified", ["required", "possible"]].tolist() == [90.0, 76.0]
    assert own.loc["budget", "required"] > 6000.0
    summary = found.plan_summary.set_index("teryt").loc["26"]
    assert summary["persons"] == 80
    assert "wymaga większego budżetu" in summary["message"]
    enough = tables(with_target(persons_supported=100, persons_qualified=90, budget_pln=own.loc["budget", "required"]))
    assert (enough.plan_summary["status"] == "optimal").all()


def test_a_target_beyond_the_staff_is_not_blamed_on_money() -> None:
    found = tables(with_target(persons_supported=201))
    assert "Większy budżet nie wystarczy" in found.plan_summary["message"].iloc[0]
    assert "budget" not in found.plan_conflicts["limit"].tolist()


def test_missing_targets_and_missing_needs_are_said() -> None:
    given = inputs()
    only = replace(given, targets=given.targets[given.targets["teryt"] == "26"])
    summary = tables(only).plan_summary.set_index("teryt")
    assert summary["status"].to_dict() == {"26": "optimal", "30": "missing"}
    assert "targets.csv" in summary.loc["30", "message"]
    hidden = needs()
    hidden.loc[hidden["teryt"] == "30", ["share", "mwds"]] = np.nan
    summary = tables(needs=hidden).plan_summary.set_index("teryt")
    assert summary.loc["30", "status"] == "missing"
    assert summary.loc["30", "budget_pln"] == 6000.0


def test_a_competence_without_estimate_is_left_out_and_named() -> None:
    hidden = needs()
    hidden.loc[hidden["competence"] == "digital", ["share", "mwds"]] = np.nan
    found = tables(needs=hidden)
    assert set(found.plan["competence"]) == {"law"}
    assert "których potrzeby nie można podać: „Cyfrowe”." in found.plan_summary["message"].iloc[0]


def test_poland_has_no_plan() -> None:
    country = needs()
    country["teryt"] = country["teryt"].replace("30", "00")
    assert tables(needs=country).plan_summary["teryt"].tolist() == ["26"]


def test_hidden_numbers_do_not_matter() -> None:
    # Were a hidden number used, these two would differ.
    first = tables(needs_by_institution=cells(("26", "ops", "law", 0.1, 10.0, "protected")))
    second = tables(needs_by_institution=cells(("26", "ops", "law", 0.9, 90.0, "protected")))
    for field in fields(PlanTables):
        pd.testing.assert_frame_equal(getattr(first, field.name), getattr(second, field.name))


def test_order_of_rows_does_not_matter_and_inputs_stay() -> None:
    given, before = inputs(), inputs()
    first = tables(given)
    turned = replace(given, **{name: getattr(given, name).iloc[::-1] for name in ("frame", "offer", "targets")})
    second = tables(turned, needs=needs().iloc[::-1])
    for field in fields(PlanTables):
        pd.testing.assert_frame_equal(getattr(first, field.name), getattr(second, field.name))
    for name in ("frame", "offer", "targets"):
        pd.testing.assert_frame_equal(getattr(given, name), getattr(before, name))


def test_reports_can_read_the_tables() -> None:
    found = tables(with_target(persons_supported=100))
    pairs = {
        "plan": records.PlannedGroup,
        "plan_summary": records.PlanSummary,
        "plan_limits": records.PlanLimit,
        "plan_curve": records.CurvePoint,
        "plan_coverage": records.Coverage,
        "plan_conflicts": records.Conflict,
    }
    for name, record in pairs.items():
        assert as_records(getattr(found, name), record, teryt="26"), name
