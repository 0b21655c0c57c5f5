"""Support centres: bases and costs by hand, funnel against the plain formulas, limits for drawing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from small_inputs import small_inputs
from statsmodels.stats.proportion import proportion_confint

from ropsanalysis.social_economy.owes import FUNNEL_COLUMNS, LIMIT_COLUMNS, OWES_COLUMNS, owes_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import SUPPORT_COLUMNS

PARAMETERS = SocialEconomyParameters()
NONE = float("nan")

# owes, name, teryt, subregion, year, advice hours, jobs created, of these after 12 and 24 months, enterprises, cost
SMALL = [
    ("b", "OWES B (dawniej)", "14", "północny", 2022, 1000.0, 50.0, 45.0, 40.0, 10.0, 2_000_000.0),
    ("b", "OWES B", "14", "północny", 2023, 1500.0, 50.0, 30.0, NONE, 5.0, 2_500_000.0),
    ("b", "OWES B", "14", "północny", 2024, 800.0, 60.0, NONE, NONE, 6.0, 3_000_000.0),
    ("a", "OWES A", "06", "", 2024, 100.0, 0.0, NONE, NONE, 0.0, 500_000.0),
]


def tables(rows: list[tuple[object, ...]], **changes: object) -> dict[str, pd.DataFrame]:
    support = pd.DataFrame(rows, columns=list(SUPPORT_COLUMNS)).assign(**changes)
    return owes_tables(small_inputs(support=support), parameters=PARAMETERS)


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    return tables(SMALL)["owes"].set_index(["owes", "year"])


def test_only_jobs_whose_months_have_passed_count(small: pd.DataFrame) -> None:
    # 45 and 30 of 50 each lasted a year; the 60 of 2024 cannot have, and are in no base.
    whole = small.loc[("b", 0)]
    assert (whole["jobs_created"], whole["base_12m"], whole["jobs_after_12m"]) == (160, 100, 75)
    assert whole["share_12m"] == 0.75
    assert (whole["base_24m"], whole["jobs_after_24m"], whole["share_24m"]) == (50, 40, 0.8)
    young = small.loc[("b", 2024)]
    assert young["base_12m"] == 0
    assert young[["jobs_after_12m", "share_12m", "low_12m", "high_12m"]].isna().all()


def test_intervals_are_wilsons(small: pd.DataFrame) -> None:
    low, high = proportion_confint(75, 100, method="wilson")
    assert (small.loc[("b", 0), "low_12m"], small.loc[("b", 0), "high_12m"]) == pytest.approx((low, high))


def test_costs_are_set_against_what_they_paid_for(small: pd.DataFrame) -> None:
    # All years: 7.5 million for 160 jobs. Lasting: only 2022 and 2023 are known, 4.5 million for 75 jobs.
    assert small.loc[("b", 0), "cost_per_job"] == pytest.approx(7_500_000 / 160)
    assert small.loc[("b", 0), "cost_per_lasting_job"] == pytest.approx(4_500_000 / 75)
    assert small.loc[("b", 2022), "cost_per_lasting_job"] == pytest.approx(2_000_000 / 45)
    assert small.loc[("b", 0), "hours_per_enterprise"] == pytest.approx(3300 / 21)
    assert pd.isna(small.loc[("b", 2024), "cost_per_lasting_job"])


def test_without_jobs_nothing_is_divided(small: pd.DataFrame) -> None:
    whole = small.loc[("a", 0)]
    assert whole["jobs_created"] == 0
    assert whole[["cost_per_job", "cost_per_lasting_job", "hours_per_enterprise", "share_12m"]].isna().all()


def test_a_centre_is_called_as_in_its_newest_year(small: pd.DataFrame) -> None:
    assert small.loc[("b", 0), "name"] == "OWES B"


def test_sums_over_years_with_a_gap_are_not_known() -> None:
    rows = [list(row) for row in SMALL]
    rows[0][5] = NONE
    found = tables([tuple(row) for row in rows])["owes"].set_index(["owes", "year"])
    assert pd.isna(found.loc[("b", 0), "advice_hours"])
    # The ratio leaves that year out on both sides: 1500 + 800 hours, 5 + 6 enterprises.
    assert found.loc[("b", 0), "hours_per_enterprise"] == pytest.approx(2300 / 11)


def many(last: float, seed: int = 5) -> list[tuple[object, ...]]:
    """Thirty centres of pure chance, of which the last is `last` as good as the others."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    for number in range(30):
        jobs, cost = int(rng.integers(60, 300)), float(rng.integers(2_000_000, 9_000_000))
        factor = last if number == 29 else 1.0
        after = int(rng.binomial(jobs, 0.8 * factor))
        rows.append(
            (
                f"o{number:02}",
                f"OWES {number}",
                "14",
                "",
                2022,
                900.0,
                jobs,
                after,
                int(rng.binomial(after, 0.8)),
                9.0,
                cost,
            )
        )
    return rows


