"""Every page in a real Chromium as wide as a phone."""

from __future__ import annotations

import pytest
from report_pages import PagePromises

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class TestPhone(PagePromises):
    width = 390
