"""Nobody's numbers can be worked out from the published tables of the survey of entities, all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from ropsanalysis.errors import DisclosureError
from ropsanalysis.social_economy import powiats, publish
from ropsanalysis.social_economy.estimates import all_figures, powiat_values
from ropsanalysis.social_economy.estimator import Figure
from ropsanalysis.social_economy.families import FAMILIES
from ropsanalysis.social_economy.magnitudes import is_confidential, is_unanimous, magnitudes, respondents_magnitude
from ropsanalysis.social_economy.measures import MEASURES
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.protection import Protected, protect
from ropsanalysis.social_economy.sample import Sample, read_samples
from ropsanalysis.social_economy.schema import REVENUE_SOURCES, Inputs
from ropsanalysis.social_economy.suppression import refuse_unsafe
from ropsanalysis.social_economy.weights import Weighting, weigh
from ropsanalysis.stats.disclosure_system import with_totals
from social_economy.entity_attack import PUBLIC, SOURCES, TOTALS, Key, Reader, hidden_keys, read, unit_of
from social_economy.simulated_entities import simulate

PARAMETERS = SocialEconomyParameters()
YEAR = 2025


@dataclass(frozen=True)
class Survey:
    """A survey with what is published of it, and the true numbers behind."""

    inputs: Inputs
    samples: tuple[Sample, ...]
    weightings: tuple[Weighting, ...]
    protected: Protected
    response: pd.DataFrame
    estimates: pd.DataFrame
    known: pd.DataFrame
    truth: dict[Key, float]

    def needed(self, keys: list[Key]) -> dict[Key, float]:
        return {key: PARAMETERS.protection_share * abs(self.truth[key]) for key in keys}


@pytest.fixture(scope="module")
def survey() -> Survey:
    # No number is missing: then ratios and totals fit together exactly, which helps the attacker most.
    inputs = simulate(np.random.default_rng(2), years=(2024, YEAR), missing=0.0)
    samples = read_samples(inputs)
    weightings = tuple(weigh(sample, parameters=PARAMETERS) for sample in samples)
    protected = protect(samples, weightings, parameters=PARAMETERS)
    response, estimates = published(samples, weightings, protected)
    _, known = published(samples, weightings, protected, imprecise=True)
    truth = true_numbers(samples[-1], weightings[-1])
    return Survey(inputs, samples, weightings, protected, response, estimates, known, truth)


def published(
    samples: tuple[Sample, ...], weightings: tuple[Weighting, ...], protected: Protected, *, imprecise: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return responses and estimates; with all that is merely imprecise, an attacker knows more than he ever will."""
    figures = [all_figures(s, w, parameters=PARAMETERS) for s, w in zip(samples, weightings, strict=True)]
    if imprecise:
        figures = [
            {key: Figure(f.value, f.value, f.value, f.base, np.full(f.value.shape, np.inf)) for key, f in year.items()}
            for year in figures
        ]
    response = publish.response_table(samples, protected)
    return response, publish.estimates_table(samples, figures, protected, parameters=PARAMETERS)


def true_numbers(sample: Sample, weighting: Weighting) -> dict[Key, float]:
    """Weighted sums of the answers, in the attacker's units."""
    columns = {name: sample.answers[name] for name in TOTALS}
    columns |= {source: sample.answers[f"revenue_{source}_pln"] for source in SOURCES}
    columns["public"] = np.sum([columns[source] for source in PUBLIC], axis=0)
    columns["cost"] = sample.answers["reintegration_cost_pln"]
    r, f = sample.axes.shape
    truth = {}
    for name, values in columns.items():
        cells = np.bincount(sample.cell, weights=weighting.weights * np.nan_to_num(values), minlength=r * f)
        table = with_totals(cells.reshape(r, f)) / unit_of(name)
        for row, teryt in enumerate(sample.axes.units):
            truth |= {(teryt, form, name): float(table[row, k]) for k, form in enumerate(sample.axes.columns)}
    return truth


def primaries_only(survey: Survey) -> Protected:
    """Hide what is confidential itself and nothing besides."""
    found = magnitudes(survey.samples, survey.weightings, parameters=PARAMETERS)
    patterns = {"respondents": respondents_magnitude(survey.samples, parameters=PARAMETERS).sensitive}
    for family in FAMILIES:
        own = np.any([found[key].sensitive for key in family.magnitudes], axis=0)
        patterns[family.key] = patterns["respondents"] | own | (patterns[family.within] if family.within else False)
    return replace(survey.protected, hidden=patterns)


