"""Screening of social impact as a whole: what may be absent, what stops a build, what the report then rests on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from impact_project import ImpactProject, codes, everything_told, line, only, person

from ropsanalysis.errors import DataError
from ropsanalysis.io import built, catalogue
from ropsanalysis.io.findings import CHECKS, format_findings
from ropsanalysis.io.paths import Project
from ropsanalysis.io.social_impact import CORE, present, screen_social_impact
from ropsanalysis.social_impact.evidence import RANDOMISED, UNKNOWN
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.schema import CENTRE_OUTCOMES, DATASETS, SCALE_ITEMS, Inputs, validate

PARTS = {
    "persons": "panel", "centres": "jst", "lines": "impact_map", "costs": "costs", "inaction": "inaction",
    "prices": "prices",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> ImpactProject:
    return ImpactProject(tmp_path)


@pytest.fixture
def inputs(project: ImpactProject) -> Inputs:
    screening = project.screened()
    assert screening.findings == (), format_findings(screening.findings)
    assert screening.inputs is not None
    return screening.inputs


def test_everything_is_handed_on(project: ImpactProject, inputs: Inputs) -> None:
    assert (inputs.year, inputs.price_year) == (2025, 2025)
    assert {name: len(getattr(inputs, name)) for name in PARTS.values()} == {
        "panel": 32, "jst": 24, "impact_map": 2, "costs": 3, "inaction": 1, "prices": 4,
    }  # fmt: skip
    assert set(inputs.units.columns) >= {"teryt", "level", "name", "parent", "kind"}
    assert list(inputs.outcomes["key"])[:2] == ["work", "hours"]
    screening = project.screen()
    assert [file.path.removeprefix("data/raw/") for file in screening.files] == [
        "teryt_units/units.csv", "impact_panel/panel.csv", "jst_panel/jst.csv", "price_index/prices.csv",
        "impact_costs/costs.csv", "impact_map/map.csv", "impact_costs/inaction.csv",
    ]  # fmt: skip
    assert not screening.synthetic


def test_lines_of_a_map_that_are_set_aside_are_counted_by_voivodeship(project: ImpactProject) -> None:
    # Their value is missing from the ratio, so the report must know that they were there.
    project.lines = [line(1), line(2, currency="EUR"), line(3, deadweight="-0,1"), line(4, teryt="nigdzie")]
    found = project.screened().inputs
    assert found is not None
    assert len(found.impact_map) == 1
    assert found.map_refused == {found.impact_map["teryt"].iloc[0]: 2, "": 1}


@pytest.mark.parametrize("part", list(PARTS))
def test_each_table_may_be_absent(project: ImpactProject, part: str) -> None:
    setattr(project, part, [])
    screening = project.screened()
    assert not screening.blocking, format_findings(screening.findings)
    assert screening.inputs is not None
    table = getattr(screening.inputs, PARTS[part])
    assert table.empty
    full = ImpactProject(project.root.parent / "full").screened().inputs
    assert full is not None
    assert table.dtypes.to_dict() == getattr(full, PARTS[part]).dtypes.to_dict()


@pytest.mark.parametrize("part", ["persons", "centres", "lines"])
def test_any_one_of_the_core_datasets_is_enough(tmp_path: Path, part: str) -> None:
    whole = ImpactProject(tmp_path)
    project = ImpactProject(tmp_path, **{name: getattr(whole, part) if name == part else [] for name in PARTS})
    for row in project.persons:
        row["date"] = "2025-06-01"
    screening = project.screened()
    assert codes(screening) <= {"IM-44"}
    assert screening.inputs is not None
    assert screening.inputs.year == (2023 if part == "lines" else 2025)
    assert built.delivered(Project(tmp_path), built.TOPICS["social_impact"])


def test_costs_and_prices_alone_are_no_report(project: ImpactProject) -> None:
    project.persons, project.centres, project.lines = [], [], []
    screening = project.screened()
    assert only(screening, "IM-07").severity == "blocking"
    assert screening.inputs is None
    assert not present(project.raw)
    assert not built.delivered(Project(project.root), built.TOPICS["social_impact"])
    assert set(CORE) < set(DATASETS) == set(built.TOPICS["social_impact"].datasets)


def test_without_units_nothing_is_read_of_gminas(project: ImpactProject) -> None:
    project.write()
    (project.raw / "teryt_units" / "units.csv").unlink()
    screening = project.screen()
    assert codes(screening) == {"ES-02"}
    assert screening.inputs is None


def test_a_broken_file_of_one_dataset_does_not_hide_what_is_wrong_in_another(project: ImpactProject) -> None:
    project.lines[1]["currency"] = "EUR"
    project.write()
    project.put("jst_panel/jst.csv", "")
    assert codes(project.screen()) == {"IM-03", "IM-31"}


def test_files_of_gminas_and_money_are_searched_for_persons_too(project: ImpactProject) -> None:
    project.lines[0]["indicator"] = "kontakt: jan.kowalski@example.org"
    project.costs[0]["payer"] = "44051401359"
    screening = project.screened()
    assert codes(screening) == {"IM-10"}
    assert screening.inputs is None
    told = everything_told(screening)
    assert "kowalski" not in told
    assert "44051401359" not in told


# --- provenance ------------------------------------------------------------------------------------------


def test_provenance_names_the_source_and_what_is_made_up(project: ImpactProject) -> None:
    for dataset in DATASETS:
        project.put(f"{dataset}/provenance.json", json.dumps({"source": "Urząd", "synthetic": True}))
    screening = project.screened()
    assert screening.findings == ()
    assert screening.synthetic
    assert screening.sources == dict.fromkeys(DATASETS, "Urząd")
    assert {file.source for file in screening.files} == {"Urząd", "GUGiK"}
    project.put("impact_map/provenance.json", json.dumps({"source": "Urząd"}))
    screening = project.screen()
    assert only(screening, "IM-34").severity == "warning"
    assert screening.synthetic


@pytest.mark.parametrize(("text", "code"), [("[]", "IM-36"), ("{", "IM-36"), ('{"source": "a@example.org"}', "IM-10")])
def test_a_bad_provenance_stops_the_build(project: ImpactProject, text: str, code: str) -> None:
    project.put("impact_panel/provenance.json", text)
    screening = project.screened()
    assert only(screening, code).severity == "blocking"
    assert "a@example.org" not in everything_told(screening)


# --- the contract ----------------------------------------------------------------------------------------


def broken(inputs: Inputs, table: str, column: str, value: object) -> Inputs:
    changed = getattr(inputs, table).copy()
    changed[column] = changed[column].astype(object)
    changed.loc[changed.index[-1], column] = value
    return replace(inputs, **{table: changed})


BREAKS = [
    ("panel", "teryt", "99", "kod spoza listy województw"),
    ("panel", "group", "x", "wartość kolumny group"),
    ("panel", "wave", "m12x", "wartość kolumny wave"),
    ("panel", "wave", "entry", "powtórzona fala osoby"),
    ("panel", "group", "participant", "osoba w obu grupach"),
    ("panel", "person", "x", "osoba bez pomiaru na wejściu"),
    ("panel", "work", 2.0, "kolumna work inna niż 0 i 1"),
    ("panel", "wb_1", 6.0, "kolumna wb_1 poza skalą"),
    ("jst", "teryt", "999999", "gmina spoza listy"),
    ("jst", "year", 2018, "powtórzona gmina w roku"),
    ("jst", "opened", 2020.0, "różne lata otwarcia"),
    ("impact_map", "deadweight", 1.5, "kolumna deadweight poza zakresem"),
    ("impact_map", "line", "1", "powtórzony wiersz mapy"),
    ("impact_map", "currency", "EUR", "waluta inna niż PLN"),
    ("costs", "amount_pln", -1.0, "kwota ujemna"),
    ("prices", "year", 2022, "powtórzony rok"),
    ("prices", "index", 0.0, "wskaźnik nie większy od zera"),
]


@pytest.mark.parametrize(("table", "column", "value", "told"), BREAKS)
def test_inputs_that_break_the_contract_are_refused(
    inputs: Inputs, table: str, column: str, value: object, told: str
) -> None:
    with pytest.raises(DataError, match=told):
        validate(broken(inputs, table, column, value))


def test_a_missing_column_is_named_before_any_rule(inputs: Inputs) -> None:
    with pytest.raises(DataError, match=r"panel: inne kolumny niż person, teryt"):
        validate(replace(inputs, panel=inputs.panel.drop(columns="wave")))


def test_the_order_of_persons_is_that_of_the_file(inputs: Inputs, project: ImpactProject) -> None:
    project.persons = [row for k in (7, 2, 5) for row in person(k, "participant" if k < 5 else "comparison")]
    again = project.screened().inputs
    assert again is not None
    order = inputs.panel["person"].drop_duplicates().to_numpy()
    assert again.panel["person"].drop_duplicates().tolist() == order[[7, 2, 5]].tolist()


# --- the catalogue ---------------------------------------------------------------------------------------


def test_the_catalogue_fits_the_schema() -> None:
    frame = catalogue.impact_outcome_frame().set_index("key")
    assert [key for key in frame.index if frame.loc[key, "level"] == "gmina"] == list(CENTRE_OUTCOMES)
    assert tuple(",".join(frame.loc[frame["kind"] == "scale", "items"]).split(",")) == SCALE_ITEMS
    assert frame["low"].isna().to_dict()["work"]
    assert frame.loc["health", ["low", "high"]].tolist() == [1, 5]
    assert list(frame.columns) == [
        "level", "kind", "name", "short", "unit", "digits", "direction", "low", "high", "items",
    ]  # fmt: skip
    grades = catalogue.evidence_grades()
    assert (grades[0].grade, grades[-1].grade) == (UNKNOWN, RANDOMISED)
    assert [entry.verb for entry in grades][2] == "towarzyszyła"
    SocialImpactParameters(**catalogue.parameter_values("impact_parameters"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "mode"}, "kind = „mode”"),
        ({"level": "powiat"}, "level = „powiat”"),
        ({"direction": "up"}, "direction = „up”"),
        ({"kind": "scale"}, "pozycje"),
        ({"kind": "ordinal"}, "brak granic"),
        ({"low": 5, "high": 1}, "low musi być mniejsze niż high"),
        ({"short": "x" * 21}, "short ma 21 znaków"),
        ({"nazwa": "x"}, "nieznane pola nazwa"),
    ],
)
def test_a_wrong_outcome_of_the_catalogue_is_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], told: str
) -> None:
    entry = {"key": "work", "level": "person", "kind": "share", "name": "Praca", "short": "Praca", "unit": "%",
             "digits": 1, "direction": "higher"}  # fmt: skip
    monkeypatch.setattr(catalogue, "load_entries", lambda _: [entry | change])
    with pytest.raises(DataError, match=told):
        catalogue.impact_outcomes.__wrapped__()


def test_grades_must_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"name": "x", "verb": "", "description": ""}
    monkeypatch.setattr(catalogue, "load_entries", lambda _: [{**entry, "grade": 1}])
    with pytest.raises(DataError, match="kolejnymi liczbami od 0"):
        catalogue.evidence_grades.__wrapped__()


def test_every_code_is_exercised() -> None:
    # A check nobody ever saw fail is a check nobody can trust.
    source = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_impact_*.py"))
    assert [code for code in CHECKS if code.startswith("IM-") and f'"{code}"' not in source] == []


def test_screening_an_empty_folder_does_not_raise(tmp_path: Path) -> None:
    screening = screen_social_impact(tmp_path / "data" / "raw")
    assert {"IM-07", "ES-02"} == codes(screening)
    assert isinstance(screening.rejected, pd.DataFrame)
    assert np.array_equal(screening.rejected.columns, ["file", "row", "code", "reason", "record"])
