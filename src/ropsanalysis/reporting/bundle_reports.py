"""The four files of a report in a bundle: whether they are that report, for that area, and say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any, Final

from ropsanalysis.errors import ReportError
from ropsanalysis.present.blocks import Number, Table, cell_text
from ropsanalysis.regions import POLAND, by_teryt
from ropsanalysis.reporting import agreement, rereading
from ropsanalysis.reporting.agreement import Difference
from ropsanalysis.reporting.bundle_manifest import Manifest, Report
from ropsanalysis.reporting.bundle_problems import Problem, problem
from ropsanalysis.reporting.disclosure import System
from ropsanalysis.reporting.document import Document, Numbered

#: How many places of one file are named where formats disagree.
_MOST_NAMED: Final = 5
#: Key of the table in which a report prints the audit, and its last word where that passed.
_PROTECTION_TABLE: Final = "protection"
_PRINTED_SAFE: Final = "bezpieczny"
#: What has no place in a page that is only to be read.
_LIVE_HTML: Final = (
    "//script | //iframe | //object | //embed | //form | //base | //link | //audio | //video"
    " | //*[@*[starts-with(name(), 'on')]] | //*[@hidden] | //meta[@http-equiv='refresh']"
)
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def problems(report: Report, manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with a report; all of its files are there and are those that the manifest names."""
    path = report.files["json"]
    try:
        document = rereading.document(files[path])
        wrong = list(_foreign(document, report, manifest))
        origin = _origin(document)
        protection = list(_printed_protection(document, report, manifest))
    except Exception as error:  # noqa: BLE001 - a hostile file may break its reader in any way: a finding, not a crash
        yield _unreadable(path, error)
        return
    if wrong:
        yield from (problem("BV-14", path, text) for text in wrong)
        return
    if document.cover.synthetic != report.synthetic:
        yield problem("BV-19", path, "oznaczenie danych syntetycznych jest inne w raporcie niż w manifeście")
    if report.report in manifest.data and origin != (known := manifest.files_behind(report.report)):
        named = ", ".join(sorted(dict(origin.items() ^ known.items())))
        yield problem("BV-23", path, f"raport podaje inne pliki danych lub sumy kontrolne niż manifest: {named}")
    drawn: list[str] = []
    for name, compare in (("html", _html), ("pdf", _pdf), ("xlsx", _xlsx)):
        path = report.files[name]
        try:
            yield from list(compare(path, files[path], document, drawn))
        except ReportError as error:
            yield problem("BV-15", path, f"plik jest uszkodzony albo zawiera coś, czego w raporcie nie ma ({error})")
        except Exception as error:  # noqa: BLE001 - as above
            yield _unreadable(path, error)
    yield from protection


def _origin(document: Document) -> dict[str, str]:
    """Return the checksum of each data file that a report says it goes back to."""
    datasets = document.lineage.get("datasets", {})
    return {path: str(digest) for dataset in datasets.values() for path, digest in dataset["files"].items()}


def _unreadable(path: str, error: Exception) -> Problem:
    return problem("BV-15", path, f"pliku nie można odczytać ({type(error).__name__})")


def _foreign(document: Document, report: Report, manifest: Manifest) -> Iterator[str]:
    """Yield what a report's cover says otherwise than the manifest."""
    cover = document.cover
    return _otherwise(
        {
            "raport": (cover.report, report.report),
            "tytuł": (cover.title, report.title),
            "kod TERYT": (cover.teryt, manifest.teryt),
            "obszar": (cover.region if by_teryt(cover.teryt) is POLAND else cover.subtitle, manifest.region),
            "ośrodek": (cover.centre, manifest.centre),
            "edycja": (cover.edition, manifest.edition),
        }
    )


