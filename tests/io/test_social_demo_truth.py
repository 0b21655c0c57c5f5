"""What the demo of the social economy holds: the sizes, differences and difficulties that a report should find."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from social_demo import UNITS, read_list, write_demo

from ropsanalysis.io import catalogue
from ropsanalysis.io.synthetic import social_overlaps, social_survey, social_truth
from ropsanalysis.io.synthetic.social_chance import allot, pick, pick_apart, share_of, skewed, split
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.schema import (
    POPULATION_COLUMNS,
    PROGRAMME_COLUMNS,
    REVENUE_SOURCES,
    SUPPORT_COLUMNS,
    SURVEY_COLUMNS,
)
from support import PROJECT

AS_OF = pd.Timestamp("2025-12-31")
TERYT = {region.teryt for region in REGIONS if region.teryt != "00"}
REINTEGRATION = ("cis", "kis", "zaz", "wtz")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return raw data with the whole demo of the social economy."""
    return write_demo(tmp_path_factory.mktemp("social") / "raw")


@pytest.fixture(scope="module")
def rows(raw: Path) -> pd.DataFrame:
    """Return the rows of the five registers: legal_form, key, teryt, start, end, staff and what else they tell."""
    words = {"Zakład aktywności zawodowej": "zaz", "Warsztat terapii zajęciowej": "wtz", "CIS": "cis", "KIS": "kis"}
    parts = []
    for name in ("krs", "cis_kis", "zaz_wtz", "kgw", "koscielne_osoby_prawne"):
        one = read_list(raw, name)
        table = one.table.assign(start=one.days("start"), end=one.days("end"), verified=one.days("verified"))
        constant = one.about.get("legal_form")
        known = words | dict(one.about.get("legal_forms", {}))  # type: ignore[call-overload]
        table["legal_form"] = constant if constant else table["legal_form"].map(known)
        table["key"] = table["krs"] if name == "krs" else table["id"] if "id" in table else table["nip"]
        parts.append(table.assign(register=name, teryt=table["teryt"].str[:6]))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def now(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of entities that exist on the day of the lists."""
    return rows[rows["end"].isna()]


@pytest.fixture(scope="module")
def survey(raw: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the survey with the legal form, voivodeship and size of who answers."""
    table = pd.read_csv(raw / "es_survey" / "survey.csv", dtype={"nip": str, "krs": str, "id": str})
    own = rows[~rows["legal_form"].isin(REINTEGRATION)]
    form, region = {}, {}
    for column, source in (("nip", own), ("krs", own), ("id", rows)):
        known = source.dropna(subset=[column]).drop_duplicates(column, keep="last").set_index(column)
        form |= known["legal_form"].to_dict()
        region |= known["teryt"].str[:2].to_dict()
    who = table["nip"].fillna(table["krs"]).fillna(table["id"])
    return table.assign(entity=who, legal_form=who.map(form), region=who.map(region))


# --- chance ---------------------------------------------------------------------------------------------


def test_shares_follow_their_weights() -> None:
    rng = np.random.default_rng(1)
    drawn = np.bincount(pick([1, 0, 3], 40_000, rng), minlength=3) / 40_000
    assert drawn == pytest.approx([0.25, 0, 0.75], abs=0.01)  # four standard errors are 0.009
    apart = pick_apart([5, 0, 1, 1], 10, rng)
    assert apart.tolist() == [0, 2, 3]
    amounts = np.full(40_000, 3)
    assert share_of(amounts, 500, rng).mean() == pytest.approx(1.5, abs=0.01)
    assert set(share_of(amounts, 500, rng).tolist()) == {1, 2}


def test_parts_add_up_whatever_the_weights() -> None:
    rng = np.random.default_rng(2)
    totals, weights = rng.integers(0, 10**7, 500), rng.integers(0, 9, (500, 7))
    parts = split(totals, weights)
    assert (parts.sum(axis=1) == totals).all()
    assert parts.min() >= 0
    assert allot(45, [1, 1, 1, 4]) == [
        7,
        6,
        6,
        26,
    ]  # 45/7 = 6.43, 45*4/7 = 25.71: the largest remainders are rounded up
    drawn = skewed(10, 20, 5000, rng, power=3)
    assert (drawn.min(), drawn.max()) == (10, 20)
    assert np.median(drawn) < 13


# --- places ---------------------------------------------------------------------------------------------


def test_inhabitants_add_up_to_the_published_numbers(raw: Path) -> None:
    table = pd.read_csv(raw / "gmina_population" / "population.csv", dtype={"teryt": str})
    assert tuple(table.columns) == POPULATION_COLUMNS
    units = pd.read_csv(UNITS / "units.csv", dtype=str)
    gminas = set(units.loc[units["level"] == "gmina", "teryt"])
    assert set(table["year"]) == set(range(2015, 2026))
    assert table.groupby("year")["teryt"].agg(set).map(gminas.__eq__).all()
    official = pd.read_csv(PROJECT / "data" / "raw" / "bdl_context" / "observations.csv", dtype={"teryt": str})
    official = official[(official["indicator"] == "population_thousand") & (official["teryt"] != "00")]
    sums = table[table["year"] == 2024].groupby(table["teryt"].str[:2])["population"].sum()
    assert (sums / (official.set_index("teryt")["value"] * 1000)).between(0.999, 1.001).all()
    assert table["population"].min() > 500
    # The capital is larger than any other gmina, and most gminas are small.
    last = table[table["year"] == 2025].set_index("teryt")["population"]
    assert last.idxmax() == "146501"
    assert last.median() < 10_000


def test_entities_are_many_in_cities_and_none_in_some_rural_gminas(now: pd.DataFrame) -> None:
    units = pd.read_csv(UNITS / "units.csv", dtype=str).set_index("teryt")
    gminas = units[units["level"] == "gmina"]
    assert set(now["teryt"]) <= set(gminas.index)
    per_gmina = now["teryt"].value_counts().reindex(gminas.index, fill_value=0)
    rural = gminas["kind"] == "gmina wiejska"
    assert 0.1 < (per_gmina[rural] == 0).mean() < 0.4
    assert per_gmina.max() > 500
    for form, group in now.groupby("legal_form"):
        if form not in ("disabled_cooperative", "farm_cooperative"):
            assert set(group["teryt"].str[:2]) == TERYT, form


# --- registers ------------------------------------------------------------------------------------------


def test_as_many_entities_as_the_country_might_have(now: pd.DataFrame) -> None:
    counts = now["legal_form"].value_counts()
    assert set(counts.index) == {form.key for form in catalogue.legal_forms()}
    # Meant for the demo; of reintegration units the numbers of Statistics Poland for 2021: CIS 201, KIS 202, ZAZ 133,
    # WTZ 729 (30.11.2022).
    meant = {
        "cis": 201, "kis": 202, "zaz": 133, "wtz": 729, "social_cooperative": 1300, "work_cooperative": 480,
        "disabled_cooperative": 100, "farm_cooperative": 150, "nonprofit_company": 400, "ngo": 9400,
        "church_entity": 400, "kgw": 3500,
    }  # fmt: skip
    assert (counts / pd.Series(meant)).between(0.8, 1.2).all()
    most = {form.key: form.most for form in catalogue.legal_forms()}
    per_region = now.groupby([now["teryt"].str[:2], "legal_form"]).size()
    assert all(count <= most[form] for (_, form), count in per_region.items())


def test_registers_show_nobody_who_closed_before_they_began(raw: Path, rows: pd.DataFrame) -> None:
    for name, group in rows.groupby("register"):
        first = pd.Timestamp(str(read_list(raw, str(name)).about["covers_from"]))
        assert (group["end"].dropna() > first).all(), name
        assert group["start"].max() <= AS_OF
    assert rows.loc[rows["legal_form"] == "kgw", "start"].min() >= pd.Timestamp(
        "2018-11-29"
    )  # first day of the register
    # Left truncation has something to cut: entities older than the register.
    assert (rows.loc[rows["register"] == "krs", "start"] < pd.Timestamp("2001-01-01")).sum() > 500
    assert (rows["end"].isna() | (rows["end"] > rows["start"])).all()


def hazard(rows: pd.DataFrame, *, young: bool) -> float:
    """Return closures per year of life, within or after the first three years; rows begin in or after 2001."""
    end = rows["end"].fillna(AS_OF)
    age = (end - rows["start"]).dt.days / 365.25
    closed = rows["end"].notna() & (age.lt(3) if young else age.ge(3))
    return float(closed.sum() / (age.clip(upper=3) if young else (age - 3).clip(lower=0)).sum())


def test_forms_differ_in_how_long_they_last_and_the_young_close_more_often(rows: pd.DataFrame) -> None:
    # Without those that moved or changed, whose rows do not end by closing.
    whole = rows[~rows["key"].duplicated(keep=False) & (rows["start"] >= "2001")]
    found = dict(iter(whole.groupby("legal_form")))
    for form in ("social_cooperative", "nonprofit_company", "ngo", "kis"):
        truth = social_truth.FORMS[form]
        for young, per_mille in ((True, truth.young), (False, truth.settled)):
            # Local differences move the mean by a fifth, the hard cohort that of the young cooperatives by a half.
            assert 0.8 < hazard(found[form], young=young) * 1000 / per_mille < 1.6, form
        assert hazard(found[form], young=True) > 1.2 * hazard(found[form], young=False)
    assert hazard(found["social_cooperative"], young=False) > 4 * hazard(found["wtz"], young=False)


def test_cooperatives_founded_on_grants_close_more_often(rows: pd.DataFrame) -> None:
    form, first, last, _ = social_truth.HARD_COHORT
    mine = rows[(rows["legal_form"] == form) & ~rows["key"].duplicated(keep=False)]
    year = mine["start"].dt.year
    hard, later = mine[year.between(first, last)], mine[year.between(last + 1, last + 5)]
    assert hazard(hard, young=True) > 1.25 * hazard(later, young=True)


def test_moves_and_transformations_follow_without_a_gap(rows: pd.DataFrame) -> None:
    twice = rows[rows["key"].duplicated(keep=False) & rows["key"].notna()].sort_values(["key", "start"])
    before, after = twice.groupby("key").nth(0).set_index("key"), twice.groupby("key").nth(1).set_index("key")
    assert len(twice) == 2 * len(before)
    assert 150 <= len(before) <= 200
    assert (before["end"] == after["start"]).all()
    moved = before["teryt"] != after["teryt"]
    assert (before.loc[moved, "end_reason"] == "zmiana siedziby").all()
    changed = before["legal_form"] != after["legal_form"]
    assert (moved | changed).all()
    assert 20 <= changed.sum() <= 30
    assert set(zip(before.loc[changed, "legal_form"], after.loc[changed, "legal_form"], strict=True)) == {
        ("social_cooperative", "nonprofit_company")
    }


def test_most_entities_were_verified_lately_but_not_all(now: pd.DataFrame) -> None:
    recent = now["verified"] > AS_OF - pd.DateOffset(months=24)
    assert 0.6 < recent.mean() < 0.75
    assert recent[now["legal_form"].isin(REINTEGRATION)].mean() > 0.9
    regional = recent.groupby(now["teryt"].str[:2]).mean()
    assert regional.max() - regional.min() > 0.08
    assert now["verified"].isna().any()
    assert (now["verified"].isna() | (now["verified"] >= now["start"])).all()


def test_social_enterprises_grow_from_nothing_and_some_lose_the_status(raw: Path, rows: pd.DataFrame) -> None:
    listed = read_list(raw, "przedsiebiorstwa_spoleczne")
    since, until = listed.days("status_since"), listed.days("status_until")
    assert since.min() >= pd.Timestamp("2022-10-30")  # first day of the status (act of 5 August 2022)
    assert since.max() <= AS_OF
    assert (until.dropna() > since[until.notna()]).all()
    counts = [
        int(((since <= day) & ~(until <= day)).sum()) for day in pd.to_datetime(["2022-12-31", "2023-12-31", AS_OF])
    ]
    assert counts[0] < 40 < 200 < counts[1] < counts[2]
    assert 1350 < counts[2] < 1650
    assert 80 < until.notna().sum() < 400
    own = rows[~rows["legal_form"].isin(REINTEGRATION)].drop_duplicates("nip", keep="last").set_index("nip")
    them = own.loc[listed.table["nip"]]
    assert (them["end"].isna() | (until.fillna(AS_OF).to_numpy() <= them["end"])).all()
    assert them["legal_form"].value_counts().idxmax() == "social_cooperative"
    # Spelt as somebody else would: most names are not those of the register.
    assert 0.5 < (them["name"].to_numpy() != listed.table["name"].to_numpy()).mean() < 0.9


def test_registers_overlap_so_that_linking_has_work_to_do(raw: Path, rows: pd.DataFrame) -> None:
    court, base = rows[rows["register"] == "krs"], read_list(raw, "owes_baza").table
    known = base["nip"].str.replace("-", "").isin(set(court["nip"].dropna())) | base["regon"].isin(set(court["regon"]))
    assert 0.05 < known.sum() / court["end"].isna().sum() < 0.15
    nameless = base["nip"].isna() & base["regon"].isna()
    assert 150 < nameless.sum() < 350
    # Of those that the court register has, the name has the same letters, if often in another order.
    number = base.loc[nameless, "name"].str.extract(r"(\d{5})")[0].dropna()
    by_number = court.drop_duplicates("name").assign(number=lambda t: t["name"].str[-5:]).set_index("number")["name"]
    theirs, ours = (
        [sorted(sign for sign in name.lower() if sign.isalnum()) for name in names]
        for names in (base.loc[number.index, "name"], number.map(by_number))
    )
    assert theirs == ours
    misspelt = base.loc[number.index, "name"].str.lower().str.contains("|".join(social_truth.WORDS).lower())
    assert (~misspelt).sum() == social_overlaps.MISSPELT
    # Operators of reintegration units stand in the court register under the same NIP.
    units = rows[rows["legal_form"].isin(REINTEGRATION)]
    assert 0.4 < units["nip"].isin(set(court["nip"])).mean() < 0.7


# --- survey ---------------------------------------------------------------------------------------------


def test_survey_has_a_census_of_reintegration_and_samples_of_the_rest(survey: pd.DataFrame, now: pd.DataFrame) -> None:
    assert set(survey.columns) >= {"nip", "krs", "id", *SURVEY_COLUMNS[1:]}
    assert (survey[["nip", "krs", "id"]].notna().sum(axis=1) == 1).all()
    assert survey["legal_form"].notna().all(), "everybody stands in a register"
    assert not survey.duplicated(["entity", "year"]).any()
    per_year = survey["year"].value_counts()
    assert set(per_year.index) == {2023, 2024, 2025}
    assert per_year.between(1500, 1900).all()
    last = survey[survey["year"] == 2025]
    rate = last["legal_form"].value_counts() / now["legal_form"].value_counts()
    # 85 %, give or take three standard errors of the smallest census.
    assert rate[list(REINTEGRATION)].between(0.77, 0.93).all()
    assert rate["ngo"] < 0.05
    small = last.groupby(["region", "legal_form"]).size()
    assert (small < 3).sum() >= 5, "cells that must be hidden"
    again = set(last["entity"]) & set(survey.loc[survey["year"] == 2024, "entity"])
    assert len(again) > 0.6 * len(last)


def test_answers_agree_with_themselves(survey: pd.DataFrame) -> None:
    parts = survey[[f"revenue_{source}_pln" for source in REVENUE_SOURCES]]
    told = parts.notna().all(axis=1)
    assert (parts.isna().all(axis=1) | told).all()
    assert (parts[told].sum(axis=1) == survey.loc[told, "revenue_total_pln"]).all()
    result = survey.dropna(subset=["costs_pln", "result_pln"])
    assert (result["revenue_total_pln"] - result["costs_pln"] == result["result_pln"]).all()
    assert 0.4 < (result["result_pln"] >= 0).mean() < 0.8
    assert (survey["staff_risk"] <= survey["staff"]).all()
    assert (survey["staff_fte"] <= survey["staff"]).all()
    amounts = survey.filter(like="_pln").drop(columns="result_pln")
    assert amounts.min().min() >= 0
    assert amounts.max().max() < 10**8, "nine digits may pass for a telephone number"
    units = survey["legal_form"].isin(REINTEGRATION)
    for column in ("places", "participants", "exits", "exits_to_work"):
        assert survey.loc[units, column].notna().all()
        assert survey.loc[~units, column].isna().all()
    assert (survey.loc[units, "exits_to_work"] <= survey.loc[units, "exits"]).all()
    assert (survey.loc[units, "exits"] <= survey.loc[units, "participants"]).all()
    assert survey.loc[survey["legal_form"] == "kgw", "public_contracts"].isna().all(), "not asked"
    for column in ("costs_pln", "current_assets_pln", "volunteers", "reintegration_cost_pln"):
        asked = survey["legal_form"].isin(REINTEGRATION) if "reintegration" in column else survey["legal_form"] != "kgw"
        assert 0.01 < survey.loc[asked, column].isna().mean() < 0.12, f"{column}: some do not want to tell"


def test_share_of_risk_groups_is_near_the_published_one(survey: pd.DataFrame, now: pd.DataFrame) -> None:
    last = survey[survey["year"] == 2025]
    staff = pd.to_numeric(now["staff"]).groupby(now["legal_form"]).sum()
    size = {"0": 0, "1-9": 5, "10-49": 25, "50+": 90}  # the court register has classes only
    staff = staff.where(staff > 0, now["size_class"].map(size).groupby(now["legal_form"]).sum())
    sums = last.groupby("legal_form")[["staff", "staff_risk"]].sum()
    share = (sums["staff_risk"] / sums["staff"] * staff).sum() / staff.sum()
    # Statistics Poland, 2023: 27.2 of 210.9 thousand = 12.9 %. The demo is meant to lie near it.
    assert share == pytest.approx(27.2 / 210.9, abs=0.025)


def test_one_entity_dominates_some_cells(survey: pd.DataFrame) -> None:
    revenue = survey.groupby(["legal_form", "region", "year"])["revenue_total_pln"]
    share = revenue.max() / revenue.sum()
    for cell in social_survey.DOMINANT:
        # Above three quarters the sum may not be shown (art. 38 of the act on official statistics).
        assert (share.loc[cell] > 0.75).all(), cell
    assert (share[revenue.size() >= 5] > 0.75).mean() < 0.1
    skew = survey.groupby("legal_form")["revenue_total_pln"].agg(["mean", "median"])
    assert (skew["mean"] > 1.1 * skew["median"]).sum() >= 8, "heavy tails"


# --- support and programme ------------------------------------------------------------------------------


def test_support_has_three_centres_that_differ_by_more_than_chance(raw: Path) -> None:
    table = pd.read_csv(raw / "owes_support" / "support.csv", dtype={"teryt": str})
    assert tuple(table.columns) == SUPPORT_COLUMNS
    assert table["owes"].nunique() == table["name"].nunique() == 45
    assert set(table["teryt"]) == TERYT
    assert table.groupby("owes")["year"].agg(list).map([2021, 2022, 2023, 2024, 2025].__eq__).all()
    assert table["jobs_after_12m"].isna().equals(table["year"] == 2025)
    assert table["jobs_after_24m"].isna().equals(table["year"] >= 2024)
    both = table.dropna()
    assert (both["jobs_after_24m"] <= both["jobs_after_12m"]).all()
    assert (both["jobs_after_12m"] <= both["jobs_created"]).all()
    sums = table.dropna(subset="jobs_after_12m").groupby("owes")[["jobs_created", "jobs_after_12m"]].sum()
    mean = sums["jobs_after_12m"].sum() / sums["jobs_created"].sum()
    p_values = [binomtest(int(k), int(n), mean).pvalue for n, k in sums.itertuples(index=False)]
    assert 3 <= sum(p < 0.002 for p in p_values) <= 5  # outside the outer limits of a funnel plot
    price = table.groupby("owes")[["cost_pln", "jobs_created"]].sum()
    assert (price["cost_pln"] / price["jobs_created"]).between(25_000, 80_000).all()


def test_programme_has_reachable_and_bold_targets_with_true_baselines(raw: Path, rows: pd.DataFrame) -> None:
    table = pd.read_csv(raw / "es_programme" / "programme.csv", dtype={"teryt": str}, keep_default_na=False)
    assert tuple(table.columns) == PROGRAMME_COLUMNS
    assert table.groupby("teryt").size().eq(7).all()
    assert set(table["teryt"]) == TERYT
    assert table["area"].nunique() == 4  # areas of KPRES to 2030 (M.P. 2022 poz. 1171)
    assert table.groupby("teryt")["measure"].agg(lambda measures: (measures == "").sum()).eq(1).all()
    official = pd.read_csv(PROJECT / "data" / "raw" / "gus_sdg" / "observations.csv", dtype={"teryt": str})
    official = official.set_index(["indicator", "teryt", "year"])["value"]
    for row in table[table["measure"].str.startswith("gus:")].itertuples():
        assert row.baseline == official[(row.measure.removeprefix("gus:"), row.teryt, row.baseline_year)]
    for row in table[table["measure"] == "register:social_cooperative"].itertuples():
        day = pd.Timestamp(row.baseline_year, 12, 31)
        there = rows[(rows["start"] <= day) & ~(rows["end"] <= day) & (rows["teryt"].str[:2] == row.teryt)]
        # Moves between voivodeships and changes of form after that day make the difference.
        assert row.baseline == pytest.approx((there["legal_form"] == "social_cooperative").sum(), abs=6)
    growth = table["target"] / table["baseline"]
    assert (growth > 1).all()
    assert growth[table["measure"] == "gus:1.E.1"].max() > 1.4 > 1.25 > growth[table["measure"] == "gus:1.E.1"].min()
