"""The list of territorial units that comes with the project, and the importer that made it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from register_project import units, write_xlsx

from ropsanalysis.errors import DataError
from ropsanalysis.io import teryt
from ropsanalysis.regions import REGIONS
from support import PROJECT, shared_data

HEADER = ["TERYT", "Nazwa jednostki", "Powierzchnia [ha]"]


def country(*more: tuple[str, str]) -> list[list[str]]:
    """Return a list with Poland, the voivodeships, one powiat and one gmina each, and `more`."""
    rows = [["00", "POLSKA", "1"]]
    for region in REGIONS:
        rows += [[region.teryt, f"WOJ. {region.name.upper()}", "1"]]
        rows += [[f"{region.teryt} 01  ", "Powiat wzorcowy", "1"], [f"{region.teryt} 01 01 2", "Wzorcowo", "1"]]
    return [HEADER, *rows, *([code, name, "1"] for code, name in more)]


def imported(folder: Path, *more: tuple[str, str]) -> list[str]:
    write_xlsx(folder / "Wykaz_powierzchni_wg_stanu_na_01012025.xlsx", country(*more))
    teryt.import_list(folder, folder / "target")
    return (folder / "target" / "units.csv").read_text(encoding="utf-8").splitlines()


def test_the_shipped_list_has_every_unit_of_the_country() -> None:
    # GUGiK, 1 January 2025: 16 voivodeships, 314 powiats and 66 cities with their rights, 2 479 gminas,
    # of which 302 urban, 718 urban-rural and 1 459 rural.
    table = units()
    assert table["level"].value_counts().to_dict() == {
        "gmina": 2479, "powiat": 380, "voivodeship": 16, "country": 1,
    }  # fmt: skip
    assert table["kind"].value_counts().to_dict() == {
        "gmina wiejska": 1459, "gmina miejsko-wiejska": 718, "powiat": 314, "gmina miejska": 302,
        "miasto na prawach powiatu": 66, "województwo": 16, "kraj": 1,
    }  # fmt: skip
    assert table["teryt"].is_unique


def test_names_are_clean() -> None:
    names = units().set_index("teryt")["name"]
    assert names.loc[["00", "28", "1261", "126101", "1465", "146501", "0201"]].tolist() == [
        "Polska", "warmińsko-mazurskie", "Kraków", "Kraków", "Warszawa", "Warszawa", "bolesławiecki",
    ]  # fmt: skip
    assert not names.str.contains(r"^m\.|powiat|\d| - |  ", case=False).any()


def test_the_shipped_list_is_what_the_importer_makes(tmp_path: Path) -> None:
    teryt.import_list(shared_data("teryt"), tmp_path)
    for name in ("units.csv", "provenance.json", "README.md"):
        assert (tmp_path / name).read_bytes() == (PROJECT / "data" / "raw" / "teryt_units" / name).read_bytes()


def test_parts_of_gminas_and_titles_are_left_out(tmp_path: Path) -> None:
    lines = imported(
        tmp_path, ("02 01 02 3", "Nowe"), ("02 01 02 4", "Nowe - miasto"), ("02 01 02 5", "Nowe - obszar wiejski"),
        ("14 65  ", "Powiat m. St. Warszawa"), ("14 65 01 1", "m. St. Warszawa"), ("14 65 02 8", "Bemowo - dzielnica"),
    )  # fmt: skip
    assert "020102,gmina,Nowe,0201,gmina miejsko-wiejska" in lines
    assert "1465,powiat,Warszawa,14,miasto na prawach powiatu" in lines
    assert "146501,gmina,Warszawa,1465,gmina miejska" in lines
    assert not any("Bemowo" in line or "obszar" in line for line in lines)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("02 01 01 1", "Wzorcowo"), "powtarza"),
        (("02 77 01 1", "Nigdzie"), "nie zawiera"),
        (("02 09  ", "Powiat pusty"), "bez żadnej gminy"),
        (("2 01 07", "Zgubione zero"), "nie jest kodem"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(tmp_path: Path, more: tuple[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        imported(tmp_path, more)


def test_a_missing_voivodeship_is_refused(tmp_path: Path) -> None:
    rows = [row for row in country() if not row[0].startswith("32")]
    write_xlsx(tmp_path / "Wykaz_powierzchni.xlsx", rows)
    with pytest.raises(DataError, match="brak jednostek o kodach 32"):
        teryt.import_list(tmp_path, tmp_path / "target")


def test_the_command_line_imports_the_list(tmp_path: Path, run_cli: Callable[..., CompletedProcess[str]]) -> None:
    for folder in ("notebooks", "data"):
        (tmp_path / folder).mkdir()
    write_xlsx(tmp_path / "Wykaz_powierzchni.xlsx", country())
    done = run_cli("import", "teryt_units", tmp_path / "Wykaz_powierzchni.xlsx", "--project", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "raw" / "teryt_units" / "units.csv").is_file()


def test_the_list_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="znaleziono: 0"):
        teryt.import_list(tmp_path, tmp_path / "target")
