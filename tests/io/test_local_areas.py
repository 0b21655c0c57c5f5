"""Gminas and powiats by code and name: found where there is one, listed where there are several."""

from __future__ import annotations

import pytest

from ropsanalysis.errors import UsageError
from ropsanalysis.io.local_areas import find_areas, read_areas
from support import PROJECT

AREAS = read_areas(PROJECT / "data" / "raw")


def test_all_units_are_there_once_with_a_folder_of_their_own() -> None:
    assert sum(area.level == "gmina" for area in AREAS) == 2479
    assert sum(area.level == "powiat" for area in AREAS) == 380
    assert len({area.teryt for area in AREAS}) == len({area.folder for area in AREAS}) == 2859
    assert all(area.folder.isascii() and area.folder.startswith(area.region.folder) for area in AREAS)


def test_titles_tell_units_of_one_name_apart() -> None:
    assert len({(area.title, area.region.teryt) for area in AREAS}) == len(AREAS)
    [town] = find_areas(["2801011"], AREAS)
    assert town.title == "gmina Bartoszyce (miejska), powiat bartoszycki"
    assert town.folder == "28-warminsko-mazurskie/gminy/2801011-bartoszyce"


@pytest.mark.parametrize(
    ("text", "teryt"),
    [
        ("2801011", "2801011"),
        ("280101", "2801011"),
        ("2862", "2862"),
        ("286201", "2862011"),
        ("powiat bartoszycki", "2801"),
        ("Miasto na prawach powiatu Olsztyn", "2862"),
        ("gmina Olsztyn (miasto na prawach powiatu)", "2862011"),
        (" KOLBUDY ", "2204032"),
        ("gmina Bartoszyce (wiejska), powiat bartoszycki", "2801032"),
    ],
)
def test_a_unit_is_found_by_code_and_name(text: str, teryt: str) -> None:
    assert [area.teryt for area in find_areas([text], AREAS)] == [teryt]


def test_several_units_of_one_name_are_listed_and_none_is_guessed() -> None:
    with pytest.raises(UsageError, match=r"2801011 gmina Bartoszyce \(miejska\).*2801032 gmina Bartoszyce \(wiejska\)"):
        find_areas(["Bartoszyce"], AREAS)
    gminas = [area for area in AREAS if area.level == "gmina" and area.region.teryt == "28"]
    assert [area.teryt for area in find_areas(["Olsztyn"], gminas)] == ["2862011"]


@pytest.mark.parametrize("text", ["Kolbódy", "9999999", "28", ""])
def test_an_unknown_unit_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="no gmina or powiat"):
        find_areas([text], AREAS)
