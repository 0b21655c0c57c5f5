"""From the reports on the social economy of all voivodeships nobody can tell a hidden amount or number of the survey.

The pages and workbooks show the JSON's tables cell by cell (`test_report_formats`, `test_report_xlsx`), so the
attack reads the JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from attack import Program
from report_edition import Edition
from social_attack import COLUMNS, COUNTED, HIDDEN, Cell, Outsider, Printed, hidden_keys, read_region, unit_of

from ropsanalysis.io import catalogue
from ropsanalysis.io.social_economy import screen_social_economy
from ropsanalysis.regions import REGIONS
from ropsanalysis.social_economy.accounts import revenue_parts
from ropsanalysis.social_economy.estimator import effective_weights
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import Sample, read_samples
from ropsanalysis.social_economy.schema import REVENUE_SOURCES
from ropsanalysis.social_economy.weights import weigh
from ropsanalysis.stats.disclosure_system import with_totals
from social_economy.entity_attack import PUBLIC, SOURCES, UNITS, Key

pytestmark = pytest.mark.slow

PARAMETERS = SocialEconomyParameters()
#: Fewest entities that a printed number of answers may stand for.
FEWEST = 3


@pytest.fixture(scope="module")
def published(editions: dict[str, Edition]) -> Edition:
    return editions["social_economy"]


@pytest.fixture(scope="module")
def printed(published: Edition) -> Printed:
    found = Printed()
    forms = {form.short: form.key for form in catalogue.legal_form_frame().itertuples()}
    for region in REGIONS:
        read_region(found, region.teryt, published.tables(region.teryt), forms)
    return found


@pytest.fixture(scope="module")
def sample(published: Edition) -> Sample:
    inputs = screen_social_economy(published.project / "data" / "raw").inputs
    assert inputs is not None
    return read_samples(inputs)[-1]


@pytest.fixture(scope="module")
def truth(sample: Sample) -> dict[Key, float]:
    """Return the weighted amounts behind everything printed, from the answers themselves, in the attacker's units."""
    r, f = sample.axes.shape
    found = {}
    for name, amounts in weighted_answers(sample).items():
        cells = np.bincount(sample.cell, weights=np.nan_to_num(amounts), minlength=r * f)
        table = with_totals(cells.reshape(r, f)) / unit_of(name)
        for row, teryt in enumerate(sample.axes.units):
            found |= {(teryt, form, name): float(table[row, k]) for k, form in enumerate(sample.axes.columns)}
    return found


def weighted_answers(sample: Sample) -> dict[str, np.ndarray]:
    """Return what each entity adds to the amounts, shape (n,) each: totals stand for silent entities, ratios do not."""
    weighting, answers = weigh(sample, parameters=PARAMETERS), sample.answers
    units = np.where(sample.of_reintegration, 1.0, np.nan)
    totals = {name: answers[name] for name in ("staff", "staff_fte", "staff_risk", "volunteers", "revenue_total_pln")}
    totals |= {name: answers[name] * units for name in ("places", "participants", "exits", "exits_to_work")}
    totals["revenue_total_pln"] = answers["revenue_total_pln"]
    parts = revenue_parts(answers)
    sources = dict(zip(REVENUE_SOURCES, parts.T, strict=True))
    public = np.sum([sources[name] for name in PUBLIC], axis=0)
    result, revenue = answers["result_pln"], answers["revenue_total_pln"]
    known = {"result_pln": result + 0 * revenue, "revenue": revenue + 0 * result}
    cost, served = answers["reintegration_cost_pln"] * units, answers["participants"]
    served = np.where(served > 0, served, np.nan)
    known |= {"cost": cost + 0 * served, "served": served + 0 * cost}
    said = {"employing": answers["staff"], "positive_result": result, "contracts": answers["public_contracts"]}
    known |= {f"{name}_asked": np.where(np.isnan(column), np.nan, 1.0) for name, column in said.items()}
    known |= {name: (column > 0) * known[f"{name}_asked"] for name, column in said.items()}
    ratios = {**sources, **known, "public": public, "structured": parts.sum(axis=1)}
    return {name: column * effective_weights(sample, weighting, column) for name, column in totals.items()} | {
        name: column * weighting.weights for name, column in ratios.items()
    }


@pytest.fixture(scope="module")
def outsider(printed: Printed, truth: dict[Key, float]) -> Outsider:
    found = Outsider(printed.positions())
    found.read(printed, truth.__getitem__)
    return found


def narrow(outsider: Outsider, keys: list[Key], truth: dict[Key, float]) -> dict[Key, tuple[float, float]]:
    """Return hidden amounts that the attacker bounds more narrowly than the parameters allow."""
    needed = {}
    for key in keys:
        no = truth.get((*key[:2], f"{key[2]}_asked"), 0.0) - truth[key]  # whoever knows "yes" knows "no"
        needed[key] = PARAMETERS.protection_share * max(abs(truth[key]), no)
    found = outsider.intervals(keys, needed, rng=np.random.default_rng(0))
    return {key: found[key] for key in keys if found[key][1] - found[key][0] < needed[key] - 1e-6}


