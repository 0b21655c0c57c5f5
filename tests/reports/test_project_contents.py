"""Every report on a coordination project names the source of what it repeats, and tells nothing of single persons.

Published figures are read in the catalogue's files without the package's code; counts are attacked in the finished
reports of all voivodeships by somebody who can solve linear programmes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from person_attack import Unknowns, digests_in, keys_in, published, row_lists_in
from report_data import CODES, printed
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.io.project_catalogue import labels
from ropsanalysis.io.project_monitoring import screen_project_monitoring
from ropsanalysis.present.blocks import Number
from ropsanalysis.project_monitoring.ledger import ledger
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.regions import find
from support import PROJECT

pytestmark = pytest.mark.slow

#: Fewest persons with a trait that a number may tell of (`min_count` of monitoring_parameters.yaml).
FEWEST = 5
NOT_PUBLISHED, HIDDEN, TOGETHER, DASH = "nie opublikowano", "ukryto", "Razem", "–"


@pytest.fixture(scope="module")
def edition(editions: dict[str, Edition]) -> Edition:
    return editions["project_monitoring"]


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@cache
def catalogue(name: str) -> dict[str, Any]:
    path = PROJECT / "src" / "ropsanalysis" / "catalogue" / name
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def document_of(name: str, key: str) -> dict[str, str]:
    [found] = [document for document in catalogue(name)["documents"] if document["key"] == key]
    return dict(found)


def rows_of(edition: Edition, teryt: str, key: str) -> list[list[Any]]:
    """Return the rows of a table, numbers unrounded; none where it is left out."""
    table = edition.tables(teryt).get(key, {"rows": []})
    return [[text_of(c) if isinstance(c, str) or c["value"] is None else c["value"] for c in r] for r in table["rows"]]


# ---- published figures -----------------------------------------------------------------------------------


def figure_text(field: str, figure: Mapping[str, Any]) -> str:
    """Return a figure of the catalogue as a Polish reader expects it."""
    if "number" not in figure:
        text = figure["text"]
        if isinstance(text, list):
            return "; ".join(text)
        day = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
        return f"{day[3]}.{day[2]}.{day[1]}" if day else str(text)
    value, unit = figure["number"], figure["unit"]
    if figure.get("step", 0.01) == 100_000:
        return f"{printed(value / 1e6, 1)} mln zł"
    if unit in {"PLN", "EUR"}:
        return f"{printed(value, 2)} {'zł' if unit == 'PLN' else unit}"
    if unit == "%":
        share = round(100 * value, 6)
        return f"{printed(share, 0 if share == round(share) else 2)}%"
    return printed(value, 0)


def test_every_published_figure_stands_beside_its_source(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    [card] = [card for card in catalogue("projects.yaml")["cards"] if card["teryt"] == teryt]
    shown = {row[0]: row for row in edition.tables(teryt)["card"]["rows"]}
    cited = edition.tables(teryt)["card"]["source"].replace("\u00a0", " ")
    formats, words = texts_of(edition, pdf_text, teryt), labels("field")
    assert {words[field] for field in card["figures"]} == set(shown)
    for field, figure in card["figures"].items():
        name, value, mark, *_ = (text_of(cell) for cell in shown[words[field]])
        if figure is None:
            assert (value, mark) == (NOT_PUBLISHED, DASH), field
            continue
        assert value.replace("\u00a0", " ").startswith(figure_text(field, figure).replace("\u00a0", " ")), field
        document = document_of("projects.yaml", figure["source"])
        [source] = re.findall(rf"{re.escape(mark)} (.*?)(?=; \[\d|\. Karta urzędu|$)", cited)
        for part in (document["name"], document["issuer"], document["address"], figure.get("note", "")):
            assert part in source, field
            for form, text in formats.items():
                assert form == "json" or squeezed(part) in text, (form, field)
        for form, text in formats.items():
            assert form == "json" or squeezed(f"{name}{value}{mark}") in text, (form, field)


def test_what_nobody_published_is_said_in_words_and_never_0(edition: Edition) -> None:
    without = 0
    for card in catalogue("projects.yaml")["cards"]:
        rows = rows_of(edition, card["teryt"], "card")
        unknown = sum(figure is None for figure in card["figures"].values())
        assert [row[1] for row in rows].count(NOT_PUBLISHED) == unknown
        nothing = [figure for figure in card["figures"].values() if figure and figure.get("number") == 0]
        assert [row[1] for row in rows].count(0) == len(nothing)  # a published 0 is one
        without += unknown
    assert without > 50, "of most projects little was published"


def test_published_figures_of_foster_care_have_their_sources(edition: Edition, teryt: str) -> None:
    table = edition.tables(teryt)["foster_care_poland"]
    rows = {row[0]: row[1:] for row in rows_of(edition, teryt, "foster_care_poland")}
    for figure in catalogue("published_figures.yaml")["foster_care"]:
        family, institutional, total, share, said, difference, verdict = rows[str(figure["year"])]
        exact = figure["step"] == 1  # else in thousands, as its source printed them
        parts = [figure[name] / (1 if exact else 1000) for name in ("family", "institutional")]
        assert [family, institutional] == parts
        assert total == pytest.approx(sum(parts))
        assert said == figure["total_printed"] / 1000
        assert share == pytest.approx(100 * parts[0] / sum(parts), abs=1e-6)
        off = figure["total_printed"] - figure["family"] - figure["institutional"]
        assert (difference, verdict) == (off, "niezgodna" if off else "zgodna")
        document = document_of("published_figures.yaml", figure["source"])
        assert document["issuer"] in table["source"]
        assert document["address"] in table["source"]
    # 58 210 + 17 128 = 75 338 against the printed 75,8 thousand; 77.3% family care (DOMAIN, case DI-B)
    assert [text_of(cell) for cell in table["rows"][-1]][1:5] == ["58\u00a0210", "17\u00a0128", "75\u00a0338", "77,3"]
    assert text_of(table["rows"][-1][6]) == "+462"


def test_units_that_are_published_to_have_a_plan_are_named_with_the_source(
    edition: Edition, pdf_text: Callable[[Path], str]
) -> None:
    plans = catalogue("published_figures.yaml")["adopted_plans"]
    text = texts_of(edition, pdf_text, "22")["html"]
    assert {plan["teryt"] for plan in plans} == {"22"}
    if squeezed("wejherowski") in text and document_of("published_figures.yaml", plans[0]["source"])["address"] in text:
        for plan in plans:
            assert squeezed(plan["name"].split()[-1]) in text, plan


# ---- nothing that leads to a person ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(edition: Edition) -> tuple[frozenset[str], frozenset[str]]:
    """Return every key and pseudonym of a person, and the lists of rows that the office's own list names."""
    raw = edition.project / "data" / "raw"
    keys = set(pd.read_csv(raw / "project_participants" / "participants.csv", dtype=str)["person"])
    inputs = screen_project_monitoring(raw).inputs
    assert inputs is not None
    rows: set[str] = set()
    for code in CODES:
        for indicator in ("supported", "qualified"):
            listed = ledger(inputs, indicator=indicator, teryt=code, parameters=MonitoringParameters())
            keys |= set(listed["subject"])
            rows |= {text for text in listed["rows"] if "," in text and int(text.partition(",")[0]) > 3000}
    assert len(keys) > 8000
    assert len(rows) > 500
    return frozenset(keys), frozenset(rows)


