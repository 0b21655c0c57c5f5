"""All tables of the training needs: their columns, their agreement with one another, and what they must not tell."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest
from small_surveys import INSTITUTIONS, QUICK, make_inputs, shuffled

from ropsanalysis.errors import DataError
from ropsanalysis.training_needs.assess import NationalTables, assess
from ropsanalysis.training_needs.sample import read_sample

REASONS = {"", "protected", "imprecise", "none"}
ESTIMATES = {
    "answers": ["share", "low", "high"],
    "needs": ["importance", "mastery", "mwds", "mwds_low", "rank", "rds", "share", "share_high", "staff"],
    "needs_by_institution": ["share", "low", "high", "staff"],
    "response": ["respondents", "rate", "share_sample"],
}


@pytest.fixture(scope="module")
def tables() -> NationalTables:
    return assess(make_inputs(420), parameters=QUICK)


def test_numbers_stand_where_nothing_is_hidden_and_nowhere_else(tables: NationalTables) -> None:
    for name, columns in ESTIMATES.items():
        table = getattr(tables, name)
        assert set(table["reason"]) <= REASONS
        shown = table["reason"] == ""
        if name == "response":
            shown |= table["reason"] == "none"
        assert table.loc[shown, columns].notna().all(axis=None), name
        assert table.loc[~shown, columns].isna().all(axis=None), name


def test_hidden_rows_hide_their_base(tables: NationalTables) -> None:
    for name in ("answers", "needs", "needs_by_institution"):
        table = getattr(tables, name)
        assert table.loc[table["reason"] == "protected", "base"].isna().all()
        assert table.loc[table["reason"] != "protected", "base"].notna().all()


def test_no_count_below_the_threshold_is_published(tables: NationalTables) -> None:
    for name, column in (("response", "respondents"), ("needs", "base"), ("needs_by_institution", "base")):
        counts = getattr(tables, name)[column].dropna()
        assert ((counts >= QUICK.threshold) | (counts == 0)).all()
    shown = tables.needs_by_institution[tables.needs_by_institution["reason"] == ""]
    assert (shown["base"] >= QUICK.min_base).all()
    assert ((shown["high"] - shown["low"]) / 2 <= QUICK.max_half_width + 0.005).all()  # ends are rounded


def test_published_counts_are_true(tables: NationalTables) -> None:
    people = make_inputs(420).survey.respondents
    counts = people.groupby(["teryt", "institution"]).size()
    rows = tables.response[tables.response["respondents"].notna()]
    for row in rows.to_dict("records"):
        of_region = counts if row["teryt"] == "00" else counts[counts.index.get_level_values(0) == row["teryt"]]
        expected = of_region.sum() if row["institution"] == "" else of_region.xs(row["institution"], level=1).sum()
        assert row["respondents"] == expected


def test_numbers_are_rounded(tables: NationalTables) -> None:
    shares = tables.needs[["share", "share_low", "wanted_share"]].astype(float)
    assert np.allclose(shares * 100, (shares * 100).round(), equal_nan=True)
    assert (tables.needs["staff"].dropna() % QUICK.staff_base == 0).all()
    assert (tables.needs["rds"].dropna() % 1 == 0).all()
    # Staff of an institution type follows from its rounded share, so it tells nothing more.
    cells = tables.needs_by_institution.dropna(subset="share")
    frame = make_inputs(420).frame
    total = pd.concat([frame, frame.groupby("institution", as_index=False)["staff"].sum().assign(teryt="00")])
    merged = cells.merge(total, on=["teryt", "institution"], suffixes=("", "_all"))
    assert len(merged) == len(cells)
    assert (merged["staff"] == (merged["share"] * merged["staff_all"]).round()).all()


def test_weighted_shares_do_not_tell_a_hidden_count() -> None:
    # A type with few respondents shares its stratum with another: the weighted share of either would give the size of
    # the stratum, and with it the hidden count.
    inputs = make_inputs(420)
    people = inputs.survey.respondents
    few = people.index[(people["teryt"] == "26") & (people["institution"] == "cis")][3:]
    kept = np.setdiff1d(np.arange(len(people)), few)
    survey = replace(
        inputs.survey,
        **{
            name: getattr(inputs.survey, name).iloc[kept].reset_index(drop=True)
            for name in ("respondents", "importance", "mastery", "wanted", "choices")
        },
    )
    response = assess(replace(inputs, survey=survey), parameters=QUICK).response
    rows = response[response["teryt"] == "26"].set_index("institution")
    assert rows.loc["cis", "reason"] == "protected"
    assert pd.isna(rows.loc[["cis", "wtz"], "share_weighted"]).all()
    assert pd.notna(rows.loc["ops", "share_weighted"])


def test_units_and_keys(tables: NationalTables) -> None:
    assert set(tables.needs["teryt"]) == {"02", "14", "26", "00"}
    assert not tables.needs.duplicated(["teryt", "competence"]).any()
    assert not tables.needs_by_institution.duplicated(["teryt", "institution", "competence"]).any()
    assert not tables.response.duplicated(["teryt", "institution"]).any()
    assert set(tables.pooled["teryt"]) == {"02", "14", "26"}
    assert tables.drivers["teryt"].unique().tolist() == ["00"]
    assert set(tables.protection["verdict"]) == {"safe"}
    assert len(tables.plan_summary) == 3


def test_agreement_of_a_method_with_its_own_order(tables: NationalTables) -> None:
    # Both measure lack: discrepancy scores and shares with a gap order much alike; ticks are random here.
    rows = tables.agreement.set_index(["teryt", "method_a", "method_b"])
    assert rows.loc[("00", "mwds", "share"), "tau"] > 0.3
    assert rows.loc[("00", "mwds", "rds"), "top5_shared"] >= 4
    assert len(rows) == 4 * 6


def test_same_tables_whatever_the_order_of_rows(tables: NationalTables) -> None:
    again = assess(shuffled(make_inputs(420), seed=11), parameters=QUICK)
    for field in fields(NationalTables):
        pd.testing.assert_frame_equal(getattr(tables, field.name), getattr(again, field.name))


@pytest.mark.parametrize("regions", [("26",), ("02", "26")])
def test_one_and_two_voivodeships(regions: tuple[str, ...]) -> None:
    tables = assess(make_inputs(150 * len(regions), regions=regions), parameters=QUICK)
    units = {*regions, "00"} if len(regions) > 1 else set(regions)
    for name in ("response", "quality", "needs", "needs_by_institution", "answers", "agreement", "differences"):
        assert set(getattr(tables, name)["teryt"]) == units, name
    assert set(tables.pooled["teryt"]) <= set(regions)
    assert set(tables.drivers["teryt"]) <= {"00" if len(regions) > 1 else regions[0]}


def test_a_survey_that_asked_for_ratings_only(tables: NationalTables) -> None:
    inputs = make_inputs(420)
    people = inputs.survey.respondents.copy()
    people[["position", "tenure", "education"]] = None
    survey = replace(
        inputs.survey, respondents=people, wanted=inputs.survey.wanted * np.nan, choices=inputs.survey.choices * np.nan
    )
    bare = assess(replace(inputs, survey=survey), parameters=QUICK)
    assert bare.answers.empty
    assert bare.needs["wanted_share"].isna().all()
    assert "wanted" not in set(bare.agreement["method_b"])
    assert bare.needs["mwds"].notna().any()
    for field in fields(NationalTables):
        ours, full = getattr(bare, field.name), getattr(tables, field.name)
        assert list(ours.columns) == list(full.columns), field.name
        assert ours.dtypes.astype(str).tolist() == full.dtypes.astype(str).tolist(), field.name


def test_a_handful_of_respondents_shows_nothing_about_them() -> None:
    tables = assess(make_inputs(12, regions=("26",)), parameters=QUICK)
    assert tables.needs["mwds"].isna().all()
    assert set(tables.needs["reason"]) <= {"protected", "imprecise"}
    assert tables.profiles.empty
    assert tables.drivers.empty
    assert tables.scales.empty


def test_a_survey_of_strangers_is_refused() -> None:
    inputs = make_inputs()
    frame = inputs.frame.assign(teryt="32")
    with pytest.raises(DataError, match="training_frame"):
        assess(replace(inputs, frame=frame), parameters=QUICK)


def test_catalogue_travels_along(tables: NationalTables) -> None:
    pd.testing.assert_frame_equal(tables.institutions, INSTITUTIONS)
    assert read_sample(make_inputs(420)).institutions == tuple(tables.institutions["key"])
