"""HTML, PDF and JSON of a document made by hand: hostile texts stay texts, an inaccessible PDF is refused."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import page
import pikepdf
import pypdfium2
import pytest
from lxml import html as parser
from nbconvert.exporters import get_exporter
from small_notebooks import SVG, cover, executed, figure, findings, table

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Block, Column, Note, Number, Statement, Table
from ropsanalysis.reporting import annex, document, html, pdf, verify

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '#import "x"',
    "#panic()",
    "=1+1",
    "= tytul",
    "{{7*7}}",
    "{% raw %}",
    "$x$",
    "*a* _b_ `c`",
    "@cytat <etykieta>",
    "\\u{41} // uwaga",
    "a --- b ... c",
    "przed\u2028po",
    "- lista",
    "zażółć gęślą jaźń",
    '"); evil("',
    "https://example.org/",
]


def whole(text: str = "tekst") -> document.Document:
    """Return a document that says the text in every place where a document can say one."""
    return document.read(
        executed(
            cover(centre=text, facts=((text, text),)),
            "## Ustalenia",
            findings("Wynik {value}: " + text.replace("{", "{{").replace("}", "}}")),
            Statement(text),
            table(title=text, source=text, note=text, columns=(Column(text, "left"), Column(text)),
                  rows=((text, Number(1, unit=text)), ("b", text))),
            figure(title=text, alt=text, description=text, source=text, note=text),
            Note(text, title=text, items=(text,)),
            nbformat.v4.new_output("stream", name="stdout", text=text),
        )
    )  # fmt: skip


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2028\u00ad\u0002\ufffe]|-(?=\r?\n)", "", text)


def pdf_text(data: bytes) -> str:
    opened = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(sheet.get_textpage().get_text_range() for sheet in opened)
    finally:
        opened.close()


@pytest.fixture(scope="module")
def finished() -> bytes:
    return pdf.render(whole())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_html(text: str) -> None:
    shown, plain = parser.fromstring(html.render(whole(text))), parser.fromstring(html.render(whole("tekst")))
    assert [e.tag for e in shown.iter()] == [e.tag for e in plain.iter()]
    assert shown.text_content() == plain.text_content().replace("tekst", text)
    assert not shown.xpath("//script | //img | //iframe | //link | //*[@*[starts-with(name(), 'on')]]")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_json(text: str) -> None:
    written = json.dumps(annex.to_dict(whole(text)), ensure_ascii=False, allow_nan=False)
    plain = json.dumps(annex.to_dict(whole("tekst")), ensure_ascii=False).replace(
        "tekst", json.dumps(text, ensure_ascii=False)[1:-1]
    )
    assert json.loads(written) == json.loads(plain)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_pdf(text: str) -> None:
    shown = squeezed(pdf_text(pdf.render(whole(text))))
    # In the text: cover 2 and footer, statement, point, table 6, figure 3, note 3, print, annex.
    assert shown.count(squeezed(text)) >= 18


@pytest.mark.parametrize("before", range(9, 16))
def test_an_address_under_a_table_is_broken_after_a_slash_or_a_hyphen_only(before: int) -> None:
    address = "https://liderzykooperacji.pl/podsumowanie-przebiegu-testowania-modelu/"
    source = f"{'wyraz ' * before}{address}."
    data = pdf.render(document.read(executed(cover(), "## Tabela", table(source=source))))
    lines = pdf_text(data).replace("\ufffe", "-").splitlines()  # so pdfium joins lines after a hyphen
    first = next(place for place, line in enumerate(lines) if "https://" in line)
    shown = lines[first][lines[first].index("https://") :]
    if not shown.startswith(address):
        assert shown.startswith("https://liderzykooperacji.pl/")
        assert shown[-1] in "/-"
        assert (shown + lines[first + 1]).startswith(address)


def test_html_asks_for_nothing_and_runs_nothing() -> None:
    text = html.render(whole())
    shown = parser.fromstring(text)
    assert "default-src 'none'" in text
    for attribute in ("src", "srcset", "action", "data", "poster", "background"):
        assert shown.xpath(f"//*[@{attribute}]") == []
    assert all(link.startswith("#") for link in shown.xpath("//@href"))
    assert not re.search(r"url\(|@import", "".join(shown.xpath("//style/text()")))
    assert shown.get("lang") == "pl"


def test_every_link_inside_html_has_its_target_and_ids_are_unique() -> None:
    shown = parser.fromstring(html.render(document.read(executed(
        cover(), "## Ą", table(), figure(), "## Ą", table(), figure(key="b"),
    ))))  # fmt: skip
    ids = shown.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in shown.xpath("//@href")} <= set(ids)


@pytest.mark.parametrize(
    "broken",
    [
        figure(svg='<svg viewBox="0 0 9 9"'),
        "## Rozdział\n\n#### Poziom pominięty",
    ],
)
def test_a_pdf_that_would_not_be_accessible_is_refused(broken: Block | str) -> None:
    with pytest.raises(ReportError, match="PDF"):
        pdf.render(document.read(executed(cover(), "## Początek", findings("{value}"), broken)))


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_figure_without_alternative_text_is_in_no_format(alt: str) -> None:
    with pytest.raises(ReportError, match="'small-figure' has no alternative text"):
        document.read(executed(cover(), figure(alt=alt)))


def test_the_pdf_itself_refuses_a_figure_without_alternative_text() -> None:
    right = document.read(executed(cover(), "## A", findings("{value}")))
    without = replace(right, elements=(*right.elements, document.Numbered(figure(alt=""), "Wykres 1.", "wykres-1")))
    with pytest.raises(ReportError, match="PDF would not be accessible"):
        pdf.render(without)


def test_an_untagged_pdf_does_not_pass_the_check() -> None:
    empty = pikepdf.new()
    empty.add_blank_page()
    buffer = io.BytesIO()
    empty.save(buffer)
    with pytest.raises(ReportError, match="breaks rules of PDF/UA-1"):
        pdf.check(buffer.getvalue())


def test_the_pdf_is_pdf_ua_1_and_says_pdf_a_2a(finished: bytes) -> None:
    assert page.validate_pdf_bytes(finished, profile=page.ValidationProfile.PDF_UA_1).is_compliant
    with pikepdf.open(io.BytesIO(finished)) as opened:
        metadata = opened.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"].upper()) == ("2", "A")


def test_the_pdf_has_language_and_shows_its_title(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as opened:
        assert str(opened.Root.Lang) == "pl-PL"
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert opened.open_metadata()["dc:title"] == "Diagnoza sytuacji regionalnej – województwo warmińsko-mazurskie"
        assert bool(opened.Root.MarkInfo.Marked)


def structure(data: bytes) -> list[pikepdf.Dictionary]:
    """Return all structure elements in reading order, each with its parent's tag in `/_parent`."""
    found: list[Any] = []

    def walk(node: Any, parent: str) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child, parent)
        elif isinstance(node, pikepdf.Dictionary):
            tag = str(node.get("/S", ""))
            if tag:
                found.append((tag, parent, scope_of(node), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node.K, tag or parent)

    with pikepdf.open(io.BytesIO(data)) as opened:
        walk(opened.Root.StructTreeRoot.K, "")
    return found


def scope_of(node: Any) -> str:
    attributes = node.get("/A")
    for one in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(one, pikepdf.Dictionary) and "/Scope" in one:
            return str(one.Scope)
    return ""


def test_pdf_tables_have_headers_of_columns_and_rows(finished: bytes) -> None:
    elements = structure(finished)
    tags = [tag for tag, *_ in elements]
    scopes = [scope for tag, _, scope, _ in elements if tag == "/TH"]
    # Two tables (one of them the figure's data): 2 + 3 column heads, 2 + 2 rows.
    assert tags.count("/Table") == 2
    assert scopes.count("/Column") == 5
    assert scopes.count("/Row") == 4
    assert set(scopes) == {"/Column", "/Row"}


def test_pdf_figures_have_their_alternative_text() -> None:
    shown = document.read(executed(cover(), "## A", findings("{value}"), figure(alt="Słupki rosną: ąęł.")))
    alternatives = [alt for tag, _, _, alt in structure(pdf.render(shown)) if tag == "/Figure"]
    assert alternatives == ["Słupki rosną: ąęł."]


def test_pdf_headings_skip_no_level(finished: bytes) -> None:
    levels = [int(tag[2]) for tag, *_ in structure(finished) if re.fullmatch(r"/H[1-6]", tag)]
    assert levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_document_gives_the_same_bytes(finished: bytes) -> None:
    assert pdf.render(whole()) == finished
    assert html.render(whole()) == html.render(whole())


def test_the_date_in_the_pdf_is_the_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    # 1 700 000 000 s after the epoch: 14 November 2023 (date -u -d @1700000000).
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    with pikepdf.open(io.BytesIO(pdf.render(whole()))) as opened:
        assert str(opened.docinfo["/CreationDate"]).startswith("D:20231114")


@pytest.mark.parametrize("name", ["html", "pdf", "xlsx", "json"])
def test_a_finished_file_of_another_region_or_with_a_lost_figure_is_refused(tmp_path: Path, name: str) -> None:
    right = document.read(executed(cover(), "## A", findings("W regionie {value} osób.")))
    wrong = document.read(executed(cover(), "## A", Statement("W regionie 111,1 osób.")))
    other = document.read(
        executed(cover(subtitle="województwo opolskie"), "## A", findings("W regionie {value} osób."))
    )
    path = tmp_path / f"regional_diagnosis.{name}"
    for made, good in ((right, True), (wrong, False), (other, False)):
        rendered = get_exporter(f"ropsanalysis-{name}")().render(made)
        path.write_bytes(rendered if isinstance(rendered, bytes) else rendered.encode())
        if good:
            verify.check(path, right)
            verify.check_cover(right, report="regional_diagnosis", teryt="28")
            with pytest.raises(ReportError, match="was asked"):
                verify.check_cover(right, report="regional_diagnosis", teryt="30")
        else:
            with pytest.raises(ReportError, match="missing from the finished file") as caught:
                verify.check(path, right)
            assert "377" not in str(caught.value), "what is told on the screen holds no values"


@pytest.mark.parametrize(
    ("name", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("xlsx", b"PK"), ("json", b"{")]
)
def test_nbconvert_knows_our_formats(tmp_path: Path, name: str, start: bytes) -> None:
    notebook = executed(cover(), "## A", findings("{value}"), table(), figure())
    body, resources = get_exporter(f"ropsanalysis-{name}")().from_notebook_node(notebook)
    assert (body if isinstance(body, bytes) else body.encode()).startswith(start)
    assert resources["output_extension"] == f".{name}"


@pytest.mark.slow
def test_jupyter_nbconvert_writes_our_html(tmp_path: Path) -> None:
    path = tmp_path / "raport ąę.ipynb"
    nbformat.write(executed(cover(), "## A", findings("{value}"), figure(svg=SVG)), path)
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "ropsanalysis-html", path.name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    text = path.with_suffix(".html").read_text(encoding="utf-8")
    assert "377,6" in text
    assert "Content-Security-Policy" in text


def test_a_table_without_rows_or_numbers_is_set_all_the_same() -> None:
    empty = Table("k", "Pusta", (Column("a", "left"), Column("b")), ())
    pdf.render(document.read(executed(cover(), "## A", findings("{value}"), empty)))


def test_made_up_numbers_are_marked_block_by_block_and_real_ones_are_not() -> None:
    made_up = table(key="b", title="Zmyślona tabela", synthetic=True)
    read = document.read(
        executed(
            cover(synthetic=True, real="oprócz danych GUS"),
            "## Ustalenia",
            findings("Wynik {value}."),
            Statement("Zmyślone zdanie.", synthetic=True),
            table(),
            made_up,
            figure(key="f", title="Zmyślony wykres", data=made_up),
        )
    )
    shown, printed = html.render(read), squeezed(pdf_text(pdf.render(read)))
    assert shown.count('<p class="banner">DANE SYNTETYCZNE (oprócz danych GUS)</p>') == 1
    assert shown.count('class="mark"') == 4  # sentence, table, figure and the table behind it
    assert printed.count("DANESYNTETYCZNE(oprócz") > 1
    for text in ("Zmyślonezdanie.", "Zmyślonatabela", "Zmyślonywykres"):
        assert f"{text}[danesyntetyczne]" in printed
    assert "społecznej[dane" not in printed
