"""The report on social impact says what its tables say, in every situation, and never more than its evidence allows."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import pytest

from ropsanalysis.present import polish
from ropsanalysis.present import social_impact as show
from ropsanalysis.present.blocks import AnyBlock, Figure, Note, Number, Points, Statement, Table, cell_text
from ropsanalysis.present.markup import fragment
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.social_impact.evidence import DOUBTS
from ropsanalysis.social_impact.overclaiming import CHECKS
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.schema import ASSUMPTIONS, EVIDENCE, KINDS
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.records import Estimate
from social_impact.impact_tables import GRADES, PERSONS, SITUATIONS, Measured, impact

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "social_impact.ipynb"
#: Blocks about method or the report itself; the scale of grades quotes every verb.
ABOUT_ITSELF = {"symbols", "method_notes", "protection_notes", "choices_of_method", "sources", "grades_table",
                "reading_note"}  # fmt: skip
HIGHEST = max(grade.grade for grade in GRADES)


def calls() -> list[str]:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    found = [re.fullmatch(r"show\.(\w+)\(impact\)", cell.source) for cell in cells]
    return [match.group(1) for match in found if match]


@cache
def view(situation: str) -> SocialImpact:
    return impact(SITUATIONS[situation])


def whole(of: SocialImpact) -> dict[str, AnyBlock | None]:
    return {name: getattr(show, name)(of) for name in calls()}


@cache
def report(situation: str) -> dict[str, AnyBlock | None]:
    """Return what every cell of the notebook shows."""
    return whole(view(situation))


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
        found += [block.title, block.alt, block.description, block.note, re.sub(r"<[^>]*>", " ", block.svg)]
    for table in [block] if isinstance(block, Table) else [block.data] if isinstance(block, Figure) else []:
        found += [table.title, table.note, *(column.label for column in table.columns)]
        found += [cell_text(cell) for row in table.rows for cell in row]
    return found


def table(situation: str, name: str) -> Table:
    block = report(situation)[name]
    assert isinstance(block, Table)
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
        found = [t for t in texts_of(block) if "<" not in t] if not isinstance(block, Figure) else [
            block.alt, block.description, block.note, block.title
        ]  # fmt: skip
        wrong = [t for t in found if ".." in t or "  " in t or t != t.strip() or " ." in t or ":." in t]
        assert wrong == [], name
        ends = [s.text for s in statements(block) if not s.text.endswith(".")]
        assert ends == [], name


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
        if name in ABOUT_ITSELF or name == "cover":
            continue
        if isinstance(block, Table | Figure):
            assert block.synthetic == made_up, name
        for statement in statements(block):
            assert statement.synthetic == made_up or not statement.values, (name, statement.text)


# --- no sentence claims more than its grade ------------------------------------------------------------


def stems_above(grade: int) -> list[str]:
    return [stem for entry in GRADES if entry.grade > grade for stem in entry.stems]


@pytest.mark.parametrize("grade", [0, 2, 3, 4])  # 1 has no verb and no stem, and above the highest there is nothing
def test_no_word_of_the_report_belongs_to_a_higher_grade(grade: int) -> None:
    blocks = whole(impact(Measured(grade=grade)))
    for name, block in blocks.items():
        if name not in ABOUT_ITSELF:
            for text in texts_of(block):
                assert not [stem for stem in stems_above(grade) if stem in text.lower()], (name, text)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_fixed_texts_hold_no_causal_word(situation: str) -> None:
    causal = ("dzięki", "wskutek", "spowodow", "sprawi", "skutkow", "w wyniku wsparcia", "doprowadzi")
    for name, block in report(situation).items():
        if name not in ABOUT_ITSELF:
            for text in texts_of(block):
                assert not [word for word in causal if word in text.lower()], (name, text)


def claim(
    outcome: str, grade: int, verdict: str, value: float = 0.12, subject: str = "persons", method: str = "aipw"
) -> Claim:
    return Claim("28", subject, outcome, method, Estimate(value, value - 0.05, value + 0.05), grade, verdict, "", "")


@pytest.mark.parametrize("grade", [entry.grade for entry in GRADES if entry.verb])
@pytest.mark.parametrize(("subject", "outcome"), [("persons", "work"), ("gminas", "home_care_per_10k")])
def test_the_verb_of_a_sentence_is_that_of_its_grade(grade: int, subject: str, outcome: str) -> None:
    of = view("full")
    template, parts = claims.sentence(of, claim(outcome, grade, "improved", subject=subject))
    text = words.say(of, words.PERSONS, template, **parts).text
    assert f" {of.grades[grade].verb}" in text
    others = [entry.verb for entry in GRADES if entry.verb and entry.grade != grade]
    assert not [verb for verb in others if f" {verb} " in text]


@pytest.mark.parametrize("verdict", ["small", "unclear", "unknown"])
@pytest.mark.parametrize("grade", range(HIGHEST + 1))
def test_what_is_not_decided_has_no_verb_of_any_grade(grade: int, verdict: str) -> None:
    template, _ = claims.sentence(view("full"), claim("work", grade, verdict, value=0.01))
    assert not [entry.verb for entry in GRADES if entry.verb and entry.verb in template]
    assert not [stem for stem in stems_above(1) if stem in template.lower()]


def test_sentences_read_well_whatever_the_direction_and_the_grade() -> None:
    of = view("full")

    def said(grade: int, outcome: str, value: float, verdict: str) -> str:
        method = "before_after" if grade == 2 else "aipw"
        template, parts = claims.sentence(of, claim(outcome, grade, verdict, value, method=method))
        return words.say(of, words.PERSONS, template, **parts).text.replace(polish.NBSP, " ")

    assert said(2, "assistance", -0.12, "improved") == (
        "Reintegracji towarzyszyła zmiana: odsetek osób korzystających z pomocy społecznej spadł o 12,0 p.p. (od 7,0 "
        "do 17,0)."
    )
    assert said(3, "hours", -1.5, "worsened") == (
        "Reintegracja wiązała się z mniej korzystną zmianą: liczba godzin pracy w tygodniu była rok po wyjściu o 1,5 "
        "godz. (od 1,5 do 1,6) mniejsza, niż wynikałoby ze zmian w grupie porównawczej."
    )
    assert said(5, "work", 0.12, "improved") == (
        "Reintegracja spowodowała, że odsetek osób pracujących zarobkowo był rok po wyjściu o 12,0 p.p. (od 7,0 do "
        "17,0) wyższy, niż wynikałoby ze zmian w grupie, której los nie przydzielił wsparcia."
    )


def test_an_estimate_without_interval_is_printed_without_one() -> None:
    of = view("full")
    bare = claim("work", 4, "improved")._replace(effect=Estimate(0.12, None, None))
    template, parts = claims.sentence(of, bare)
    assert "od" not in parts
    assert "(od" not in words.say(of, words.PERSONS, template, **parts).text


# --- what each situation says --------------------------------------------------------------------------


def first_page(situation: str) -> str:
    return " ".join(s.text for s in statements(report(situation)["key_findings"])).replace(polish.NBSP, " ")


def test_the_first_page_tells_change_certainty_value_and_what_is_not_known() -> None:
    text = first_page("full")
    assert "12,4% na wejściu i 43,6% rok po wyjściu; wśród osób bez wsparcia w tym samym czasie 12,4% i 31,5%" in text
    assert "o 12,1 p.p. (od 6,0 do 18,2) wyższy" in text
    assert "Siła dowodu: zmiana większa niż w podobnej grupie (stopień 4 z 5)" in text
    assert "na 1 zł nakładów przypada 1,90 zł wartości (od 1,20 do 2,61)" in text
    assert "Nie wiemy:" in text


def test_something_worse_is_on_the_first_page_even_if_much_is_better() -> None:
    assert "poczucia własnej skuteczności" in first_page("full")
    assert any(s.tone == "bad" for s in statements(report("full")["key_findings"]))


@pytest.mark.parametrize(
    ("situation", "words_of_it"),
    [
        ("no comparison", "nie zapytano podobnych osób bez wsparcia"),
        ("no overlap", "grupa porównawcza zbyt różni się od uczestników"),
        ("no map", "nie podajemy: brak danych"),
        ("no costs", "nie podano nakładów albo wynoszą zero"),
        ("no centres", "centrami usług społecznych: nie dostarczono danych"),
        ("few centres", "W całej Polsce:"),
        ("hidden", "Wyniku nie podajemy dla wskaźników"),
        ("map only", "nie dostarczono pomiarów"),
    ],
)
def test_the_first_page_says_what_is_lacking(situation: str, words_of_it: str) -> None:
    assert words_of_it in first_page(situation)


@pytest.mark.parametrize("situation", ["no comparison", "no overlap", "hidden", "map only"])
def test_without_a_comparison_no_difference_is_shown(situation: str) -> None:
    blocks = report(situation)
    assert blocks["methods_figure"] is None
    assert blocks["effects_table"] is None
    assert blocks["confounder_table"] is None
    found = statements(blocks["comparison_summary"])
    assert len(found) == 1


@pytest.mark.parametrize("situation", ["no comparison", "no overlap"])
def test_without_a_comparison_the_chapter_says_so_and_nothing_else(situation: str) -> None:
    text = statements(report(situation)["comparison_summary"])[0].text
    assert "tylko, co" in text
    assert not any(key in text for key in ("12,1", "31,2"))


def test_every_chapter_says_something_when_nothing_was_delivered() -> None:
    blocks = report("nothing")
    for name in calls():
        if name.endswith("_summary") and name not in {"cost_per_summary", "inaction_summary"}:
            assert statements(blocks[name]), name
    assert isinstance(blocks["theory_figure"], Figure)


def test_a_hidden_report_prints_no_number_of_persons() -> None:
    for name in ("participation_table", "change_table", "reliability_table"):
        found = table("hidden", name)
        numbers = [c for row in found.rows for c in row[1:3] if isinstance(c, Number)]
        assert {c.text for c in numbers} <= {"ukryto", polish.DASH, "5"}, name
    assert report("hidden")["levels_figure"] is None


def test_too_few_gminas_here_leave_the_result_of_poland() -> None:
    text = " ".join(s.text for s in statements(report("few centres")["centres_summary"])).replace(polish.NBSP, " ")
    assert "Dla województwa różnicy po otwarciu centrów nie szacujemy: centrum otworzyły mniej niż 3 gminy." in text
    assert "W Polsce: działalność centrów" in text
    figure = report("few centres")["event_figure"]
    assert isinstance(figure, Figure)
    assert {cell_text(row[1]) for row in figure.data.rows} == {"Polska"}


def test_alternative_texts_hold_the_numbers_of_the_data() -> None:
    figures = {name: block for name, block in report("full").items() if isinstance(block, Figure)}
    assert len(figures) == 12
    wanted = {
        "theory_figure": ["+12,1 p.p.", "1706", "412", "1,90"],
        "retention_figure": ["70%", "65%"],
        "levels_figure": ["43,6%", "31,5%", "2,71"],
        "change_figure": ["+31,2 p.p.", "−0,24 pkt"],
        "methods_figure": ["+31,2 p.p.", "+12,1 p.p."],
        "balance_figure": ["+0,46", "+0,08"],
        "overlap_figure": ["18,0%", "94,1%"],
        "centre_levels_figure": ["61,0", "73,0"],
        "event_figure": ["+11,3", "−25,8"],
        "stakeholders_figure": ["60,0%", "5,0%"],
        "distribution_figure": ["1,90", "4,1%"],
        "tornado_figure": ["1,61", "2,24"],
    }
    assert wanted.keys() == figures.keys()
    for name, numbers in wanted.items():
        alt = figures[name].alt.replace(polish.NBSP, " ")
        assert [n for n in numbers if n not in alt] == [], name
        assert len(figures[name].svg) < 60_000, name


def test_changes_and_differences_are_points_and_shares_are_percentages() -> None:
    found = {cell_text(row[0]): row for row in table("full", "change_table").rows}
    change, _, _, _, smallest, _ = PERSONS["work"][1], *PERSONS["work"]
    value = found["Praca"][2]
    assert isinstance(value, Number)
    assert value.value == pytest.approx(100 * change)
    assert cell_text(found["Praca"][5]) == "p.p."
    assert cell_text(found["Praca"][6]) == polish.number(100 * smallest, digits=1)


def test_the_change_figure_turns_what_should_fall_around() -> None:
    figure = report("full")["change_figure"]
    assert isinstance(figure, Figure)
    fell = next(row for row in figure.data.rows if row[0] == "Pomoc społeczna")
    assert isinstance(fell[1], Number)
    assert fell[1].value == pytest.approx(0.251 / 0.05)


def test_recommendations_answer_every_doubt_and_every_overclaim() -> None:
    text = " ".join(s.text for s in statements(report("no comparison")["recommendations"]))
    for piece in ("Zbudować grupę porównawczą", "Ograniczyć utratę osób", "Podać źródło ceny", "efekt jałowy",
                  "a nie jako osiągnięcie wsparcia"):  # fmt: skip
        assert piece in text
    assert "opierać się na wynikach o najmocniejszych dowodach" not in text


def test_overclaims_are_a_visible_list() -> None:
    found = statements(report("full")["overclaims"])
    assert len(found) == 5
    assert all(s.tone == "bad" for s in found)


def test_the_evidence_table_holds_every_claim() -> None:
    of = view("full")
    found = table("full", "evidence_table")
    assert len(found.rows) == len(of.claims)
    grades = [row[6].value for row in found.rows if isinstance(row[6], Number)]
    assert grades == [c.grade for c in of.claims]


def test_every_key_of_the_contract_has_words() -> None:
    assert set(claims.DOUBT) == set(DOUBTS)
    assert set(names.KIND) == set(KINDS)
    assert set(ASSUMPTIONS) <= set(names.ASSUMPTION)
    assert set(EVIDENCE) == set(names.RESTS_ON)
    of = view("full")
    for check in CHECKS:
        found = show.overclaims(replace(of, overclaims=(of.overclaims[0]._replace(code=check),)))
        assert check not in statements(found)[0].text
    for outcome in of.outcomes:
        assert names.noun(of, outcome).head != "wskaźnik", outcome


def test_an_outcome_new_in_the_catalogue_is_named_in_quotes() -> None:
    of = view("full")
    more = dict(of.outcomes) | {"new": of.outcomes["work"]._replace(key="new", name="Nowy wskaźnik")}
    template, _ = claims.sentence(replace(of, outcomes=more), claim("new", 4, "improved"))
    assert "wskaźnik „Nowy wskaźnik” był" in template


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_heading_stands_over_nothing(situation: str) -> None:
    filled = True
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert filled, cell.source
            filled = False
        elif match := re.fullmatch(r"show\.(\w+)\(impact\)", cell.source):
            filled = filled or report(situation)[match.group(1)] is not None
    assert filled


def test_levels_of_a_group_that_is_too_different_do_not_stand_beside_those_of_participants() -> None:
    figure = report("no overlap")["levels_figure"]
    assert isinstance(figure, Figure)
    assert {cell_text(row[1]) for row in figure.data.rows} == {"uczestnicy"}
    assert "31,5%" not in first_page("no overlap")


def test_a_weak_comparison_keeps_the_verb_of_its_grade_but_is_no_change_in_time() -> None:
    of = view("full")
    template, parts = claims.sentence(of, claim("work", 2, "improved"))
    text = words.say(of, words.PERSONS, template, **parts).text
    assert text.startswith("Reintegracji towarzyszyła korzystniejsza zmiana: odsetek osób")
    assert "wzrósł" not in text
    assert "ze zmian w grupie porównawczej" in text


def test_a_difference_lost_by_the_correction_for_many_outcomes_says_so() -> None:
    template, _ = claims.sentence(view("full"), claim("work", 4, "unclear"))
    assert "po poprawce na liczbę wskaźników wynik nie rozstrzyga" in template
    template, _ = claims.sentence(view("full"), claim("work", 4, "unclear", value=0.01))
    assert "po poprawce" not in template
