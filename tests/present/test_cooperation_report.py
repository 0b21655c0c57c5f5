"""The report on cooperation models says what its tables say, in every situation, and claims no causes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import nbformat
import pytest

from cooperation.cooperation_tables import FLOW, PILOTS, SITUATIONS, cooperation
from ropsanalysis.cooperation.schema import COACHING_KINDS, ELEMENTS, LEVELS, ROLES, SECTORS
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import cooperation as show
from ropsanalysis.present import matrices, polish
from ropsanalysis.present.blocks import AnyBlock, Figure, Note, Number, Points, Statement, Table, cell_text
from ropsanalysis.present.cooperation import names
from ropsanalysis.present.markup import fragment
from ropsanalysis.stats.network_measures import MEASURES

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "cooperation.ipynb"
#: Blocks about method or the report itself, and what others published.
NOT_FROM_DATA = {"symbols", "method_notes", "protection_notes", "choices_of_method", "sources", "reading_note",
                 "projects_summary", "project_cards"}  # fmt: skip


def calls() -> list[str]:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    found = [re.fullmatch(r"show\.(\w+)\(models\)", cell.source) for cell in cells]
    return [match.group(1) for match in found if match]


@cache
def view(situation: str) -> Cooperation:
    return cooperation(SITUATIONS[situation])


@cache
def report(situation: str) -> dict[str, AnyBlock | None]:
    """Return what every cell of the notebook shows."""
    return {name: getattr(show, name)(view(situation)) for name in calls()}


def statements(block: AnyBlock | None) -> list[Statement]:
    if isinstance(block, Statement):
        return [block]
    return list(block.items) if isinstance(block, Points) else []


def said(situation: str, name: str) -> str:
    return " ".join(s.text for s in statements(report(situation)[name])).replace(polish.NBSP, " ")


def all_tables(situation: str) -> list[Table]:
    found = [block for block in report(situation).values() if block is not None]
    return [b for b in found if isinstance(b, Table)] + [b.data for b in found if isinstance(b, Figure)]


def texts_of(block: AnyBlock | None) -> list[str]:
    """Return every text that a reader of the block sees, cells of tables included."""
    found = [statement.text for statement in statements(block)]
    if isinstance(block, Note):
        found += [block.title, block.text, *block.items]
    if isinstance(block, Figure):
        found += [block.title, block.alt, block.description, block.note]
    for table in [block] if isinstance(block, Table) else [block.data] if isinstance(block, Figure) else []:
        found += [table.title, table.note, *(column.label for column in table.columns)]
        found += [cell_text(cell) for row in table.rows for cell in row]
    return found


def table(situation: str, name: str) -> Table:
    block = report(situation)[name]
    assert isinstance(block, Table)
    return block


def figure(situation: str, name: str) -> Figure:
    block = report(situation)[name]
    assert isinstance(block, Figure)
    return block


def test_the_notebook_calls_every_function_once() -> None:
    assert sorted(calls()) == sorted(show.__all__)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_block_becomes_html_without_an_empty_word(situation: str) -> None:
    for name, block in report(situation).items():
        if block is not None:
            html = re.sub(r"<svg.*?</svg>", "", fragment(block), flags=re.DOTALL)
            assert not re.search(r"\b(?:None|nan|NaT|inf)\b", html), name
            assert "{" not in html, name


@pytest.mark.parametrize("situation", SITUATIONS)
def test_sentences_end_once_and_have_no_double_spaces(situation: str) -> None:
    for name, block in report(situation).items():
        wrong = [t for t in texts_of(block) if ".." in t or "  " in t or t != t.strip() or " ." in t or ":." in t]
        assert wrong == [], name
        assert [s.text for s in statements(block) if not s.text.endswith(".")] == [], name


@pytest.mark.parametrize("situation", SITUATIONS)
def test_tables_are_whole_and_name_their_source(situation: str) -> None:
    found = all_tables(situation)
    assert all(len(row) == len(t.columns) for t in found for row in t.rows)
    assert all(t.rows for t in found)
    keys = [t.key for t in found]
    assert len(keys) == len(set(keys))
    without = {b.key for b in report(situation).values() if isinstance(b, Table | Figure) and not b.source}
    assert without <= {"choices", "sources"}  # they are about the report itself


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_made_up_is_marked_and_nothing_else(situation: str) -> None:
    made_up = SITUATIONS[situation].synthetic
    for name, block in report(situation).items():
        if name in NOT_FROM_DATA:
            assert not getattr(block, "synthetic", False), name
        elif isinstance(block, Table | Figure):
            assert block.synthetic == made_up, name
        else:
            for statement in statements(block):
                assert statement.synthetic == made_up or not statement.values, (name, statement.text)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_sentence_names_a_cause(situation: str) -> None:
    causal = ("dzięki", "wskutek", "spowodow", "wpłyn", "przyczyni", "skutkiem", "w wyniku", "doprowadzi")
    for name, block in report(situation).items():
        for text in texts_of(block):
            assert not [word for word in causal if word in text.lower()], (name, text)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_heading_stands_over_nothing(situation: str) -> None:
    filled = True
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            assert filled, cell.source
            filled = False
        elif match := re.fullmatch(r"show\.(\w+)\(models\)", cell.source):
            filled = filled or report(situation)[match.group(1)] is not None
    assert filled


def test_every_key_of_the_contract_has_words() -> None:
    assert set(names.ELEMENT) == set(names.SHORT_ELEMENT) == set(ELEMENTS)
    assert set(names.MEASURE) == set(MEASURES)
    assert set(names.LEVEL) == set(LEVELS)
    assert set(names.ROLE) == set(ROLES)
    assert set(names.COACHING) == {*COACHING_KINDS, ""}
    assert set(names.MEND) == {*ELEMENTS, *names.CAUSE}
    assert {*names.STEP, *names.FAULT} == set(FLOW)
    assert {names.sector(view("full"), key) for key in SECTORS}.isdisjoint(SECTORS)


# --- what each situation says --------------------------------------------------------------------------


def test_the_first_page_tells_pilots_promises_network_success_and_advice() -> None:
    text = said("full", "key_findings")
    for piece in (
        "model kooperacji sprawdzają 4 pilotaże; współpracuje w nich 37 podmiotów z 7 sektorów.",
        "obiecaną wielkość osiągnięto w przypadku 1. Najdalej od obietnicy: jednostki samorządu z pilotażem (26 z 50",
        "współpracowało średnio 12,4% par podmiotów, po jego wprowadzeniu 43,1%; to zmiana większa niż przypadkowa",
        "Z powodzeniem zakończyło się 76 z 101 spraw, czyli 75,2% (od 67,2% do 83,2%)",
        "w opublikowanym pilotażu gmin wiejskich 140 z 172, czyli 81,4%.",
        "mija nie więcej niż 47 dni (od 43 do 51), n = 118.",
        "Bez zapisanej diagnozy zawarto 7 z 118 kontraktów",
        "różnica +18,6 (od +16,2 do +21,0); podstawa: co najmniej 90 spraw.",
        "osiągnięto 63,4% celów (n: co najmniej 240). Celów nie oceniono w co najwyżej 10,9% zakończonych spraw.",
        "Reguły nie wskazują przeszkód: Gmina Barcin; Gmina Żnin. Najpierw uzupełnić: Powiat tucholski. Wyjaśnić",
    ):
        assert piece in text, piece


def test_a_voivodeship_outside_the_projects_says_so_and_compares_no_promises() -> None:
    assert "nie obejmują województwa kujawsko-pomorskiego" in said("no project", "key_findings")
    assert "Żaden z nich nie obejmuje województwa kujawsko-pomorskiego" in said("no project", "projects_summary")
    for name in ("project_cards", "effects_summary", "effects_figure", "effects_table"):
        assert report("no project")[name] is None


def test_counts_of_a_part_of_the_project_are_called_the_least_possible() -> None:
    assert "najmniejszymi możliwymi" in said("part of the project", "effects_summary")
    assert "najmniejszymi" not in said("full", "effects_summary")
    basis = {cell_text(row[0]): row[5] for row in table("part of the project", "effects_table").rows}
    assert basis["Podmioty współpracujące (podmioty)"] == "policzono z danych; dane niepełne"
    assert basis["Podmioty wsparte w pandemii (podmioty)"] == "podał ośrodek"


@pytest.mark.parametrize(
    ("situation", "name", "words_of_it"),
    [
        ("nothing", "pilots_summary", "pilots.csv"),
        ("no ties", "network_summary", "ties.csv"),
        ("no cases", "cases_summary", "cases.csv"),
        ("no cases", "basket_summary", "baskets.csv"),
        ("no cases", "goals_summary", "goals.csv"),
        ("pilots only", "coaching_summary", "coaching.csv"),
    ],
)
def test_without_data_a_chapter_says_what_it_would_have_shown(situation: str, name: str, words_of_it: str) -> None:
    text = said(situation, name)
    assert text.startswith("Brak ")
    assert "raport nie pokazuje" in text
    assert words_of_it in text


@pytest.mark.parametrize("situation", ["no ties", "pilots only"])
def test_without_ties_there_is_no_network(situation: str) -> None:
    for name in ("network_figure", "entities_table", "measures_figure", "sectors_figure", "brokers_table"):
        assert report(situation)[name] is None, name


def test_a_hidden_report_prints_no_number_of_cases() -> None:
    for name in ("flow_figure", "durations_figure", "success_figure", "funnel_figure", "basket_figure", "goals_figure"):
        assert report("hidden")[name] is None, name
    assert said("hidden", "goals_summary").endswith("nie podajemy: zbyt mało spraw.")
    numbers = [c for row in table("hidden", "basket_table").rows for c in row if isinstance(c, Number)]
    assert {c.text for c in numbers} <= {"ukryto", polish.DASH}


def test_the_drawing_numbers_entities_once_and_the_key_explains_every_number() -> None:
    drawn = figure("full", "network_figure")
    rows = table("full", "entities_table").rows
    numbers = [int(cell_text(row[0]).split(".")[0]) for row in rows]
    assert numbers == list(range(1, len(rows) + 1))
    texts = re.findall(r">(\d+)</text>", drawn.svg)
    assert {int(text) for text in texts} == set(numbers)
    assert all(texts.count(str(number)) == 2 for number in numbers)  # before and after


def test_the_data_of_the_drawing_hold_every_tie_twice() -> None:
    rows = figure("full", "network_figure").data.rows
    pilots = {cell_text(row[1]) for row in table("full", "entities_table").rows}
    drawn = [key for key, (name, _) in PILOTS.items() if name in pilots]
    for column, wave in ((1, "before"), (2, "after")):
        ties = sum(1 for tie in view("full").ties if tie.pilot in drawn and getattr(tie, wave))
        listed = sum(len(re.findall(r"\d+", cell_text(row[column]))) for row in rows)
        assert listed == 2 * ties > 0


def test_a_change_within_chance_is_not_called_larger() -> None:
    verdicts = {cell_text(row[0]).split(" (")[0]: row[6] for row in table("full", "measures_table").rows}
    assert verdicts["Gęstość"] == "większa niż przypadkowa"
    assert verdicts["Skupienie powiązań"] == "może być przypadkowa"
    text = said("full", "network_summary")
    assert text.index("gęstość (z 12,4% do 43,1%)") < text.index("Może być przypadkowa") < text.index("skupienie powi")


def test_fidelity_is_told_by_words_and_says_where_it_is_not_known() -> None:
    block = figure("full", "fidelity_figure")
    states = {(row[0], row[1]): row[2] for row in block.data.rows}
    assert states["Powiat tucholski", "Działania po wsparciu"] == "nie"
    assert states["Gmina Kcynia", "Diagnoza potrzeb"] == "nie podajemy"
    assert {">tak<", ">nie<", ">?<"} <= set(re.findall(r">[^<]+<", block.svg))
    text = said("full", "fidelity_summary")
    assert "brakuje w 1 z 4 pilotaży; najczęściej brakuje: działania po wsparciu" in text
    assert "W 3 z 32 pól nie podajemy" in text


def test_the_published_rate_is_beside_our_own_and_the_difference_carries_its_interval() -> None:
    text = said("full", "success_summary")
    assert "W opublikowanym pilotażu gmin wiejskich było to 81,4% (140 z 172)." in text
    assert "Różnica −6,1 p.p. (od −16,2 do +4,0) może być dziełem przypadku (p = 0,284)." in text
    assert "nie mówi, który model jest lepszy" in text


def test_a_rate_clearly_below_the_published_one_is_to_be_explained_before_the_model_is_extended() -> None:
    of = view("full")
    assert of.comparison is not None
    assert "opublikowanym" not in said("full", "recommendations")
    lower = replace(of, comparison=of.comparison._replace(p=0.01))
    text = " ".join(s.text for s in statements(show.recommendations(lower))).replace(polish.NBSP, " ")
    assert "Przed rozszerzeniem modelu wyjaśnić" in text
    assert "75,2% (n = 101) wobec 81,4% (n = 172)" in text


def test_advice_names_what_is_missing_and_what_to_mend() -> None:
    rows = {cell_text(row[0]): row for row in table("full", "advice_table").rows}
    joined = rows["Powiat tucholski (sprawy łącznie z: Gmina Kcynia)"]
    assert joined[1] == "najpierw uzupełnić"
    assert joined[2] == "brakuje: działania po wsparciu; odsetek powodzeń poniżej granicy przypadku"
    assert "opisać, co dzieje się po zakończeniu wsparcia" in cell_text(joined[3])
    other = rows["Gmina Kcynia (sprawy łącznie z: Powiat tucholski)"]
    assert (other[1], other[2]) == ("wyjaśnić wynik", "odsetek powodzeń poniżej granicy przypadku")
    assert (rows["Gmina Barcin"][1], rows["Gmina Barcin"][2]) == ("reguły nie wskazują przeszkód", "brak uwag")
    text = said("full", "recommendations")
    assert "których brakuje: Powiat tucholski – działania po wsparciu." in text
    assert "bez zapisanej diagnozy jest 7 z 118 kontraktów" in text
    assert "To warunek wstępny, a nie dowód" in text


def test_brokerage_stands_beside_its_paths_and_is_not_tested_over_all_pilots() -> None:
    rows = {cell_text(row[0]).split(" (")[0]: row for row in table("full", "measures_table").rows}
    assert "liczba dróg przed: 49, po: 121" in cell_text(rows["Pośrednictwo animatora"][0])
    assert rows["Pośrednictwo animatora"][6] == "bez testu"
    assert "pośrednictwo" not in said("full", "network_summary").replace("skupienie pośrednictwa", "")
    pilots = table("full", "pilots_network_table").rows
    assert cell_text(pilots[0][7]).replace(polish.NBSP, " ") == "38,8 (n = 121)"


def test_cases_without_a_contract_are_not_called_open() -> None:
    text = said("full", "cases_summary")
    assert "te, które trwają, do ostatniego dnia danych, a zakończone – do dnia zakończenia" in text
    assert "w 84,3% wszystkich spraw (118 z 140)" in text
    data = figure("full", "flow_figure").data
    assert [cell_text(cell) for cell in data.rows[-1][:3]] == ["W tym kontrakty bez zapisanej diagnozy", "7", "118"]


def test_whom_the_count_of_entities_leaves_out_is_said() -> None:
    assert "bez animatorów i inspiratorów" in table("full", "effects_table").note


def test_alternative_texts_hold_the_numbers_of_the_data() -> None:
    wanted = {
        "effects_figure": ["52%", "105%", "90%"],
        "partners_figure": ["Gmina Barcin"],
        "fidelity_figure": ["Powiat tucholski"],
        "measures_figure": ["12,4", "43,1"],
        # of 11 ties from the animator of Gmina Żnin, those to 3, 6 and 9 were there before, the one to 3 is gone
        "network_figure": ["3 powiązania przed, 10 powiązań po, w tym nowe: 8, zanikłe: 1"],
        "sectors_figure": ["40%", "20%"],
        "flow_figure": ["140", "43"],
        "durations_figure": ["47 dni (od 43 do 51)"],
        "success_figure": ["75,2% (n = 101)", "81,4% (n = 172)"],
        "funnel_figure": ["83,9%", "poniżej węższych granic"],
        "basket_figure": ["zaplanowano 300", "dostarczono 150"],
        "goals_figure": ["+18,6 (z 31,2 do 49,8)"],
    }
    figures = {name: block for name, block in report("full").items() if isinstance(block, Figure)}
    assert wanted.keys() == figures.keys()
    for name, numbers in wanted.items():
        alt = figures[name].alt.replace(polish.NBSP, " ")
        assert [n for n in numbers if n not in alt] == [], name
        assert len(figures[name].svg) < 60_000, name


def test_states_of_the_matrix_are_all_drawn_by_word() -> None:
    assert set(matrices._STYLE) == set(get_args(matrices.State))
