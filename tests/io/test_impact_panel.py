"""The panel of persons as real files: wrong rows and answers are named by place, the rest is read, no value is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from impact_project import ImpactProject, Rows, codes, everything_told, only, person, refused
from openpyxl import Workbook

from ropsanalysis.io import identifiers
from ropsanalysis.io.findings import format_findings
from ropsanalysis.io.synthetic.impact_persons import draw_panel
from ropsanalysis.io.synthetic.social_impact import chance
from ropsanalysis.social_impact.schema import PANEL_COLUMNS, WAVES

# Rows of the file: the header is row 1, person k at wave w stands in row 2 + 4 k + w.
ENTRY, EXIT, M6, M12 = range(4)


def row(number: int, wave: int) -> int:
    return 2 + 4 * number + wave


@pytest.fixture
def project(tmp_path: Path) -> ImpactProject:
    """Return a project with persons only, of a year that its provenance tells."""
    project = ImpactProject(tmp_path, centres=[], lines=[], costs=[], inaction=[], prices=[])
    project.put("impact_panel/provenance.json", '{"year": 2025}')
    return project


def test_the_panel_is_read(project: ImpactProject) -> None:
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.rejected.empty
    assert screening.inputs is not None
    panel = screening.inputs.panel
    assert tuple(panel.columns) == PANEL_COLUMNS
    assert len(panel) == 32
    assert panel["wave"].tolist() == list(WAVES) * 8
    assert panel["person"].nunique() == 8
    assert panel["hours"].tolist()[4:8] == [0, 0, 32.5, 32.5]  # who does not work, works no hour
    assert panel["months_to_work"].tolist()[6:8] == [4, 4]
    assert {str(panel[name].dtype) for name in ("age", "work", "wb_1", "months_to_work")} == {"float64"}
    about = {file.path: (file.rows_in, file.rows_out) for file in screening.files}
    # Numbers of persons, which reports may have to hide, are not in the provenance.
    assert about["data/raw/impact_panel/panel.csv"] == (None, None)


def test_persons_become_keyed_pseudonyms(project: ImpactProject) -> None:
    inputs = project.screened().inputs
    assert inputs is not None
    key = identifiers.load_key(project.root)
    assert inputs.panel["person"].unique().tolist() == [identifiers.pseudonym(f"osoba-{k}", key) for k in range(8)]


def test_without_a_key_no_person_is_read(project: ImpactProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(identifiers.KEY_VARIABLE, str(project.root / "data" / "klucz"))
    screening = project.screened()
    assert only(screening, "IM-33").severity == "blocking"
    assert screening.inputs is None


def test_words_are_polish_or_keys(project: ImpactProject) -> None:
    polish = {"group": "Uczestnik", "wave": "Wejście", "kind": "CIS", "sex": "Mężczyzna", "work": "Nie",
              "assistance": "tak", "income_source": "Zasiłek", "teryt": "woj. świętokrzyskie"}  # fmt: skip
    project.persons = [{**rows, **polish} for rows in person(0)[:1]] + person(5, "comparison")
    inputs = project.screened().inputs
    assert inputs is not None
    told = inputs.panel.loc[0, ["group", "wave", "kind", "sex", "work", "assistance", "income_source", "teryt"]]
    assert told.tolist() == ["participant", "entry", "cis", "male", 0, 1, "benefit", "26"]


# --- one thing wrong with a person -----------------------------------------------------------------------


def changed(number: int, at: int, /, **values: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[4 * number + at].update(values)

    return change


def left_out(number: int, wave: int) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        del rows[4 * number + wave]

    return change


def repeated(number: int, at: int, /, **values: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows.append({**rows[4 * number + at], **values})

    return change


WHOLE = [row(1, wave) for wave in range(4)]
REFUSED = [
    ("IM-12", "person, group", changed(1, M6, group="comparison", kind=""), WHOLE),
    ("IM-13", "person, wave", left_out(1, ENTRY), WHOLE[:3]),
    ("IM-14", "person, wave", repeated(1, M12), [34]),
    ("IM-14", "person, wave", repeated(1, M12, health="5"), [row(1, M12), 34]),
    ("IM-15", "person, teryt", changed(1, M12, teryt="02"), WHOLE),
    ("IM-17", "wave", changed(1, M12, wave="m-6"), [row(1, M12)]),
    ("IM-17", "wave", changed(1, EXIT, wave=""), [row(1, EXIT)]),
    ("IM-17", "group", changed(1, M12, group="participants x"), [row(1, M12)]),
    ("IM-17", "kind", changed(1, M12, kind="cus"), [row(1, M12)]),
    ("IM-28", "person", changed(1, M12, person=""), [row(1, M12)]),
    ("IM-40", "teryt", changed(1, M12, teryt="99"), [row(1, M12)]),
]


@pytest.mark.parametrize(("code", "column", "change", "rows"), REFUSED)
def test_a_wrong_row_is_set_aside_and_the_rest_is_read(
    project: ImpactProject, code: str, column: str, change: Callable[[Rows], None], rows: list[int]
) -> None:
    change(project.persons)
    screening = project.screened()
    finding = only(screening, code)
    assert (finding.severity, finding.column, finding.row) == ("warning", column, rows[0])
    together = len(rows) > 1 and code != "IM-14"  # one cause: told once, with the rows that it concerns
    assert finding.remedy.startswith("Wiersze odłożono. " if together else "Wiersz odłożono. ")
    assert finding.found.endswith(f" (wierszy: {len(rows)}; {', '.join(map(str, rows))})") == together
    assert refused(screening, code) == rows
    assert set(screening.rejected["record"]) == {""}
    assert screening.inputs is not None
    assert len(screening.inputs.panel) == len(project.persons) - len(rows)


LEFT_OUT = [
    ("IM-16", "wb_3", {"wb_3": "6"}, M6, np.nan),
    ("IM-16", "health", {"health": "2,5"}, M6, np.nan),
    ("IM-17", "sex", {"sex": "x"}, ENTRY, ""),
    ("IM-17", "income_source", {"income_source": "wrok"}, M6, ""),
    ("IM-17", "work", {"work": "2", "months_to_work": ""}, EXIT, np.nan),
    ("IM-18", "age", {"age": "7"}, ENTRY, np.nan),
    ("IM-18", "months_out_of_work", {"months_out_of_work": "700"}, ENTRY, np.nan),
    ("IM-18", "months_out_of_work", {"months_out_of_work": "-1"}, ENTRY, np.nan),
    ("IM-19", "hours", {"hours": "120"}, M6, np.nan),
    ("IM-19", "work, hours", {"work": "0", "hours": "20"}, EXIT, np.nan),
    ("IM-22", "months_to_work", {"months_to_work": "3"}, EXIT, np.nan),
    ("IM-22", "months_to_work", {"months_to_work": "9"}, M6, np.nan),
    ("IM-22", "months_to_work", {"months_to_work": "2,5"}, M12, 4.0),  # as told at m6
    ("IM-22", "months_to_work", {"months_to_work": "7"}, M12, 4.0),
    ("IM-24", "sex", {"sex": "male"}, M6, "female"),
    ("IM-24", "age", {"age": "50"}, M6, 31.0),
    ("IM-15", "entity", {"entity": "cis_2"}, M6, "cis_1"),
    ("IM-15", "kind", {"kind": "kis"}, M6, "cis"),
    ("IM-38", "hours", {"hours": "dużo"}, M6, np.nan),
    ("IM-38", "hours", {"hours": "50%"}, M6, np.nan),
]  # fmt: skip


@pytest.mark.parametrize(("code", "column", "values", "wave", "expected"), LEFT_OUT)
def test_a_wrong_answer_is_left_out_and_its_row_stays(
    project: ImpactProject, code: str, column: str, values: dict[str, str], wave: int, expected: float | str
) -> None:
    changed(1, wave, **values)(project.persons)
    screening = project.screened()
    finding = only(screening, code)
    assert (finding.severity, finding.column, finding.row) == ("warning", column, row(1, wave))
    assert screening.rejected.empty
    assert screening.inputs is not None
    name = column.split(", ")[-1]
    found = screening.inputs.panel[name].iloc[4 + wave]
    assert found == expected or (pd.isna(found) and pd.isna(expected))


def test_work_without_months_to_it_is_doubtful_where_others_were_asked(project: ImpactProject) -> None:
    for wave in (M6, M12):
        changed(1, wave, months_to_work="")(project.persons)
    finding = only(project.screened(), "IM-22")
    assert finding.found == "osoba pracuje, a czasu do pracy nie podano"
    for rows in project.persons:
        rows["months_to_work"] = ""
    assert project.screened().findings == ()


def test_a_wave_before_the_entry_is_found_by_its_day(project: ImpactProject) -> None:
    days = ("2023-01-10", "10.10.2023", "2024-04-10", "2024-10-10")
    for place, rows in enumerate(project.persons):
        rows["date"] = days[place % 4]
    project.persons[4 + M6]["date"] = "2022-04-10"
    screening = project.screened()
    finding = only(screening, "IM-13")
    assert finding.found == "fala wcześniejsza niż wejście tej osoby"
    assert refused(screening, "IM-13") == [row(1, M6)]


def test_the_year_of_persons_alone_is_that_of_their_last_measurement(project: ImpactProject) -> None:
    (project.raw / "impact_panel" / "provenance.json").unlink()
    screening = project.screened()
    assert only(screening, "IM-48").severity == "blocking"
    project.put("impact_panel/provenance.json", '{"year": 2023}')
    inputs = project.screen().inputs
    assert inputs is not None
    assert inputs.year == 2023
    for rows in project.persons:
        rows["date"] = "2024-05-31"
    inputs = project.screened().inputs
    assert inputs is not None
    assert (inputs.year, inputs.price_year) == (2024, None)


def test_suggestions_name_known_words_only(project: ImpactProject) -> None:
    changed(1, M12, kind="przedsiebiorstwo spolecne")(project.persons)
    changed(2, M12, teryt="świetokrzyskie woj")(project.persons)
    screening = project.screened()
    remedies = " ".join(finding.remedy for finding in screening.findings)
    assert "Czy chodziło o „przedsiebiorstwo spoleczne”?" in remedies
    assert "spolecne" not in everything_told(screening)


def test_participants_need_a_kind_and_everybody_an_entity(project: ImpactProject) -> None:
    for wave in range(4):
        changed(1, wave, kind="")(project.persons)
        changed(2, wave, entity="")(project.persons)
    screening = project.screened()
    assert codes(screening) == {"IM-17", "IM-28"}
    assert refused(screening, "IM-17") == WHOLE
    # What stands at entry only, is told of all waves.
    project.persons = [rows for k in range(8) for rows in person(k, "participant" if k < 5 else "comparison")]
    for wave in (EXIT, M6, M12):
        changed(1, wave, kind="", entity="", sex="", age="")(project.persons)
    inputs = project.screened().inputs
    assert inputs is not None
    assert inputs.panel.iloc[4:8][["entity", "kind", "sex", "age"]].drop_duplicates().to_numpy().tolist() == [
        ["cis_1", "cis", "female", 31.0]
    ]


def test_a_kind_in_the_comparison_group_is_dropped_with_a_word(project: ImpactProject) -> None:
    changed(6, ENTRY, kind="kis")(project.persons)
    screening = project.screened()
    assert only(screening, "IM-17").found == "rodzaj wsparcia u osoby z grupy porównawczej"
    assert screening.inputs is not None
    assert set(screening.inputs.panel.loc[screening.inputs.panel["group"] == "comparison", "kind"]) == {""}


def test_without_comparison_group_the_change_is_still_read(project: ImpactProject) -> None:
    project.persons = project.persons[:20]
    screening = project.screened()
    finding = only(screening, "IM-23")
    assert finding.severity == "warning"
    assert "województwo świętokrzyskie: sami uczestnicy" in finding.found
    assert screening.inputs is not None
    assert len(screening.inputs.panel) == 20


# --- the file as such ------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["person", "entity", "sex", "uwagi"])
@pytest.mark.parametrize("value", ["44051401359", "jan.kowalski@example.org", "+48 600 100 200"])
def test_a_file_that_points_at_persons_is_refused(project: ImpactProject, column: str, value: str) -> None:
    for rows in project.persons:
        rows.setdefault(column, "")
    project.persons[6][column] = value
    screening = project.screened()
    assert "IM-10" in codes(screening)
    assert screening.blocking
    assert screening.inputs is None
    assert value not in everything_told(screening)
    assert "osoba-" not in everything_told(screening)


def test_a_column_of_names_is_not_read(project: ImpactProject) -> None:
    for rows in project.persons:
        rows["imie i nazwisko"] = "Jan Przykładowy"
    screening = project.screened()
    assert codes(screening) == {"IM-11", "IM-20"}
    assert screening.inputs is not None
    assert "Przykładowy" not in everything_told(screening)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "IM-03"),
        (";".join(PANEL_COLUMNS), "IM-04"),
        (";".join(PANEL_COLUMNS[:-1]) + "\n" + ";".join(["1"] * 31), "IM-01"),
        (";".join(PANEL_COLUMNS) + "\nosoba\n", "IM-21"),
        ("PK\x03\x04", "IM-06"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(project: ImpactProject, text: str, code: str) -> None:
    project.write()
    project.put("impact_panel/panel.csv", text)
    screening = project.screen()
    assert code in codes(screening)
    assert screening.inputs is None


def test_a_file_of_another_encoding_and_a_folder_without_file_are_told(tmp_path: Path) -> None:
    project = ImpactProject(tmp_path)
    project.write()
    path = project.raw / "impact_panel" / "panel.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("cis_1", "żółw").encode("cp1250"))
    assert only(project.screen(), "IM-05").severity == "blocking"
    path.unlink()
    screening = project.screen()
    assert only(screening, "IM-02").severity == "warning"
    assert screening.inputs is not None  # gminas and the map are still there
    assert screening.inputs.panel.empty


def test_a_workbook_and_an_spss_file_are_read_alike(project: ImpactProject) -> None:
    expected = project.screened().inputs
    assert expected is not None
    folder = project.raw / "impact_panel"
    (folder / "panel.csv").unlink()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(PANEL_COLUMNS))
    for rows in project.persons:
        sheet.append(list(rows.values()))
    book.save(folder / "panel.xlsx")
    found = project.screen().inputs
    assert found is not None
    pd.testing.assert_frame_equal(found.panel, expected.panel)

    (folder / "panel.xlsx").unlink()
    texts = ("person", "teryt", "entity", "kind", "sex", "income_source")
    table = pd.DataFrame(project.persons)
    numbers = [name for name in PANEL_COLUMNS if name not in (*texts, "group", "wave")]
    table[numbers] = table[numbers].apply(lambda one: pd.to_numeric(one.str.replace(",", ".")))
    table["group"] = table["group"].map({"participant": 1, "comparison": 2})
    table["wave"] = table["wave"].map({wave: number for number, wave in enumerate(WAVES)})
    items = {1: "zdecydowanie nie", 5: "zdecydowanie tak"}
    labels = {"group": {1: "uczestnik", 2: "porównawcza"}, "wave": dict(enumerate(WAVES)), "wb_1": items}
    pyreadstat.write_sav(table, folder / "panel.sav", variable_value_labels=labels)
    found = project.screen().inputs
    assert found is not None
    pd.testing.assert_frame_equal(found.panel, expected.panel)


def test_an_spss_file_with_a_pesel_is_refused_under_our_codes(project: ImpactProject) -> None:
    project.write()
    folder = project.raw / "impact_panel"
    (folder / "panel.csv").unlink()
    pyreadstat.write_sav(pd.DataFrame({"person": ["44051401359", "b"]}), folder / "panel.sav")
    screening = project.screen()
    assert codes(screening) == {"IM-10"}
    assert "44051401359" not in everything_told(screening)
    (folder / "panel.sav").write_bytes(b"$FL2 nothing")
    assert only(project.screen(), "IM-06").severity == "blocking"


def test_no_value_of_a_person_is_told(project: ImpactProject) -> None:
    for place, rows in enumerate(project.persons):
        rows["entity"] = f"tajny-{place}"
        rows["income_source"] = "sekretne"
        rows["hours"] = "777"
        rows["wb_1"] = "987"
    project.persons[5]["kind"] = "utajniony"
    project.persons[9]["group"] = "porownawczaa"
    told = everything_told(project.screened())
    for value in ("tajny", "sekretn", "777", "987", "utajniony", "porownawczaa", "osoba-"):
        assert value not in told


def test_fifty_thousand_rows_take_a_few_seconds(tmp_path: Path) -> None:
    panel = draw_panel(chance("persons", seed=3)).fillna("").astype(str)
    parts = [panel.assign(person=panel["person"] + f"-{part}") for part in range(3)]
    project = ImpactProject(tmp_path, persons=[], centres=[], lines=[], costs=[], inaction=[], prices=[])
    project.write()
    table = pd.concat(parts)
    assert len(table) > 50_000
    project.put("impact_panel/panel.csv", table.to_csv(index=False))
    project.put("impact_panel/provenance.json", '{"year": 2025}')
    begun = time.process_time()
    screening = project.screen()
    assert time.process_time() - begun < 8, "about 1.5 s on a free core"
    assert screening.inputs is not None
    assert len(screening.inputs.panel) == len(table)
