"""Earned value against a textbook's example, as algebra, and where it is undefined."""

from __future__ import annotations

import numpy as np
import pytest

from ropsanalysis.stats.earned_value import earned_value


def test_textbook_example_of_the_fence() -> None:
    # Mulcahy, PMP Exam Prep, exercise on a fence of four sides at 1 000 a side after three days: 1 000, 1 200 and 600
    # spent, two sides and a half done. Printed there: CV -300, CPI 0.893, SV -500, SPI 0.833, EAC 4 479 (from the
    # rounded index; unrounded 4 000 * 2 800 / 2 500 = 4 480).
    found = earned_value(budget=4_000, planned=3_000, earned=2_500, spent=2_800)
    assert found.cost_variance == -300
    assert found.schedule_variance == -500
    assert round(found.cost_index, 3) == 0.893
    assert round(found.schedule_index, 3) == 0.833
    assert found.estimate_at_completion == pytest.approx(4_480)
    assert round(4_000 / round(found.cost_index, 3)) == 4_479


def test_what_is_done_costs_what_it_cost() -> None:
    found = earned_value(budget=900, planned=900, earned=900, spent=750)
    assert found.estimate_at_completion == 750
    assert (found.schedule_index, found.schedule_variance) == (1, 0)


def test_indices_do_not_know_the_unit_of_money() -> None:
    one = earned_value(budget=4_000, planned=3_000, earned=2_500, spent=2_800)
    grosze = earned_value(budget=400_000, planned=300_000, earned=250_000, spent=280_000)
    assert (grosze.cost_index, grosze.schedule_index) == pytest.approx((one.cost_index, one.schedule_index))
    assert grosze.estimate_at_completion == pytest.approx(100 * one.estimate_at_completion)


@pytest.mark.parametrize(
    ("amounts", "undefined"),
    [
        ({"planned": 0}, {"schedule_index"}),
        ({"spent": 0}, {"cost_index", "estimate_at_completion"}),
        ({"spent": -5}, {"cost_index", "estimate_at_completion"}),  # more returned than paid
        ({"earned": 0}, {"estimate_at_completion"}),
        ({"budget": np.nan}, {"estimate_at_completion"}),
        ({"planned": np.nan}, {"schedule_index", "schedule_variance"}),
        ({"spent": np.nan}, {"cost_index", "cost_variance", "estimate_at_completion"}),
        (
            {"earned": np.nan},
            {"cost_index", "schedule_index", "cost_variance", "schedule_variance", "estimate_at_completion"},
        ),
    ],
)
def test_undefined_is_not_a_number(amounts: dict[str, float], undefined: set[str]) -> None:
    found = earned_value(**({"budget": 1_000, "planned": 500, "earned": 400, "spent": 450} | amounts))
    names = ("cost_index", "schedule_index", "cost_variance", "schedule_variance", "estimate_at_completion")
    assert {name for name in names if np.isnan(getattr(found, name))} == undefined


@pytest.mark.parametrize("name", ["budget", "planned", "earned"])
def test_negative_plans_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        earned_value(**({"budget": 1_000, "planned": 500, "earned": 400, "spent": 450} | {name: -1}))