def narrow(survey: Survey, reader: Reader, keys: list[Key]) -> list[Key]:
    """Hidden numbers that the attacker bounds more narrowly than required."""
    needed = survey.needed(keys)
    found = reader.intervals(keys, needed, rng=np.random.default_rng(0))
    return [key for key in keys if found[key][1] - found[key][0] < needed[key] - 1e-6]


def test_no_hidden_amount_yields_to_an_attacker_who_combines_all_tables(survey: Survey) -> None:
    reader = read(survey.response, survey.known, YEAR)
    keys = hidden_keys(survey.known, YEAR)
    assert len(keys) > 400
    assert narrow(survey, reader, keys) == []


def test_the_attackers_knowledge_is_true(survey: Survey) -> None:
    # Otherwise his programme would be about another table. Rounded parts of a revenue add up within a few grosz each.
    reader = read(survey.response, survey.known, YEAR)
    values = np.zeros(len(reader.number))
    for key, index in reader.number.items():
        values[index] = survey.truth[key]
    for terms, most in reader.rows:
        assert sum(weight * values[index] for index, weight in terms.items()) <= most + 0.05


def test_the_attack_succeeds_where_secondary_suppression_is_undone(survey: Survey) -> None:
    response, estimates = published(survey.samples, survey.weightings, primaries_only(survey), imprecise=True)
    keys = [key for key in hidden_keys(estimates, YEAR) if key[2] in ("staff", "places")]
    found = narrow(survey, read(response, estimates, YEAR), keys)
    assert {quantity for _, _, quantity in found} == {"staff", "places"}


def test_an_entity_alone_in_its_position_cannot_work_out_its_neighbours(survey: Survey) -> None:
    reader = read(survey.response, survey.known, YEAR)
    keys = hidden_keys(survey.known, YEAR)
    sample = survey.samples[-1]
    tried = 0
    for quantity in ("staff", "revenue_total_pln", "exits_to_work"):
        gives = np.nan_to_num(sample.answers[quantity]) != 0
        alone = np.argwhere(np.bincount(sample.cell[gives], minlength=16 * 12).reshape(16, 12) == 1)
        for row, column in alone[:2]:
            teryt, form = sample.axes.regions[row], sample.axes.forms[column]
            own = (teryt, form, quantity)
            assert own in keys
            known = survey.truth[own]
            reader.between({reader.number[own]: 1.0}, known - 1e-6, known + 1e-6)
            others = [key for key in keys if key[2] == quantity and key != own and (teryt == key[0] or form == key[1])]
            assert narrow(survey, reader, others) == []
            reader.forget(2)
            tried += 1
    assert tried >= 4


@pytest.mark.parametrize("measure", list(TOTALS))
def test_nothing_confidential_is_shown(survey: Survey, measure: str) -> None:
    # The statute itself, applied to the answers: three units at least, none above three quarters.
    sample, weighting = survey.samples[-1], survey.weightings[-1]
    table = survey.estimates[(survey.estimates["year"] == YEAR) & (survey.estimates["measure"] == measure)]
    shown = 0
    for row in table.dropna(subset=["value"]).itertuples():
        inside = np.ones(len(sample), dtype=bool)
        if row.teryt != "00":
            inside &= sample.region == sample.axes.regions.index(row.teryt)
        if row.legal_form:
            inside &= sample.form == sample.axes.forms.index(row.legal_form)
        for weights in (np.ones(len(sample)), weighting.weights):
            gives = np.sort(np.abs(np.nan_to_num(sample.answers[measure]) * weights)[inside])[::-1]
            gives = gives[gives > 0]
            assert gives.size == 0 or (gives.size >= 3 and gives[0] <= 0.75 * gives.sum() * (1 + 1e-9))
        shown += 1
    assert shown > 20


