"""The panel of gminas as real files: wrong rows are named with their values, the rest is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from impact_project import GMINAS, ImpactProject, Rows, codes, gmina, only, refused

from ropsanalysis.io.findings import format_findings
from ropsanalysis.social_impact.schema import JST_COLUMNS

YEARS = 8  # of each gmina, from 2018


@pytest.fixture
def project(tmp_path: Path) -> ImpactProject:
    """Return a project with gminas only."""
    return ImpactProject(tmp_path, persons=[], lines=[], costs=[], inaction=[], prices=[])


def test_gminas_are_read(project: ImpactProject) -> None:
    project.centres.reverse()
    project.centres[0]["teryt"] = "2601033"  # with its kind
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.inputs is not None
    jst = screening.inputs.jst
    assert tuple(jst.columns) == JST_COLUMNS
    assert jst["teryt"].tolist() == [code for code in GMINAS[:3] for _ in range(YEARS)]
    assert jst["year"].tolist() == list(range(2018, 2026)) * 3
    assert jst["opened"].dropna().unique().tolist() == [2021, 2023]
    assert jst["home_care_per_10k"].iloc[0] == 22.5
    assert (jst["year"].dtype, jst["opened"].dtype) == (np.int64, np.float64)
    assert screening.inputs.year == 2025
    assert [(file.path, file.rows_in, file.rows_out) for file in screening.files][1:] == [
        ("data/raw/jst_panel/jst.csv", 24, 24)
    ]


REFUSED = [
    ("IM-40", "teryt", {"teryt": "269999"}, "„269999”"),
    ("IM-40", "teryt", {"teryt": "2601"}, "„2601”"),
    ("IM-38", "year", {"year": "dwa tysiące"}, "„dwa tysiące”"),
    ("IM-38", "opened", {"opened": "wkrótce"}, "„wkrótce”"),
    ("IM-28", "opened", {"opened": "1018"}, "„1018”"),
    ("IM-38", "home_care_per_10k", {"home_care_per_10k": "20%"}, "„20%”"),
    ("IM-28", "home_care_per_10k", {"home_care_per_10k": "-1"}, "„-1”"),
    ("IM-28", "home_care_per_10k", {"home_care_per_10k": "10001"}, "„10001”"),
]


@pytest.mark.parametrize(("code", "column", "values", "found"), REFUSED)
def test_a_wrong_row_is_set_aside_and_the_rest_is_read(
    project: ImpactProject, code: str, column: str, values: dict[str, str], found: str
) -> None:
    project.centres[-1].update(values)
    screening = project.screened()
    finding = next(finding for finding in screening.findings if finding.code == code)
    assert codes(screening) == {code, "IM-30"}  # that year of the gmina is now missing
    assert (finding.severity, finding.column, finding.row, finding.found) == ("warning", column, 25, found)
    assert refused(screening, code) == [25]
    assert found.strip("„”") in screening.rejected["record"].iloc[0]
    assert screening.inputs is not None
    assert len(screening.inputs.jst) == 23


def test_the_reason_of_an_unknown_gmina_is_told(project: ImpactProject) -> None:
    project.centres[0]["teryt"] = "26"
    finding = next(one for one in project.screened().findings if one.code == "IM-40")
    assert "oznacza powiat albo województwo, nie gminę" in finding.remedy


def test_a_ragged_row_is_set_aside(project: ImpactProject) -> None:
    project.write()
    path = project.raw / "jst_panel" / "jst.csv"
    path.write_text(path.read_text(encoding="utf-8") + "260104;2018\n", encoding="utf-8")
    assert only(project.screen(), "IM-21").row == 26


def test_rates_may_be_missing(project: ImpactProject) -> None:
    project.centres[0]["residential_per_10k"] = "brak danych"
    screening = project.screened()
    assert screening.findings == ()
    assert screening.inputs is not None
    assert screening.inputs.jst["residential_per_10k"].isna().tolist() == [True] + [False] * 23


def test_a_gmina_with_two_years_of_opening_is_set_aside(project: ImpactProject) -> None:
    project.centres += gmina(GMINAS[3], "2022")
    project.centres[-1]["opened"] = "2024"
    screening = project.screened()
    finding = only(screening, "IM-27")
    assert "różne lata otwarcia" in finding.found
    assert len(refused(screening, "IM-27")) == YEARS
    assert screening.inputs is not None
    assert set(screening.inputs.jst["teryt"]) == set(GMINAS[:3])


def test_a_year_of_opening_told_in_some_rows_is_put_into_the_others(project: ImpactProject) -> None:
    for row in project.centres[:3]:
        row["opened"] = "brak"
    screening = project.screened()
    assert only(screening, "IM-27").row == 2
    assert screening.inputs is not None
    assert screening.inputs.jst["opened"].iloc[:YEARS].tolist() == [2021] * YEARS


@pytest.mark.parametrize(("opened", "found"), [("2026", "po ostatnim roku"), ("2018", "nie później niż pierwszy rok")])
def test_an_opening_outside_the_data_is_doubtful(project: ImpactProject, opened: str, found: str) -> None:
    project.centres += gmina(GMINAS[3], opened)
    screening = project.screened()
    finding = only(screening, "IM-26")
    assert (finding.severity, finding.row) == ("warning", 26)
    assert found in finding.found
    assert len(screening.findings) == 1  # once for a gmina
    assert screening.inputs is not None
    assert len(screening.inputs.jst) == 4 * YEARS


def opened_at_once(*, never: bool) -> Rows:
    return [*gmina(GMINAS[0], "2021"), *gmina(GMINAS[1], "2021"), *(gmina(GMINAS[2]) if never else ())]


def test_all_centres_of_one_year_are_told(project: ImpactProject) -> None:
    project.centres = opened_at_once(never=True)
    screening = project.screened()
    assert only(screening, "IM-29").found == "Polska: wszystkie centra (2) otwarto w roku 2021"
    assert [finding.found.split(":")[0] for finding in screening.findings] == ["Polska", "województwo świętokrzyskie"]
    assert "tylko w porównaniu z gminami, które nigdy nie otworzyły" in screening.findings[0].remedy
    project.centres = opened_at_once(never=False)
    screening = project.screened()
    assert "wpływu nie da się oszacować" in only(screening, "IM-29").remedy
    assert screening.inputs is not None


def test_missing_years_of_a_gmina_are_told(project: ImpactProject) -> None:
    del project.centres[3]
    screening = project.screened()
    finding = only(screening, "IM-30")
    assert (finding.row, finding.expected) == (2, "liczba lat: 8")
    assert screening.inputs is not None
    assert len(screening.inputs.jst) == 23


@pytest.mark.parametrize(("change", "rows"), [({}, [26]), ({"home_care_per_10k": "1"}, [25, 26])])
def test_repeated_rows_are_set_aside(project: ImpactProject, change: dict[str, str], rows: list[int]) -> None:
    project.centres.append(project.centres[-1] | change)
    screening = project.screened()
    assert "IM-25" in codes(screening)
    assert refused(screening, "IM-25") == rows
    assert screening.inputs is not None


def test_where_no_row_can_be_used_nothing_is_built(project: ImpactProject) -> None:
    for row in project.centres:
        row["teryt"] = "999999"
    screening = project.screened()
    assert [finding.code for finding in screening.blocking] == ["IM-04"]
    assert screening.inputs is None
