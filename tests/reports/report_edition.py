"""A rendered edition as tests read it: where its files are and what its JSON holds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html

from ropsanalysis.present.blocks import Number
from ropsanalysis.regions import Region, by_teryt
from ropsanalysis.reporting.spec import REPORTS
from support import THOROUGH

#: Five voivodeships that stand for all where a promise is tried page by page: the largest page on cooperation (04);
#: the smallest page on training needs and the fewest cells on impact (08); most inhabitants and most powiats (14); a
#: page on cooperation with some parts left out (26); the longest name (28). That together they have every kind of
#: element that a page of the sixteen has is tried in `test_every_page.py`.
STANDING_FOR_ALL = frozenset({"04", "08", "14", "26", "28"})
#: Of these reports they stand for all in files other than pages too; what reports say, and what they hide, is tried for
#: all sixteen.
SAMPLED = frozenset({"project_monitoring", "cooperation"})
#: Every report with every area that it is made for: voivodeships, or Poland.
ALL_PLACES = [(key, area) for key, spec in REPORTS.items() for area in spec.areas(())]
#: Those whose files are tried one by one.
PLACES = [(key, area) for key, area in ALL_PLACES if THOROUGH or key not in SAMPLED or area.teryt in STANDING_FOR_ALL]
#: Those whose pages are opened in a browser.
BROWSER_PLACES = [
    (key, area) for key, area in ALL_PLACES if THOROUGH or REPORTS[key].country or area.teryt in STANDING_FOR_ALL
]
PLACE_NAMES = [f"{key}-{area.slug}" for key, area in PLACES]


@dataclass(slots=True)
class Edition:
    """One report in all its regions: the project it was made from, and the edition's folder."""

    project: Path
    folder: Path
    report: str
    _documents: dict[str, Any] = field(default_factory=dict)

    @property
    def areas(self) -> tuple[Region, ...]:
        """The voivodeships that the report is made for, or Poland alone."""
        return REPORTS[self.report].areas(())

    def path(self, teryt: str, suffix: str) -> Path:
        """Return the path of one region's finished file."""
        return self.folder / by_teryt(teryt).folder / f"{self.report}.{suffix}"

    def document(self, teryt: str) -> dict[str, Any]:
        """Return one region's report as its JSON has it."""
        if teryt not in self._documents:
            self._documents[teryt] = json.loads(self.path(teryt, "json").read_text(encoding="utf-8"))
        found: dict[str, Any] = self._documents[teryt]
        return found

    def tables(self, teryt: str) -> dict[str, dict[str, Any]]:
        """Return every table of a report by key, those behind figures among them."""
        found = {}
        for element in self.document(teryt)["elements"]:
            if element["kind"] == "table":
                found[element["key"]] = element
            elif element["kind"] == "figure":
                found[element["data"]["key"]] = element["data"]
        return found


def text_of(cell: str | Mapping[str, Any]) -> str:
    """Return what is printed for a cell of a table in the JSON."""
    return cell if isinstance(cell, str) else Number(**cell).text


def numbers(document: Mapping[str, Any]) -> Iterator[Number]:
    """Yield every number of a report's JSON, wherever it stands."""

    def walk(value: Any) -> Iterator[Number]:
        if isinstance(value, dict) and "digits" in value:
            yield Number(**value)
        elif isinstance(value, dict):
            for part in value.values():
                yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)

    yield from walk(document["elements"])


def squeezed(text: str) -> str:
    """Return the text as if it had no line breaks, which differ in each format.

    White space, soft hyphens and word joiners go; where a hyphenated word breaks at its hyphen, Polish
    typesetting repeats it on the next line ("non-", "-profit").
    """
    return re.sub(r"[\s\u00ad\u2060]", "", re.sub(r"-\r?\n-(?=\w)", "-", text))


def texts_of(edition: Edition, pdf_text: Callable[[Path], str], teryt: str) -> dict[str, str]:
    """Return all words of a report in each format, as if it had no line breaks."""
    page = lxml.html.fromstring(edition.path(teryt, "html").read_text(encoding="utf-8"))
    for style in page.xpath("//style"):
        style.drop_tree()
    return {
        "html": squeezed(page.text_content()),
        "pdf": squeezed(pdf_text(edition.path(teryt, "pdf"))),
        "json": squeezed(edition.path(teryt, "json").read_text(encoding="utf-8")),
    }
