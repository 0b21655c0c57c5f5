"""Every report on cooperation models names the source of every promise, and tells nothing of single cases or workers.

Published figures are read in the catalogue's file without the package's code; counts are attacked in the finished
reports of all voivodeships by somebody who can solve linear programmes and even knows how many cases each pilot has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from person_attack import Unknowns, digests_in, keys_in, published
from report_data import CODES, printed
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.present.blocks import Number
from ropsanalysis.regions import find
from support import PROJECT

pytestmark = pytest.mark.slow

#: Fewest cases or workers with a trait that a number may tell of (`min_count` of cooperation_parameters.yaml), and
#: fewest behind a result (`min_cases`).
FEWEST, CASES = 3, 10
NOT_PUBLISHED, TOGETHER, DASH = "nie opublikowano", "Województwo razem", "–"
HALF = 0.05 + 1e-6
"""Half of the last digit of a share in percent."""

Rows = Callable[[str], list[list[Any]]]


@pytest.fixture(scope="module")
def edition(editions: dict[str, Edition]) -> Edition:
    return editions["cooperation"]


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rows_of(edition: Edition, teryt: str, key: str) -> list[list[Any]]:
    """Return the rows of a table, numbers unrounded; none where it is left out."""
    table = edition.tables(teryt).get(key, {"rows": []})
    return [[text_of(c) if isinstance(c, str) or c["value"] is None else c["value"] for c in r] for r in table["rows"]]


@cache
def catalogue() -> dict[str, Any]:
    path = PROJECT / "src" / "ropsanalysis" / "catalogue" / "cooperation_projects.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def document_of(key: str) -> dict[str, str]:
    [found] = [document for document in catalogue()["documents"] if document["key"] == key]
    return dict(found)


def projects_of(teryt: str) -> list[dict[str, Any]]:
    return [project for project in catalogue()["projects"] if teryt in project["teryt"]]


# ---- published figures -----------------------------------------------------------------------------------


def test_cards_of_the_published_projects_stand_with_their_source(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    shown, formats = rows_of(edition, teryt, "projects"), texts_of(edition, pdf_text, teryt)
    assert (shown == []) == (projects_of(teryt) == [])
    for project in projects_of(teryt):
        [start] = [k for k, row in enumerate(shown) if row == ["Tytuł", project["title"]]]
        card = dict(shown[start : start + 8])
        for name, amount in (("Wartość", project["value_pln"]), ("W tym dotacja celowa", project["grant_pln"])):
            assert card[name] == (NOT_PUBLISHED if amount is None else amount)
        for year in re.findall(r"\d{4}", f"{project['start']} {project['end']}"):
            assert year in card["Okres"]
        for group in project["target_groups"]:
            assert group in card["Grupy docelowe"]
        document = document_of(project["source"])
        for part in (document["name"], document["issuer"], document["address"]):
            assert part in card["Źródło wszystkich pozycji"]
            for form, text in formats.items():
                assert form == "json" or squeezed(part) in text, (form, part)


def test_every_promised_effect_stands_with_its_number_and_source(edition: Edition, teryt: str) -> None:
    shown = {row[0]: row for row in rows_of(edition, teryt, "effects_all")}
    promised = [(project, effect) for project in projects_of(teryt) for effect in project["effects"]]
    promised = [pair for pair in promised if (pair[1].get("counted_from") or "")[-2:] in ("", teryt) or
                not (pair[1].get("counted_from") or "").partition(":")[2]]  # fmt: skip
    names = {f"{effect['name']} ({effect['unit']})": (project, effect) for project, effect in promised}
    assert set(shown) >= set(names)
    for name, (project, effect) in names.items():
        assert shown[name][1] == (DASH if effect["number"] is None else effect["number"]), name
        document = document_of(project["source"])
        for part in (document["name"], document["address"]):
            assert part in edition.tables(teryt)["effects_all"]["source"]


def test_the_published_pilot_stands_with_its_source(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    # 140 of 172 is 81.4%: DOMAIN.md, and the summary of the pilot of rural gminas.
    [figure] = [one for one in catalogue()["rural_pilot"]["figures"] if one["key"] == "success"]
    assert (figure["number"], figure["of"]) == (140, 172)
    for form, text in texts_of(edition, pdf_text, teryt).items():
        assert squeezed(f"{figure['number']} z {figure['of']}") in text, form
        assert printed(100 * figure["number"] / figure["of"], 1) == "81,4"
        assert squeezed(document_of("rural")["address"]) in text, form


# ---- nothing that leads to a case or a worker ------------------------------------------------------------


@pytest.fixture(scope="module")
def keys(edition: Edition) -> frozenset[str]:
    """Return the keys of cases and social workers as the offices write them; pseudonyms are known by their shape."""
    raw = edition.project / "data" / "raw"
    cases = pd.read_csv(raw / "cooperation_cases" / "cases.csv", dtype=str)["case"]
    workers = pd.read_csv(raw / "cooperation_effects" / "coaching.csv", dtype=str)["worker"]
    assert cases.nunique() > 500
    assert workers.nunique() > 50
    return frozenset({*cases, *workers})


def test_no_published_file_holds_a_key_or_pseudonym(
    edition: Edition, keys: frozenset[str], pdf_text: Callable[[Path], str], teryt: str
) -> None:
    for name, text in published(edition, teryt, pdf_text):
        assert keys_in(text, keys) == set(), name
        assert digests_in(text) == [], name


def test_the_search_finds_a_key(keys: frozenset[str]) -> None:
    for key in (min(keys), max(keys)):
        assert keys_in(f"<td>{key}</td>", keys) == {key}


# ---- no small number of cases or workers can be derived ---------------------------------------------------

#: Steps of a case as the report names them: those that are recorded each by itself (all baskets have a contract here),
#: and those of which each is a part of the one before.
WAY_IN = ("Sygnał", "Diagnoza", "Kontrakt socjalny", "Koszyk usług")
UNDIAGNOSED, BOTH = "W tym kontrakty bez zapisanej diagnozy", "Diagnoza i kontrakt"
WAY_OUT = ("Sygnał", "Zakończenie", "Zakończenie z powodzeniem", "Sprawdzenie po zakończeniu", "Zmiana się utrzymała")
#: Elements of the model of which shares are printed by pilot, and the step that each is the share of.
ELEMENTS = {
    "Diagnoza potrzeb": ("Diagnoza", "Sygnał"), "Kontrakt socjalny": ("Kontrakt socjalny", "Sygnał"),
    "Koszyk usług": ("Koszyk usług", "Sygnał"),
    "Działania po wsparciu": ("Sprawdzenie po zakończeniu", "Zakończenie z powodzeniem"),
    "Monitorowanie": ("Monitorowanie", "Sygnał"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sizes(edition: Edition) -> dict[str, dict[str, int]]:
    """Return how many cases each pilot has, by voivodeship and name: the attacker is granted what no report prints."""
    raw = edition.project / "data" / "raw"
    cases = pd.read_csv(raw / "cooperation_cases" / "cases.csv", dtype=str)
    pilots = pd.read_csv(raw / "cooperation_network" / "pilots.csv", dtype=str)
    number = cases.drop_duplicates(["pilot", "case"])["pilot"].value_counts()
    found: dict[str, dict[str, int]] = {}
    for pilot in pilots.itertuples():
        found.setdefault(pilot.teryt, {})[pilot.name] = int(number.get(pilot.pilot, 0))
    return found


def attack_on(rows: Rows, sizes: Mapping[str, int]) -> Unknowns:
    """Turn what a report prints of its cases into equations."""
    known = Unknowns()
    steps = dict.fromkeys((*WAY_IN, BOTH, *WAY_OUT))
    for pilot, size in sizes.items():
        known.equals({f"{pilot} Sygnał": 1}, size)
        for whole, part in (*pairwise(WAY_OUT), *((WAY_IN[0], step) for step in WAY_IN[1:]), WAY_IN[2:]):
            known.inside(f"{pilot} {part}", f"{pilot} {whole}")
        for whole in WAY_IN[1:3]:
            known.inside(f"{pilot} {BOTH}", f"{pilot} {whole}")
        known.between(_neither(pilot), 0, float("inf"))
        known.inside(f"{pilot} Monitorowanie", f"{pilot} Sygnał")
        for step in (*WAY_IN[1:], *WAY_OUT[1:]):
            known.secret(f"{pilot} {step}")
        known.secret(f"{pilot} Sygnał, bez: Monitorowanie", {f"{pilot} Sygnał": 1, f"{pilot} Monitorowanie": -1})
        for whole, part in (*OPEN_PAIRS, *pairwise(WAY_OUT[1:])):  # who has not ended yet is no secret: others may know
            known.secret(f"{pilot} {whole}, bez: {part}", {f"{pilot} {whole}": 1, f"{pilot} {part}": -1})
        known.secret(f"{pilot} ani diagnozy, ani kontraktu", _neither(pilot))
    for step in steps:
        known.equals({**{f"{pilot} {step}": 1.0 for pilot in sizes}, f"razem {step}": -1.0}, 0)
    for whole, part in (*OPEN_PAIRS, *pairwise(WAY_OUT)):
        known.secret(f"razem {whole}, bez: {part}", {f"razem {whole}": 1, f"razem {part}": -1})
    known.secret("razem ani diagnozy, ani kontraktu", _neither("razem"))
    _flow(known, rows)
    _outcomes(known, rows, sizes)
    _elements(known, rows, sizes)
    return known


#: Who has the first and lacks the second is a secret where it is some few.
OPEN_PAIRS = (
    *((WAY_IN[0], step) for step in WAY_IN[1:]), WAY_IN[2:], *((step, BOTH) for step in WAY_IN[1:3]),
)  # fmt: skip


def _neither(pilot: str) -> dict[str, float]:
    """Return the cases with neither a diagnosis nor a contract as a sum."""
    names = dict(zip((*WAY_IN[:3], BOTH), (1.0, -1.0, -1.0, 1.0), strict=True))
    return {f"{pilot} {name}": weight for name, weight in names.items()}


def _flow(known: Unknowns, rows: Rows) -> None:
    before = dict.fromkeys(WAY_IN[1:], WAY_IN[0]) | dict(zip(WAY_OUT[1:], WAY_OUT, strict=False))
    for name, *_, events in rows("durations_data"):
        if name == "Od diagnozy do kontraktu" and not isinstance(events, str):
            known.equals({f"razem {BOTH}": 1}, events)
    for step, cases, of, share in rows("flow_data"):
        if step == UNDIAGNOSED:
            if not isinstance(cases, str):
                known.equals({f"razem {WAY_IN[2]}": 1, f"razem {BOTH}": -1}, cases)
            continue
        if not isinstance(cases, str):
            known.equals({f"razem {step}": 1}, cases)
        if not isinstance(of, str) and step in before:
            known.equals({f"razem {before[step]}": 1}, of)
        if isinstance(cases, str) and not isinstance(share, str):
            whole = f"razem {before[step]}"
            known.between({f"razem {step}": 1, whole: -(share - HALF) / 100}, 0, float("inf"))
            known.between({f"razem {step}": 1, whole: -(share + HALF) / 100}, -float("inf"), 0)


def _outcomes(known: Unknowns, rows: Rows, sizes: Mapping[str, int]) -> None:
    for name, success, ended, *_ in rows("success_data"):
        pilots = pilots_in(name, sizes) if name != TOGETHER else list(sizes)
        if not pilots:
            continue  # the published pilot
        for step, number in (("Zakończenie z powodzeniem", success), ("Zakończenie", ended)):
            if not isinstance(number, str):
                known.equals({f"{pilot} {step}": 1.0 for pilot in pilots}, number)
    for name, *_, ended, rate in rows("advice"):
        pilots = pilots_in(name, sizes)
        if not isinstance(ended, str):
            known.equals({f"{pilot} Zakończenie": 1.0 for pilot in pilots}, ended)
            if not isinstance(rate, str):
                success = {f"{pilot} Zakończenie z powodzeniem": 1.0 for pilot in pilots}
                known.between(success, (rate - HALF) * ended / 100, (rate + HALF) * ended / 100)


def _elements(known: Unknowns, rows: Rows, sizes: Mapping[str, int]) -> None:
    for pilot, element, _, share, _ in rows("fidelity_data"):
        if element in ELEMENTS and not isinstance(share, str):
            part, whole = (f"{pilot} {step}" for step in ELEMENTS[element])
            known.between({part: 1, whole: -(share - HALF) / 100}, 0, float("inf"))
            known.between({part: 1, whole: -(share + HALF) / 100}, -float("inf"), 0)
            assert pilot in sizes


def pilots_in(name: str, sizes: Mapping[str, int]) -> list[str]:
    """Return the pilots that a row stands for."""
    return [pilot for pilot in sizes if re.search(rf"{re.escape(pilot)}(?!\w)", name)]


def attacked(edition: Edition, sizes: Mapping[str, Mapping[str, int]], teryt: str) -> Unknowns:
    return attack_on(lambda key: rows_of(edition, teryt, key), sizes[teryt])


def test_no_small_number_of_cases_can_be_derived(
    edition: Edition, sizes: dict[str, dict[str, int]], teryt: str
) -> None:
    known = attacked(edition, sizes, teryt)
    assert len(known.secrets) > 10
    assert known.told(FEWEST) == {}


def test_every_number_of_cases_beside_another_one_leaves_none_or_enough(edition: Edition, teryt: str) -> None:
    def apart(whole: Any, part: Any) -> None:
        if not isinstance(whole, str) and not isinstance(part, str):
            assert whole - part == 0 or whole - part >= FEWEST

    for _, cases, of, _ in rows_of(edition, teryt, "flow_data"):
        apart(of, cases)
        assert isinstance(cases, str) or cases == 0 or cases >= FEWEST
    for *_, cases, events in rows_of(edition, teryt, "durations_data"):
        apart(cases, events)
    ended = {row[0]: row[2] for row in rows_of(edition, teryt, "success_data")}
    for name, cases, goals, *_ in rows_of(edition, teryt, "goals_all"):
        apart(ended.get(name, DASH), cases)
        assert isinstance(goals, str) or goals >= CASES
    for _, cases, *_ in rows_of(edition, teryt, "baskets_all"):
        assert isinstance(cases, str) or cases >= CASES


def test_units_of_services_that_are_hidden_are_in_no_sum(edition: Edition, teryt: str) -> None:
    rows = rows_of(edition, teryt, "baskets_all")
    sums = [sum(row[k] for row in rows if not isinstance(row[k], str)) for k in (2, 3)]
    told = [
        [float(text.replace("\u00a0", "").replace(",", ".")) for text in found]
        for sentence in sentences(edition.document(teryt))
        if (match := re.search(r"zaplanowanych jednostek usług[^:]*: ([\d\u00a0,]+) z ([\d\u00a0,]+)\.", sentence))
        for found in [match.groups()]
    ]
    for delivered, planned in told:
        assert [planned, delivered] == pytest.approx(sums, abs=1)


def test_no_small_number_of_workers_can_be_derived(edition: Edition, teryt: str) -> None:
    kinds = {name: workers for name, workers, *_ in rows_of(edition, teryt, "coaching")}
    shown = {name: workers for name, workers in kinds.items() if not isinstance(workers, str)}
    together = shown.pop("Razem", None)
    assert together is None or together >= CASES
    for workers in shown.values():
        assert together is not None
        assert workers == 0 or workers >= CASES
        assert together - workers == 0 or together - workers >= FEWEST
    assert len(shown) in (0, 2)  # one kind would tell the hours of the other


def test_effects_of_all_reports_together_give_no_small_number_of_workers(edition: Edition) -> None:
    seen = 0
    for project in catalogue()["projects"]:
        for effect in (one for one in project["effects"] if one.get("counted_from") == "coached_workers"):
            known, name = Unknowns(), f"{effect['name']} ({effect['unit']})"
            for code in project["teryt"]:
                [row] = [row for row in rows_of(edition, code, "effects_all") if row[0] == name]
                known.between({code: 1}, 0, float("inf"))
                known.secret(code)
                if not isinstance(row[4], str):
                    known.equals({code: 1}, row[4])
                if not isinstance(row[2], str) and "niepełne" not in row[5]:
                    known.equals(dict.fromkeys(project["teryt"], 1.0), row[2])
                seen += 1
            assert known.told(FEWEST) == {}
    assert seen


def test_numbers_of_cases_in_words_are_those_of_the_tables(edition: Edition, teryt: str) -> None:
    # Otherwise the attack on the tables would not be one on the report.
    tables = ("flow_data", "success_data", "durations_data", "baskets_all", "goals_all", "coaching", "advice")
    numbers = {c for key in tables for row in rows_of(edition, teryt, key) for c in row if not isinstance(c, str)}
    known, found = {Number(value).text for value in numbers}, 0
    known |= {text.removeprefix("co najmniej\u00a0") for _, text, *_ in rows_of(edition, teryt, "goals_all") if
              isinstance(text, str)}  # fmt: skip
    for sentence in sentences(edition.document(teryt)):
        if re.search(r"\bspraw|coaching", sentence.casefold()):
            told = re.findall(r"\bn = (\d+)|(\d+) z \d+ spraw|(\d+) spraw\b|\((\d+) z \d+\)", sentence)
            for text in filter(None, (text for groups in told for text in groups)):
                assert text in known or text == "20", sentence  # fewest ended cases before a model is extended
                found += 1
    assert found >= 1 or not known


def sentences(document: Mapping[str, Any]) -> Iterator[str]:
    for element in document["elements"][: _method(document)]:
        if element["kind"] in {"points", "statement"}:
            for one in element["items"] if element["kind"] == "points" else [element]:
                yield one["text"]


def _method(document: Mapping[str, Any]) -> int:
    """Return where the chapters on protection and method begin, which tell of limits."""
    return min(k for k, e in enumerate(document["elements"]) if e.get("text") == "Ochrona danych")


def test_the_attack_finds_what_joining_hides(edition: Edition, sizes: dict[str, dict[str, int]]) -> None:
    outcomes = _outcomes_by_pilot(edition)
    found = 0
    for code in CODES:
        for name, *_ in rows_of(edition, code, "success_data"):
            pilots = pilots_in(name, sizes[code]) if "łącznie" in name else []
            for pilot in pilots:
                ended, success = outcomes[code, pilot]
                if not 0 < ended - success < FEWEST:
                    continue

                def careless(key: str, code: str = code, row: tuple[Any, ...] = (pilot, success, ended, 0, 0, 0, "")):
                    return [*rows_of(edition, code, key), *([[*row]] if key == "success_data" else [])]

                told = attack_on(careless, sizes[code]).told(FEWEST)
                assert told[f"{pilot} Zakończenie, bez: Zakończenie z powodzeniem"] == ended - success
                found += 1
    assert found, "the demonstration joins some pilots because few of their cases failed"


def _outcomes_by_pilot(edition: Edition) -> dict[tuple[str, str], tuple[int, int]]:
    """Count the cases that ended and those that ended with success, by voivodeship and pilot."""
    raw = edition.project / "data" / "raw"
    cases = pd.read_csv(raw / "cooperation_cases" / "cases.csv", dtype=str).drop_duplicates(["pilot", "case"])
    pilots = pd.read_csv(raw / "cooperation_network" / "pilots.csv", dtype=str)
    own = cases[cases["ended"].notna()].groupby("pilot")["outcome"]
    ended, success = own.size(), own.agg(lambda values: int((values == "success").sum()))
    return {
        (pilot.teryt, pilot.name): (int(ended.get(pilot.pilot, 0)), int(success.get(pilot.pilot, 0)))
        for pilot in pilots.itertuples(index=False)
    }


def test_the_attack_finds_two_cases_that_a_step_lost(edition: Edition, sizes: dict[str, dict[str, int]]) -> None:
    def careless(key: str) -> list[list[Any]]:
        rows = [[*row] for row in rows_of(edition, "06", key)]
        if key == "flow_data":
            rows[1][1] = rows[0][1] - 2
            rows = [row for row in rows if row[0] != UNDIAGNOSED]
        return rows if key == "flow_data" else []

    assert attack_on(careless, sizes["06"]).told(FEWEST)["razem Sygnał, bez: Diagnoza"] == 2