def test_no_published_file_holds_a_key_a_pseudonym_or_rows_of_a_person(
    edition: Edition, people: tuple[frozenset[str], frozenset[str]], pdf_text: Callable[[Path], str], teryt: str
) -> None:
    keys, rows = people
    for name, text in published(edition, teryt, pdf_text):
        assert keys_in(text, keys) == set(), name
        assert digests_in(text) == [], name
        assert row_lists_in(text, rows) == set(), name


def test_the_search_finds_keys_pseudonyms_and_rows(people: tuple[frozenset[str], frozenset[str]]) -> None:
    keys, rows = people
    key, listed = min(keys, key=len), sorted(rows)[0]
    digest = max(keys, key=len)
    page = f"<td>{key}</td><td>{digest}</td><p>wiersze {listed}</p>"
    assert keys_in(page, keys) == {key, digest}
    assert digests_in(page) == [digest]
    assert row_lists_in(page, rows) == {listed}


# ---- no small number of persons can be derived -----------------------------------------------------------

DIMENSIONS = {"parts_institution": r", ", "parts_subregion": r", ", "parts_action": None}


def attack_on(tables: Mapping[str, Any], rows: Callable[[str], list[list[Any]]]) -> Unknowns:
    """Turn what a report prints of persons into equations."""
    known = Unknowns()
    supported, qualified = (int(row[1]) for row in rows("indicators")[:2])
    known.equals({"supported": 1}, supported)
    known.equals({"qualified": 1}, qualified)
    for table in DIMENSIONS:
        _parts(known, table, [row for row in rows(table) if row[0] != TOGETHER])
    first = {key for row in rows("parts_action") if row[0] != TOGETHER for key in re.findall(r"\d+", row[0])}
    for name, *cells in rows("actions"):
        action, persons = name.partition(".")[0], cells[7]
        if isinstance(persons, str) or not persons:
            continue
        later, never, here = f"later {action}", f"never {action}", f"s parts_action {action}"
        known.equals({never: 1}, supported - persons)
        known.secret(never)
        if action in first:
            known.equals({here: 1, later: 1}, persons)
            known.secret(later)
        else:
            known.equals({later: 1}, persons)
            known.secret(later)
    _reasons(known, [row for row in rows("reasons") if not row[1].startswith(("Plany", "Jednostki"))])
    return known


