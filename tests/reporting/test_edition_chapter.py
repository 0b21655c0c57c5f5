"""The chapter on changes in a report: short, in every format, and blind to itself in the next edition."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, get_args

import pypdfium2
import pytest
from edition_pairs import as_file, edition, origin, rows, said
from lxml import html as parser
from openpyxl import load_workbook
from small_notebooks import cover, executed, findings, table

from ropsanalysis.errors import UsageError
from ropsanalysis.present.blocks import SYNTHETIC_MARK, Note, Number, Statement, Table
from ropsanalysis.reporting import document, html, pdf, xlsx
from ropsanalysis.reporting.editions import chapter, words
from ropsanalysis.reporting.editions.causes import Cause, CauseKind
from ropsanalysis.reporting.editions.compare import compare
from ropsanalysis.reporting.editions.parts import CHANGES
from support import PROJECT


def blocks(old: dict[str, Any], new: dict[str, Any]) -> tuple[Any, ...]:
    return chapter.blocks(compare(old, new))


def of(found: tuple[Any, ...]) -> Table:
    """Return the table of a chapter."""
    [only] = [block for block in found if isinstance(block, Table)]
    return only


def column(values: list[float], **changes: Any) -> Table:
    return rows(*((f"p{n}", Number(value)) for n, value in enumerate(values)), columns=("Powiat", "n"), **changes)


def test_without_a_change_it_is_one_sentence() -> None:
    [statement] = blocks(edition(table()), edition(table(), name="2025"))
    assert statement.text == "Od edycji 2024 nic się nie zmieniło; porównane liczby: 4."
    assert statement.values == {"compared": Number(4)}


def test_it_lists_at_most_twelve_numbers_key_findings_first_then_the_regions_own_then_by_size() -> None:
    old = edition(said("Wynik: {value}.", value=100.0), column([10.0] * 30, highlight=(4,)))
    grown = column([11.0 + n for n in range(30)], highlight=(4,))
    new = edition(said("Wynik: {value}.", value=101.0), grown, name="2025")
    found = of(blocks(old, new))
    assert [row[0] for row in found.rows[:4]] == ["Wynik: 101,0.", "p4 – n", "p29 – n", "p28 – n"]
    assert len(found.rows) == 12
    assert found.rows[0][1:4] == (Number(100, digits=1), Number(101, digits=1), Number(1, digits=1, signed=True))


def test_a_number_that_a_figure_repeats_is_told_once_and_tables_about_the_report_never() -> None:
    both = [column([5.0], key=key) for key in ("one", "two", "sources")]
    new = [column([6.0], key="one"), column([6.0], key="two"), column([9.0], key="sources")]
    assert len(of(blocks(edition(*both), edition(*new))).rows) == 1


def test_its_first_sentence_counts_and_its_note_says_why_and_where_the_list_is() -> None:
    new = edition(column([2.0, 3.0]), Statement("Nowe zdanie."), name="2025", lineage=origin(gus_sdg="9" * 64))
    lead, _, note = blocks(edition(column([1.0, 3.0001])), new)
    assert lead.text == (
        "Liczby zmienione od edycji 2024: 1 spośród 2 porównanych; zmiany mniejsze niż zaokrąglenie: 1."
    )
    assert isinstance(note, Note)
    assert note.items == (
        "Dane (gus_sdg): data/raw/gus_sdg/observations.csv – zmieniona treść.",
        "Poza liczbami z tabeli: nowe tabele, wiersze, kolumny i zdania – 1.",
        "Pełny wykaz zawiera strona zmian między edycjami, którą tworzy polecenie „ropsanalysis diff”.",
    )


def test_several_causes_are_said_to_be_inseparable() -> None:
    new = edition(column([2.0]), lineage={**origin(gus_sdg="9" * 64), "package_version": "2.0.0"})
    found = blocks(edition(column([1.0])), new)
    assert of(found).rows[0][-1] == "dane; program"
    assert any("nie da się rozdzielić" in item for item in found[-1].items)


def test_it_points_at_nobody() -> None:
    survey = {"report": "training_needs"}
    old = edition(rows(("a", Number(7), Number(40))), **survey)
    new = edition(rows(("a", Number(None, missing="ukryto"), Number(41))), **survey)
    text = json.dumps([block.to_dict() for block in blocks(old, new)], ensure_ascii=False)
    assert "ukryto" not in text
    assert "osob" not in text


def test_made_up_numbers_of_an_earlier_edition_are_not_compared_with_delivered_ones() -> None:
    [statement] = blocks(edition(column([1.0]), synthetic=True), edition(column([2.0])))
    assert statement.text.startswith("Liczb nie porównujemy z edycją 2024")


def test_made_up_numbers_keep_their_mark_where_not_all_are() -> None:
    mixed = {"synthetic": True, "real": "oprócz danych GUS"}

    def pair(*made_up: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        old, new = (
            [column([value + n], key=f"k{n}", synthetic=mark) for n, mark in enumerate(made_up)] for value in (1.0, 5.0)
        )
        return edition(*old, **mixed), edition(*new, **mixed)

    some = of(blocks(*pair(True, False)))
    assert [str(row[0]).endswith(f"[{SYNTHETIC_MARK}]") for row in some.rows] == [True, False]
    assert not some.synthetic
    every = of(blocks(*pair(True, True)))
    assert every.synthetic
    assert SYNTHETIC_MARK not in str(every.rows)
    assert not of(blocks(*pair(False, False))).synthetic


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """Return the file of an earlier edition of the report below."""
    path = tmp_path / "previous.json"
    path.write_text(json.dumps(edition(*BODY, table(rows=ROWS), name="2024")), encoding="utf-8")
    return path


BODY = ("## Ustalenia", findings("Korzysta {value} osób."), "## Dalej")
ROWS = (
    ("warmińsko-mazurskie", Number(391.24, digits=1), Number(370.5, digits=1)),
    ("Polska", Number(None, missing="brak danych"), Number(230.1, digits=1)),
)


def report() -> document.Document:
    return document.read(executed(cover(), *BODY, table()))


def test_it_stands_after_the_key_findings_and_tables_behind_it_are_numbered_anew(previous: Path) -> None:
    found = chapter.added(report(), previous)
    assert [heading.text for heading in found.headings()] == ["Ustalenia", CHANGES, "Dalej"]
    numbered = [(one.caption, one.anchor, one.block.key) for one in found.numbered(Table)]  # type: ignore[union-attr]
    assert numbered == [("Tabela 1.", "tabela-1", "edition_changes"), ("Tabela 2.", "tabela-2", "small")]


def test_without_key_findings_it_stands_at_the_end(previous: Path) -> None:
    found = chapter.added(document.read(executed(cover(), "## Jedyny", table())), previous)
    assert [heading.text for heading in found.headings()] == ["Jedyny", CHANGES]


TOLD = (CHANGES, "Największe zmiany liczb od edycji 2024", "222,7", "230,1", "370,5")


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_html_has_it(previous: Path) -> None:
    text = parser.fromstring(html.render(chapter.added(report(), previous))).text_content()
    assert [told for told in TOLD if told not in text] == []


def test_pdf_has_it(previous: Path) -> None:
    opened = pypdfium2.PdfDocument(pdf.render(chapter.added(report(), previous)))
    text = squeezed("".join(sheet.get_textpage().get_text_range() for sheet in opened))
    opened.close()
    assert [told for told in TOLD if squeezed(told) not in text] == []


def test_xlsx_has_it_with_unrounded_numbers(previous: Path) -> None:
    book = load_workbook(io.BytesIO(xlsx.render(chapter.added(report(), previous))))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert CHANGES in cells
    assert [value for value in cells if value == pytest.approx(377.61 - 370.5, abs=1e-12)]


def test_json_has_it_and_the_next_edition_does_not_look_into_it(previous: Path) -> None:
    found = as_file(chapter.added(report(), previous))
    [own] = [element for element in found["elements"] if element.get("key") == "edition_changes"]
    assert [cell["value"] for cell in own["rows"][0][1:3]] == [230.1, 222.7]
    [statement] = blocks(found, as_file(report()))
    assert "nic się nie zmieniło" in statement.text
    [statement] = blocks(as_file(report()), found)
    assert "nic się nie zmieniło" in statement.text


def test_an_earlier_edition_of_another_region_or_a_damaged_one_is_refused(previous: Path) -> None:
    with pytest.raises(UsageError, match="two different reports"):
        chapter.added(document.read(executed(cover(teryt="26"), *BODY)), previous)
    previous.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"previous\.json is damaged"):
        chapter.added(report(), previous)


@pytest.mark.parametrize("name", ["editions.md", "editions.pl.md"])
def test_the_guide_names_every_cause_and_the_length_of_the_chapter(name: str) -> None:
    text = " ".join((PROJECT / "docs" / name).read_text(encoding="utf-8").split())
    told = {kind: words.causes([Cause(kind)]) for kind in get_args(CauseKind)}
    # Made-up data in place of delivered ones are "the other way round"; the last two are no causes but their absence.
    for kind in {"synthetic", "unrecorded", "unexplained"}:
        del told[kind]
    assert [cause for cause in told.values() if cause not in text] == []
    assert CHANGES in text
    assert {"editions.md": "at most twelve numbers", "editions.pl.md": "najwyżej dwanaście liczb"}[name] in text
    assert chapter.MOST == 12


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Jest 5 osób.", "Jest 5 osób."),
        (
            "słowo " * 20 + "jest 5 osób " + "potem " * 20,
            "…" + "słowo " * 10 + "jest 5 osób " + "potem " * 4 + "potem…",
        ),
        ("x" * 100 + "\u00a05\u00a0" + "y" * 100, "…5…"),
        ("Liczby tu nie ma.", "Liczby tu nie ma."),
    ],
)
def test_around_a_number_whole_words_of_its_sentence_are_shown(sentence: str, expected: str) -> None:
    assert words.excerpt(sentence, "5") == expected