# ---- amounts and numbers of persons ------------------------------------------------------------------


def test_no_hidden_amount_can_be_derived(printed: Printed, outsider: Outsider, truth: dict[Key, float]) -> None:
    keys = list(dict.fromkeys(hidden_keys(printed)))
    assert {key[0] for key in keys} >= {region.teryt for region in REGIONS}
    hidden = {quantity for _, _, quantity in keys}
    assert hidden >= {
        "staff",
        "staff_risk",
        "volunteers",
        "revenue_total_pln",
        "result_pln",
        "public",
        "participants",
        "contracts",
    }
    assert hidden & set(SOURCES)
    assert narrow(outsider, keys, truth) == {}


def test_the_attacker_s_knowledge_is_true(outsider: Outsider, truth: dict[Key, float]) -> None:
    # Were it wrong, an attack that fails would prove nothing.
    values = np.zeros(len(outsider.number))
    for key, index in outsider.number.items():
        values[index] = truth[key]
    assert len(outsider.rows) > 2000
    for terms, most in outsider.rows:
        assert sum(weight * values[index] for index, weight in terms.items()) <= most + 1e-3


@pytest.mark.parametrize("quantity", ["staff", "revenue_total_pln", "participants"])
def test_the_attack_succeeds_where_protection_is_undone(
    printed: Printed, outsider: Outsider, truth: dict[Key, float], quantity: str
) -> None:
    hidden = {key for key in hidden_keys(printed) if key[2] == quantity and key[1]}
    totals = {key[0] for key in printed.cells if key[1:] == ("", quantity) and printed.cells[key].value is not None}
    target = max((key for key in hidden if key[0] in totals), key=truth.__getitem__)
    own = {
        (target[0], form, quantity)
        for teryt, form in printed.positions()
        if teryt == target[0] and printed.cells.get((teryt, form, quantity), Cell(None, "")).word
    }
    assert len(own) >= 2
    before = len(outsider.rows)
    for key in own:
        if key != target:  # as if only what is confidential itself had been hidden
            outsider.between({outsider.number[key]: 1.0}, truth[key] - 1e-6, truth[key] + 1e-6)
    found = narrow(outsider, [target], truth)
    outsider.forget(len(outsider.rows) - before)
    low, high = found[target]
    assert low - 1e-3 <= truth[target] <= high + 1e-3


def test_a_position_is_hidden_in_all_years_or_in_none(published: Edition) -> None:
    # Otherwise the number of one year would stand beside the gap of another.
    seen = set()
    for region in REGIONS:
        for name, *cells in published.tables(region.teryt)["survey_years"]["rows"]:
            hidden = {cell.get("missing") == HIDDEN for cell in cells}
            assert len(hidden) == 1, (region.slug, name)
            seen |= hidden
    assert seen == {True, False}


# ---- numbers of entities that answered -----------------------------------------------------------------


def test_no_number_of_answers_below_three_is_printed(published: Edition, printed: Printed) -> None:
    assert len(printed.counts) > 500
    for key, cell in printed.counts.items():
        assert cell.value is None or cell.value >= FEWEST or (cell.value == 0 and cell.word == ""), key
    everywhere: list[int] = []
    for region in REGIONS:
        for name, _, count in published.tables(region.teryt)["bases"]["rows"]:
            assert count["value"] is None or count["value"] == 0 or count["value"] >= FEWEST, (region.slug, name)
        texts = " ".join(_sentences(published.document(region.teryt)["elements"]))
        told = [int(number) for number in re.findall(r"(?:\bn\s*=|\bodpowiedzi:)\s*(\d+)", texts)]
        assert all(number >= FEWEST for number in told), region.slug  # where much is hidden, none is told
        everywhere += told
    assert everywhere


