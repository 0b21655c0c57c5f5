"""Reads exports of the Local Data Bank (BDL) of Statistics Poland into the tidy shape.

Two shapes of export are known: CTAB (wide: one column per variable and year, comma, decimal point) and CREL
(long: one row per unit and year, semicolon, decimal comma, an attribute that says what a value means). Both
end each line with a delimiter.

Notes
-----
A unit without a TERYT code (macroregion, region, subregion) keeps its twelve-digit BDL id as its code: TERYT
codes have two to seven digits, so the two cannot be mistaken for one another.

The attribute decides what a value is: BDL writes 0 where it may not or cannot give a figure.

References
----------
Statistics Poland, BDL API, ``/attributes``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io import atomic, catalogue, provenance, tabular
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.regions import POLAND, REGIONS, parse_teryt

SOURCE: Final = "GUS, Bank Danych Lokalnych"

ATTRIBUTES: Final[dict[str, tuple[str, bool]]] = {
    "": ("", True),
    "x": ("withheld", False),
    "X": ("withheld", False),
    "n": ("not_published", False),
    "-": ("not_published", False),
    "a": ("below_format", True),
    "A": ("below_format", True),
    "k": ("incomplete", True),
    "K": ("incomplete", True),
    "s": ("preliminary", True),
    "M": ("method_change", True),
    "v": ("low_precision", True),
    "z": ("balance_zero", True),
    "Z": ("balance_zero", True),
    "p": ("joint", True),
}
"""For each symbol of an attribute: the flag it becomes, and whether the value stays."""

_CTAB_COLUMN: Final = re.compile(r"(?P<name>.+),(?P<year>(?:19|20)\d\d),\[(?P<unit>[^\]]*)\]")
_SUBJECT: Final = re.compile(r"^([A-Z]+_\d+)")
_EXPORTED: Final = re.compile(r"_(20\d\d)(\d\d)(\d\d)\d{6}$")
_PART_KINDS: Final = "4589"
_PLAIN: Final = str.maketrans("ąćęłńóśźż", "acelnoszz")


@dataclass(frozen=True, slots=True)
class BdlExport:
    """One export in the tidy shape.

    Attributes
    ----------
    observations
        Columns indicator, teryt, year, value, flag. The indicator is the subject and the variable's name,
        e.g. ``"LUDN_2425:wskaznik-urbanizacji"``; a null value has a flag that says why.
    variables
        One row per indicator: indicator, name, unit.
    exported
        Date of the export from the file's name, ISO; empty if it has none.
    rows
        Data rows of the file.
    """

    observations: pd.DataFrame
    variables: pd.DataFrame
    exported: str
    rows: int


def read_export(path: Path, *, parts: bool = False) -> BdlExport:
    """Read one export of either shape.

    Parameters
    ----------
    parts
        Whether to keep parts of gminas (town and countryside of an urban-rural gmina, districts of Warsaw);
        they double what their gmina already holds, so they are left out by default.

    Raises
    ------
    DataError
        If the file is neither shape, a value cannot be read, or an attribute is unknown.
    """
    table = _read(path)
    if table.header[:2] != ("Kod", "Nazwa"):
        raise _not_an_export(path)
    if table.header[-3:] == ("Wartosc", "Jednostka miary", "Atrybut"):
        records = _crel_records(table, path.name)
    elif len(table.header) > 2 and all(_CTAB_COLUMN.fullmatch(name) for name in table.header[2:]):
        records = _ctab_records(table, path.name)
    else:
        raise _not_an_export(path)
    match = _SUBJECT.match(path.name)
    subject = match.group(1) if match else path.stem
    frame = pd.DataFrame(records, columns=["name", "unit", "teryt", "year", "value", "flag"])
    frame = frame.assign(indicator=[f"{subject}:{_slug(name)}" for name in frame["name"]])
    if not parts:
        is_part = frame["teryt"].str.len().eq(7) & frame["teryt"].str[-1].isin(list(_PART_KINDS))
        frame = frame.loc[~is_part]
    _require_unique(frame, path.name)
    exported = _EXPORTED.search(path.stem)
    return BdlExport(
        observations=frame[["indicator", "teryt", "year", "value", "flag"]].reset_index(drop=True),
        variables=frame[["indicator", "name", "unit"]].drop_duplicates(ignore_index=True),
        exported="-".join(exported.groups()) if exported else "",
        rows=len(table.rows),
    )


def write_context(source: Path, target: Path) -> FileRecord:
    """Write the structural context of Poland and the voivodeships from one CTAB export.

    Parameters
    ----------
    source
        The export; must hold the variables that ``catalogue/context.yaml`` names.
    target
        Folder of the dataset; receives ``observations.csv``, ``indicators.csv``, ``provenance.json``,
        ``README.md``.

    Raises
    ------
    DataError
        If a variable or one of the seventeen units is missing.
    """
    export = read_export(source)
    names = export.variables.set_index("indicator")["name"]
    codes = [region.teryt for region in (POLAND, *REGIONS)]
    rows: list[tuple[object, ...]] = []
    described: list[tuple[object, ...]] = []
    for variable in catalogue.context_variables():
        keys = names.index[names == variable.bdl_name]
        tidy = export.observations
        chosen = tidy.loc[tidy["indicator"].isin(keys) & tidy["teryt"].isin(codes)]
        if sorted(set(chosen["teryt"])) != codes:
            raise DataError(
                f"{source.name}: zmienna „{variable.bdl_name}” musi mieć wartości dla Polski i 16 "
                f"województw; znaleziono {chosen['teryt'].nunique()} z 17. Proszę pobrać eksport BDL "
                "ze wszystkimi województwami."
            )
        ordered = chosen.sort_values(["teryt", "year"])
        rows.extend(
            (variable.indicator, teryt, year, "" if pd.isna(value) else f"{value:.{variable.digits}f}", flag)
            for teryt, year, value, flag in zip(
                ordered["teryt"], ordered["year"], ordered["value"], ordered["flag"], strict=True
            )
        )
        described.append((variable.indicator, variable.name, variable.short, variable.unit, variable.digits, SOURCE))
    data = source.read_bytes()
    record = FileRecord(
        path=source.name,
        sha256=provenance.sha256(data),
        bytes=len(data),
        rows_in=export.rows,
        rows_out=len(rows),
        reader="bdl",
        source=SOURCE,
        date=export.exported,
    )
    about = {
        "dataset": "bdl_context",
        "title": "Tło strukturalne województw: ludność, urbanizacja, gęstość zaludnienia",
        "source": SOURCE,
        "licence": "GUS zezwala na ponowne wykorzystanie danych pod warunkiem podania źródła.",
        "synthetic": False,
    }
    columns = ("indicator", "teryt", "year", "value", "flag")
    atomic.write_text(target / "observations.csv", tabular.to_csv(columns, rows))
    fields = ("indicator", "name", "short", "unit", "digits", "source")
    atomic.write_text(target / "indicators.csv", tabular.to_csv(fields, described))
    atomic.write_text(target / "provenance.json", provenance.to_json([record], about=about))
    atomic.write_text(target / "README.md", _readme(record))
    return record


def _ctab_records(table: tabular.RawTable, file: str) -> list[tuple[str, str, str, int, float | None, str]]:
    columns = [match for name in table.header[2:] if (match := _CTAB_COLUMN.fullmatch(name))]
    records: list[tuple[str, str, str, int, float | None, str]] = []
    for row in table.rows:
        unit = _unit(row, file)
        _require_width(row, table, file)
        for column, text in zip(columns, row.cells[2:], strict=True):
            value, flag = _value(text, "", row.number, file)
            name, year = column["name"].strip(), int(column["year"])
            records.append((name, column["unit"], unit, year, value, flag))
    return records


def _crel_records(table: tabular.RawTable, file: str) -> list[tuple[str, str, str, int, float | None, str]]:
    records: list[tuple[str, str, str, int, float | None, str]] = []
    for row in table.rows:
        unit = _unit(row, file)
        _require_width(row, table, file)
        *dimensions, year, text, measure, attribute = row.cells[2:]
        if not re.fullmatch(r"(?:19|20)\d\d", year):
            raise DataError(f"{file}, wiersz {row.number}, kolumna „Rok”: „{year}” nie jest rokiem.")
        value, flag = _value(text, attribute.strip(), row.number, file)
        name = " - ".join(part.strip() for part in dimensions)
        records.append((name, measure, unit, int(year), value, flag))
    return records


def _value(text: str, attribute: str, row: int, file: str) -> tuple[float | None, str]:
    if attribute not in ATTRIBUTES:
        raise DataError(
            f"{file}, wiersz {row}, kolumna „Atrybut”: nieznany atrybut „{attribute}”. Znane: "
            f"{', '.join(symbol for symbol in ATTRIBUTES if symbol)}."
        )
    flag, keeps_value = ATTRIBUTES[attribute]
    if not keeps_value:
        return None, flag
    plain = text.strip().replace(",", ".")
    if plain in ("", "-"):
        return None, "not_published"
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", plain):
        raise DataError(f"{file}, wiersz {row}: „{text}” nie jest liczbą.")
    return float(plain), flag


def _unit(row: tabular.RawRow, file: str) -> str:
    """Return the TERYT code of the row's unit, or its BDL id where it has none."""
    code = row.cells[0].strip()
    try:
        return parse_teryt(code)
    except DataError:
        if re.fullmatch(r"\d{12}", code):
            return code
        raise DataError(
            f"{file}, wiersz {row.number}, kolumna „Kod”: „{code}” nie jest kodem TERYT ani identyfikatorem BDL."
        ) from None


