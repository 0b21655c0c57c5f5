"""Imports the official list of territorial units: Poland, voivodeships, powiats and gminas with their codes and names.

The source is the yearly list of areas of the Head Office of Geodesy and Cartography: one sheet, a row per unit, the
code written in groups (``02 01 04 3``), parts of gminas beside the gminas themselves.

Notes
-----
Towns and countryside of urban-rural gminas (kinds 4 and 5), districts of Warsaw (8) and delegacies (9) are parts of a
gmina that has a row of its own, so they are left out. A gmina has six digits here; its kind stands in a column.

References
----------
GUGiK, "Wykaz powierzchni według stanu na 1 stycznia"; regulation of 15 December 1998 on the TERYT register.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ropsanalysis.errors import DataError
from ropsanalysis.io import atomic, provenance, tabular, workbook_guard
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.regions import POLAND, REGIONS, by_teryt
from ropsanalysis.social_economy.schema import UNIT_COLUMNS

SOURCE: Final = "GUGiK, Wykaz powierzchni według stanu na 1 stycznia (kody i nazwy TERYT)"
CITY: Final = "miasto na prawach powiatu"
KINDS: Final = {"1": "gmina miejska", "2": "gmina wiejska", "3": "gmina miejsko-wiejska"}
"""Polish name of each kind of gmina by the seventh digit of its code."""

_FILES: Final = "Wykaz_powierzchni*.xlsx"
_HEADER: Final = ("TERYT", "Nazwa jednostki")
_PARTS: Final = "4589"
_DATE: Final = re.compile(r"stanu_na_(\d\d)(\d\d)(\d{4})")
_CITY: Final = re.compile(r"^m\.\s*(?:st\.\s*)?", re.IGNORECASE)
_POWIAT: Final = re.compile(r"^powiat\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TerytImport:
    """What an import wrote: how many units of each level, and where they came from."""

    powiats: int
    gminas: int
    file: FileRecord


def import_list(source: Path, target: Path) -> TerytImport:
    """Read the official list and write the units.

    Parameters
    ----------
    source
        The workbook, or the folder it lies in.
    target
        Folder of the dataset; receives ``units.csv``, ``provenance.json`` and ``README.md``. The same source gives
        the same bytes.

    Raises
    ------
    DataError
        If there is not exactly one list, it cannot be read, a code is malformed or repeated, a voivodeship is
        missing, or a unit lies in none.
    """
    path = _find(source)
    data = path.read_bytes()
    table = workbook_guard.read_first_sheet(data)
    units = read_units(table, file=path.name)
    levels = [unit[1] for unit in units]
    day = _DATE.search(path.stem)
    record = FileRecord(
        path=path.name,
        sha256=provenance.sha256(data),
        bytes=len(data),
        rows_in=len(table.rows),
        rows_out=len(units),
        reader="teryt",
        source=SOURCE,
        date="-".join(reversed(day.groups())) if day else "",
    )
    result = TerytImport(powiats=levels.count("powiat"), gminas=levels.count("gmina"), file=record)
    about = {
        "dataset": "teryt_units",
        "title": "Jednostki podziału terytorialnego: województwa, powiaty, gminy",
        "source": SOURCE,
        "licence": "Dane urzędowe; ponowne wykorzystanie pod warunkiem podania źródła.",
        "synthetic": False,
    }
    atomic.write_text(target / "units.csv", tabular.to_csv(UNIT_COLUMNS, units))
    atomic.write_text(target / "provenance.json", provenance.to_json([record], about=about))
    atomic.write_text(target / "README.md", _readme(result))
    return result


def read_units(table: tabular.RawTable, *, file: str) -> list[tuple[str, str, str, str, str]]:
    """Return the units of the list: code, level, name, parent's code, kind; sorted by code, Poland first.

    Parameters
    ----------
    table
        First sheet of the list.
    file
        Name of the file, for messages.

    Raises
    ------
    DataError
        As `import_list`.
    """
    if table.header[:2] != _HEADER:
        raise DataError(f"{file}: oczekiwano kolumn „{_HEADER[0]}” i „{_HEADER[1]}” na początku arkusza.")
    units: dict[str, tuple[str, str, str, str, str]] = {}
    for row in table.rows:
        digits, name = re.sub(r"\s", "", row.cells[0]), " ".join(row.cells[1].split())
        if len(digits) == 7 and digits[6] in _PARTS:
            continue
        if not re.fullmatch(r"\d{2}|\d{4}|\d{6}[123]", digits) or not name:
            raise DataError(f"{file}, wiersz {row.number}: „{row.cells[0]}” nie jest kodem TERYT jednostki z nazwą.")
        unit = _unit(digits, name)
        if unit[0] in units:
            raise DataError(f"{file}, wiersz {row.number}: kod {unit[0]} powtarza się.")
        units[unit[0]] = unit
    _require_whole(units, file)
    return [units[teryt] for teryt in sorted(units)]


def _unit(digits: str, name: str) -> tuple[str, str, str, str, str]:
    if digits == POLAND.teryt:
        return digits, "country", POLAND.name, "", "kraj"
    if len(digits) == 2:
        return digits, "voivodeship", by_teryt(digits).name, POLAND.teryt, "województwo"
    if len(digits) == 4:
        # Powiats from 61 on are cities that are powiats as well.
        plain = _CITY.sub("", _POWIAT.sub("", name))
        return digits, "powiat", plain, digits[:2], CITY if digits[2:] > "60" else "powiat"
    return digits[:6], "gmina", _CITY.sub("", name), digits[:4], KINDS[digits[6]]


def _require_whole(units: dict[str, tuple[str, str, str, str, str]], file: str) -> None:
    missing = [region.teryt for region in (POLAND, *REGIONS) if region.teryt not in units]
    if missing:
        raise DataError(f"{file}: brak jednostek o kodach {', '.join(missing)}.")
    for teryt, _, name, parent, _ in units.values():
        if parent and parent not in units:
            raise DataError(f"{file}: jednostka {teryt} {name} leży w jednostce {parent}, której lista nie zawiera.")
    parents = {unit[3] for unit in units.values()}
    empty = [teryt for teryt, level, *_ in units.values() if level == "powiat" and teryt not in parents]
    if empty:
        raise DataError(f"{file}: powiaty bez żadnej gminy: {', '.join(empty)}.")


def _find(source: Path) -> Path:
    if source.is_file():
        return source
    found = sorted(source.glob(_FILES))
    if len(found) != 1:
        raise DataError(
            f"W folderze {source.name} oczekiwano jednego pliku {_FILES}, znaleziono: {len(found)}. "
            "Proszę wskazać plik."
        )
    return found[0]


def _readme(result: TerytImport) -> str:
    return f"""# Jednostki terytorialne / Territorial units

Źródło: {SOURCE}, stan na {result.file.date} (`{result.file.path}`).
Dane urzędowe; ponowne wykorzystanie pod warunkiem podania źródła.

`units.csv`, written by `ropsanalysis.io.teryt`; do not edit by hand, import again instead: teryt (text: `00` Poland,
two digits a voivodeship, four a powiat, six a gmina), level, name, parent, kind. Poland, {len(REGIONS)} voivodeships,
{result.powiats} powiats and {result.gminas} gminas. Parts of gminas (town and countryside, districts, delegacies) are
left out. The names are those of the list, without "powiat", "m." and "m. st.".
"""