def _sentences(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _sentences(part)


#: Tables about reintegration units only.
_UNITS_ONLY = ("reintegration", "reintegration_figure_data")
#: The question whose answers a table's column "n" counts.
_ASKED = {"work": "staff", "reintegration": "participants", "finances": "revenue_total_pln"}
_SILENT = Cell(None, "")


@pytest.fixture(scope="module")
def answering(sample: Sample) -> dict[Key, int]:
    """Return how many entities answered, by voivodeship, legal form and table."""
    found = {}
    for table, question in _ASKED.items():
        given = ~np.isnan(sample.answers[question])
        if table in _UNITS_ONLY:
            given &= sample.of_reintegration
        counts = np.bincount(sample.cell, weights=given, minlength=int(np.prod(sample.axes.shape)))
        for (row, column), count in np.ndenumerate(counts.reshape(sample.axes.shape)):
            found[sample.axes.regions[row], sample.axes.forms[column], table] = int(count)
    return found


@pytest.mark.parametrize("teryt", [region.teryt for region in REGIONS], ids=[region.slug for region in REGIONS])
def test_no_hidden_number_of_answers_can_be_derived(printed: Printed, answering: dict[Key, int], teryt: str) -> None:
    # Where nearly all of few entities answered, their numbers are known from the totals alone; hiding cannot help that.
    alone = _answers(replace(printed, counts=_totals(printed.counts)), teryt, _hidden_forms(printed, teryt))
    found = _answers(printed, teryt, _hidden_forms(printed, teryt))
    for key, (low, high) in found.items():
        assert low - 1e-6 <= answering[key] <= high + 1e-6, (key, low, high)
        required = min(FEWEST, printed.entities[key[:2]] - 1, alone[key][1] - alone[key][0])  # that some did is known
        assert high - low >= required - 1e-6, (key, low, high)


def test_a_hidden_number_of_answers_is_found_where_protection_is_undone(
    printed: Printed, answering: dict[Key, int]
) -> None:
    with_total = [region.teryt for region in REGIONS if printed.counts[region.teryt, "", "work"].value is not None]
    teryt = max(with_total, key=lambda code: len(_hidden_forms(printed, code)))
    target = _hidden_forms(printed, teryt)[0]
    unknown = {form for unit, form in printed.positions() if unit == teryt}
    unknown = {form for form in unknown if printed.counts.get((teryt, form, "work"), _SILENT).value is None}
    others = unknown - {target}
    assert others
    told = {(teryt, form, "work"): Cell(float(answering[teryt, form, "work"]), "") for form in others}
    low, high = _answers(replace(printed, counts=printed.counts | told), teryt, [target])[teryt, target, "work"]
    assert (low, high) == pytest.approx((answering[teryt, target, "work"],) * 2)


def _totals(counts: dict[Key, Cell]) -> dict[Key, Cell]:
    return {key: cell for key, cell in counts.items() if not key[1]}


def _hidden_forms(printed: Printed, teryt: str) -> list[str]:
    """Return the legal forms of which no table tells how many answered."""
    forms = [form for unit, form in printed.positions() if unit == teryt]
    return [
        form
        for form in forms
        if all(printed.counts.get((teryt, form, table), _SILENT).value is None for table in COUNTED)
    ]


def _answers(printed: Printed, teryt: str, wanted: list[str]) -> dict[Key, tuple[float, float]]:
    """Return between what bounds numbers of answers must lie, from all columns "n" of a report.

    Those who answered a question are some of those who answered at all; of these some are known to be there.
    """
    program = Program()
    forms = [form for unit, form in printed.positions() if unit == teryt]
    entities = {form: program.count(1, printed.entities[teryt, form]) for form in forms}
    places: dict[Key, int] = {}
    for table in COUNTED:
        asked = [form for form in forms if form in UNITS or table not in _UNITS_ONLY]
        for form in asked:
            known = printed.counts.get((teryt, form, table), _SILENT).value
            bounds = (0.0, float(printed.entities[teryt, form])) if known is None else (known, known)
            places[teryt, form, table] = program.count(*bounds)
            program.add({entities[form]: 1.0, places[teryt, form, table]: -1.0}, 0.0, np.inf)
        total = printed.counts.get((teryt, "", table), _SILENT).value
        if total is not None:
            program.add(dict.fromkeys((places[teryt, form, table] for form in asked), 1.0), total, total)
    return {
        key: (float(program.push({index: -1.0})[index]), float(program.push({index: 1.0})[index]))
        for key, index in places.items()
        if key[1] in wanted and key[2] in _ASKED
    }


# ---- what is computed from the survey's numbers ---------------------------------------------------------


def test_no_number_is_more_precise_than_it_is_printed(published: Edition) -> None:
    # The JSON would otherwise narrow what rounding leaves open.
    for region in REGIONS:
        tables = published.tables(region.teryt)
        for key in (*COLUMNS, "revenue_spread", "bases", "survey_years"):
            cells = [cell for row in tables[key]["rows"] for cell in row if isinstance(cell, dict)]
            assert cells, key
            for cell in cells:
                value = cell["value"]
                assert value is None or value == pytest.approx(round(value, cell.get("digits", 0)), abs=1e-9), key


def test_scores_of_the_index_come_from_printed_values_only(published: Edition) -> None:
    # Employment is the mean of two printed columns, each scaled to 0-100 between the worst and the best voivodeship
    # of those that have a score. Were a hidden number in a score, it could be worked out.
    parts = ("Zatrudnieni w sektorze na 10 tys. mieszkańców", "Osoby zagrożone wykluczeniem wśród zatrudnionych")
    table = published.tables("14")["condition"]
    column = [c["label"] for c in table["columns"]].index("Zatrudnienie")
    scores = {row[0]: row[column]["value"] for row in table["rows"] if row[column]["value"] is not None}
    values = []
    for region in REGIONS:
        rows = published.tables(region.teryt)["condition_parts"]["rows"]
        own = [row[-1]["value"] for name in parts for row in rows if row[0].startswith(name)]
        assert len(own) == len(parts)
        assert region.name not in scores or set(own) != {None}
        values.append([np.nan if value is None or region.name not in scores else value for value in own])
    assert np.isnan(values).any()
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    scaled = 100 * (np.array(values) - low) / (high - low)
    known = ~np.isnan(scaled)
    expected = np.nansum(scaled, axis=1) / np.maximum(known.sum(axis=1), 1)
    found = {region.name: score for region, score in zip(REGIONS, expected, strict=True) if region.name in scores}
    assert found == pytest.approx(scores)
