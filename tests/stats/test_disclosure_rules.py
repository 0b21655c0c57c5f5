"""Primary rules against sdcTable's published cells, and at the statute's own edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.stats.disclosure_rules import (
    Contributions,
    contributions,
    has_few_units,
    is_dominated,
    is_p_percent,
    is_pq,
    is_small_count,
    is_statutory,
    protection_nk,
)
from support import shared_data

REGIONS, GENDERS = ("all", "A", "B", "C", "D"), ("all", "male", "female")


@pytest.fixture(scope="module")
def microdata1() -> Contributions:
    """Every cell of region x gender with totals first, numbered from 1 in C order as sdcTable does."""
    data = pd.read_csv(shared_data("sdc_reference") / "microdata1.csv")
    parts = [
        data.assign(region=region, gender=gender).loc[
            ((data["region"] == region) | (region == "all")) & ((data["gender"] == gender) | (gender == "all"))
        ]
        for region in REGIONS
        for gender in GENDERS
    ]
    cells = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return contributions(pd.concat(parts)["val"].to_numpy(), cells, n_cells=len(parts))


def numbers(cells: np.ndarray) -> list[int]:
    return (np.flatnonzero(cells) + 1).tolist()


def test_microdata1_is_read_as_published(microdata1: Contributions) -> None:
    # sdcTable's documentation of the data set: total 1284; A/female has two units.
    assert microdata1.total[0] == 1284
    assert microdata1.units[5] == 2


# sdcTable's own tests of primary suppression on microdata1: freq <= 2 gives cell 6 (A/female);
# nk(2, 75), p(70) and pq(60, 80) give cells 6 and 14 (D/male).
def test_sdctable_cells(microdata1: Contributions) -> None:
    assert numbers(has_few_units(microdata1, minimum=3)) == [6]
    assert numbers(is_small_count(microdata1.units, threshold=3)) == [6]
    assert numbers(is_dominated(microdata1, n=2, share=0.75)) == [6, 14]
    assert numbers(is_p_percent(microdata1, p=0.70)) == [6, 14]
    assert numbers(is_pq(microdata1, p=0.60, q=0.80)) == [6, 14]


def test_statutory_rule_on_microdata1(microdata1: Contributions) -> None:
    # By hand: A/female has two units; the largest unit of D/male has 280 of 366, more than 3/4.
    assert numbers(is_statutory(microdata1)) == [6, 14]


# Art. 38(2) of the act on official statistics: fewer than three units, or a share greater than three quarters.
@pytest.mark.parametrize(
    ("values", "sensitive"),
    [
        ([75, 15, 10], False),  # exactly three quarters may be shown
        ([76, 14, 10], True),
        ([50, 50], True),  # two units
        ([0.3, 0.05, 0.05], False),  # exactly three quarters, which floats make 0.7499... or 0.75000...1
        ([], False),  # nobody
    ],
)
def test_statute_is_strict(values: list[float], sensitive: bool) -> None:
    cell = contributions(values, [0] * len(values), n_cells=1)
    assert is_statutory(cell)[0] == sensitive


def test_threshold_and_zero() -> None:
    # Definition of the survey rule: 1 to threshold - 1; zero only where it is called disclosive.
    assert is_small_count([0, 1, 4, 5], threshold=5).tolist() == [False, True, True, False]
    assert is_small_count([0, 1, 5], threshold=5, zero_is_disclosive=True).tolist() == [True, True, False]


def test_negative_or_missing_contributions_are_refused() -> None:
    for value in (-1.0, None):
        with pytest.raises(ValueError, match="not negative"):
            contributions([value, 2.0], [0, 0], n_cells=1)


def test_more_contributors_than_kept_are_refused() -> None:
    cell = contributions([3.0, 2.0, 1.0], [0, 0, 0], n_cells=1, keep=1)
    with pytest.raises(ValueError, match="keep at least 2"):
        protection_nk(cell, n=2, share=0.75)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8), st.integers(2, 50))
def test_rules_ignore_the_unit_of_money(values: list[int], unit: int) -> None:
    # Law: dominance is a matter of shares.
    plain, scaled = (contributions(np.array(values) * factor, [0] * len(values), n_cells=1) for factor in (1, unit))
    assert is_dominated(plain, n=1, share=0.75) == is_dominated(scaled, n=1, share=0.75)
    assert is_p_percent(plain, p=0.1) == is_p_percent(scaled, p=0.1)


@given(st.lists(st.integers(1, 1000), min_size=3, max_size=8))
def test_one_dominating_unit_is_the_definition(values: list[int]) -> None:
    # Brute force in whole numbers: 4 * largest > 3 * total.
    cell = contributions(values, [0] * len(values), n_cells=1)
    assert is_dominated(cell, n=1, share=0.75)[0] == (4 * max(values) > 3 * sum(values))
