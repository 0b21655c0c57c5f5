"""The report on a coordination project says what its tables say, in every situation, and names what is missing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from project_monitoring.monitoring_tables import BUDGET, EU, LABELS, NATIONAL, QUARTERS, SITUATIONS, monitoring
from ropsanalysis.io import project_catalogue
from ropsanalysis.present import project_monitoring as show
from ropsanalysis.present.blocks import AnyBlock, Cover, Figure, Note, Number, Points, Statement, Table, cell_text
from ropsanalysis.present.markup import fragment
from ropsanalysis.present.project_monitoring import advice, budget, card, names, reach, services
from ropsanalysis.present.project_monitoring.missing import missing
from ropsanalysis.project_monitoring.counting import QUALIFIED_RULES, SUPPORTED_RULES
from ropsanalysis.project_monitoring.plans import UNIT_RULES
from ropsanalysis.project_monitoring.records import Reason
from ropsanalysis.project_monitoring.schema import DATASETS
from ropsanalysis.project_monitoring.view import ProjectMonitoring
from ropsanalysis.stats.records import Estimate

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "project_monitoring.ipynb"
#: Blocks about method, the programme or the report itself, and figures that were published by others.
NOT_FROM_DATA = {"symbols", "method_notes", "protection_notes", "choices_of_method", "sources", "reading_note",
                 "counting_rules", "earned_value_note", "serves_table", "foster_poland_table"}  # fmt: skip
#: Words that would say that the project brought something about.
CAUSAL = ("dzięki", "wpłyn", "spowodow", "przyczyni", "skutkiem", "w wyniku", "efektem")


def calls() -> list[str]:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    found = [re.fullmatch(r"show\.(\w+)\(project(?:, shapes)?\)", cell.source) for cell in cells]
    return [match.group(1) for match in found if match]


@cache
def view(situation: str) -> ProjectMonitoring:
    return monitoring(SITUATIONS[situation])


@cache
def report(situation: str) -> dict[str, AnyBlock | None]:
    """Return what every cell of the notebook shows."""
    return {name: getattr(show, name)(view(situation)) for name in calls()}


def all_tables(situation: str) -> list[Table]:
    found = [block for block in report(situation).values() if block is not None]
    return [b for b in found if isinstance(b, Table)] + [b.data for b in found if isinstance(b, Figure)]


def statements(block: AnyBlock | None) -> list[Statement]:
    if isinstance(block, Statement):
        return [block]
    return list(block.items) if isinstance(block, Points) else []


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


def told(situation: str, name: str) -> str:
    return " ".join(texts_of(report(situation)[name]))


def table(situation: str, name: str) -> Table:
    block = report(situation)[name]
    assert isinstance(block, Table)
    return block


def test_the_notebook_calls_every_function_once() -> None:
    assert sorted(calls()) == sorted(show.__all__)


def test_the_chapters_that_the_catalogue_of_actions_names_are_in_the_notebook() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    headings = {cell.source.lstrip("# ") for cell in cells if cell.cell_type == "markdown"}
    named = {
        section for action in project_catalogue.actions() for entry in action.serves
        if entry.report == "project_monitoring" for section in entry.sections
    }  # fmt: skip
    assert named
    assert named <= headings


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
        wrong = [
            t for t in texts_of(block)
            if ".." in t or "  " in t or t != t.strip() or " ." in t or ":." in t or "()" in t
        ]  # fmt: skip
        assert wrong == [], name
        ends = [s.text for s in statements(block) if not s.text.endswith(".")]
        assert ends == [], name


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_key_of_a_table_is_left_untranslated(situation: str) -> None:
    keys = {key for vocabulary in LABELS.values() for key in vocabulary if "_" in key} | set(names.CHECK)
    keys |= {*SUPPORTED_RULES, *QUALIFIED_RULES, *UNIT_RULES}
    for name, block in report(situation).items():
        words = set(re.findall(r"[a-z_]+_[a-z_]+", " ".join(texts_of(block))))
        assert not words & keys, name


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
        if name in NOT_FROM_DATA or isinstance(block, Cover):
            continue
        if isinstance(block, Table | Figure):
            assert block.synthetic == made_up, name
    published = statements(report(situation)["foster_summary"])[1]
    assert published.text.startswith("W Polsce")
    assert not published.synthetic


def test_each_block_is_marked_by_its_own_datasets() -> None:
    project = monitoring(SITUATIONS["whole"])
    real = ProjectMonitoring(**{
        **{name: getattr(project, name) for name in project.__slots__},
        "synthetic_datasets": frozenset({"lpdi"}),
    })  # fmt: skip
    plans, people = show.plans_table(real), show.institution_table(real)
    assert plans is not None
    assert people is not None
    assert (plans.synthetic, people.synthetic) == (True, False)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_sentence_says_that_the_project_brought_something_about(situation: str) -> None:
    for name, block in report(situation).items():
        if name != "method_notes":
            assert not [t for t in texts_of(block) if any(stem in t.lower() for stem in CAUSAL)], name


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_figure_has_words_and_data(situation: str) -> None:
    for block in report(situation).values():
        if isinstance(block, Figure):
            assert len(block.alt) > 30
            assert len(block.description) > 30
            assert block.data.rows


# --- indicators -----------------------------------------------------------------------------------------


def test_the_findings_say_where_the_indicators_stand() -> None:
    found = told("whole", "key_findings")
    assert "301 z 688 planowanych do końca projektu (43,8% celu)" in found  # 301 / 688 = 0.4375
    assert "równomierne tempo dałoby 301, a plan zakładał 271." in found  # 688 * 0.4375 and 0.9 of it
    assert "23 z 115, czyli 20,0%, przy celu 50%" in found
    assert "prawdopodobieństwo osiągnięcia celu: 31%" in found
    assert "gdy minęło 43,8% czasu projektu" in found


def test_a_reached_target_needs_no_forecast() -> None:
    found = told("done", "key_findings")
    assert "Cel już osiągnięto." in found
    assert "prawdopodobieństwo" not in found
    assert "Wsparcie dotarło do pracowników z każdej z 31 gmin." in found


def test_the_rules_of_counting_follow_the_parameters() -> None:
    assert "4\u00a0tygodnie po wyjściu z projektu" in told("whole", "counting_rules")
    project = view("whole")
    changed = {"weeks_after_leaving": 1, "complete_data_only": False, "plan_carried_out": "", "plan_units": "gminas",
               "accepted_evidence": "attendance", "forms_not_counted": "conference,advice"}  # fmt: skip
    choices = tuple(c._replace(value=changed.get(c.name, c.value)) for c in project.choices)
    values = {name: getattr(project, name) for name in project.__slots__}
    note = show.counting_rules(ProjectMonitoring(**{**values, "choices": choices}))
    text = " ".join(note.items)
    assert "1\u00a0tydzień po wyjściu" in text
    assert "Osoba z niepełnymi danymi liczy się tak samo jak inne." in text
    assert "Dowodu realizacji planu reguły nie wymagają." in text
    assert "mianownik to gminy (razem 115)" in text
    assert "dowodem jest zaświadczenie o udziale." in text
    assert "nie wystarcza" not in text
    assert "Nie liczą się formy wsparcia: konferencja i doradztwo." in text


def test_joined_reasons_are_not_called_the_most_frequent_one() -> None:
    assert "najczęstszy powód wśród osób, których nie policzono: niepełne dane osoby" in told(
        "whole", "reasons_summary"
    )
    project = view("whole")
    values = {name: getattr(project, name) for name in project.__slots__}
    few = Reason("26", "supported", "not_started+incomplete", 10, 311)
    only = show.reasons_summary(ProjectMonitoring(**{**values, "reasons": (few,)}))
    assert "– powody (łącznie) wśród osób, których nie policzono: wsparcie nie ma daty" in " ".join(texts_of(only))
    more = (few, few._replace(rules="no_institution", number=6))
    assert "– najczęstsze powody (łącznie) wśród" in " ".join(
        texts_of(show.reasons_summary(ProjectMonitoring(**{**values, "reasons": more})))
    )
    assert "– jedyny powód wśród" in " ".join(
        texts_of(show.reasons_summary(ProjectMonitoring(**{**values, "reasons": more[1:]})))
    )


def test_a_list_whose_names_have_an_i_ends_with_oraz() -> None:
    assert "analiza kosztów, zasoby oraz monitoring i ewaluacja." in told("whole", "counting_rules")


def test_shares_of_reasons_are_of_those_looked_at() -> None:
    rows = {(cell_text(row[0]), cell_text(row[1])): [cell_text(c) for c in row[2:]]
            for row in table("whole", "reasons_table").rows}  # fmt: skip
    assert rows["Niepełne dane osoby", "Objęci wsparciem"] == ["24", "336", "7,1"]  # 24 / 336 = 0.0714


def test_parts_add_up_to_the_indicator() -> None:
    for name in ("institution_table", "subregion_table", "first_action_table"):
        *parts, whole = table("whole", name).rows
        for column in (1, 2):
            numbers = [cell.value for row in (*parts, whole) if isinstance(cell := row[column], Number)]
            assert sum(n or 0 for n in numbers[:-1]) == numbers[-1], name


def test_gminas_of_one_name_are_told_apart() -> None:
    listed = told("whole", "unreached_table")
    assert "Dwikoły (gmina wiejska)" in listed
    without = sum(not unit.reached for unit in view("whole").gminas())
    numbers = [int(cell_text(row[1]).split(" z ")[0]) for row in table("whole", "unreached_table").rows]
    assert sum(numbers) == without


def test_the_map_of_gminas_becomes_bars_without_outlines() -> None:
    project = view("whole")
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    shapes = {p.code: [square + np.array([2.0 * place, 0.0])] for place, p in enumerate(reach.powiats(project))}
    drawn, plain = show.reach_figure(project, shapes), show.reach_figure(project)
    assert drawn is not None
    assert plain is not None
    assert (drawn.label, plain.label) == ("Mapa", "Wykres")
    assert drawn.description == plain.description


# --- the card -------------------------------------------------------------------------------------------


def test_each_published_figure_has_its_source_in_its_row() -> None:
    shown = table("whole", "card_table")
    for row in shown.rows:
        published, mark = cell_text(row[1]), cell_text(row[2])
        assert (published == "nie opublikowano") == (mark == "–"), cell_text(row[0])
        assert mark == "–" or f"{mark} " in shown.source
    assert "https://koordynacja.swietokrzyskie.pro/o-projekcie" in shown.source


def test_the_published_amounts_stand_to_the_grosz() -> None:
    # The budget of Świętokrzyskie as its project page gives it.
    text = told("whole", "card_table")
    for amount in ("13 768 806,14 zł", "11 362 018,82 zł", "2 406 787,32 zł"):
        assert amount in text.replace("\u00a0", " ")
    assert round(100 * EU) + round(100 * NATIONAL) == round(100 * BUDGET)


def test_a_card_that_differs_from_what_was_published_is_said_to() -> None:
    summary = told("odd card", "card_summary")
    assert "karta podaje 690\u00a0osób, źródło 688\u00a0osób" in summary
    checks = {cell_text(row[0]): cell_text(row[3]) for row in table("odd card", "card_checks_table").rows}
    assert checks[names.CHECK["parts_add_up"]] == "niezgodne"
    assert "Poprawić kartę projektu lub budżet" in told("odd card", "recommendations")
    assert "Poprawić kartę" not in told("whole", "recommendations")


def test_every_field_of_the_catalogue_is_worded() -> None:
    frame = project_catalogue.published_frame()
    assert set(frame["field"]) <= set(LABELS["field"])
    row = view("whole").published[0]
    assert card.published_text(row._replace(number=None, text="")) == "nie opublikowano"
    euro = row._replace(field="value", number=6_200_901.17, unit="EUR")
    assert cell_text(card.published_text(euro)) == "6\u00a0200\u00a0901,17\u00a0EUR"


# --- actions, money, services ---------------------------------------------------------------------------


def test_actions_are_all_there_with_what_is_late() -> None:
    assert len(table("whole", "actions_table").rows) == 16
    assert "Spóźnionych jest 6\u00a0zadań (co najmniej 30\u00a0dni po terminie) w 3 z 16 działań" in told(
        "whole", "actions_summary"
    )
    assert "Bez żadnego wykonanego zadania: 16.\u00a0Integracja cudzoziemców." in told("whole", "actions_summary")
    days = [row[4].value for row in table("whole", "late_table").rows if isinstance(row[4], Number)]
    assert days == sorted(days, key=lambda day: -(day or 0))
    assert report("done")["late_table"] is None


def test_the_number_of_persons_that_is_hidden_is_said_to_be() -> None:
    rows = {cell_text(row[0]): cell_text(row[8]) for row in table("whole", "actions_table").rows}
    assert rows["7.\u00a0Centra usług społecznych"] == "ukryto"
    assert "„ukryto” – zbyt mało osób" in table("whole", "actions_table").note


def test_the_split_of_the_budget_is_checked_to_the_grosz() -> None:
    text = told("whole", "split_summary")
    assert "dają razem budżet co do grosza; udział UE w budżecie to 82,52%." in text


def test_money_that_lacks_is_not_called_unspent() -> None:
    # 1.1 of the budget of 13 768 806.14; the ends of the interval are 0.97 and 1.03 of it.
    exceeding = (
        "Przy obecnym tempie wydatki przekroczyłyby budżet o 1,38\u00a0mln\u00a0zł (10,0% budżetu), od "
        "923\u00a0tys.\u00a0zł do 1,83\u00a0mln\u00a0zł; środki wyczerpałyby się około II\u00a0kw. 2028."
    )
    assert exceeding in told("overspent", "budget_summary")
    assert "środki wyczerpałyby się około II\u00a0kw. 2028" in told("overspent", "recommendations")
    persons = [s.text for s in statements(report("overspent")["key_findings"]) if "Pracownicy" in s.text]
    assert len(persons) == 2
    assert all("przy obecnym tempie wydatków środki wyczerpałyby się około II" in text for text in persons)
    assert all(Number(0).text in {cell_text(c) for c in row[5:]} for row in table("overspent", "forecast_table").rows)
    assert "Niewykorzystane na koniec projektu" in told("whole", "budget_summary")
    assert "wyczerpałyby" not in " ".join(told("whole", name) for name in ("key_findings", "budget_summary"))


@pytest.mark.parametrize(
    ("low", "end", "high", "expected"),
    [
        (0.95, 0.99, 1.02, "przekroczenia budżetu o 275\u00a0tys.\u00a0zł do 688\u00a0tys.\u00a0zł niewykorzystanych"),
        (0.98, 1.01, 1.04, "od 275\u00a0tys.\u00a0zł niewykorzystanych do 551\u00a0tys.\u00a0zł ponad budżet"),
    ],
)  # fmt: skip
def test_a_forecast_around_the_budget_is_called_uncertain(low: float, end: float, high: float, expected: str) -> None:
    project = view("whole")
    row = project.total
    assert row is not None
    forecast = Estimate(end * BUDGET, low * BUDGET, high * BUDGET)
    left = Estimate(*(max(BUDGET - share * BUDGET, 0.0) for share in (end, high, low)))
    found = budget.unspent(project, row._replace(forecast=forecast, unspent=left))
    assert found is not None
    assert "prognoza jest niepewna" in found.text
    assert expected in found.text


def test_the_index_of_cost_does_not_call_late_payments_thrift() -> None:
    text = budget.cost_words(1.2)
    assert "kosztowała" not in text
    assert "płatności następują po wykonaniu, a koszty pośrednie uznaje się za wykonane zgodnie z planem" in text
    assert text in " ".join(texts_of(report("whole")["earned_value_note"]))


def test_the_printed_total_of_foster_care_is_flagged_with_its_parts() -> None:
    # 58 210 + 17 128 = 75 338 against the printed 75,8 thousand: 462 more.
    text = told("whole", "foster_summary")
    assert "drukuje łącznie 75,8\u00a0tys. dzieci" in text
    assert "75\u00a0338 (58\u00a0210 + 17\u00a0128); różnica 462 nie wynika z zaokrąglenia" in text
    assert text.count("Uwaga do roku") == 1


def test_figures_stand_with_the_digits_that_their_source_printed() -> None:
    # stat.gov.pl, 2020: 55,5 and 16,0 of 71,5 thousand; 2023: 58 210 and 17 128, printed as 75,8 thousand.
    rows = {cell_text(r[0]): [cell_text(c).replace("\u00a0", " ") for c in r] for r in
            table("whole", "foster_poland_table").rows}  # fmt: skip
    assert rows["2020"][1:4] == ["55,5 tys.", "16,0 tys.", "71,5 tys."]
    assert (rows["2020"][5], rows["2023"][5]) == ("71,5 tys.", "75,8 tys.")
    assert rows["2023"][1:4] == ["58 210", "17 128", "75 338"]
    # Mazowieckie: 45,6 and 37,6 million on mcps.com.pl, whole grosze on the office's card.
    row = view("whole").published[0]._replace(field="eu", number=37_600_000.0, text="", unit="PLN", step=100_000.0,
                                             source="mcps.com.pl", own="37629120.00", agrees=True)  # fmt: skip
    project = view("whole")
    values = {name: getattr(project, name) for name in project.__slots__}
    shown = show.card_table(ProjectMonitoring(**{**values, "published": (row,)}))
    assert shown is not None
    assert [cell_text(cell).replace("\u00a0", " ") for cell in shown.rows[0][1:]] == [
        "37,6 mln zł",
        "[1]",
        "37 629 120,00 zł",
        "tak, w granicach zaokrąglenia",
    ]


def test_units_by_status_add_up_to_the_denominator() -> None:
    *parts, whole = table("whole", "plans_table").rows
    for column in range(1, 4):
        numbers = [cell.value or 0 for row in (*parts, whole) if isinstance(cell := row[column], Number)]
        assert sum(numbers[:-1]) == numbers[-1]
    assert len(view("whole").counted_units()) == 36
    assert services.unit_name(view("whole"), view("whole").units[1]) == "Dwikoły (powiat powiatowy a)"


# --- what was not delivered -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("situation", "chapter", "dataset"),
    [
        ("no participants", "indicators_summary", "project_participants"),
        ("no plans", "indicators_summary", "lpdi"),
        ("no plans", "plans_summary", "lpdi"),
        ("no activities", "actions_summary", "project_activities"),
        ("no activities", "teams_summary", "project_activities"),
        ("no budget", "budget_summary", "project_budget"),
        ("no payments", "budget_summary", "project_payments"),
        ("card alone", "budget_summary", "project_budget"),
        ("card alone", "centres_summary", "cus"),
        ("card alone", "foster_summary", "foster_care"),
    ],
)
def test_a_chapter_without_data_says_what_to_deliver(situation: str, chapter: str, dataset: str) -> None:
    assert missing(dataset) in statements(report(situation)[chapter])
    assert "Uzupełnić dane do następnej edycji" in told(situation, "recommendations")


def test_every_dataset_but_the_entities_has_words_for_its_absence() -> None:
    for dataset in DATASETS:
        if dataset != "supported_entities":  # a table of its own, without a chapter
            assert f"data/raw/{dataset} " in missing(dataset).text


def test_no_section_of_the_notebook_is_ever_empty() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    for situation in SITUATIONS:
        shown = 1
        heading = ""
        for cell in cells:
            if cell.cell_type == "markdown":
                parent = heading.startswith("## ") and cell.source.startswith("### ")
                assert shown or parent, (situation, heading)
                heading, shown = cell.source, 0
            elif match := re.fullmatch(r"show\.(\w+)\(.*\)", cell.source):
                shown += report(situation)[match.group(1)] is not None


def test_recommendations_say_why_and_where() -> None:
    found = [s.text for s in statements(report("whole")["recommendations"])]
    assert len(found) >= 6
    assert all("Dlaczego: " in text for text in found)
    assert sum("Gdzie: " in text for text in found) >= 5
    pace = found[0]
    assert "potrzeba średnio 10,8\u00a0osoby miesięcznie, a w ostatnich 12 miesiącach przybywało 8,3\u00a0osoby" in pace


def test_only_units_that_lack_nothing_else_are_called_nearest() -> None:
    found = next(s.text for s in statements(report("whole")["recommendations"]) if "najbliżej są" in s.text)
    near = [unit for unit in view("whole").units if unit.lacking == 1]
    assert {unit.plan for unit in near} == {"not_adopted", "not_carried_out"}
    # Of the plans without a resolution those of even powiats alone lack nothing else, and none lacks but a section.
    assert "uchwały lub zarządzenia o przyjęciu planu (Gmina 3 (powiat powiatowy b) i Gmina 3 (powiat" in found
    assert "części planu" not in found


def test_plans_that_expire_before_the_end_are_told_of_and_named() -> None:
    text = "W 2 z 23 policzonych jednostek plan wygasa przed końcem projektu; prognoza ich nie liczy."
    assert text in told("whole", "key_findings")
    assert text in told("whole", "indicators_summary")
    advised = next(s.text for s in statements(report("whole")["recommendations"]) if "odnowieniu planów" in s.text)
    assert advised.count("30.06.2027") == 2
    assert "2030" not in advised
    project = view("whole")
    values = {name: getattr(project, name) for name in project.__slots__}
    choices = tuple(c._replace(value=True) if c.name == "plans_renewed" else c for c in project.choices)
    renewed = ProjectMonitoring(**{**values, "choices": choices})
    assert "prognoza zakłada, że zastąpi go następny." in " ".join(texts_of(show.key_findings(renewed)))


def test_quarters_of_few_persons_are_said_to_be_hidden() -> None:
    project = view("whole")
    values = {name: getattr(project, name) for name in project.__slots__}
    first = [
        row._replace(reached=None, reason="few") if row.quarter == QUARTERS[0] else row for row in project.progress
    ]
    figure = show.supported_figure(ProjectMonitoring(**{**values, "progress": tuple(first)}))
    assert figure is not None
    assert [cell_text(row[1]) for row in figure.data.rows][:2] == ["ukryto", "60"]  # 301 * 2 / 10
    assert "przybyło niewiele osób, nie podajemy („ukryto”)" in figure.note
    whole = show.supported_figure(project)
    assert whole is not None
    assert "ukryto" not in whole.note
    assert "oraz ich zmiana od poprzedniego podanego kwartału" in told("whole", "protection_notes")


def test_a_project_on_its_way_gets_no_advice_on_pace() -> None:
    found = told("done", "recommendations")
    assert "Obejmować wsparciem" not in found
    assert "spóźnione" not in found


@pytest.mark.parametrize(
    ("count", "expected"), [(2, "a i b"), (6, "a, b, c, d, e i f"), (8, "a, b, c, d, e i 3 innych")]
)
def test_long_lists_of_places_are_cut_with_how_many_more(count: int, expected: str) -> None:
    assert advice.listed("abcdefgh"[:count]) == expected
