"""Targets: verdicts on real official series and on made-up ones whose future is plain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from small_inputs import small_inputs

from ropsanalysis.io.catalogue import legal_forms
from ropsanalysis.social_economy import targets
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import INDICATORS, PROGRAMME_COLUMNS, SUPPORT_COLUMNS, Inputs
from ropsanalysis.social_economy.targets import MEASURES, SERIES_COLUMNS, TARGET_COLUMNS, UNSURE, target_tables
from ropsanalysis.stats.forecast import DAMPING, forecast

PARAMETERS = SocialEconomyParameters()
NONE = float("nan")
STOCK = ("teryt", "legal_form", "year", "day", "entities", "population", "per_10k")
STATUS = ("teryt", "legal_form", "day", "enterprises")
Rows = Sequence[tuple[object, ...]]
ESTIMATES = ("teryt", "legal_form", "year", "measure", "value")


def estimates(rows: Rows) -> pd.DataFrame:
    """Return estimates; a sixth and seventh item of a row are the ends of its interval, by default unknown."""
    table = pd.DataFrame([(*row, None, None)[:7] for row in rows], columns=[*ESTIMATES, "low", "high"])
    return table.astype(dict.fromkeys(("value", "low", "high"), "Float64"))


def published(*, stock: Rows = (), status: Rows = (), survey: Rows = ()) -> dict[str, pd.DataFrame]:
    return {
        "stock": pd.DataFrame(stock, columns=list(STOCK)),
        "social_enterprises": pd.DataFrame(status, columns=list(STATUS)),
        "estimates": estimates(survey),
    }


def aim(measure: str, target: float, year: int = 2030, **changes: object) -> dict[str, object]:
    """One target of Mazowieckie."""
    return {
        "teryt": "14", "area": "Solidarny rynek pracy", "name": "Cel", "measure": measure, "unit": "liczba",
        "digits": 1, "direction": "higher", "baseline": 1.0, "baseline_year": 2020, "target": target,
        "target_year": year, **changes,
    }  # fmt: skip


def programme(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(PROGRAMME_COLUMNS))


def judged(row: dict[str, object], inputs: Inputs | None = None, **tables: Rows) -> pd.Series:
    given = inputs or small_inputs(programme=programme(row))
    return target_tables(given, published(**tables), parameters=PARAMETERS)["targets"].iloc[0]


def yearly(*values: float, last: int = 2025, form: str = "", teryt: str = "14") -> list[tuple[object, ...]]:
    """Return the ends of years up to `last`."""
    years = range(last - len(values) + 1, last + 1)
    return [
        (teryt, form, year, f"{year}-12-31", value, 1000, value / 10)
        for year, value in zip(years, values, strict=True)
    ]  # fmt: skip


# --- what measures there are --------------------------------------------------------------------------


def test_every_legal_form_and_official_indicator_is_a_measure() -> None:
    forms = {f"register:{form.key}" for form in legal_forms()}
    others = {"register:entities", "register:per_10k", "register:social_enterprises"}
    assert {key for key, measure in MEASURES.items() if measure.origin == "register"} == forms | others
    assert {key for key, measure in MEASURES.items() if measure.origin == "gus"} == {f"gus:{key}" for key in INDICATORS}
    assert all(key.startswith(f"{measure.origin}:") for key, measure in MEASURES.items())


# --- verdicts -----------------------------------------------------------------------------------------


def test_a_target_that_the_latest_value_meets_is_reached() -> None:
    # 1.B.7 in Mazowieckie, 2024: 2.3 (case ES-C).
    row = judged(aim("gus:1.B.7", 2.3))
    assert (row["verdict"], row["latest"], row["latest_year"], row["reason"]) == ("reached", 2.3, 2024, "")
    assert pd.isna(row["forecast"])
    assert judged(aim("gus:1.B.7", 2.4))["verdict"] != "reached"
    assert judged(aim("gus:1.B.7", 2.3, direction="lower"))["verdict"] == "reached"


@pytest.mark.parametrize(
    ("direction", "target", "verdict"),
    [("higher", 111, "on_track"), ("higher", 200, "off_track"), ("lower", 90, "off_track")],
)
def test_a_steady_rise_decides(direction: str, target: float, verdict: str) -> None:
    # Rises by two a year up to 110, but for a little: the damped trend goes on to about 113 in 2027.
    values = [92 + 2 * k - 0.04 * (k % 2) for k in range(10)]
    row = judged(aim("register:cis", target, 2027, direction=direction), stock=yearly(*values, form="cis"))
    assert row["verdict"] == verdict
    assert row["reason"] == ""
    assert row["forecast_low"] < row["forecast"] < row["forecast_high"]


def test_a_target_inside_the_interval_cannot_be_judged() -> None:
    rng = np.random.default_rng(8)
    row = judged(aim("register:cis", 105), stock=yearly(*(100 + 3 * rng.standard_normal(10)), form="cis"))
    assert row["latest"] < 105
    assert (row["verdict"], row["reason"]) == ("cannot_say", targets.UNCLEAR)
    assert row["forecast_low"] < 105 <= row["forecast_high"]


def test_the_forecast_is_that_of_the_series() -> None:
    # 1.B.8 in Mazowieckie, 2017-2024 (Statistics Poland): eight values, five years ahead.
    values = [56, 57, 56, 57, 59, 62, 65, 67]
    plain = forecast(range(2017, 2025), values, horizon=5, bounds=(0, None)).prediction
    assert plain is not None
    row = judged(aim("gus:1.B.8", 150, 2029))
    assert (row["forecast"], row["forecast_low"], row["forecast_high"]) == pytest.approx(
        (plain.mean[-1], plain.low80[-1], plain.high80[-1])
    )
    assert row["verdict"] == "off_track"


def test_a_survey_of_even_years_is_forecast_in_its_own_steps() -> None:
    # 1.E.1 in Mazowieckie, even years 2010-2024 (Statistics Poland; 2020-2024 also in case ES-C).
    values = [23.6, 25.3, 24.8, 26.5, 24.8, 27.5, 30.1, 33.7]
    plain = forecast(range(8), values, horizon=3, bounds=(0, None), damping=DAMPING**2).prediction
    assert plain is not None
    found = target_tables(
        small_inputs(programme=programme(aim("gus:1.E.1", 60), aim("gus:1.E.1", 60, 2031))), published(),
        parameters=PARAMETERS,
    )  # fmt: skip
    # By 2031 the last survey is that of 2030.
    assert found["targets"]["forecast"].to_numpy(float) == pytest.approx([plain.mean[-1]] * 2)
    assert list(found["targets"]["verdict"]) == ["off_track"] * 2
    first = found["target_series"][found["target_series"]["key"] == 1]
    assert list(first["year"]) == list(range(2010, 2025, 2))
    assert list(first["value"]) == values


def test_no_survey_is_made_up_before_the_target() -> None:
    row = judged(aim("gus:1.E.1", 60, 2025))
    assert (row["verdict"], row["reason"]) == ("cannot_say", targets.NO_LATER)
    assert pd.isna(row["forecast"])


def test_a_year_missing_in_between_is_a_gap() -> None:
    real = small_inputs()
    gone = real.observations[~(real.observations["indicator"].eq("1.B.8") & real.observations["year"].eq(2021))]
    row = judged(aim("gus:1.B.8", 150), small_inputs(programme=programme(aim("gus:1.B.8", 150)), observations=gone))
    assert row["verdict"] == "cannot_say"
    assert "2021" in row["reason"]


def test_only_years_since_the_last_break_count() -> None:
    real = small_inputs()
    broken = real.indicators.assign(
        break_years=["2020" if key == "1.B.7" else "" for key in real.indicators["indicator"]]
    )
    given = small_inputs(programme=programme(aim("gus:1.B.7", 4.0)), indicators=broken)
    found = target_tables(given, published(), parameters=PARAMETERS)
    assert list(found["target_series"]["year"]) == [2020, 2021, 2022, 2023, 2024]
    assert found["targets"].loc[0, "verdict"] == "cannot_say"
    assert "5 (potrzeba co najmniej 8)" in found["targets"].loc[0, "reason"]


def test_after_the_target_year_no_forecast_is_needed() -> None:
    row = judged(aim("gus:1.B.7", 4.0, 2023))
    assert row["verdict"] == "off_track"
    assert pd.isna(row["forecast"])


@pytest.mark.parametrize(
    ("measure", "reason"),
    [("", targets.NO_MEASURE), ("register:zaz", targets.NO_VALUES), ("register:clubs", targets.NO_VALUES)],
)
def test_without_a_series_nothing_can_be_said(measure: str, reason: str) -> None:
    row = judged(aim(measure, 5))
    assert (row["verdict"], row["reason"]) == ("cannot_say", reason)
    assert row[["latest", "latest_year", "on_path", "forecast"]].isna().all()


# --- the path from the baseline -----------------------------------------------------------------------


@pytest.mark.parametrize(("last", "expected"), [(2024, 24.0), (2030, 30.0), (2031, 30.0), (2019, NONE)])
def test_the_path_is_a_straight_line(last: int, expected: float) -> None:
    # From 20 in 2020 to 30 in 2030 by one a year; not before it begins, and not beyond the target.
    row = judged(aim("register:wtz", 30, baseline=20.0), stock=yearly(1, 2, last=last, form="wtz"))
    path = row["on_path"]
    assert pd.isna(path) if np.isnan(expected) else path == pytest.approx(expected)


# --- where series come from ---------------------------------------------------------------------------


def test_registers_count_at_the_end_of_a_year_only() -> None:
    stock = [*yearly(5, 6, last=2024), ("14", "", 2025, "2025-06-30", 9, 1000, 0.9), *yearly(70, 80, teryt="00")]
    inputs = small_inputs(programme=programme(aim("register:entities", 50), aim("register:per_10k", 50, name="Drugi")))
    series = target_tables(inputs, published(stock=stock), parameters=PARAMETERS)["target_series"]
    assert list(series.itertuples(index=False, name=None)) == [
        (1, 2023, 5.0), (1, 2024, 6.0), (2, 2023, 0.5), (2, 2024, 0.6)
    ]  # fmt: skip


def test_the_status_of_social_enterprise_is_too_young_to_judge() -> None:
    # It exists since 30.10.2022: four ends of years by 2025.
    status = [("14", "", f"{year}-12-31", 20 * (year - 2021)) for year in range(2022, 2026)]
    status += [("14", "", "2025-09-30", 77), ("14", "cis", "2025-12-31", 3)]
    row = judged(aim("register:social_enterprises", 500), status=status)
    assert (row["verdict"], row["latest"], row["latest_year"]) == ("cannot_say", 80, 2025)
    assert "4 (potrzeba co najmniej 8)" in row["reason"]


def test_shares_of_the_survey_follow_the_unit_of_the_programme() -> None:
    # Statistics Poland, 2023: 27.2 of 210.9 thousand employed were of risk groups, 12.9 %.
    survey = [("14", "", 2023, "risk_share", 27.2 / 210.9), ("14", "", 2024, "risk_share", None),
              ("14", "cis", 2024, "risk_share", 0.7), ("14", "", 2023, "staff", 210.9)]  # fmt: skip
    percent = judged(aim("survey:risk_share", 15, unit="%"), survey=survey)
    assert round(percent["latest"], 1) == 12.9
    assert percent["latest_year"] == 2023
    assert judged(aim("survey:risk_share", 0.15), survey=survey)["latest"] == pytest.approx(27.2 / 210.9)
    assert judged(aim("survey:staff", 300, unit="%"), survey=survey)["latest"] == 210.9


def test_jobs_are_summed_over_centres_once_all_know_them() -> None:
    rows = [
        (centre, centre.upper(), teryt, "", year, 1.0, created, after, NONE, 1.0, 1e6)
        for centre, teryt, year, created, after in (
            ("a", "14", 2022, 10.0, 8.0), ("b", "14", 2022, 5.0, 4.0), ("a", "14", 2023, 12.0, 9.0),
            ("b", "14", 2023, 6.0, NONE), ("a", "14", 2024, 4.0, NONE), ("c", "06", 2023, 99.0, 90.0),
        )
    ]  # fmt: skip
    support = pd.DataFrame(rows, columns=list(SUPPORT_COLUMNS))
    aims = programme(aim("owes:jobs_created", 50), aim("owes:jobs_after_12m", 50, name="Trwałe"))

    def series(as_of: str) -> list[tuple[float, ...]]:
        inputs = small_inputs(programme=aims, support=support, as_of=as_of)
        found = target_tables(inputs, published(), parameters=PARAMETERS)["target_series"]
        return list(found.itertuples(index=False, name=None))

    assert series("2024-12-31") == [(1, 2022, 15.0), (1, 2023, 18.0), (1, 2024, 4.0), (2, 2022, 12.0)]
    # In the middle of 2024 its jobs are those of half a year.
    assert series("2024-06-30") == [(1, 2022, 15.0), (1, 2023, 18.0), (2, 2022, 12.0)]


# --- laws ---------------------------------------------------------------------------------------------


def test_order_of_rows_does_not_matter_and_inputs_stay() -> None:
    aims = programme(aim("gus:1.B.7", 4), aim("gus:1.E.2", 70, teryt="06"), aim("", 5, name="Bez miary"))
    inputs = small_inputs(programme=aims)
    before = aims.copy(deep=True)
    turned = small_inputs(programme=aims.iloc[::-1], observations=inputs.observations.iloc[::-1])
    one, other = (target_tables(given, published(), parameters=PARAMETERS) for given in (inputs, turned))
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, other[name])
    pd.testing.assert_frame_equal(aims, before)
    assert list(one["targets"]["key"]) == [1, 2, 3]


def test_percentages_stay_below_a_hundred() -> None:
    values = [round(0.80 + 0.022 * k, 3) for k in range(9)]
    survey = [("14", "", 2017 + k, "risk_share", value) for k, value in enumerate(values)]
    row = judged(aim("survey:risk_share", 99.9, unit="%"), survey=survey)
    assert row["forecast_high"] == 100


def test_without_a_programme_the_tables_are_empty() -> None:
    found = target_tables(small_inputs(), published(), parameters=PARAMETERS)
    types = {name: table.dtypes.astype(str).to_dict() for name, table in found.items()}
    assert types == {"targets": TARGET_COLUMNS, "target_series": SERIES_COLUMNS}
    assert all(table.empty for table in found.values())


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.12, 0.20, "reached"), (0.10, 0.20, "cannot_say"), (0.01, 0.05, "cannot_say")]
)
def test_an_estimate_reaches_a_target_only_with_its_whole_interval(low: float, high: float, verdict: str) -> None:
    survey = [("14", "", 2024, "risk_share", 0.15, low, high)]
    found = judged(aim("survey:risk_share", 11.5, unit="%"), survey=survey)
    assert found["verdict"] == verdict
    assert (found["reason"] == UNSURE) == (low < 0.115 < high)