def test_a_ratio_is_shown_only_with_both_its_numbers(survey: Survey) -> None:
    wide = survey.estimates.pivot_table(
        index=["teryt", "legal_form", "year"], columns="measure", values="reason", aggfunc="first"
    )
    hidden = wide == "protected"
    for ratio, *numbers in (
        ("risk_share", "staff_risk", "staff"),
        ("staff_risk", "staff"),
        ("public_share", "revenue_total_pln"),
        ("result_margin", "result_pln", "revenue_total_pln"),
        ("exit_to_work_share", "exits_to_work", "exits", "participants"),
        ("cost_per_participant_pln", "participants", "costs_pln"),
        ("revenue_median", "revenue_total_pln"),
    ):
        for number in numbers:
            both = wide[ratio].notna() & wide[number].notna()
            assert not (hidden.loc[both, number] & ~hidden.loc[both, ratio] & (wide.loc[both, ratio] == "")).any()
    assert hidden.to_numpy().any()


def test_a_position_is_hidden_in_all_years_or_in_none(survey: Survey) -> None:
    for measure in ("staff", "revenue_total_pln", "exits"):
        rows = survey.estimates[survey.estimates["measure"] == measure]
        rows = rows[rows["reason"] != "none"]
        hidden = (rows["reason"] == "protected").groupby([rows["teryt"], rows["legal_form"]])
        assert (hidden.all() == hidden.any()).all()


def test_no_index_of_structure_beside_a_hidden_share(survey: Survey) -> None:
    # The sum of squares of two shares with a known sum gives both: by hand, s + t = 0.5 and s*s + t*t = 0.13 are
    # 0.2 and 0.3.
    hidden = survey.protected.sources.any(axis=-1)
    rows = survey.estimates[survey.estimates["measure"] == "revenue_hhi"]
    units, columns = survey.samples[0].axes.units, survey.samples[0].axes.columns
    seen = [hidden[units.index(row.teryt), columns.index(row.legal_form)] for row in rows.dropna().itertuples()]
    assert seen
    assert not any(seen)
    assert hidden[-1, :-1].any()


def test_no_quantile_is_the_answer_of_one_of_the_largest_or_smallest(survey: Survey) -> None:
    sample = survey.samples[-1]
    checked = 0
    keys = {measure.key for measure in MEASURES if measure.key.startswith("revenue_q")}
    rows = survey.estimates[(survey.estimates["year"] == YEAR) & survey.estimates["measure"].isin(keys)]
    for row in rows[rows["teryt"] != "00"].dropna(subset=["value"]).itertuples():
        inside = sample.region == sample.axes.regions.index(row.teryt)
        if row.legal_form:
            inside &= sample.form == sample.axes.forms.index(row.legal_form)
        revenue = sample.answers["revenue_total_pln"][inside]
        for value in (row.value, row.low, row.high):
            if not pd.isna(value):
                # Rounded to two figures, at least 1000: three answers lie at or below, and at or above, within half.
                half = max(1000, 10 ** (len(str(int(value))) - 2)) / 2
                assert (revenue <= value + half).sum() >= 3
                assert (revenue >= value - half).sum() >= 3
        assert (~np.isnan(revenue)).sum() >= 10
        checked += 1
    assert checked > 50


def test_a_recognisable_answer_is_in_no_quantile() -> None:
    # Every entity's revenue is 1 234 567 zl but for a hair: whatever quantile is shown, two figures of it are.
    inputs = simulate(np.random.default_rng(9), years=(YEAR,), scale=0.3, response=3.0, missing=0.0)
    survey = inputs.survey.copy()
    factor = 1_234_567 / survey["revenue_total_pln"].to_numpy()
    for column in [name for name in survey.columns if name.endswith("_pln")]:
        survey[column] = survey[column] * factor
    samples = read_samples(replace(inputs, survey=survey))
    weightings = tuple(weigh(sample, parameters=PARAMETERS) for sample in samples)
    protected = protect(samples, weightings, parameters=PARAMETERS)
    _, estimates = published(samples, weightings, protected)
    rows = estimates[estimates["measure"].str.startswith("revenue_q") | (estimates["measure"] == "revenue_median")]
    shown = rows[["value", "low", "high"]].to_numpy(dtype=float, na_value=np.nan)
    shown = shown[~np.isnan(shown)]
    assert shown.size > 100
    assert set(shown) == {1_200_000.0}


