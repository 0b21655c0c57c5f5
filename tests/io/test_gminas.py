"""Gminas by codes and by names, as registers write them."""

from __future__ import annotations

import pytest
from register_project import units

from ropsanalysis.io.gminas import Gminas, region_code


@pytest.fixture(scope="module")
def gminas() -> Gminas:
    return Gminas.of(units())


@pytest.mark.parametrize(
    ("text", "teryt"),
    [
        ("020101", "020101"),  # Bolesławiec, the town
        ("0201011", "020101"),
        ("02 01 01 1", "020101"),
        ("020101_1", "020101"),
        ("0201043", "020104"),  # Nowogrodziec and its two parts
        ("0201044", "020104"),
        ("0201045", "020104"),
        ("1465088", "146501"),  # a district of Warsaw
        ("146508", "146501"),
        ("1061029", "106101"),  # a delegacy of Łódź
        ("1465011.0", "146501"),  # what a spreadsheet makes of a number
    ],
)
def test_codes(gminas: Gminas, text: str, teryt: str) -> None:
    place = gminas.by_codes([text])[0]
    assert (place.teryt, place.problem, place.mended) == (teryt, "", False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "brak gminy"),
        ("0201", "powiat albo województwo"),
        ("0201000", "powiat albo województwo"),
        ("999999", "nie oznacza żadnej gminy"),
        ("02010", "nie oznacza żadnej gminy"),
        ("Kraków", "nie oznacza żadnej gminy"),
    ],
)
def test_codes_of_no_gmina(gminas: Gminas, text: str, problem: str) -> None:
    place = gminas.by_codes([text])[0]
    assert place.teryt == ""
    assert problem in place.problem


def test_a_lost_zero_is_put_back(gminas: Gminas) -> None:
    places = gminas.by_codes(["201011", "20101"])
    assert [place.teryt for place in places] == ["020101", "020101"]
    assert all(place.mended for place in places)


def test_no_six_digits_can_be_read_in_two_ways(gminas: Gminas) -> None:
    # What would stand for one gmina as it is, and for another with the zero that a spreadsheet may have taken.
    codes = [f"{number:06}" for number in range(200_000, 330_000)]
    places = gminas.by_codes(codes)
    assert not [place.problem for place in places if "może oznaczać" in place.problem]
    assert {code for code, place in zip(codes, places, strict=True) if place.teryt == code} == {
        teryt for teryt in gminas.kinds if teryt >= "20"
    }


def test_a_region_decides_between_readings(gminas: Gminas) -> None:
    assert gminas.by_codes(["201011"], region="02")[0].teryt == "020101"
    assert gminas.by_codes(["201011"], region="20")[0].teryt == ""
    assert "w województwie 14" in gminas.by_codes(["020101"], region="14")[0].problem


@pytest.mark.parametrize(
    ("gmina", "powiat", "region", "teryt"),
    [
        ("Kraków", "", "", "126101"),
        ("m. Kraków", "Powiat m. Kraków", "", "126101"),
        ("KRAKOW", "", "", "126101"),
        ("m.st. Warszawa", "", "", "146501"),
        ("Warszawa", "m. st. Warszawa", "", "146501"),
        ("gmina Nowogrodziec", "bolesławiecki", "", "020104"),
        ("Miasto i Gmina Nowogrodziec", "", "", "020104"),
        ("Bolesławiec - gmina wiejska", "powiat bolesławiecki", "", "020102"),
        ("Bolesławiec (miasto)", "bolesławiecki", "", "020101"),
        ("Bolesławiec", "wieruszowski", "", "101801"),
        ("Bolesławiec", "", "10", "101801"),
        ("Suwałki", "suwalski", "", "201207"),
        ("Suwałki", "Suwałki", "", "206301"),
        ("Suwałki", "2063", "", "206301"),
        ("Dobra", "policki", "", "321101"),  # Dobra (Szczecińska) in the list
        ("Nowe Miasto", "", "", "142008"),  # a name that holds a word for "town"
    ],
)
def test_names(gminas: Gminas, gmina: str, powiat: str, region: str, teryt: str) -> None:
    assert gminas.by_name(gmina, powiat, region).teryt == teryt


def test_an_ambiguous_name_lists_its_candidates(gminas: Gminas) -> None:
    place = gminas.by_name("Bolesławiec", "bolesławiecki")
    assert place.teryt == ""
    assert "020101 Bolesławiec (gmina miejska, powiat bolesławiecki)" in place.problem
    assert "020102 Bolesławiec (gmina wiejska, powiat bolesławiecki)" in place.problem
    assert "101801" not in place.problem


def test_unknown_names_are_not_guessed_but_asked_about(gminas: Gminas) -> None:
    assert gminas.by_name("Krakuw").teryt == ""
    assert "126101 Kraków" in gminas.near("Krakuw")
    assert gminas.near("qqqqqq") == ""
    assert "nieznany powiat" in gminas.by_name("Kraków", "krakuwski").problem
    assert "nie ma gminy" in gminas.by_name("Kraków", "bolesławiecki").problem


def test_regions() -> None:
    assert [region_code(text) for text in ("14", "mazowieckie", "woj. Śląskie", "", "xyz")] == [
        "14",
        "14",
        "24",
        "",
        "",
    ]
