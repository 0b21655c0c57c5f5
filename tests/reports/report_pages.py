"""Pages as a reader's browser shows them, and what each of them promises at any width."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import axe_playwright_python
from report_edition import BROWSER_PLACES

from ropsanalysis.reporting.spec import REPORTS
from support import THOROUGH

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WIDE, PHONE = 1280, 390
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

REPORT_PAGES = [f"{area.folder}/{report}.html" for report, area in BROWSER_PLACES]
PAGES = [*REPORT_PAGES, "index.html"]
#: Where all pages of a report are built alike, some stand for all: the longest name, the voivodeship with most powiats;
#: and the country.
SOME_PAGES = [
    *(page for page in REPORT_PAGES if THOROUGH or page.startswith(("28-", "14-", "00-"))),
    "index.html",
]
#: Pages whose colours are measured word by word on a wide screen; on a phone, where the same style colours them, and in
#: the others, which share it, twice for each class of cell.
SAMPLES = {
    f"{'00-polska' if spec.country else '28-warminsko-mazurskie'}/{report}.html"
    for report, spec in REPORTS.items()
    if not spec.local
}

_PROBE = """() => ({
  language: document.documentElement.lang,
  title: document.title,
  headings: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1])),
  unscoped: [...document.querySelectorAll('th')].filter(h => !['col', 'row'].includes(h.scope)).map(h => h.textContent),
  tables: document.querySelectorAll('table').length,
  drawings: [...document.querySelectorAll('svg')].map(s => [s.getAttribute('role'), s.getAttribute('aria-label')]),
  width: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
  outside: [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll,.skip,svg'))
    .filter(e => { const box = e.getBoundingClientRect();
      return box.width && (box.right > innerWidth + 1 || box.left < -1); })
    .map(e => e.outerHTML.slice(0, 100)),
  foreign: [...document.querySelectorAll('[src],[srcset],[data],[poster],[action],link,base,iframe,object,embed')]
    .map(e => e.outerHTML.slice(0, 100))
    .concat([...document.querySelectorAll('svg [href], svg *')].flatMap(e => ['href', 'xlink:href']
      .map(name => e.getAttribute(name)).filter(value => value && !value.startsWith('#')))),
  styles: [...document.querySelectorAll('style')].map(s => s.textContent).filter(t => /url\\(|@import/.test(t)),
  handlers: [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on'))),
})"""

#: Empties all cells of tables but two of those with the same classes inside and around, and all drawings: axe spends
#: three milliseconds on the colours of each word. Such cells have the same ones, and in a drawing it looks at `color`,
#: which a drawing does not use.
_THIN = """() => {
  document.querySelectorAll('svg').forEach(drawing => drawing.replaceChildren());
  const seen = {};
  for (const cell of document.querySelectorAll('th, td')) {
    const parts = [...cell.querySelectorAll('*')];
    for (let e = cell; e; e = e.parentElement) parts.push(e);
    const kind = parts.map(e => e.tagName + '.' + e.className).join(' ');
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (seen[kind] > 2) cell.replaceChildren();
  }
}"""


@dataclass(slots=True)
class Visit:
    """What a browser saw when it opened a page."""

    requests: list[str]
    console: list[str]
    errors: list[str]
    dialogs: list[str]
    facts: dict[str, Any]
    violations: list[str]
    skip_link: dict[str, Any]


class Visitor:
    """Opens each page once for each width."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._seen: dict[tuple[str, int], Visit] = {}

    def url(self, name: str) -> str:
        """Return the address of a page of the edition."""
        return (self._folder / name).as_uri()

    def new_page(self, width: int) -> Any:
        """Return an empty page that asks nobody before it opens something."""
        return self._browser.new_page(viewport={"width": width, "height": 900}, locale="pl-PL")

    def visit(self, name: str, width: int) -> Visit:
        """Return what was seen on a page; opened at the first call."""
        if (name, width) not in self._seen:
            thorough = name in SAMPLES and width == WIDE
            self._seen[name, width] = look_at(self.new_page(width), self.url(name), thorough=thorough)
        return self._seen[name, width]


def look_at(page: Any, url: str, *, thorough: bool) -> Visit:
    """Open a page, use it, and note all that the promises are about."""
    requests: list[str] = []
    console: list[str] = []
    errors: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(url, wait_until="load")
    facts = page.evaluate(_PROBE)
    skip_link = _use_skip_link(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = _violations(page, colours=False) if thorough else []
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    facts["width_opened"] = page.evaluate("document.documentElement.scrollWidth")
    violations += _violations(page, colours=thorough)
    if not thorough:
        page.evaluate(_THIN)
        violations += _violations(page, only="color-contrast")
    page.close()
    return Visit(requests, console, errors, dialogs, facts, violations, skip_link)


def _violations(page: Any, *, colours: bool = True, only: str = "") -> list[str]:
    options = {
        "runOnly": {"type": "rule", "values": [only]} if only else TAGS,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": colours}},
    }
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def _use_skip_link(page: Any) -> dict[str, Any]:
    """Press Tab, Enter and Tab, and note where the keyboard is each time."""
    page.keyboard.press("Tab")
    first = page.evaluate(
        "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
        " return {text: e.textContent, target: e.getAttribute('href'), left: b.left, width: b.width} }"
    )
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    place = "target => { const t = document.querySelector(target), e = document.activeElement;"
    after = page.evaluate(
        place + " return e !== document.body && (t.contains(e) ||"
        " Boolean(t.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) }",
        first["target"] or "body",
    )
    skipped = page.evaluate("document.activeElement.closest('nav, .tiles') === null")
    return {**first, "lands_behind": after, "passes_navigation": skipped}


class PagePromises:
    """What every page promises at one width; a subclass names the width and visits its pages."""

    width: ClassVar[int]

    def test_page_asks_nothing_of_any_network(self, visit: Visit) -> None:
        assert len(visit.requests) == 1, visit.requests  # the file itself
        assert visit.requests[0].startswith("file://")
        assert (visit.facts["foreign"], visit.facts["styles"], visit.facts["handlers"]) == ([], [], [])

    def test_page_opens_without_a_complaint(self, visit: Visit) -> None:
        assert (visit.console, visit.errors, visit.dialogs) == ([], [], [])

    def test_page_meets_wcag_2_1_aa_by_axe_with_all_descriptions_opened(self, visit: Visit) -> None:
        assert visit.violations == []

    def test_page_does_not_scroll_sideways(self, visit: Visit) -> None:
        assert visit.facts["width"] <= self.width
        assert visit.facts["width_opened"] <= self.width
        assert visit.facts["outside"] == []

    def test_skip_link_is_first_and_works_by_keyboard(self, visit: Visit) -> None:
        assert visit.skip_link["text"].startswith("Przejdź do")
        assert visit.skip_link["left"] >= 0  # seen as soon as it has the focus
        assert visit.skip_link["lands_behind"]
        assert visit.skip_link["passes_navigation"]

    def test_page_is_polish_with_one_title_and_whole_headings(self, visit: Visit) -> None:
        levels = visit.facts["headings"]
        assert visit.facts["language"] == "pl"
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels

    def test_every_table_heading_says_what_it_heads(self, visit: Visit) -> None:
        assert visit.facts["tables"] > 0
        assert visit.facts["unscoped"] == []

    def test_every_drawing_has_an_alternative_text(self, visit: Visit) -> None:
        assert all(role == "img" and label for role, label in visit.facts["drawings"])