@pytest.mark.parametrize(
    ("form", "measure", "column", "answer"),
    [
        ("cis", "volunteers", "volunteers", 0.0),
        ("wtz", "contracts_share", "public_contracts", 1.0),
        ("wtz", "contracts_share", "public_contracts", 0.0),
        ("cis", "exit_to_work_share", "exits_to_work", 0.0),
    ],
)
def test_unanimity_of_few_or_of_all_is_hidden_and_cannot_be_worked_out(
    form: str, measure: str, column: str, answer: float
) -> None:
    # All units of a form in the first two voivodeships answer, and say the same.
    inputs = simulate(np.random.default_rng(6), years=(YEAR,), missing=0.0)
    spells = inputs.spells.set_index("entity")
    entities = spells.index[(spells["legal_form"] == form) & spells["teryt"].str[:2].isin(["02", "04"])]
    survey = inputs.survey.copy()
    silent = entities.difference(survey["entity"])
    inputs = replace(inputs, spells=inputs.spells[~inputs.spells["entity"].isin(silent)])
    survey.loc[survey["entity"].isin(entities), column] = answer
    samples = read_samples(replace(inputs, survey=survey))
    weightings = tuple(weigh(sample, parameters=PARAMETERS) for sample in samples)
    protected = protect(samples, weightings, parameters=PARAMETERS)
    _, estimates = published(samples, weightings, protected)
    rows = estimates[estimates["measure"] == measure].set_index(["legal_form", "teryt"])
    assert set(rows.loc[form].loc[["02", "04"], "reason"]) == {"protected"}
    # Not alone in their column nor, each, in their row.
    assert (rows.loc[form, "reason"] == "protected").sum() >= 2
    for teryt in ("02", "04"):
        assert (rows.xs(teryt, level="teryt")["reason"] == "protected").sum() >= 2
    # Nowhere are few, or all, told to have answered alike.
    counts, register = with_totals(samples[0].respondents), with_totals(samples[0].register.sum(axis=2))
    for (shown, teryt), row in rows.dropna(subset=["value"]).iterrows():
        place = samples[0].axes.units.index(teryt), samples[0].axes.columns.index(shown)
        if row["value"] == answer:
            assert row["base"] >= 10
            assert counts[place] < register[place]


def test_what_counts_as_unanimous() -> None:
    # By hand: form by form of one voivodeship. CIS: 3 of 9 answered alike; KIS: one of 3 differs; ZAZ: 11 of 20 alike;
    # WTZ: all 12 alike; NGO: nobody gave this answer.
    base = simulate(np.random.default_rng(0), years=(YEAR,), scale=0.01, regions=1)
    groups = {"cis": (9, 3), "kis": (9, 3), "zaz": (20, 11), "wtz": (12, 12), "ngo": (5, 2)}
    form = np.repeat(list(groups), [there for there, _ in groups.values()])
    spells = pd.concat([base.spells.iloc[:1]] * form.size, ignore_index=True)
    spells = spells.assign(entity=[f"e{i:03d}" for i in range(form.size)], legal_form=form, teryt="020101")
    answered = spells.groupby("legal_form").cumcount() < spells["legal_form"].map(
        {k: n for k, (_, n) in groups.items()}
    )
    survey = pd.concat([base.survey.iloc[:1]] * int(answered.sum()), ignore_index=True)
    survey = survey.assign(entity=spells["entity"][answered].array)
    sample = read_samples(replace(base, spells=spells, survey=survey))[0]
    keys = np.array(sample.axes.forms)[sample.form]
    differs = np.where(keys == "ngo", np.nan, 0.0)
    differs[np.flatnonzero(keys == "kis")[0]] = 1.0
    marks = is_unanimous(sample, differs, np.ones(len(sample.axes.forms), dtype=bool), parameters=PARAMETERS)
    found = {form for form, mark in zip(sample.axes.columns, marks[0], strict=True) if mark}
    assert found == {"cis", "wtz"}


def test_hidden_numbers_of_respondents_have_company(survey: Survey) -> None:
    rows = survey.response[(survey.response["year"] == YEAR) & (survey.response["reason"] == "protected")]
    for axis in ("teryt", "legal_form"):
        assert (rows[axis].value_counts() > 1).all()
    assert rows["respondents"].isna().all()
    small = survey.samples[-1].respondents
    assert not ((small > 0) & (small < 3) & ~survey.protected.hidden["respondents"][:-1, :-1]).any()


