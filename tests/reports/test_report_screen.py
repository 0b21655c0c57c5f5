"""Every page in a real Chromium on a wide screen."""

from __future__ import annotations

import pytest
from report_pages import PAGES, WIDE, PagePromises, Visit, Visitor, look_at

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class TestScreen(PagePromises):
    width = WIDE

    @pytest.fixture(params=PAGES)
    def visit(self, request: pytest.FixtureRequest, visitor: Visitor) -> Visit:
        return visitor.visit(request.param, self.width)


#: A promise broken on purpose, and the field of a visit that must tell.
BREACHES = {
    "<img src='http://example.invalid/x.png' alt=''>": "console",
    "<img src='local.png' alt=''>": "foreign",
    "<style>p{color:#aaa}</style><p>Blady tekst</p>": "violations",
    "<script>alert(1)</script>": "console",
    "<p style='width:3000px'>Szeroki</p>": "outside",
    "<h5>Za głęboko</h5>": "headings",
    "<table><tr><th>Bez zakresu</th></tr></table>": "unscoped",
    "<svg viewBox='0 0 1 1'></svg>": "drawings",
}


@pytest.mark.parametrize(("breach", "field"), BREACHES.items())
def test_the_checks_see_a_broken_promise(
    breach: str, field: str, visitor: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    page = tmp_path_factory.mktemp("broken") / "page.html"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    page.write_text(
        f"<!doctype html><html lang='pl'><head><meta charset='utf-8'>{policy}<title>Strona</title></head><body>"
        f"<a class='skip' href='#tresc'>Przejdź do treści</a><main id='tresc'><h1>Strona</h1>{breach}</main>",
        encoding="utf-8",
    )
    visit = look_at(visitor.new_page(WIDE), page.as_uri(), thorough=True)
    told = {
        "console": visit.console,
        "foreign": visit.facts["foreign"],
        "violations": visit.violations,
        "outside": visit.facts["outside"],
        "headings": visit.facts["headings"] == [1, 5],
        "unscoped": visit.facts["unscoped"],
        "drawings": visit.facts["drawings"] == [[None, None]],
    }
    assert told[field]
