"""Pages of every report in a real Chromium as wide as a phone."""

from __future__ import annotations

import pytest
from report_pages import PHONE, SOME_PAGES, PagePromises, Visit, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class TestPhone(PagePromises):
    width = PHONE

    @pytest.fixture(params=SOME_PAGES)
    def visit(self, request: pytest.FixtureRequest, visitor: Visitor) -> Visit:
        return visitor.visit(request.param, self.width)