def test_an_unsafe_table_stops_the_build(survey: Survey) -> None:
    row = survey.protected.audit[1]
    assert row.verdict == "safe"
    assert row.width_smallest >= row.width_required == PARAMETERS.protection_share
    with pytest.raises(DisclosureError, match="można odtworzyć zbyt dokładnie"):
        refuse_unsafe([row, replace(row, verdict="unsafe")])


@pytest.mark.parametrize(
    ("seed", "options"),
    [
        (4, {"scale": 0.02}),
        (5, {"scale": 0.05, "regions": 1}),
        (6, {"scale": 0.1, "regions": 3}),
        (7, {"scale": 0.1, "response": 0.1}),
        (8, {"scale": 0.1, "response": 1e9}),
    ],
)
def test_tiny_and_partial_surveys_and_a_census_can_be_protected(seed: int, options: dict[str, float]) -> None:
    inputs = simulate(np.random.default_rng(seed), years=(2024, YEAR), **options)  # type: ignore[arg-type]
    samples = read_samples(inputs)
    weightings = [weigh(sample, parameters=PARAMETERS) for sample in samples]
    protected = protect(samples, weightings, parameters=PARAMETERS)
    assert {row.verdict for row in protected.audit} == {"safe"}
    assert protected.sources.shape[-1] == len(REVENUE_SOURCES)


def test_the_statute_counts_contributors_and_the_largest_of_them() -> None:
    # By hand: two contributors; three, one with exactly three quarters (allowed); three, one with more; weights turn
    # the second into the third; nobody contributes.
    values = np.array([5.0, 5.0, 0.0, 6.0, 1.0, 1.0, 7.0, 1.0, 1.0, 6.0, 1.0, 1.0, 0.0, 0.0])
    codes = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4])
    weights = np.ones(14)
    weights[9] = 2.0
    marks = is_confidential(values, weights, codes, 5, parameters=PARAMETERS)
    np.testing.assert_array_equal(marks, [True, False, True, True, False])
    negative = is_confidential(-values, weights, codes, 5, parameters=PARAMETERS)
    np.testing.assert_array_equal(negative, marks)


def test_powiats_show_what_enough_entities_say(survey: Survey) -> None:
    table = powiat_values(survey.inputs, parameters=PARAMETERS)
    sample = survey.samples[-1]
    shown = table[table["reason"] == ""]
    assert (table["value"].isna() == (table["reason"] != "")).all()
    assert shown["key"].nunique() == 7
    staff = shown[shown["key"] == "staff_per_10k"].set_index("teryt")["value"]
    for powiat, value in staff.items():
        gives = np.nan_to_num(sample.answers["staff"][sample.powiat == powiat])
        assert (sample.powiat == powiat).sum() >= PARAMETERS.min_base
        assert (gives > 0).sum() >= 3
        assert gives.max() <= 0.75 * gives.sum()
        assert float(f"{value:.1e}") == pytest.approx(value)  # two leading figures
    hidden = table[(table["reason"].isin(["protected", "imprecise"]))]
    counts = hidden.groupby(["key", hidden["teryt"].str[:2]]).size()
    visible = shown.groupby(["key", shown["teryt"].str[:2]]).size()
    assert not (counts.reindex(visible.index, fill_value=0) == 1).any()


def test_values_of_a_powiat_by_hand() -> None:
    # Six entities of one powiat, all answered: 60 persons in staff, 24 of them at risk; 20 000 inhabitants each gmina.
    base = simulate(np.random.default_rng(0), years=(2025,), scale=0.01, regions=1, missing=0.0)
    rows = pd.concat([base.spells.iloc[:1]] * 6, ignore_index=True)
    rows = rows.assign(entity=[f"p{i}" for i in range(6)], legal_form="ngo", teryt="020101", size_class="10-49")
    answers = pd.concat([base.survey.iloc[:1]] * 6, ignore_index=True)
    answers = answers.assign(entity=rows["entity"], staff=10.0, staff_risk=[4.0] * 6)
    people = pd.DataFrame({"teryt": ["020101", "020102"], "year": 2025, "population": 20_000})
    found = powiat_values(replace(base, spells=rows, survey=answers, population=people), parameters=PARAMETERS)
    values = found.set_index("key")["value"]
    assert values["staff_per_10k"] == 60 / 40_000 * 10_000
    assert values["risk_share"] == 0.4
    assert found.set_index("key")["reason"]["participants_per_100k"] == "none"
    assert list(found.columns) == list(powiats.POWIAT_COLUMNS)
