"""Every report holds its own region's published figures, and says why a figure is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from report_data import CODES, POLAND, Series, printed, read_series
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.regions import find

pytestmark = pytest.mark.slow

SECTIONS = ("poverty", "services", "civil_society", "housing", "labour", "families")
#: What a table says in place of a value, by the flag that the data file gives.
REASONS = {
    "not_published": "nie opublikowano",
    "zero_means_missing": "nie opublikowano",
    "withheld": "nie podano (x)",
    "unclear_zero": "0 lub brak danych",
}
SYMBOLS = {"not_published": "n.op.", "zero_means_missing": "n.op.", "withheld": "x", "unclear_zero": "0?"}
POVERTY_RATE = "Zagrożenie ubóstwem po transferach"

# Published figures, copied from the files of Statistics Poland at the commits named, by hand and before
# this package was written. Columns: Poland, then voivodeships in the order of their TERYT codes.
# https://github.com/statisticspoland/sdg-indicators-pl, data/regionalne/indicator_….csv
PUBLISHED = {
    # indicator_1-b-1-reg.csv @ da303e0d4ddf6399288d8ef471a29aa180bc25a1
    "1.B.1": """
        2010,541.5,466.3,750.4,576.6,697.9,544.8,437.4,453.9,421.7,668.9,642.3,569.6,400.3,674.3,899.8,476.6,653.7
        2012,499.9,406.0,714.3,539.5,603.9,523.4,399.3,412.4,383.1,617.3,613.2,529.0,373.6,636.8,814.3,443.2,585.7
        2019,314.0,236.7,447.0,328.9,381.2,312.7,295.1,269.9,268.1,370.7,410.1,318.2,221.7,413.2,542.6,286.0,328.6
        2020,288.3,218.0,419.2,294.9,362.5,282.9,267.3,246.9,252.6,342.6,381.6,284.3,204.0,382.0,501.4,271.5,294.2
        2021,256.6,199.7,374.8,256.6,324.1,250.3,234.5,220.1,229.1,288.2,332.7,256.3,189.6,329.5,440.5,244.9,267.4
        2022,240.6,185.6,335.6,241.9,298.6,238.5,215.0,209.4,214.4,269.1,324.4,245.9,176.0,303.8,418.0,235.2,247.7
        2023,235.7,180.0,330.0,237.2,286.5,237.5,204.1,203.7,214.2,265.3,325.4,247.5,169.1,307.3,403.9,233.3,242.1
        2024,221.4,170.8,308.1,221.1,267.6,223.0,190.4,189.7,206.5,249.8,302.4,227.8,159.3,311.0,371.6,220.5,231.8
        2025,222.7,172.4,315.6,220.7,272.8,227.8,184.0,189.0,200.4,253.9,304.5,230.8,164.0,297.4,377.6,225.0,233.6
    """,
    # indicator_1-d-5-reg.csv @ ccf8bda4aea23285f63994a3dc7a50cafa96f1c5
    "1.D.5": """
        2010,867,696,1155,1007,1029,823,705,762,647,1191,1019,898,572,1172,1426,797,1045
        2021,373,274,556,414,427,355,336,304,336,477,496,386,256,501,652,350,386
        2022,344,252,517,380,385,332,304,278,312,441,459,360,239,458,602,333,352
        2023,338,252,493,377,370,336,296,271,310,426,462,361,234,451,576,326,358
    """,
    # indicator_1-d-2-reg.csv @ 2a92f5d1eaa2f4cf5b9e2054537bf84daa70ecfc
    "1.D.2": """
        2019,15.4,11.0,19.7,26.5,11.6,14.3,16.0,15.2,14.6,19.4,18.8,12.8,10.7,18.1,19.9,14.6,12.7
        2023,14.0,11.0,19.5,20.4,12.1,13.2,13.5,11.5,10.7,15.8,26.2,12.5,7.6,19.9,22.4,14.9,15.2
    """,
    # indicator_1-b-7-reg.csv @ da303e0d4ddf6399288d8ef471a29aa180bc25a1
    "1.B.7": """
        2023,3.3,2.4,2.7,4.2,4.0,2.5,3.6,2.2,3.2,3.5,4.6,3.4,2.9,5.1,5.9,4.1,3.4
        2024,3.3,2.5,2.8,4.2,4.1,2.5,3.3,2.3,3.2,3.6,3.8,3.4,2.8,5.4,5.8,4.1,3.5
    """,
    # indicator_1-b-8-reg.csv @ ccf8bda4aea23285f63994a3dc7a50cafa96f1c5
    "1.B.8": """
        2022,109,88,83,136,212,66,93,62,84,123,127,123,112,180,210,126,104
        2023,111,82,83,138,194,67,95,65,88,132,122,119,114,189,251,129,103
    """,
    # indicator_1-e-1-reg.csv @ da303e0d4ddf6399288d8ef471a29aa180bc25a1 (a survey of even years)
    "1.E.1": """
        2020,25.0,23.9,22.4,29.8,24.6,24.0,25.9,27.5,26.0,28.9,25.6,22.9,18.1,26.7,26.0,27.7,23.2
        2022,27.4,25.3,25.6,32.0,27.4,28.0,29.3,30.1,28.1,30.1,26.7,24.7,20.1,30.4,28.1,29.9,25.4
        2024,30.2,28.3,29.2,37.2,28.4,30.3,30.7,33.7,30.5,32.0,29.2,27.4,21.5,34.8,30.6,33.0,29.1
    """,
    # indicator_1-e-2-reg.csv @ 36047985
    "1.E.2": """
        2022,43,46,39,42,44,39,42,51,43,41,39,41,33,42,45,43,46
        2023,46,49,42,46,48,42,45,55,47,44,42,43,35,45,49,46,50
    """,
}


@pytest.fixture(scope="module")
def series(edition: Edition) -> dict[str, Series]:
    return read_series(edition.project)


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _by_year(table: dict[str, Any], name: str, area: str) -> dict[int, Any]:
    """Return the cells of one indicator and area in a table with years across."""
    labels = [column["label"] for column in table["columns"]]
    [row] = [row for row in table["rows"] if row[0] == name and row[1] == area]
    return {int(label): cell for label, cell in zip(labels, row, strict=True) if label.isdigit()}


# ---- the figures the first edition is about ---------------------------------------------------------


def test_social_assistance_of_warminsko_mazurskie_in_every_format(
    edition: Edition, pdf_text: Callable[[Path], str]
) -> None:
    # 1.B.1, 2025: 377.6 and 222.7 for Poland, see PUBLISHED above.
    findings = next(e for e in edition.document("28")["elements"] if e["kind"] == "points")["items"]
    [finding] = [f["text"] for f in findings if f["text"].startswith("Pomoc społeczna: w 2025")]
    assert re.findall(r"\d+,\d", finding)[:2] == ["377,6", "222,7"]
    texts = texts_of(edition, pdf_text, "28")
    assert [name for name, text in texts.items() if squeezed(finding) not in text] == []


def test_poverty_of_2012_to_2018_is_not_published_and_never_0(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    cells = _by_year(edition.tables(teryt)["poverty_data"], POVERTY_RATE, find(teryt).short)
    assert [cells[year]["value"] for year in range(2012, 2019)] == [None] * 7
    assert [text_of(cells[year]) for year in range(2012, 2019)] == ["n.op."] * 7
    row = squeezed("".join(map(text_of, cells.values())))
    assert "n.op." * 7 in row
    for name, text in texts_of(edition, pdf_text, teryt).items():
        assert "Zalata2012–2018wartościdlawojewództwanieopublikowano" in text, name
        assert name == "json" or row in text, name


def test_a_misleading_indicator_is_absent_from_every_format(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    for name, text in texts_of(edition, pdf_text, teryt).items():
        assert "1.E.3" not in text, name
        assert squeezed("Członkostwo w organizacjach non-profit") not in text, name


@pytest.mark.parametrize("indicator", PUBLISHED)
def test_figures_published_by_statistics_poland_are_in_every_report(
    indicator: str, edition: Edition, series: dict[str, Series]
) -> None:
    [(name, one)] = [(name, one) for name, one in series.items() if one.about["indicator"] == indicator]
    for line in PUBLISHED[indicator].split():
        year, *texts = line.split(",")
        assert len(texts) == 17
        expected = dict(zip([POLAND, *CODES], map(Decimal, texts), strict=True))
        for code in CODES:
            table = edition.tables(code)[f"{one.about['section']}_data"]
            own = _by_year(table, name, find(code).short)[int(year)]
            poland = _by_year(table, name, "Polska")[int(year)]
            assert (own["value"], poland["value"]) == (float(expected[code]), float(expected[POLAND]))


# ---- every figure against the data files -------------------------------------------------------------


def test_every_position_agrees_with_brute_force(edition: Edition, series: dict[str, Series], teryt: str) -> None:
    seen = set()
    for section in SECTIONS:
        table = edition.tables(teryt)[section]
        columns = [column["label"] for column in table["columns"]]
        for row in (dict(zip(columns, cells, strict=True)) for cells in table["rows"]):
            label, year_text, rank = row["Wskaźnik"], row["Rok"], row["Miejsce"]
            own, poland, difference, to_best = (_column(row, name) for name in ("Woj", "Polska", "Różnica", "Do najl"))
            [one] = [one for name, one in series.items() if label in {name, f"{name} ({one.about['unit']})"}]
            year = one.latest_common_year()
            value, reference = one.value(teryt, year), one.value(POLAND, year)
            assert reference is not None
            assert (int(year_text), rank) == (year, one.rank(teryt, year)), label
            assert text_of(poland) == printed(reference, one.digits), label
            if value is None:
                assert (own["value"], difference["value"], to_best["value"]) == (None, None, None), label
                assert text_of(own) == REASONS[one.flags[teryt, year]], label
                assert text_of(difference) == "–"
            else:
                assert (own["value"], text_of(own)) == (float(value), printed(value, one.digits)), label
                assert difference["value"] == pytest.approx(float(value - reference), abs=1e-9), label
                assert to_best["value"] == pytest.approx(float(value - one.best(year)), abs=1e-9), label
                shown = printed(value - reference, one.digits, signed=True)
                assert text_of(difference).removesuffix("\u00a0p.p.") == shown, label
            seen.add(one.about["indicator"])
    assert seen == {one.about["indicator"] for one in series.values() if one.comparable}


def _column(row: dict[str, Any], start: str) -> Any:
    [cell] = [cell for label, cell in row.items() if label.startswith(start)]
    return cell


def test_every_value_of_every_year_agrees_with_the_data_files(
    edition: Edition, series: dict[str, Series], teryt: str
) -> None:
    for section in SECTIONS:
        table = edition.tables(teryt)[f"{section}_data"]
        for name, one in series.items():
            if one.about["section"] != section or not one.comparable:
                continue
            for area, code in ((find(teryt).short, teryt), ("Polska", POLAND)):
                for year, cell in _by_year(table, name, area).items():
                    value = one.value(code, year)
                    assert cell["value"] == (None if value is None else float(value)), (name, area, year)
                    assert text_of(cell) == _cell_text(one, code, year), (name, area, year)


def _cell_text(one: Series, code: str, year: int) -> str:
    value = one.value(code, year)
    if value is not None:
        return printed(value, one.digits)
    published = one.value(POLAND, year) is not None  # a year in which there was a survey at all
    flag = one.flags.get((code, year), "not_published")
    return SYMBOLS[flag] if code != POLAND and (published or flag != "not_published") else "–"


def test_notes_name_every_year_without_a_value(edition: Edition, series: dict[str, Series], teryt: str) -> None:
    notes = [item for e in edition.document(teryt)["elements"] if e["kind"] == "note" for item in e["items"]]
    for name, one in series.items():
        gaps = {
            year
            for (code, year), text in one.values.items()
            if code == teryt and not text and one.value(POLAND, year) is not None
        }
        [note] = [note for note in notes if note.startswith(f"{name}: ")] or [""]
        named = re.match(rf"{re.escape(name)}: (Za (?:rok|lata) .*?)\.(?= [A-ZŁŚŻ]|$)", note)
        assert _years_in(named[1] if named else "") == gaps, (name, note)


def _years_in(text: str) -> set[int]:
    found: set[int] = set()
    for first, last in re.findall(r"(\d{4})(?:–(\d{4}))?", text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_counts_and_shares_agree_with_the_data_files(edition: Edition, series: dict[str, Series], teryt: str) -> None:
    seen = set()
    tables = [table for key, table in edition.tables(teryt).items() if key.endswith("_counts")]
    for label, year, own, poland, share, _ in (row for table in tables for row in table["rows"]):
        # the unit follows the name unless the name already holds it ("Mieszkania TBS")
        [one] = [one for name, one in series.items() if label in (name, f"{name} ({one.about['unit']})")]
        assert one.about["unit"].casefold() in label.casefold()
        assert int(year) == max(one.years(teryt))
        value, reference = one.value(teryt, int(year)), one.value(POLAND, int(year))
        assert value is not None
        assert reference is not None
        assert (text_of(own), text_of(poland)) == (printed(value, 0), printed(reference, 0))
        assert share["value"] == pytest.approx(float(100 * value / reference))
        seen.add(one.about["indicator"])
    assert seen == {one.about["indicator"] for one in series.values() if not one.comparable}


def test_no_number_of_a_table_is_a_bare_zero_where_the_data_have_none(
    edition: Edition, series: dict[str, Series], teryt: str
) -> None:
    for name, one in series.items():
        if not one.comparable or Decimal(0) in {one.value(teryt, year) for year in one.years(teryt)}:
            continue  # a real zero may be shown
        cells = _by_year(edition.tables(teryt)[f"{one.about['section']}_data"], name, find(teryt).short)
        assert 0 not in [cell["value"] for cell in cells.values()]