def _require_width(row: tabular.RawRow, table: tabular.RawTable, file: str) -> None:
    if len(row.cells) != len(table.header):
        raise DataError(
            f"{file}, wiersz {row.number}: {len(row.cells)} komórek zamiast {len(table.header)}. Proszę "
            "pobrać eksport z BDL ponownie, bez otwierania go w arkuszu."
        )


def _require_unique(frame: pd.DataFrame, file: str) -> None:
    repeated = frame.loc[frame.duplicated(["indicator", "teryt", "year"])]
    if not repeated.empty:
        first = repeated.iloc[0]
        raise DataError(
            f"{file}: {len(repeated)} powtórzonych obserwacji, pierwsza: {first['indicator']}, jednostka "
            f"{first['teryt']}, rok {first['year']}."
        )


def _read(path: Path) -> tabular.RawTable:
    data = path.read_bytes()
    encoding = tabular.detect_encoding(data)
    if encoding != "UTF-8":
        raise DataError(f"{path.name}: oczekiwano kodowania UTF-8, znaleziono: {encoding}.")
    return tabular.parse(data.decode("utf-8-sig"))


def _not_an_export(path: Path) -> DataError:
    return DataError(
        f"{path.name}: plik nie jest eksportem BDL. Oczekiwano kolumn „Kod”, „Nazwa” i dalej „zmienna,rok,"
        "[jednostka]” (CTAB) albo „Rok”, „Wartosc”, „Jednostka miary”, „Atrybut” (CREL)."
    )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().translate(_PLAIN)).strip("-")


def _readme(record: FileRecord) -> str:
    return f"""# Tło strukturalne województw / Structural context of the voivodeships

Źródło: {SOURCE}, eksport z {record.date} (`{record.path}`).
GUS zezwala na ponowne wykorzystanie danych pod warunkiem podania źródła.

Population, urbanisation, density and change of population for Poland (`00`) and the 16 voivodeships, written
by `ropsanalysis.io.bdl`; same columns as `gus_sdg`. They weigh regions and find similar ones; they are not
assessed.
"""