def _parts(known: Unknowns, table: str, rows: list[list[Any]]) -> None:
    everybody: dict[str, list[str]] = {"s": [], "q": []}
    for name, supported, qualified, _ in rows:
        keys = re.findall(r"\d+", name) if table == "parts_action" else name.split(", ")
        if table == "parts_action" and not name.startswith("Dział"):
            keys = keys[:1]  # a digit in a title is no action
        s, q = ([f"{kind} {table} {key}" for key in keys] for kind in "sq")
        for one, own in zip(s, q, strict=True):
            known.between({one: 1}, 1, float("inf"))  # whoever is named has somebody
            known.between({own: 1}, 0, float("inf"))
            known.inside(own, one)
            known.secret(one)
            known.secret(own)
            known.secret(f"not {own}", {one: 1, own: -1})
        if not isinstance(supported, str):
            known.equals(dict.fromkeys(s, 1.0), supported)
        if not isinstance(qualified, str):
            known.equals(dict.fromkeys(q, 1.0), qualified)
        everybody["s"] += s
        everybody["q"] += q
    for kind, whole in (("s", "supported"), ("q", "qualified")):
        if everybody[kind]:
            known.equals({**dict.fromkeys(everybody[kind], 1.0), whole: -1.0}, 0.0)


def _reasons(known: Unknowns, rows: list[list[Any]]) -> None:
    by_indicator: dict[str, list[str]] = {}
    for place, (_, indicator, number, of, _) in enumerate(rows):
        whole = "supported" if "wsparciem" in indicator else "qualified"
        name = f"reason {place}"
        known.between({name: 1}, 1, float("inf"))
        known.secret(name)
        if not isinstance(number, str):
            known.equals({name: 1}, number)
        if not isinstance(of, str):
            known.equals({"everybody": 1}, of)
        by_indicator.setdefault(whole, []).append(name)
    for whole, names in by_indicator.items():
        known.between({"everybody": 1, whole: -1, **dict.fromkeys(names, -1.0)}, 0, 0)
    if by_indicator:
        known.secret("outside", {"everybody": 1, "supported": -1})


def attacked(edition: Edition, teryt: str) -> Unknowns:
    return attack_on(edition.tables(teryt), lambda key: rows_of(edition, teryt, key))