def test_the_funnel_compares_with_all_centres_together() -> None:
    rows = many(1.0)
    funnel = tables(rows)["owes_funnel"].set_index(["measure", "owes"])
    jobs, after = (sum(row[place] for row in rows) for place in (6, 7))  # type: ignore[misc]
    shares = funnel.loc["share_12m"]
    assert shares["centre"].to_numpy(dtype=float) == pytest.approx(after / jobs)
    cost = sum(row[10] for row in rows) / 1e6  # type: ignore[misc]
    rates = funnel.loc["jobs_per_million"]
    assert rates["centre"].to_numpy(dtype=float) == pytest.approx(jobs / cost)
    assert rates.loc["o00", "value"] == pytest.approx(rows[0][6] / (rows[0][10] / 1e6))  # type: ignore[operator]
    assert rates.loc["o00", "base"] == pytest.approx(rows[0][10] / 1e6)  # type: ignore[operator]
    # The made-up numbers of jobs have nothing to do with the costs, so there is far more than chance.
    assert rates["adjusted"].all()
    assert (rates["dispersion"] > 10).all()


def test_chance_alone_is_seldom_a_difference_and_a_weak_centre_is_one() -> None:
    # Twenty times thirty centres of pure chance: at most 5 % outside the inner limits, by design.
    verdicts = np.concatenate(
        [tables(many(1.0, seed))["owes_funnel"].query("measure == 'share_12m'")["verdict"] for seed in range(20)]
    )
    assert (verdicts != "within").mean() < 0.05
    weak = tables(many(0.6))["owes_funnel"].query("measure == 'share_12m'").set_index("owes")
    assert weak.loc["o29", "verdict"] == "far_below"


def test_verdicts_are_exact_probabilities() -> None:
    # Where overdispersion is never assumed, a centre is outside if so few or so many jobs are too unlikely.
    support = pd.DataFrame(many(0.9), columns=list(SUPPORT_COLUMNS))
    parameters = SocialEconomyParameters(alpha=0.0)
    shares = owes_tables(small_inputs(support=support), parameters=parameters)["owes_funnel"].query(
        "measure == 'share_12m'"
    )
    base, centre = shares["base"].to_numpy(float), shares["centre"].to_numpy(float)
    lasting = np.round(shares["value"].to_numpy(float) * base)
    out = (binom.cdf(lasting, base, centre) < 0.025) | (binom.sf(lasting - 1, base, centre) < 0.025)
    assert out.any()
    assert list(out) == list(shares["verdict"] != "within")


def test_limits_for_drawing_hold_the_centres_and_agree_with_theirs() -> None:
    found = tables(many(1.0))
    grid, points = found["owes_limits"], found["owes_funnel"]
    for measure in ("share_12m", "share_24m", "jobs_per_million"):
        own, line = points[points["measure"] == measure], grid[grid["measure"] == measure]
        assert line["base"].is_monotonic_increasing
        assert line["base"].min() < own["base"].min()
        assert line["base"].max() > own["base"].max()
        for end in ("low_inner", "high_inner", "low_outer", "high_outer"):
            drawn = np.interp(own["base"].to_numpy(float), line["base"].to_numpy(float), line[end].to_numpy(float))
            assert drawn == pytest.approx(own[end].to_numpy(float), rel=0.02, abs=0.01)
    rate = grid[grid["measure"] == "share_12m"]
    assert (rate["low_outer"] <= rate["low_inner"]).all()


def test_a_measure_that_nobody_can_know_yet_has_no_funnel() -> None:
    found = tables(many(1.0), jobs_after_24m=NONE)
    assert set(found["owes_funnel"]["measure"]) == {"share_12m", "jobs_per_million"}
    assert set(found["owes_limits"]["measure"]) == {"share_12m", "jobs_per_million"}


def test_order_of_rows_does_not_matter_and_inputs_stay() -> None:
    support = pd.DataFrame(SMALL, columns=list(SUPPORT_COLUMNS))
    before = support.copy(deep=True)
    one = owes_tables(small_inputs(support=support), parameters=PARAMETERS)
    other = owes_tables(small_inputs(support=support.iloc[::-1]), parameters=PARAMETERS)
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, other[name])
    pd.testing.assert_frame_equal(support, before)


def test_without_support_the_tables_are_empty() -> None:
    found = owes_tables(small_inputs(), parameters=PARAMETERS)
    types = {name: table.dtypes.astype(str).to_dict() for name, table in found.items()}
    assert types == {"owes": OWES_COLUMNS, "owes_funnel": FUNNEL_COLUMNS, "owes_limits": LIMIT_COLUMNS}
    assert all(table.empty for table in found.values())
