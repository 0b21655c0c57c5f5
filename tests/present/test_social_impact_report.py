"""The report on social impact says what its tables say, in every situation, and never more than its evidence allows."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ropsanalysis.present import polish
from ropsanalysis.present import social_impact as show
from ropsanalysis.present.blocks import AnyBlock, Figure, Note, Number, Points, Statement, Table, cell_text
from ropsanalysis.present.markup import fragment
from ropsanalysis.present.social_impact import claims, names, words
from ropsanalysis.social_impact.centre_checks import ENOUGH_DF
from ropsanalysis.social_impact.evidence import DOUBTS
from ropsanalysis.social_impact.overclaiming import CHECKS
from ropsanalysis.social_impact.records import Claim
from ropsanalysis.social_impact.schema import ASSUMPTIONS, EVIDENCE, KINDS
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.effects import FEW_CLUSTERS
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
    assert (
        "Odsetki dotyczą osób, które odpowiedziały w każdym pomiarze (uczestnicy: 271 i osoby bez wsparcia: 271)"
        in text
    )
    assert "o 12,1 punktu procentowego (od 6,0 do 18,2) wyższy" in text
    assert "p.p." not in text
    assert "Siła dowodu: porównanie z podobną grupą (stopień 4 z 5)" in text
    assert "na 1 zł nakładów przypada 1,90 zł wartości (od 1,20 do 2,61)" in text
    assert "Nie wiemy:" in text


def test_the_first_page_tells_the_grade_once_for_findings_of_one_grade_and_direction() -> None:
    found = [s for s in statements(report("full")["key_findings"]) if "przyczyniła się" in s.text]
    assert [s.tone for s in found] == ["good", "bad"]
    assert all(s.text.count("Siła dowodu:") == 1 for s in found)
    told = found[0].text.replace(polish.NBSP, " ")
    assert "Tak samo oceniamy inne wskaźniki: " in told
    assert told.count(" punktu procentowego (od ") >= 2
    assert told.count("przyczyniła się") == 1


def test_the_reading_note_tells_an_interval_from_a_spread_of_assumptions() -> None:
    note = report("full")["reading_note"]
    assert isinstance(note, Note)
    persons, value = (text for text in note.items if "W nawiasach" in text)
    assert "niepewność pomiaru" in persons
    assert "95%" in persons
    assert "rozrzut założeń" in value
    assert "95%" not in value


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
        "distribution_figure": ["1,90", "w 4% przypadków"],
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
    assert [s.tone for s in found] == ["bad"] * 5 + ["text"]
    assert found[-1].text.startswith("Sprawdziliśmy tylko: czy ceny mają źródła")


def test_a_map_without_remarks_is_not_called_free_of_them() -> None:
    (said,) = statements(show.overclaims(replace(view("full"), overclaims=())))
    assert said.text.startswith("Sprawdziliśmy tylko: ")
    assert said.text.endswith("Uwag nie ma.")
    assert "nie wykryły" not in said.text


def with_summary(**changes: Any) -> SocialImpact:
    of = view("full")
    assert of.summary is not None
    return replace(of, summary=of.summary._replace(**changes))


def test_the_ratio_carries_the_gravest_remark_and_what_the_measurement_bears_out() -> None:
    of = with_summary(ratio_measured=0.87)
    graver = of.overclaims[0]._replace(code="above_measured", line="2", found="300 > 200")
    for block in (show.key_findings, show.value_summary):
        text = " ".join(s.text for s in statements(block(of))).replace(polish.NBSP, " ")
        assert (
            "ale do 2 z 5 rezultatów w mapie są zastrzeżenia, najpoważniejsze: ten sam rezultat policzono więcej"
            in text
        )
        assert "na 1 zł przypada 0,87 zł" in text or "na 1 zł nakładów przypada 0,87 zł wartości" in text
        text = " ".join(s.text for s in statements(block(replace(of, overclaims=(*of.overclaims, graver)))))
        assert "do 3 z 5 rezultatów w mapie są zastrzeżenia, najpoważniejsze: przypisano wsparciu" in text.replace(
            polish.NBSP, " "
        )
    text = " ".join(s.text for s in statements(show.key_findings(replace(of, overclaims=()))))
    assert "zastrzeżenia" not in text
    assert "0,87" in text


def test_persons_of_the_map_stand_beside_those_measured() -> None:
    of = view("full")
    assert show.measured_table(of) is None
    lines = (
        of.map_lines[0]._replace(claimed=300.0, measured=Estimate(120.0, 40.0, 200.0), decided=True),
        of.map_lines[1]._replace(claimed=150.0, measured=Estimate(120.0, 40.0, 200.0), decided=True),
        of.map_lines[2]._replace(claimed=150.0, measured=Estimate(60.0, -80.0, 200.0), decided=False),
        of.map_lines[3]._replace(claimed=30.0, measured=Estimate(120.0, 40.0, 200.0), decided=True),
    )
    found = show.measured_table(replace(of, map_lines=lines))
    assert found is not None
    assert [cell_text(cell) for cell in found.rows[0][1:5]] == ["300", "120", "40", "200"]
    assert [row[5] for row in found.rows] == [
        "mapa powyżej pomiaru", "w granicach pomiaru", "pomiar nie rozstrzyga", "mapa poniżej pomiaru"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "wartość w żadnym z 20 000 przeliczeń nie jest mniejsza niż nakłady."),
        (0.0001, "wartość jest mniejsza niż nakłady w mniej niż 1% przypadków."),
        (0.0912, "wartość jest mniejsza niż nakłady w 9% przypadków."),
        (0.9999, "wartość jest mniejsza niż nakłady w ponad 99% przypadków."),
        (1.0, "wartość w każdym z 20 000 przeliczeń jest mniejsza niż nakłady."),
    ],
)
def test_shares_of_draws_are_whole_and_nothing_is_said_to_be_nothing(share: float, said: str) -> None:
    text = " ".join(s.text for s in statements(show.uncertainty_summary(with_summary(below_one=share))))
    assert said in text.replace(polish.NBSP, " ")


def test_advice_names_the_widest_bar_of_the_tornado() -> None:
    text = " ".join(s.text for s in statements(show.recommendations(view("full")))).replace(polish.NBSP, " ")
    assert "wynik najbardziej zmienia: cena (rezultat „stała praca rok po wyjściu”)" in text


def test_only_the_net_cost_of_an_outcome_is_a_headline() -> None:
    of = view("full")
    gross = tuple(row for row in of.cost_per if row.basis == "gross")
    net = tuple(
        row._replace(cost=Estimate(None, None, None), reason="undecided") for row in of.cost_per if row.basis == "net"
    )
    said = statements(show.cost_per_summary(replace(of, cost_per=(*gross, *net))))[0].text
    assert "nie podajemy: porównanie z osobami bez wsparcia nie potwierdza poprawy" in said
    assert "14" not in said
    shown = show.cost_per_table(replace(of, cost_per=(*gross, *net)))
    assert shown is not None
    assert "„nie rozstrzygnięto”" in shown.note
    assert "miały rezultat już na wejściu" in shown.note
    assert "liczy się dwa razy" in statements(show.cost_per_summary(of))[0].text


def test_doing_nothing_leads_with_what_is_avoided_as_an_assumption() -> None:
    said = statements(show.inaction_summary(view("full")))[0].text.replace(polish.NBSP, " ")
    assert said.index("uniknąć wydatków w wysokości 632 tys. zł") < said.index("2105 tys. zł")
    assert "To założenie ośrodka, a nie pomiar (stopień 1 z 5)." in said
    assert "nie należy dodawać do wartości z mapy" in said


def test_payback_says_from_when_it_counts() -> None:
    text = " ".join(s.text for s in statements(report("full")["value_summary"])).replace(polish.NBSP, " ")
    assert "po 1,4 roku. Czas liczymy od początku rezultatów" in text
    assert "wszystkie nakłady z lat 2023–2024 poniesiono naraz" in text


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
    assert text.endswith("Porównanie jest słabe.")


def test_a_weak_comparison_says_what_is_weak_and_which_check_could_not_be_made() -> None:
    of = view("full")
    told = " ".join(s.text for s in statements(report("full")["centres_summary"])).replace(polish.NBSP, " ")
    own = next(text for text in told.split("W województwie: ") if text.startswith("działalności"))
    assert "towarzyszyła korzystniejsza zmiana" in own
    assert (
        "Porównanie jest słabe: gmin jest zbyt mało; nie da się sprawdzić, czy przed otwarciem centrów gminy "
        "zmieniały się tak samo."
    ) in own
    assert "W Polsce: działalność centrów usług społecznych wiązała się z" in told
    assert "podobnych gminach" not in told
    poland = next(c for c in of.claimed("gminas", "00") if c.outcome == "assistance_per_10k")
    failed = poland._replace(doubts="pre_trend+placebo+unmeasured_change", grade=2)
    assert claims.weak(of, failed) == (
        "gminy zmieniały się różnie już przed otwarciem centrów; różnica istniała już przed otwarciem centrów"
    )
    persons = claim("work", 2, "improved")._replace(doubts="attrition+few_clusters+confounder")
    assert claims.weak(of, persons) == "utracono zbyt wiele osób; osoby pochodzą ze zbyt małej liczby podmiotów"


def test_checks_of_gminas_print_an_f_with_its_degrees_of_freedom_or_that_they_cannot_be_made() -> None:
    found = table("full", "centre_tests_table")
    assert "F" in [column.label for column in found.columns]
    rows = {(cell_text(r[0]), cell_text(r[1]), cell_text(r[2])): [cell_text(c).replace(polish.NBSP, " ") for c in r]
            for r in found.rows}  # fmt: skip
    name = view("full").outcomes["home_care_per_10k"].short
    assert rows[name, "Polska", "przed otwarciem"][6:] == ["1,42 (5; 31)", "0,240", "bez zastrzeżeń"]
    assert rows[name, "województwo", "przed otwarciem"][6:] == [polish.DASH, polish.DASH, "nie da się sprawdzić"]
    told = " ".join(s.text for s in statements(report("full")["centres_summary"]))
    assert "Nie da się sprawdzić, czy przed otwarciem centrów" in told
    assert "Próby kontrolne wykryły różnice, których przed otwarciem centrów być nie powinno: województwo" in told


def test_what_would_change_our_mind_of_gminas_is_no_e_value() -> None:
    for row in table("full", "evidence_table").rows:
        told = cell_text(row[-1])
        if "(gminy" in cell_text(row[0]):
            assert "wartość E" not in told
            assert "nna zmiana, która zaszła w gminach z centrum w tym samym czasie" in told
        elif "(uczestnicy" in cell_text(row[0]):
            assert "wartość E" in told


def test_figures_leave_estimates_without_an_interval_out_and_say_why() -> None:
    of = view("full")

    def bare(estimate: Estimate) -> Estimate:
        return Estimate(estimate.value, None, None)

    work = [row._replace(change=bare(row.change)) if row.outcome == "work" else row for row in of.changes]
    some = replace(
        of,
        changes=tuple(work),
        effects=tuple(e._replace(effect=bare(e.effect)) if e.outcome == "work" else e for e in of.effects),
        levels=tuple(row._replace(level=bare(row.level)) if row.outcome == "work" else row for row in of.levels),
    )
    for name, missing in (("levels_figure", "Praca: "), ("change_figure", "Praca +"), ("methods_figure", "Praca: ")):
        block, usual = getattr(show, name)(some), report("full")[name]
        assert isinstance(block, Figure)
        assert isinstance(usual, Figure)
        assert missing in usual.alt
        assert missing not in block.alt
        assert "bez przedziału" in block.note
        assert "bez przedziału" not in usual.note
    none = replace(
        of,
        changes=tuple(row._replace(change=bare(row.change)) for row in of.changes),
        levels=tuple(row._replace(level=bare(row.level)) for row in of.levels),
    )
    assert show.levels_figure(none) is None
    assert show.change_figure(none) is None
    assert any("bez przedziału" in s.text for s in statements(show.change_summary(none)))


@pytest.mark.parametrize(("delta", "printed"), [(1.84, "1,8"), (9.9, "9,9"), (10.0, None), (-292.0, None), (0.0, None)])
def test_oster_s_delta_is_printed_only_where_it_says_something(delta: float, printed: str | None) -> None:
    of = view("full")
    found = show.confounder_table(
        replace(of, effects=tuple(e._replace(delta=delta if e.main else None) for e in of.effects))
    )
    assert isinstance(found, Table)
    cells = {cell_text(row[3]) for row in found.rows}
    assert cells == {printed or polish.DASH}
    assert all(("cechy niezmierzone" in cell_text(row[4])) == (printed is not None) for row in found.rows)


def test_the_method_is_told_as_the_code_has_it() -> None:
    text = " ".join(s.text for s in statements(report("full")["method_notes"])).replace(polish.NBSP, " ")
    for right in ("wartość p po poprawce Holma była mniejsza niż 5%", "losowania znaków odchyleń całych powiatów",
                  "ocenia test Walda", "5 punktów procentowych w odsetkach", f"mniej niż {FEW_CLUSTERS} podmiotów",
                  f"co najmniej {ENOUGH_DF} stopni swobody", "Od tego, a nie od wyników, zależy metoda",
                  "bez wag za utratę pozostałych"):  # fmt: skip
        assert right in text, right
    for wrong in ("ze zwracaniem", "McNemara", "5% osób"):
        assert wrong not in text, wrong


def test_a_difference_lost_by_the_correction_for_many_outcomes_says_so() -> None:
    template, _ = claims.sentence(view("full"), claim("work", 4, "unclear"))
    assert "po poprawce na liczbę wskaźników wynik nie rozstrzyga" in template
    template, _ = claims.sentence(view("full"), claim("work", 4, "unclear", value=0.01))
    assert "po poprawce" not in template
