"""The course of a sum: every line that is there is drawn and named once, numbers stand at their ends."""

from __future__ import annotations

import re
from math import nan

from ropsanalysis.present import curves

QUARTERS = tuple(f"{year}-Q{n}" for year in (2024, 2025, 2026) for n in range(1, 5))
REACHED = (5.0, 11.0, 18.0, 30.0, 42.0, 55.0, *(nan,) * 6)
EVEN = tuple(100.0 * (n + 1) / 12 for n in range(12))
AHEAD = (*(nan,) * 6, *(55.0 + 6.5 * n for n in range(1, 7)))
NAMES = curves.CourseNames("stan", "plan", "równomierne tempo", "prognoza", "przedział 95%", "cel: 100")


def texts(svg: str) -> list[str]:
    return [text for text in re.findall(r">([^<]+)<", svg) if text.strip()]


def whole() -> curves.Course:
    return curves.Course(
        QUARTERS, REACHED, tuple(0.9 * value for value in EVEN), EVEN, AHEAD,
        tuple(0.9 * value for value in AHEAD), tuple(1.1 * value for value in AHEAD), 100.0,
    )  # fmt: skip


def test_a_whole_course_names_each_line_and_prints_each_end() -> None:
    found = texts(curves.course(whole(), names=NAMES, key="c", up="osoby"))
    for name in ("stan", "plan", "równomierne tempo", "prognoza", "przedział 95%", "cel: 100", "osoby"):
        assert found.count(name) == 1
    assert found.count("100") == 2  # end of the even pace and target in one, and the axis
    for end in ("55", "90", "94"):  # reached, planned 0.9 * 100, forecast 55 + 39
        assert end in found


def test_years_stand_at_their_last_quarter() -> None:
    found = texts(curves.course(whole(), names=NAMES, key="c", up="osoby"))
    assert [text for text in found if text.startswith("20")] == ["2024", "2025", "2026"]


def test_only_what_there_is_gets_a_line() -> None:
    bare = curves.Course(QUARTERS, REACHED)
    found = texts(curves.course(bare, names=NAMES, key="c", up="osoby"))
    assert "stan" in found
    assert not {"plan", "równomierne tempo", "prognoza", "przedział 95%", "cel: 100"} & set(found)
    nothing_yet = curves.Course(QUARTERS, (nan,) * 12, EVEN)
    assert "100" in texts(curves.course(nothing_yet, names=NAMES, key="c", up="osoby"))


def test_numbers_at_the_ends_do_not_cover_one_another() -> None:
    close = curves.Course(QUARTERS, REACHED, (*EVEN[:-1], 99.0), EVEN, (*AHEAD[:-1], 98.0), (), (), 100.0)
    svg = curves.course(close, names=NAMES, key="c", up="osoby")
    heights = sorted(
        float(y) for y, text in re.findall(r'<text[^>]*\by="([\d.]+)"[^>]*>([^<]+)<', svg) if text in {"98", "99"}
    )
    assert len(heights) == 2
    assert heights[1] - heights[0] > 7  # letters of 7.6 points


def test_units_and_decimals_are_printed_as_asked() -> None:
    found = texts(curves.course(whole(), names=NAMES, key="c", up="%", digits=1, unit="%"))
    assert "55,0%" in found


def test_the_same_course_is_the_same_drawing() -> None:
    assert curves.course(whole(), names=NAMES, key="c", up="x") == curves.course(whole(), names=NAMES, key="c", up="x")