def _otherwise(said: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for what, (found, expected) in said.items():
        if found != expected:
            yield f"{what}: „{found}”, a powinno być „{expected}”"


def _title(document: Document) -> str:
    return f"{document.cover.title} – {document.cover.subtitle}"


def _html(path: str, data: bytes, document: Document, drawn: list[str]) -> Iterator[Problem]:
    """Compare the page; the words of its drawings are left in `drawn`, for the PDF."""
    page = rereading.page(data)
    drawn += agreement.drawn_words(page)
    cover = document.cover
    said = {
        "tytuł strony": (page.xpath("string(//title)"), _title(document)),
        "raport": (_meta(page, "report"), cover.report),
        "kod TERYT": (_meta(page, "teryt"), cover.teryt),
        "edycja": (_meta(page, "edition"), cover.edition),
    }
    yield from (problem("BV-14", path, text) for text in _otherwise(said))
    if page.xpath(_LIVE_HTML) or any(not link.startswith("#") for link in page.xpath("//@href | //@src")):
        yield problem("BV-15", path, "strona zawiera skrypt, ukrytą treść, osadzony obiekt albo odsyłacz na zewnątrz")
    if page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") != [_POLICY]:
        yield problem("BV-15", path, "strona nie zabrania przeglądarce pobierania treści z zewnątrz")
    yield from _named(path, agreement.with_html(document, page))


def _meta(page: Any, name: str) -> str:
    return str(page.xpath(f"string(//meta[@name='ropsanalysis:{name}']/@content)"))


def _pdf(path: str, data: bytes, document: Document, drawn: list[str]) -> Iterator[Problem]:
    title, author = rereading.pdf_title(data)
    said = {"tytuł": (title, _title(document)), "autor": (author, document.cover.centre)}
    yield from (problem("BV-14", path, text) for text in _otherwise(said))
    yield from _named(path, agreement.with_pdf(document, rereading.pdf_pages(data), drawn=drawn))


def _xlsx(path: str, data: bytes, document: Document, drawn: list[str]) -> Iterator[Problem]:
    del drawn  # a workbook has no drawings
    book, cover = rereading.workbook(data), document.cover
    said = {
        "tytuł": (book.properties["title"], _title(document)),
        "autor": (book.properties["creator"], cover.centre),
        "temat": (book.properties["subject"], f"{cover.title}, edycja {cover.edition}"),
    }
    yield from (problem("BV-14", path, text) for text in _otherwise(said))
    yield from _named(path, agreement.with_xlsx(document, book))


def _named(path: str, differences: list[Difference]) -> Iterator[Problem]:
    for one in differences[:_MOST_NAMED]:
        yield problem("BV-16", path, one.text)
    if len(differences) > _MOST_NAMED:
        yield problem("BV-16", path, f"dalsze niezgodności: {len(differences) - _MOST_NAMED}")


# ---- the audit as the report prints it -----------------------------------------------------------------------------


def _printed_protection(document: Document, report: Report, manifest: Manifest) -> Iterator[Problem]:
    """Compare the audit in the manifest with the one that the report itself prints."""
    record = next((one for one in manifest.disclosure if one.topic == report.report), None)
    if record is None or record.basis != "audit":
        return  # whether there should be one is told elsewhere
    printed = [
        element.block.rows
        for element in document.elements
        if isinstance(element, Numbered) and isinstance(element.block, Table) and element.block.key == _PROTECTION_TABLE
    ]
    rows = {cell_text(row[0]): row for row in (printed[0] if printed else ())}
    hiding = {system.system: system for system in record.systems if system.hidden}
    if set(rows) != set(hiding):
        yield problem(
            "BV-17", report.files["json"], "raport wymienia inne zestawy tabel niż zapis kontroli w manifeście"
        )
        return
    for name, system in hiding.items():
        if not _agree(rows[name], system):
            text = f"zestaw „{name}”: raport podaje inny wynik kontroli niż manifest"
            yield problem("BV-17", report.files["json"], text)


def _agree(row: tuple[Any, ...], system: System) -> bool:
    """Whether a printed row (name, cells, hidden, width required and found, gap, verdict) is a system's record."""
    cells, hidden, required, found = (cell.value if isinstance(cell, Number) else None for cell in row[1:5])
    same = (cells, hidden) == (system.cells, system.hidden)
    widths = _same_width(required, system.required) and _same_width(found, system.found)
    return same and widths and row[-1] == _PRINTED_SAFE and system.verdict == "safe"


def _same_width(printed: float | None, stored: float | None) -> bool:
    """Whether a width is printed as it is stored: as it is, or as percent."""
    if printed is None or stored is None:
        return printed is stored
    return any(isclose(printed, factor * stored, rel_tol=1e-6, abs_tol=1e-6) for factor in (1, 100))
