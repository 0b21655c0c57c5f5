"""Names, forms and codes of voivodeships; TERYT codes as people write them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropsanalysis.errors import DataError, UsageError
from ropsanalysis.regions import POLAND, REGIONS, by_teryt, find, parse_teryt, voivodeship_of
from support import shared_data


def test_sixteen_voivodeships_in_teryt_order_with_even_codes() -> None:
    # TERC: voivodeships are numbered 02, 04, ... 32 in alphabetical order.
    assert [region.teryt for region in REGIONS] == [f"{code:02d}" for code in range(2, 33, 2)]


def test_forms_follow_the_adjective() -> None:
    for region in REGIONS:
        assert region.genitive == region.name + "go"
        assert region.locative == region.name[:-1] + "m"
        assert region.slug.isascii()
        assert len(region.short) <= 14


@pytest.mark.parametrize("attribute", ["teryt", "name", "slug", "short", "abbreviation", "tile", "centre"])
def test_every_identifying_attribute_is_unique(attribute: str) -> None:
    assert len({getattr(region, attribute) for region in REGIONS}) == 16


def test_seventeen_nuts2_units() -> None:
    # Regulation (EU) 2019/1755: Poland has 17 NUTS 2 units, Mazowieckie is split into PL91 and PL92.
    units = [unit for region in REGIONS for unit in region.nuts2]
    assert len(set(units)) == len(units) == 17


def test_sentences() -> None:
    region = by_teryt("28")
    assert region.in_locative == "w województwie warmińsko-mazurskim"
    assert region.of_genitive == "województwa warmińsko-mazurskiego"
    assert region.folder == "28-warminsko-mazurskie"
    assert POLAND.in_locative == "w Polsce"


@pytest.mark.parametrize(
    "text",
    [
        "28", "Warmińsko-Mazurskie", "WARMIŃSKO-MAZURSKIE", "warminsko-mazurskie", "warminsko_mazurskie",
        "Warmińsko Mazurskie", "woj. warmińsko-mazurskie", "WOJ. WARMIŃSKO-MAZURSKIE", "PL62", "pl62",
        "województwo warmińsko-mazurskie", "  warmińsko-mazurskie  ", "28-warminsko-mazurskie",
        "województwa warmińsko-mazurskiego", "Warmin\u0301sko-Mazurskie",
    ],
)  # fmt: skip
def test_any_usual_spelling_is_found(text: str) -> None:
    assert find(text).teryt == "28"


def test_spellings_seen_in_files_are_found() -> None:
    # TRAPS.md, "Names": WOJ. DOLNOŚLĄSKIE, Zachodnio-Pomorskie.
    assert find("WOJ. DOLNOŚLĄSKIE").teryt == "02"
    assert find("Zachodnio-Pomorskie").teryt == "32"
    assert find("2").teryt == "02"
    assert find("PL91") is find("PL92") is by_teryt("14")


@given(st.sampled_from(REGIONS), st.booleans(), st.sampled_from(["", "woj. ", "województwo "]))
def test_names_are_found_in_any_case(region: object, upper: bool, prefix: str) -> None:
    text = prefix + region.name  # type: ignore[attr-defined]
    assert find(text.upper() if upper else text) is region


def test_a_misspelt_region_gets_a_suggestion_and_the_list() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'malopolskie'.*14 mazowieckie") as error:
        find("malopolska")
    assert error.value.exit_code == 2


@pytest.mark.parametrize("text", ["", "1", "99", "PL", "Polska", "woj.", "28;", "../28", "<28>"])
def test_no_region_is_invented(text: str) -> None:
    with pytest.raises(UsageError):
        find(text)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        # TRAPS.md, "Codes": lost zeros, numbers, spaces, underscore, padding, BDL ids.
        (2, "02"), ("2", "02"), ("28", "28"), (28.0, "28"), ("0", "00"), ("0000000", "00"),
        ("02 01 01 1", "0201011"), ("060802_2", "0608022"), ("0201000", "0201"), ("0200000", "02"),
        ("201.0", "0201"), (201.0, "0201"), ("20101", "020101"), ("1465088", "1465088"),
        ("011212001011", "1201011"),  # rule and example of TRAPS.md
        (11212001011, "1201011"), ("011200000000", "12"), ("000000000000", "00"),
    ],
)  # fmt: skip
def test_codes_survive_what_files_do_to_them(value: object, code: str) -> None:
    assert parse_teryt(value) == code


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "x", "Polska", 2.5, float("nan"), "03", "33", "132.0", "-2", "2,0", "٢",
        "12 12 12 12 12",
        "011212000000",  # subregion krakowski: no TERYT code
        "010000000000",  # macroregion
        "071412865998",  # BDL's placeholder "nie ustalono" (TRAPS.md)
    ],
)  # fmt: skip
def test_what_is_no_code_is_refused(value: object) -> None:
    with pytest.raises(DataError):
        parse_teryt(value)


@pytest.mark.parametrize("value", ["201011", 201000])
def test_an_ambiguous_code_is_refused_not_guessed(value: object) -> None:
    # 201011: powiat 2010 (Siemiatycze), gmina 11, or 0201011 (Bolesławiec) without its zero.
    with pytest.raises(DataError, match="niejednoznaczny"):
        parse_teryt(value)


def test_a_known_level_decides() -> None:
    assert parse_teryt(2, level="voivodeship") == "02"
    with pytest.raises(DataError):
        parse_teryt("0201", level="voivodeship")


@given(st.sampled_from(REGIONS), st.integers(1, 42), st.integers(1, 25), st.sampled_from("123"))
def test_codes_round_trip(region: object, powiat: int, gmina: int, kind: str) -> None:
    woj = region.teryt  # type: ignore[attr-defined]
    full = f"{woj}{powiat:02d}{gmina:02d}{kind}"
    assert parse_teryt(full) == full
    assert parse_teryt(f"{full[:6]}_{kind}") == full
    assert parse_teryt(" ".join((full[:2], full[2:4], full[4:6], kind))) == full
    assert parse_teryt(f"{full[:4]}000") == full[:4]
    assert parse_teryt(f"01{woj}000{full[2:]}") == full
    assert voivodeship_of(full) is region


@given(st.sampled_from(REGIONS), st.integers(1, 42), st.integers(1, 25), st.sampled_from("123"))
def test_a_lost_zero_is_restored_or_refused_never_wrong(region: object, powiat: int, gmina: int, kind: str) -> None:
    full = f"{region.teryt}{powiat:02d}{gmina:02d}{kind}"  # type: ignore[attr-defined]
    for code in (full[:2], full[:4], full[:6], full):
        try:
            assert parse_teryt(int(code)) == code
        except DataError as error:
            assert "niejednoznaczny" in str(error)  # noqa: PT017


@given(st.text(max_size=14))
def test_any_text_gives_a_code_or_a_clear_error(text: str) -> None:
    try:
        code = parse_teryt(text)
    except DataError:
        return
    assert len(code) in (2, 4, 6, 7)
    assert code.isdigit()


def test_every_unit_of_the_official_register_is_read() -> None:
    units = json.loads((shared_data("teryt") / "terc_2024-01-01.json").read_text(encoding="utf-8"))
    for unit in units:
        parts = [str(unit[name]).strip() for name in ("WOJ", "POW", "GMI")]
        code = "".join(part.zfill(2) for part in parts if part) + str(unit.get("RODZ", "")).strip()
        assert parse_teryt(code) == code