def test_no_small_number_of_persons_can_be_derived(edition: Edition, teryt: str) -> None:
    known = attacked(edition, teryt)
    assert len(known.secrets) > 60
    assert known.told(FEWEST) == {}


def test_parts_of_a_table_add_up_to_the_indicator(edition: Edition, teryt: str) -> None:
    for table in DIMENSIONS:
        *parts, (total, supported, qualified, _) = rows_of(edition, teryt, table)
        assert total == TOGETHER
        assert supported == sum(row[1] for row in parts)
        if HIDDEN not in [row[2] for row in parts]:
            assert qualified == sum(row[2] for row in parts)


def test_numbers_of_persons_in_words_are_those_of_the_tables(edition: Edition, teryt: str) -> None:
    # Otherwise the attack on the tables would not be one on the report.
    tables = ("indicators", "parts_institution", "parts_subregion", "parts_action", "reasons", "actions", "unit_costs")
    numbers = {c for key in tables for row in rows_of(edition, teryt, key) for c in row if not isinstance(c, str)}
    known = {Number(value).text for value in numbers}
    found = 0
    for sentence in sentences(edition.document(teryt)):
        for text in persons_in(sentence):
            assert text in known, sentence
            found += 1
        if total := re.search(r"nie policzono (\d+)\sosobom \(([^)]*–[^)]*)\)", sentence):
            summands = re.findall(r"– (\d+)", total[2])
            assert set(summands) <= known, sentence
            assert int(total[1]) == sum(map(int, summands)), sentence
            found += 1
    assert found >= 3


def sentences(document: Mapping[str, Any]) -> Iterator[str]:
    for element in document["elements"]:
        if element["kind"] in {"points", "statement"}:
            for one in element["items"] if element["kind"] == "points" else [element]:
                yield one["text"]


def persons_in(sentence: str) -> list[str]:
    """Return the whole numbers that a sentence tells of persons."""
    patterns = (
        r"(?:wsparciem|kwalifikacje): (\d[\d\u00a0]*)\b(?!,)",
        r"podniosło kwalifikacje (\d+) z \d+", r"podniosło kwalifikacje \d+ z (\d+)",
        r"nie policzono (\d+)\s(?:osób|osoby|osobę)", r"\((\d+) z \d+, czyli",
    )  # fmt: skip
    if "jednost" in sentence.casefold() or "gmin" in sentence.casefold():
        return []
    return [text for pattern in patterns for text in re.findall(pattern, sentence)]


def test_the_attack_finds_what_careless_tables_would_give_away(edition: Edition) -> None:
    code = next(code for code in CODES if _joined(rows_of(edition, code, "parts_institution")))
    careful = attacked(edition, code)
    assert careful.told(FEWEST) == {}

    def careless(key: str) -> list[list[Any]]:
        rows = rows_of(edition, code, key)
        if key != "parts_institution":
            return rows
        [row, *_] = _joined(rows)
        keys = row[0].split(", ")
        split = [[keys[0], 3, 2, 0.0], [", ".join(keys[1:]), row[1] - 3, row[2] - 2, 0.0]]
        return [*(other for other in rows if other is not row and other != row), *split]

    found = attack_on(edition.tables(code), careless).told(FEWEST)
    assert sorted(found.values()) == [1, 2, 3]


def test_the_attack_finds_a_gap_that_one_subtraction_fills(edition: Edition) -> None:
    def gap(key: str) -> list[list[Any]]:
        rows = rows_of(edition, "14", key)
        if key == "reasons":  # the number of one reason is hidden, but not that of all persons
            rows = [[*row] for row in rows]
            own = [row for row in rows if "wsparciem" in row[1]]
            own[-1][2] = HIDDEN
            rest = sum(row[2] for row in own[:-1])
            for row in own:
                row[3] = rows_of(edition, "14", "indicators")[0][1] + rest + 2
            rows = own
        return rows

    assert 2 in attack_on(edition.tables("14"), gap).told(FEWEST).values()


def _joined(rows: list[list[Any]]) -> list[list[Any]]:
    return [row for row in rows if ", " in row[0]]
