"""Screening of exports for gminas and powiats: what is wrong is told with its place, what is right is taken whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from social_demo import with_units

from ropsanalysis.io import built, local_catalogue
from ropsanalysis.io.catalogue import parameter_values, parameters
from ropsanalysis.io.findings import CHECKS
from ropsanalysis.io.local_areas import read_areas
from ropsanalysis.io.local_diagnosis import LocalScreening, screen_local
from ropsanalysis.io.paths import Project
from ropsanalysis.local_diagnosis.parameters import LocalParameters
from support import PROJECT

NAMES = {entry.key: entry.bdl_name for entry in local_catalogue.variables()}
YEARS = (2023, 2024)
#: The powiat of Bartoszyce: one urban, one urban-rural, one rural gmina of its six; and the voivodeship.
UNITS = ("2800000", "2801000", "2801011", "2801032", "2801043")

Screen = Callable[..., LocalScreening]


def ctab(cells: dict[tuple[str, str, int], object], *, units: tuple[str, ...] = UNITS, delimiter: str = ",") -> str:
    """Return a wide export; cells by code, variable and year."""
    columns = sorted({(variable, year) for _, variable, year in cells})
    header = ["Kod", "Nazwa", *(f'"{NAMES.get(variable, variable)},{year},[osoba]"' for variable, year in columns), ""]
    lines = [
        [unit, f"Jednostka {unit}", *(str(cells.get((unit, *column), "")) for column in columns), ""] for unit in units
    ]
    return "\n".join(delimiter.join(line) for line in [header, *lines]) + "\n"


def crel(rows: list[tuple[str, str, int, str, str]]) -> str:
    """Return a long export: code, variable, year, value, attribute."""
    lines = ['"Kod";"Nazwa";"Zmienna";"Rok";"Wartosc";"Jednostka miary";"Atrybut";']
    lines += [f'{code};"J";"{NAMES[key]}";"{year}";{value};"osoba";"{mark}";' for code, key, year, value, mark in rows]
    return "\n".join(lines) + "\n"


def good() -> dict[tuple[str, str, int], object]:
    """Return numbers of two variables, different for each unit and year."""
    return {
        (unit, variable, year): 1000 * (place + 1) * (3 if variable == "population" else 1) + year - 2000
        for place, unit in enumerate(UNITS)
        for variable in ("population", "aged_65")
        for year in YEARS
    }


@pytest.fixture
def screen(tmp_path: Path) -> Screen:
    """Screen files given by name and content."""
    raw = with_units(tmp_path / "raw")

    def run(**contents: str | bytes) -> LocalScreening:
        folder = raw / "bdl_local"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in contents.items():
            path = folder / name.replace("__", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return screen_local(raw, latest_year=2025)

    return run


def told(found: LocalScreening, code: str) -> str:
    """Return what is said under a code; fails if nothing is."""
    texts = [f"{f.file}|{f.row}|{f.column}|{f.found}" for f in found.findings if f.code == code]
    assert texts, [f.code for f in found.findings]
    return "\n".join(texts)


def value(found: LocalScreening, unit: str, variable: str, year: int) -> float:
    table = found.inputs.observations.set_index(["teryt", "variable", "year"])["value"]
    return float(table.loc[unit, variable, year])


def test_both_shapes_give_the_same_numbers(screen: Screen) -> None:
    cells = good()
    wide = screen(a__csv=ctab(cells))
    rows = [(unit, key, year, str(number), "") for (unit, key, year), number in cells.items()]
    long = screen(a__csv=crel(rows))
    for found in (wide, long):
        assert not found.blocking
        assert value(found, "2801011", "population", 2024) == cells["2801011", "population", 2024]
        assert value(found, "28", "aged_65", 2023) == cells["2800000", "aged_65", 2023]
    pd.testing.assert_frame_equal(wide.inputs.observations, long.inputs.observations)


def test_codes_of_the_bank_and_parts_of_gminas(screen: Screen) -> None:
    cells = {**good(), ("2801044", "population", 2024): 5, ("2801045", "population", 2024): 6}
    text = ctab(cells, units=(*UNITS, "2801044", "2801045")).replace("\n2801011,", "\n042815601011,")
    found = screen(a__csv=text)
    assert value(found, "2801011", "population", 2024) == cells["2801011", "population", 2024]
    assert set(found.inputs.observations["teryt"]) == {"28", "2801", "2801011", "2801032", "2801043"}
    assert not {"LD-10", "LD-11", "LD-12"} & {finding.code for finding in found.findings}


@pytest.mark.parametrize("sign", ["-", ".", "x", ""])
def test_signs_in_the_place_of_a_number_are_no_zero(screen: Screen, sign: str) -> None:
    found = screen(a__csv=ctab({**good(), ("2801011", "aged_65", 2024): sign}))
    assert pd.isna(value(found, "2801011", "aged_65", 2024))
    assert "LD-38" not in {finding.code for finding in found.findings}


def test_an_attribute_withholds_the_zero_that_stands_there(screen: Screen) -> None:
    found = screen(a__csv=crel([("2801011", "unemployed", 2024, "0", "x"), ("2801032", "unemployed", 2024, "0", "")]))
    assert pd.isna(value(found, "2801011", "unemployed", 2024))
    assert value(found, "2801032", "unemployed", 2024) == 0


def changed(unit: str, variable: str, number: object, year: int = 2024) -> str:
    return ctab({**good(), (unit, variable, year): number})


#: For each code a fault put into a good file, and what must be said of it.
FAULTS: dict[str, tuple[str, str]] = {
    "LD-01": (ctab(good()).replace("Kod,", "Teryt,", 1), "Teryt"),
    "LD-03": ("", "bez treści"),
    "LD-04": (ctab(good()).splitlines()[0] + "\n", ""),
    "LD-06": (ctab(good()).replace(",2024,[osoba]", " w 2024", 1), "w 2024"),
    "LD-11": (ctab(good()).replace("\n2801011,", "\n28011,"), "28011"),
    "LD-12": (ctab(good()).replace("\n2801011,", "\n2801992,"), "2801992"),
    "LD-13": (ctab(good()).replace("\n2801011,", "\n2801012,"), "2801012, obecnie 2801011"),
    "LD-14": (ctab(good()) + "2801011,Bartoszyce,1,2,3,4,\n", "2801011"),
    "LD-15": (
        ctab({(unit, "ngos", 2024): 100 for unit in ("2861000", "2861011")} | {("2861000", "ngos", 2024): 150},
             units=("2861000", "2861011")),
        "2861 w 2024 r.: suma 100, podano 150",
    ),
    "LD-17": (changed("2801011", "aged_65", 999_999), "2801011 w 2024"),
    "LD-18": (changed("2801011", "population", 0), "2801011 w 2024"),
    "LD-19": (ctab(good()), "województwo warmińsko-mazurskie: brak 2801021"),
    "LD-20": (ctab({**good(), ("2801011", "liczba żyraf", 2024): 3}), "liczba żyraf"),
    "LD-21": (ctab(good()) + "2801011,Bartoszyce,1,2,\n", "5 komórek"),
    "LD-22": (ctab(good()), "województwo warmińsko-mazurskie: brak 2802"),
    "LD-23": (changed("2801011", "population", '"3001,5"'), "3001,5"),
    "LD-24": (ctab({**good(), ("2801011", "population", 2031): 3}), "2031"),
    "LD-26": (ctab(good()), "bezrobotni zarejestrowani ogółem"),
    "LD-28": (changed("2801011", "aged_65", -4), "2801011 w 2024"),
    "LD-29": (crel([("2801011", "unemployed", 2024, "3", "?")]), "„?”"),
    "LD-38": (changed("2801011", "aged_65", "3O1"), "3O1"),
}  # fmt: skip
BLOCKING = {"LD-01", "LD-03", "LD-04", "LD-06", "LD-14", "LD-21", "LD-24", "LD-28", "LD-29", "LD-38"}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_told_with_its_file(screen: Screen, code: str) -> None:
    text, expected = FAULTS[code]
    found = screen(a__csv=text)
    assert expected in told(found, code)
    severities = {finding.severity for finding in found.findings if finding.code == code}
    assert severities == ({"blocking"} if code in BLOCKING else {"warning"})
    assert all(finding.file.startswith("raw/bdl_local") or "bdl_local" in finding.file for finding in found.findings)


def test_what_is_mended_and_what_is_left_out(screen: Screen) -> None:
    over = screen(a__csv=FAULTS["LD-17"][0])
    assert pd.isna(value(over, "2801011", "aged_65", 2024))
    assert value(over, "2801011", "aged_65", 2023) == good()["2801011", "aged_65", 2023]
    nobody = screen(a__csv=FAULTS["LD-18"][0])
    assert pd.isna(value(nobody, "2801011", "population", 2024))
    kind = screen(a__csv=FAULTS["LD-13"][0])
    assert value(kind, "2801011", "population", 2024) == good()["2801011", "population", 2024]
    gone = screen(a__csv=FAULTS["LD-12"][0])
    assert "2801011" not in set(gone.inputs.observations["teryt"])
    assert gone.rejected["code"].tolist() == ["LD-12"]
    comma = screen(a__csv=FAULTS["LD-23"][0])
    assert value(comma, "2801011", "population", 2024) == 3001.5


def test_a_lost_zero_is_put_back(screen: Screen) -> None:
    cells = {("0201011", "population", 2024): 77, ("0201000", "population", 2024): 900}
    text = ctab(cells, units=("0201000", "0201011")).replace("\n0201", "\n201")
    found = screen(a__csv=text)
    assert "wierszy: 2" in told(found, "LD-10")
    assert value(found, "0201011", "population", 2024) == 77
    assert value(found, "0201", "population", 2024) == 900


def test_powiats_that_do_not_add_up_to_their_voivodeship(screen: Screen) -> None:
    powiats = [area.teryt for area in read_areas(PROJECT / "data" / "raw") if area.level == "powiat"]
    own = tuple(f"{teryt}000" for teryt in powiats if teryt.startswith("16"))
    cells: dict[tuple[str, str, int], object] = {(unit, "ngos", 2024): 10 for unit in own}
    whole = screen(a__csv=ctab({**cells, ("1600000", "ngos", 2024): 10 * len(own)}, units=("1600000", *own)))
    assert "LD-16" not in {finding.code for finding in whole.findings}
    torn = screen(a__csv=ctab({**cells, ("1600000", "ngos", 2024): 10 * len(own) + 9}, units=("1600000", *own)))
    assert f"16 w 2024 r.: suma {10 * len(own)}, podano {10 * len(own) + 9}" in told(torn, "LD-16")


def test_the_same_number_twice_is_no_fault_and_a_number_goes_before_a_gap(screen: Screen) -> None:
    cells = good()
    twice = screen(a__csv=ctab(cells), b__csv=ctab({**cells, ("2801011", "aged_65", 2024): "-"}))
    assert not twice.blocking
    assert value(twice, "2801011", "aged_65", 2024) == cells["2801011", "aged_65", 2024]


def test_a_dataset_may_have_its_own_names(screen: Screen) -> None:
    text = ctab(good()).replace(NAMES["aged_65"], "Ludność 65+  ogółem")
    assert "Ludność 65+" in told(screen(a__csv=text), "LD-20")
    named = screen(a__csv=text, variables__yaml="aged_65: ludność 65+ ogółem\n")
    assert value(named, "2801011", "aged_65", 2024) == good()["2801011", "aged_65", 2024]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("aged65: ludność", "nieznany klucz „aged65”"),
        ("aged_65: [a, b]", "to nie jest lista par"),
        (f"aged_65: {NAMES['population']}", "tę samą nazwę"),
        ("- aged_65", "to nie jest lista par"),
        ("a: b: c", "YAML"),
    ],
)
def test_wrong_names_stop_the_build(screen: Screen, names: str, expected: str) -> None:
    found = screen(a__csv=ctab(good()), variables__yaml=names)
    assert expected in told(found, "LD-08")
    assert "LD-08" in {finding.code for finding in found.blocking}


def test_other_files_that_cannot_be_used(screen: Screen) -> None:
    assert "bdl_local" in told(screen(), "LD-02")
    assert "LD-05" in {
        finding.code
        for finding in screen(a__csv=ctab(good()).replace("Jednostka", "Świdwin").encode("cp1250")).blocking
    }
    assert "LD-06" in {finding.code for finding in screen(a__csv=b"%PDF-1.7 not a table").blocking}
    assert "LD-36" in {finding.code for finding in screen(a__csv=ctab(good()), provenance__json="[1]").blocking}


def test_every_check_is_tried_here_and_told_in_both_guides() -> None:
    codes = {code for code in CHECKS if code.startswith("LD-")}
    assert codes == {*FAULTS, "LD-02", "LD-05", "LD-08", "LD-10", "LD-16", "LD-36"}
    for name in ("local_diagnosis.md", "local_diagnosis.pl.md"):
        text = (PROJECT / "docs" / name).read_text(encoding="utf-8")
        assert set(re.findall(r"LD-\d\d", text)) == codes
        assert {f"`{key}`" for key in NAMES} <= set(re.findall(r"`[a-z0-9_]+`", text))


def test_the_catalogue_is_whole() -> None:
    assert parameter_values("local_parameters") == {
        name: getattr(LocalParameters(), name) for name in LocalParameters.__dataclass_fields__
    }
    assert all("ybór metodyczny" in entry.reason for entry in parameters("local_parameters"))
    used = {key for entry in local_catalogue.indicators() for key in (entry.numerator, entry.denominator) if key}
    assert used == set(NAMES)
    assert {entry.section for entry in local_catalogue.indicators()} == set(local_catalogue.sections())
    levels = [entry.levels for entry in local_catalogue.indicators()]
    assert sum("gmina" in one for one in levels) == 15
    assert sum("powiat" in one for one in levels) == 16
    assert all(entry.definition.endswith(".") for entry in local_catalogue.indicators())


def test_without_data_there_is_nothing_to_build(tmp_path: Path) -> None:
    project = Project(tmp_path)
    with_units(project.raw)
    assert not built.delivered(project, built.TOPICS["local_diagnosis"])
