"""Two editions compared: what counts as the same number, what is listed, and which causes are named."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from edition_pairs import ORIGIN, edition, kinds, of_blocks, only, origin, rows, said
from hypothesis import given
from hypothesis import strategies as st
from small_notebooks import figure, findings, table

from ropsanalysis.errors import UsageError
from ropsanalysis.present.blocks import Cell, Note, Number, Statement, Table
from ropsanalysis.reporting.editions.cautions import cautions
from ropsanalysis.reporting.editions.changes import Comparison
from ropsanalysis.reporting.editions.compare import compare


def whole(**changes: Any) -> dict[str, Any]:
    """Return an edition with a block of every kind."""
    return edition(
        "## Ustalenia", findings("Korzysta {value} osób."), Statement("Bez liczb."), table(), figure(),
        Note("Uwaga.", title="Jak czytać", items=("pierwsza", "druga")), "Akapit *własny*.", **changes,
    )  # fmt: skip


def test_an_edition_does_not_differ_from_itself_nor_from_one_of_another_name() -> None:
    for new in (whole(), whole(name="2025", facts=(("Stan danych", "2025"), ("Edycja", "2025")))):
        found = compare(whole(facts=(("Stan danych", "2025"), ("Edycja", "2024"))), new)
        assert found.same, found
        assert (found.compared, found.below) == (9, 0)  # of the table 4, of the figure 4, of the finding 1


class TestNumber:
    def test_of_a_table_is_told_by_row_and_column_with_its_unrounded_difference(self) -> None:
        found = of_blocks(
            rows(("a", Number(1.04, digits=1), Number(2))), rows(("a", Number(1.26, digits=1), Number(2)))
        )
        change = only(found.changes)
        assert (change.place.block, change.place.row, change.place.column) == ("table powiats", "a", "2023")
        assert change.difference == pytest.approx(0.22)
        assert change.relative == pytest.approx(0.22 / 1.04)
        assert found.compared == 2

    def test_of_a_sentence_is_told_by_its_name_also_when_the_sentence_moved(self) -> None:
        old = edition("## A", said("Wynik: {value}.", value=5.0), said("Inny: {value}.", value=1.0))
        new = edition("## B", said("Inny: {value}.", value=1.0), said("Wynik: {value}.", value=6.0))
        change = only(compare(old, new).changes)
        assert (change.place.row, change.place.column, change.difference) == ("Wynik: 6,0.", "value", 1.0)

    def test_below_rounding_is_counted_and_not_listed(self) -> None:
        found = of_blocks(
            rows(("a", Number(1.24, digits=1), Number(2))), rows(("a", Number(1.16, digits=1), Number(2)))
        )
        assert (found.changes, found.below, found.same) == ((), 1, True)

    @pytest.mark.parametrize(("tolerance", "listed"), [(0, 3), (1, 2), (2, 1), (5, 0)])
    def test_within_the_tolerance_in_units_of_the_last_printed_digit_is_counted(
        self, tolerance: float, listed: int
    ) -> None:
        old = rows(("a", Number(0.3, digits=1), Number(10)), ("b", Number(7), Number(1)))
        new = rows(("a", Number(0.4, digits=1), Number(12)), ("b", Number(12), Number(1)))
        found = of_blocks(old, new, tolerance=tolerance)
        assert (len(found.changes), found.below) == (listed, 3 - listed)

    def test_with_other_digits_is_compared_at_the_coarser_ones(self) -> None:
        found = of_blocks(
            rows(("a", Number(1.24, digits=2), Number(2))), rows(("a", Number(1.21, digits=1), Number(2)))
        )
        assert (found.changes, found.below) == ((), 1)

    def test_from_zero_has_no_relative_change_and_comes_first(self) -> None:
        old = rows(("a", Number(10), Number(0)), ("b", Number(5), Number(4)))
        new = rows(("a", Number(11), Number(1)), ("b", Number(15), Number(4)))
        found = of_blocks(old, new)
        assert [(one.place.row, one.relative) for one in found.changes] == [("a", math.inf), ("b", 2), ("a", 0.1)]

    def test_in_another_unit_is_no_change_of_value(self) -> None:
        found = of_blocks(rows(("a", Number(2, unit="zł"), Number(1))), rows(("a", Number(2000, unit="gr"), Number(1))))
        change = only(found.units)
        assert (change.old.unit, change.new.unit, change.difference, found.changes) == ("zł", "gr", None, ())

    @pytest.mark.parametrize(
        ("old", "new", "cause"),
        [
            (Number(7), Number(None, missing="ukryto"), "hidden"),
            (Number(None, missing="brak danych"), Number(7), "shown"),
            ("–", Number(7), "shown"),
        ],
    )
    def test_that_one_edition_does_not_show_is_listed_apart(self, old: Cell, new: Cell, cause: str) -> None:
        found = of_blocks(rows(("a", old, Number(1))), rows(("a", new, Number(1))))
        assert kinds(only(found.missing))[0] == cause
        assert found.changes == ()

    def test_that_is_missing_for_another_reason_is_listed_without_a_cause_of_its_own(self) -> None:
        old, new = (rows(("a", Number(None, missing=why), Number(1))) for why in ("ukryto", "brak danych"))
        assert kinds(only(of_blocks(old, new).missing)) == ["unexplained"]


class TestAddress:
    def test_outlives_another_order_of_blocks_rows_and_columns(self) -> None:
        old = edition(
            rows(("a", Number(1), Number(2)), ("b", Number(3), Number(4))), figure(), findings("Jest {value}.")
        )
        new = edition(
            findings("Jest {value}."), figure(),
            rows(("b", Number(4), Number(3)), ("a", Number(2), Number(1)), columns=("Powiat", "2024", "2023")),
        )  # fmt: skip
        assert compare(old, new).same

    def test_tells_equal_rows_apart_by_the_texts_beside_them_even_where_one_is_new(self) -> None:
        columns = ("Pytanie", "Odpowiedź", "n")
        old = rows(("Forma", "kurs", Number(1)), ("Forma", "studia", Number(2)), columns=columns)
        new = rows(
            ("Forma", "coaching", Number(9)), ("Forma", "kurs", Number(1)), ("Forma", "studia", Number(2)),
            columns=columns,
        )  # fmt: skip
        found = of_blocks(old, new)
        assert (found.changes, [part.place.row for part in found.added]) == ((), ["Forma › coaching"])

    def test_numbers_rows_that_nothing_tells_apart(self) -> None:
        old = rows(("a", Number(1), Number(1)), ("a", Number(2), Number(2)))
        new = rows(("a", Number(1), Number(1)), ("a", Number(5), Number(2)))
        assert only(of_blocks(old, new).changes).place.row == "a (2)"

    def test_names_a_limit_by_the_heading_it_belongs_to(self) -> None:
        columns = ("Powiat", "Luka", "od", "do", "Wiek", "od")
        numbers = [Number(value) for value in (1, 2, 3, 4, 5)]
        old = rows(("a", *numbers), columns=columns)
        new = rows(("a", *(replace(number, value=number.value + 10) for number in numbers)), columns=columns)
        assert {one.place.column for one in of_blocks(old, new).changes} == {
            "Luka", "Luka: od", "Luka: do", "Wiek", "Wiek: od",
        }  # fmt: skip

    def test_keeps_tables_of_one_key_apart_by_their_titles(self) -> None:
        first, second = rows(("a", Number(1), Number(1)), title="A"), rows(("a", Number(7), Number(7)), title="B")
        found = compare(edition(first, second), edition(second))
        assert (found.changes, [part.place.caption for part in found.gone]) == ((), ["A"])

    def test_follows_a_table_under_another_key(self) -> None:
        old, new = rows(("a", Number(1), Number(1)), key="old"), rows(("a", Number(2), Number(1)), key="new")
        found = of_blocks(old, new)
        assert [(one.old, one.new) for one in found.renamed] == [("table old", "table new")]
        assert only(found.changes).difference == 1
        assert (found.added, found.gone) == ((), ())

    def test_keeps_a_table_and_a_figure_of_one_key_apart(self) -> None:
        found = compare(edition(table(key="small-figure"), figure()), edition(figure()))
        assert [(part.kind, part.numbers) for part in found.gone] == [("table", 4)]


class TestPart:
    def test_a_new_row_is_a_new_unit_and_a_lost_one_is_gone(self) -> None:
        a, b = ("a", Number(1), Number(2)), ("b", Number(3), Number(4))
        added, gone = of_blocks(rows(a), rows(a, b)).added, of_blocks(rows(a, b), rows(a)).gone
        assert [(p.kind, p.place.row, p.numbers, p.causes[0].kind) for p in added] == [("row", "b", 2, "new_unit")]
        assert [(p.kind, p.place.row, p.numbers, p.causes[0].kind) for p in gone] == [("row", "b", 2, "unit_gone")]

    def test_a_new_year_is_a_new_period_in_columns_and_in_rows(self) -> None:
        old, new = (
            rows(("a", Number(1), Number(2))),
            rows(("a", Number(2), Number(3)), columns=("Powiat", "2024", "2025")),
        )
        found = of_blocks(old, new)
        assert [(p.place.column, p.causes[0].kind) for p in (*found.added, *found.gone)] == [
            ("2025", "period"), ("2023", "period"),
        ]  # fmt: skip
        assert found.changes == ()  # 2024 has the same value in both
        years = of_blocks(rows(("2023", Number(1), Number(1))), rows(("2024", Number(1), Number(1))))
        assert [part.causes[0].kind for part in (*years.added, *years.gone)] == ["period", "period"]

    def test_a_new_column_that_is_no_year_has_no_cause_of_its_own(self) -> None:
        columns = ("Powiat", "2023", "2024", "Razem")
        found = of_blocks(
            rows(("a", Number(1), Number(2))), rows(("a", Number(1), Number(2), Number(3)), columns=columns)
        )
        [part] = found.added
        assert (part.kind, part.place.column, [cause.kind for cause in part.causes]) == (
            "column",
            "Razem",
            ["unexplained"],
        )

    def test_whole_blocks_and_sentences_that_came_or_went_are_listed_with_their_numbers(self) -> None:
        found = compare(
            edition(table(), said("Było {a} i {b}.", a=1.0, b=2.0)), edition(figure(), findings("Jest {value}."))
        )
        assert [(part.kind, part.numbers) for part in found.added] == [("figure", 4), ("sentence", 1)]
        assert [(part.kind, part.numbers) for part in found.gone] == [("table", 4), ("sentence", 2)]


class TestText:
    def test_without_a_number_is_listed_with_both_wordings(self) -> None:
        old, new = (Note(f"Dane {word} wczoraj rano.", title="Uwaga.") for word in ("zebrano", "spisano"))
        found = of_blocks(old, new)
        assert [(one.old, one.new) for one in found.texts] == [
            ("Uwaga. Dane zebrano wczoraj rano.", "Uwaga. Dane spisano wczoraj rano.")
        ]

    def test_of_a_cell_title_note_and_source_is_listed(self) -> None:
        old = rows(("a", "spadek", Number(1)), note="jedna", source="GUS")
        found = of_blocks(old, rows(("a", "wzrost", Number(1)), note="druga", source="MRPiPS", title="Inaczej"))
        assert Counter(one.place.column for one in found.texts) == Counter(("2023", "note", "source", "title"))

    def test_that_describes_a_drawing_is_no_news_where_only_its_numbers_changed(self) -> None:
        assert of_blocks(figure(), figure(alt="Wykres liniowy: 370,1 w 2025 roku.")).same
        assert [one.place.column for one in of_blocks(figure(), figure(alt="Wykres słupkowy.")).texts] == ["alt"]

    def test_with_numbers_that_was_reworded_is_shown_whole_and_its_numbers_are_not_guessed(self) -> None:
        old = said("Najwyższą wartość w całym województwie ma powiat kielecki: {value}.", value=9.0)
        new = said("Najwyższą wartość w całym województwie ma powiat buski: {value}.", value=8.0)
        found = of_blocks(old, new)
        [text] = found.texts
        assert (text.old, text.new, text.finding) == (
            "Najwyższą wartość w całym województwie ma powiat kielecki: 9,0.",
            "Najwyższą wartość w całym województwie ma powiat buski: 8,0.",
            True,
        )
        assert (found.changes, found.added, found.gone) == ((), (), ())

    def test_in_the_same_words_in_another_order_is_another_text(self) -> None:
        old = said("Najwięcej: alfa {a}, beta {b}, gamma {c}.", a=9.0, b=8.0, c=7.0)
        new = said("Najwięcej: gamma {a}, alfa {b}, beta {c}.", a=9.5, b=9.0, c=8.0)
        found = of_blocks(old, new)
        assert (len(found.texts), found.changes) == (1, ())


class TestCause:
    def causes(
        self, new_origin: Any, old_origin: Any = ORIGIN, source: str = "na podstawie: GUS, wskaźniki."
    ) -> list[str]:
        old, new = (
            edition(rows(("a", Number(value), Number(0)), source=source), lineage=lineage)
            for value, lineage in ((1, old_origin), (2, new_origin))
        )
        return [f"{cause.kind} {cause.detail}".strip() for cause in only(compare(old, new).changes).causes]

    def test_is_data_where_a_file_has_another_checksum(self) -> None:
        assert self.causes(origin(gus_sdg="9" * 64)) == ["data"]

    def test_is_data_where_a_file_came_or_went(self) -> None:
        fewer = {**ORIGIN, "datasets": {k: v for k, v in ORIGIN["datasets"].items() if k != "gus_sdg"}}
        assert self.causes(fewer) == self.causes(ORIGIN, fewer) == ["data"]

    def test_names_of_several_changed_datasets_those_that_the_source_may_stand_for(self) -> None:
        both = origin(gus_sdg="9" * 64, bdl_context="8" * 64)
        assert self.causes(both) == ["data gus_sdg"]
        assert self.causes(both, source="GUS, BDL") == ["data bdl_context"]
        assert self.causes(both, source="ktoś inny") == ["data bdl_context, gus_sdg"]
        uncited = origin(gus_sdg="9" * 64, bdl_context="8" * 64, own_survey="7" * 64)  # nothing says how it is cited
        assert self.causes(uncited) == ["data gus_sdg, own_survey"]

    def test_is_data_that_the_source_does_not_cite_only_where_nothing_else_changed(self) -> None:
        assert self.causes(origin(bdl_context="8" * 64)) == ["data"]
        assert self.causes({**origin(bdl_context="8" * 64), "package_version": "2.0.0"}) == ["code"]

    def test_is_method_with_the_choice_in_words(self) -> None:
        choices = {**ORIGIN["choices"], "window": {"value": 12, "description": "Liczba lat trendu."}}
        assert self.causes({**ORIGIN, "choices": choices}) == ["method"]
        found = compare(whole(), whole(lineage={**ORIGIN, "choices": choices})).evidence.method
        assert [(one.name, one.old, one.new) for one in found] == [("Liczba lat trendu", "10", "12")]

    def test_is_not_method_where_a_choice_is_only_described_otherwise(self) -> None:
        choices = {**ORIGIN["choices"], "window": {"value": 10, "description": "Okno."}}
        assert self.causes({**ORIGIN, "choices": choices}) == ["unexplained"]

    @pytest.mark.parametrize(
        "changed", [{"package_version": "1.1.0"}, {"libraries": {"numpy": "3.0.0"}}, {"code": "b" * 64}]
    )
    def test_is_code_where_package_library_or_code_changed(self, changed: dict[str, Any]) -> None:
        assert self.causes({**ORIGIN, **changed}) == ["code"]

    def test_names_all_that_changed_and_says_that_they_cannot_be_told_apart(self) -> None:
        new = {**origin(gus_sdg="9" * 64), "package_version": "1.1.0"}
        assert self.causes(new) == ["data", "code"]
        assert not compare(whole(), whole(lineage=new)).evidence.separable
        assert compare(whole(), whole(lineage=origin(gus_sdg="9" * 64, own_survey="8" * 64))).evidence.separable

    def test_is_unknown_where_an_edition_records_nothing_but_printed_choices_are_compared(self) -> None:
        assert self.causes({}) == self.causes(ORIGIN, {}) == ["unrecorded"]
        printed = [
            rows(("Liczba lat trendu", Number(value)), key="choices", columns=("Parametr", "Wartość"))
            for value in (10, 12)
        ]
        found = compare(edition(printed[0], lineage={}), edition(printed[1], lineage={}))
        assert [(one.name, one.old, one.new) for one in found.evidence.method] == [("Liczba lat trendu", "10", "12")]
        assert kinds(only(found.changes)) == ["method", "unrecorded"]

    def test_is_another_period_where_title_row_or_sentence_names_other_years(self) -> None:
        a, b = (rows(("a", Number(v), "1"), title=f"Stan na {year} r.") for v, year in ((1, 2024), (2, 2025)))
        assert of_blocks(a, b).changes[0].causes[0].detail == "2024 → 2025"
        columns = ("Wskaźnik", "Rok", "Wartość")
        a, b = (rows(("bieda", year, Number(v)), columns=columns) for v, year in ((1, "2024"), (2, "2025")))
        # A column of the year that only describes the row does not name it.
        assert only(of_blocks(a, b).changes).causes[0].kind == "period"
        a, b = (said(f"W {year} r. było {{value}} (z 2025,5).", value=v) for v, year in ((1.0, 2024), (2.0, 2025)))
        assert only(of_blocks(a, b).changes).causes[0].detail == "2024 → 2025"

    def test_is_made_up_data_where_only_one_edition_has_them(self) -> None:
        old, new = (
            edition(rows(("a", Number(v), Number(0))), synthetic=made_up) for v, made_up in ((1, True), (2, False))
        )
        assert kinds(only(compare(old, new).changes))[0] == "real"
        assert kinds(only(compare(new, old).changes))[0] == "synthetic"
        marked = {"synthetic": True, "real": "oprócz GUS"}
        old, new = (
            edition(rows(("a", Number(v), Number(0)), synthetic=mark), **marked) for v, mark in ((1, False), (2, True))
        )
        assert kinds(only(compare(old, new).changes))[0] == "synthetic"


#: A report about persons.
SURVEY = {"report": "training_needs", "title": "Potrzeby"}


class TestCaution:
    def warned(self, old: Table, new: Table, **options: Any) -> list[tuple[str, int]]:
        fields = {**SURVEY, **options.pop("fields", {})}
        found = compare(edition(old, **fields), edition(new, **fields), **options)
        return [(caution.kind, caution.least) for caution in cautions(found)]

    def test_a_number_hidden_in_one_edition_only_is_warned_of_in_every_report(self) -> None:
        old, new = rows(("a", Number(None, missing="ukryto"), Number(1))), rows(("a", Number(7), Number(1)))
        for fields in ({}, {"report": "national_summary"}, {"report": "regional_diagnosis"}):
            assert self.warned(old, new, fields=fields) == self.warned(new, old, fields=fields) == [("hidden", 0)]

    def test_a_text_in_place_of_a_hidden_number_is_warned_of(self) -> None:
        assert self.warned(rows(("a", "ukryto", "x")), rows(("a", "7 z 9", "x"))) == [("hidden", 0)]

    def test_a_number_that_was_not_there_is_no_secret(self) -> None:
        assert self.warned(rows(("a", Number(None, missing="brak danych"), "x")), rows(("a", Number(7), "x"))) == []

    @pytest.mark.parametrize(("new", "expected"), [(41, [("few", 10)]), (31, [("few", 10)]), (50, []), (40, [])])
    def test_a_count_that_changed_by_fewer_than_the_least_number_is_warned_of(
        self, new: int, expected: list[tuple[str, int]]
    ) -> None:
        assert self.warned(rows(("a", Number(40), "x")), rows(("a", Number(new), "x"))) == expected

    def test_the_least_number_is_the_one_the_report_records(self) -> None:
        choices = {**ORIGIN, "choices": {"threshold": {"value": 5, "description": ""}}}
        old, new = (edition(rows(("a", Number(v), "x")), lineage=choices, **SURVEY) for v in (40, 44))
        assert [caution.least for caution in cautions(compare(old, new))] == [5]
        assert cautions(compare(old, edition(rows(("a", Number(45), "x")), lineage=choices, **SURVEY))) == ()

    def test_of_two_least_numbers_the_larger_counts(self) -> None:
        pair = [
            edition(
                rows(("a", Number(value), "x")),
                lineage={**ORIGIN, "choices": {"threshold": {"value": least, "description": ""}}},
                **SURVEY,
            )
            for value, least in ((40, 5), (46, 8))
        ]
        assert [caution.least for caution in cautions(compare(*pair))] == [8]

    def test_a_tolerance_hides_no_warning(self) -> None:
        assert self.warned(rows(("a", Number(40), "x")), rows(("a", Number(41), "x")), tolerance=3) == [("few", 10)]

    @pytest.mark.parametrize(
        ("column", "number"),
        [("Odsetek (%)", Number(40)), ("Koszt (zł)", Number(40)), ("Miejsce", Number(3)), ("Rok", Number(2024)),
         ("n", Number(40.2, digits=1)), ("n", Number(40, unit="zł")), ("n", Number(40.5))],
    )  # fmt: skip
    def test_money_shares_ranks_and_years_count_nobody(self, column: str, number: Number) -> None:
        columns = ("Typ", column)
        moved = replace(number, value=(number.value or 0) + 1)
        assert self.warned(rows(("a", number), columns=columns), rows(("a", moved), columns=columns)) == []

    def test_official_statistics_are_about_nobody(self) -> None:
        fields = {"report": "regional_diagnosis"}
        assert self.warned(rows(("a", Number(40), "x")), rows(("a", Number(41), "x")), fields=fields) == []

    def test_persons_in_a_sentence_are_warned_of(self) -> None:
        old, new = (edition(Statement.of("Odpowiedziało {n}.", n=Number(v, unit="osób")), **SURVEY) for v in (201, 202))
        assert [caution.place.column for caution in cautions(compare(old, new))] == ["n"]


class TestRefused:
    @pytest.mark.parametrize("changes", [{"teryt": "26"}, {"report": "training_needs"}])
    def test_another_region_or_report(self, changes: dict[str, str]) -> None:
        with pytest.raises(UsageError, match="two different reports"):
            compare(whole(), whole(**changes))

    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: [data],
            lambda data: {**data, "format": 2},
            lambda data: {**data, "cover": {"kind": "cover"}},
            lambda data: {**data, "cover": {"kind": "note", "text": "", "items": []}},
            lambda data: {**data, "elements": [{"kind": "chart"}]},
            lambda data: {**data, "elements": [{"kind": "table", "key": "a"}]},
            lambda data: {**data, "elements": ["tekst"]},
        ],
    )
    def test_what_is_no_report(self, damage: Any) -> None:
        for pair in ((damage(whole()), whole()), (whole(), damage(whole()))):
            with pytest.raises(UsageError, match="JSON of a report"):
                compare(*pair)


NUMBERS = st.builds(
    Number,
    value=st.none() | st.integers(-30, 30).map(lambda n: n / 7),
    digits=st.integers(0, 2),
    unit=st.sampled_from(("", "%")),
    missing=st.sampled_from(("", "ukryto")),
)
TABLES = st.builds(
    lambda key, title, lines: rows(*((label, *cells) for label, *cells in lines), key=key, title=title),
    key=st.sampled_from(("a", "b")),
    title=st.sampled_from(("Tytuł", "Tytuł 2024", "Inny")),
    lines=st.lists(st.tuples(st.sampled_from(("x", "y", "2024")), NUMBERS, NUMBERS | st.just("spadek")), max_size=3),
)
SENTENCES = st.builds(
    lambda words, value: Statement.of(" ".join(words) + " {v}", v=value),
    words=st.lists(st.sampled_from(("jeden", "dwa", "trzy", "W 2024 r.")), min_size=1, max_size=5),
    value=NUMBERS,
)
REPORTS = st.lists(TABLES | SENTENCES, max_size=5)


@given(REPORTS)
def test_any_report_equals_itself(blocks: list[Any]) -> None:
    assert compare(edition(*blocks), edition(*blocks)).same


def mirrored(found: Comparison) -> list[Counter[Any]]:
    """Return what a comparison found, as counts of pairs of the older and the newer side."""
    pairs = [
        Counter((one.kind, one.old, one.new) for one in changes)
        for changes in (found.changes, found.missing, found.units)
    ]
    texts = [Counter((one.old, one.new) for one in many) for many in (found.renamed, found.texts)]
    return [*pairs, *texts]


@given(REPORTS, REPORTS)
def test_a_comparison_the_other_way_round_finds_the_same_the_other_way_round(old: list[Any], new: list[Any]) -> None:
    there, back = compare(edition(*old), edition(*new)), compare(edition(*new), edition(*old))
    turned = [Counter({(*key[:-2], key[-1], key[-2]): n for key, n in found.items()}) for found in mirrored(back)]
    assert mirrored(there) == turned
    assert (there.compared, there.below) == (back.compared, back.below)
    for ours, theirs in ((there.added, back.gone), (there.gone, back.added)):
        assert Counter((p.kind, p.place.row, p.place.column, p.numbers) for p in ours) == Counter(
            (p.kind, p.place.row, p.place.column, p.numbers) for p in theirs
        )
