"""From the published files of all sixteen voivodeships nobody can tell a hidden count."""

from __future__ import annotations

from collections.abc import Mapping

import attack
import pandas as pd
import pytest
from attack import Report, Rows, narrowest, read_report
from report_edition import Edition

from ropsanalysis.io import catalogue
from ropsanalysis.io.training import screen_training
from ropsanalysis.regions import REGIONS
from ropsanalysis.training_needs.schema import Survey

pytestmark = pytest.mark.slow

#: Narrowest interval that may be left to an attacker (policy of the catalogue); fewer where fewer are employed.
WIDTH = 5.0
READERS = {"json": attack.tables_of_json, "html": attack.tables_of_html, "xlsx": attack.tables_of_xlsx}


@pytest.fixture(params=[region.teryt for region in REGIONS], ids=[region.slug for region in REGIONS])
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def published(editions: dict[str, Edition]) -> Edition:
    return editions["training_needs"]


@pytest.fixture(scope="module")
def survey(published: Edition) -> Survey:
    inputs = screen_training(published.project / "data" / "raw").inputs
    assert inputs is not None
    return inputs.survey


def report_of(published: Edition, teryt: str, form: str = "json") -> Report:
    tables = READERS[form](published.path(teryt, form))
    return read_report(tables, lambda start: title_of(tables, start))


def title_of(tables: Mapping[str, Rows], start: str) -> str:
    """Return the one title with these words, whatever number stands before it."""
    [title] = [title for title in tables if start in title and "Najczęstsze" not in title]
    return title


def test_no_hidden_count_can_be_derived(published: Edition, teryt: str) -> None:
    report = report_of(published, teryt)
    assert report.hidden, "small institution types are hidden in every voivodeship of the demonstration"
    told = {
        index: (low, high)
        for index, low, high in narrowest(report, required=WIDTH)
        if high - low < min(WIDTH, report.hidden[index]) - 1e-6
    }
    assert told == {}


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_every_format_tells_an_attacker_the_same(published: Edition, teryt: str, form: str) -> None:
    expected, found = report_of(published, teryt), report_of(published, teryt, form)
    assert found.hidden == expected.hidden
    assert found.program.low == pytest.approx(expected.program.low)
    assert found.program.high == pytest.approx(expected.program.high)
    assert len(found.program.sums) == len(expected.program.sums)


def true_counts(survey: Survey, teryt: str, report: Report) -> dict[int, int]:
    """Return what the hidden and shown counts really are, from the answers themselves."""
    institutions = {i.key: i.short for i in catalogue.institutions()}
    competences = {c.key: c.short for c in catalogue.competences()}
    own = survey.respondents["teryt"] == teryt
    types = survey.respondents.loc[own, "institution"].map(institutions)
    truth = {index: int((types == name).sum()) for name, index in report.respondents.items()}
    importance, mastery = survey.importance[own], survey.mastery[own]
    for key, short in competences.items():
        valid = importance[key].notna() & mastery[key].notna()
        gap = valid & (importance[key] > mastery[key])
        for counts, who in ((report.answers, valid), (report.gaps, gap)):
            by_type: pd.Series[int] = who.groupby(types).sum()
            truth |= {counts[name, short]: int(by_type.get(name, 0)) for name, c in counts if c == short}
    return truth


def test_the_attacker_s_knowledge_fits_the_answers(published: Edition, survey: Survey, teryt: str) -> None:
    # Were it wrong, an attack that fails would prove nothing.
    report = report_of(published, teryt)
    truth = true_counts(survey, teryt, report)
    program = report.program
    assert len(truth) == len(program.low)
    for index, value in truth.items():
        assert program.low[index] - 1e-6 <= value <= program.high[index] + 1e-6
    for terms, low, high in program.sums:
        assert low - 1e-6 <= sum(weight * truth[index] for index, weight in terms.items()) <= high + 1e-6


def test_the_attack_succeeds_where_protection_is_undone(published: Edition, survey: Survey) -> None:
    teryt = next(r.teryt for r in REGIONS if _hidden_types(report_of(published, r.teryt)))
    report = report_of(published, teryt)
    truth = true_counts(survey, teryt, report)
    first, *others = _hidden_types(report)
    for index in others:  # as if complementary cells had been printed
        report.program.low[index] = report.program.high[index] = truth[index]
    found = {index: (low, high) for index, low, high in narrowest(report, required=WIDTH)}
    assert found[first] == pytest.approx((truth[first], truth[first]))


def _hidden_types(report: Report) -> list[int]:
    return [index for index in report.respondents.values() if index in report.hidden]
