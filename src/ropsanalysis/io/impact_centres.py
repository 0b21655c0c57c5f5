"""Reads the panel of gminas: a row per gmina and year, with the year in which its social service centre (CUS) opened.

What gminas report is public, so findings name the value.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.findings import Finding
from ropsanalysis.io.gminas import Gminas
from ropsanalysis.io.social_tables import (
    Cell,
    Parse,
    SocialTable,
    TableRead,
    Wrong,
    finished,
    number_of,
    read_table,
    year,
)
from ropsanalysis.regions import POLAND, by_teryt
from ropsanalysis.social_impact.schema import CENTRE_OUTCOMES, JST_COLUMNS

LARGEST_RATE: Final = 10_000
"""More persons per 10 thousand inhabitants there cannot be."""

_NUMBERS: Final = JST_COLUMNS[1:]
_NONE: Final = frozenset({"", "-", "–", "—", "brak", "nie ma"})


def read_centres(folder: Path, *, label: str, units: pd.DataFrame) -> TableRead:
    """Read ``jst.csv`` or ``jst.xlsx``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    units
        Territorial units: teryt, level, name, parent, kind.

    Returns
    -------
    TableRead
        Table with the columns `JST_COLUMNS`, by gmina and year; year is int64, opened and rates are float64. Where
        opened stands in some rows of a gmina only, it is put into the others.
    """
    rate = number_of(low=0, high=LARGEST_RATE, required=False)
    parse = {"teryt": _gmina(units), "year": year, "opened": _opened, **dict.fromkeys(CENTRE_OUTCOMES, rate)}
    read = read_table(folder, "jst", label=label, parse=parse, numbers=_NUMBERS, prefix="IM")
    read = read.without_repeated(("teryt", "year"), expected="jeden wiersz na gminę i rok")
    read = _of_one_opening(read)
    _doubt_outside(read)
    _doubt_gaps(read)
    table = read.table[list(JST_COLUMNS)].sort_values(["teryt", "year"], ignore_index=True)
    done = finished(read, table.astype({"year": "int64"}))
    findings = (*done.findings, *_about_openings(table, read.intake.file), *_emptied(read))
    return TableRead(done.table, done.rejected, findings, done.files)


def _gmina(units: pd.DataFrame) -> Parse:
    gminas = Gminas.of(units)
    known: dict[str, Cell | Wrong] = {}

    def parse(text: str) -> Cell | Wrong:
        if text not in known:
            place = gminas.by_codes([text])[0]
            remedy = f"Wiersz odłożono: {place.problem}. Proszę poprawić kod."
            known[text] = place.teryt or Wrong("IM-40", "kod gminy: 6 albo 7 cyfr", remedy)
        return known[text]

    return parse


def _opened(text: str) -> Cell | Wrong:
    """Read the year of an opening; nothing where there is no centre."""
    if text.casefold() in _NONE:
        return float("nan")
    found = year(text)
    if isinstance(found, Wrong):
        return Wrong(found.code, f"{found.expected} albo pusta komórka", found.remedy)
    return found


def _of_one_opening(read: SocialTable) -> SocialTable:
    years = read.table.groupby("teryt")["opened"]
    read = read.refuse(
        years.transform("nunique") > 1, "IM-27", ["teryt", "opened"],
        "w wierszach gminy są różne lata otwarcia centrum", expected="ten sam rok we wszystkich wierszach gminy",
        remedy="Nie użyto żadnego wiersza tej gminy. Proszę wpisać właściwy rok.",
    )  # fmt: skip
    first = read.table.groupby("teryt")["opened"].transform("first")
    read.doubt(
        read.table["opened"].isna() & first.notna() & ~read.table.duplicated("teryt"), "IM-27", ["teryt", "opened"],
        "roku otwarcia centrum nie ma we wszystkich wierszach gminy", expected="ten sam rok we wszystkich wierszach",
        remedy="Rok wpisano do pozostałych wierszy gminy. Proszę uzupełnić plik.",
    )  # fmt: skip
    read.table["opened"] = first
    return read


def _doubt_outside(read: SocialTable) -> None:
    table = read.table
    if table.empty:
        return
    first, last = int(table["year"].min()), int(table["year"].max())
    once = ~table.duplicated("teryt")
    read.doubt(
        once & (table["opened"] > last), "IM-26", ["opened"], "rok otwarcia centrum po ostatnim roku danych",
        expected=f"rok do {last} albo pusta komórka",
        remedy="W tych latach gmina liczy się jako jeszcze bez centrum. Proszę sprawdzić rok.",
    )  # fmt: skip
    read.doubt(
        once & (table["opened"] <= first), "IM-26", ["opened"],
        "rok otwarcia centrum nie później niż pierwszy rok danych", expected=f"rok od {first + 1}",
        remedy="Bez roku sprzed otwarcia wpływu centrum w tej gminie nie da się oszacować. Proszę sprawdzić rok albo "
        "dostarczyć wcześniejsze lata.",
    )  # fmt: skip


def _doubt_gaps(read: SocialTable) -> None:
    table = read.table
    years = table["year"].nunique()
    seen = table.groupby("teryt")["year"].transform("size")
    read.doubt(
        (seen < years) & ~table.duplicated("teryt"), "IM-30", ["teryt", "year"],
        "gmina nie ma wiersza w każdym roku, który jest w pliku", expected=f"liczba lat: {years}",
        remedy="Gmina zostaje, ale z lat, których brak, nic nie wiadomo. Proszę dopisać wiersze.",
    )  # fmt: skip


def _about_openings(table: pd.DataFrame, file: str) -> list[Finding]:
    """Return findings on voivodeships, and Poland, whose centres all opened in one year."""
    gminas = table.drop_duplicates("teryt")
    whole = [(POLAND.teryt, gminas), *((str(code), rows) for code, rows in gminas.groupby(gminas["teryt"].str[:2]))]
    found = []
    for code, rows in whole:
        opened = rows["opened"].dropna()
        if len(opened) < 2 or opened.min() != opened.max():
            continue
        if len(opened) < len(rows):
            remedy = "Wpływ da się oszacować tylko w porównaniu z gminami, które nigdy nie otworzyły centrum."
        else:
            remedy = "Wszystkie gminy mają centrum od tego samego roku, więc wpływu nie da się oszacować."
        place = "Polska" if code == POLAND.teryt else f"województwo {by_teryt(code).name}"
        found.append(
            Finding("IM-29", "warning", file, None, "opened",
                    f"{place}: wszystkie centra ({len(opened)}) otwarto w roku {int(opened.iloc[0])}",
                    "otwarcia w różnych latach albo gminy bez centrum",
                    f"{remedy} Proszę sprawdzić, czy to lata otwarcia, a nie np. rok sprawozdania.")
        )  # fmt: skip
    return found


def _emptied(read: SocialTable) -> list[Finding]:
    if not read.intake.table or len(read.table):
        return []
    return [
        Finding("IM-04", "blocking", read.intake.file, None, "", "żadnego wiersza nie można użyć",
                "co najmniej jedna gmina", "Proszę sprawdzić pozostałe uwagi do tego pliku.")
    ]  # fmt: skip


def empty_centres() -> pd.DataFrame:
    """Return a panel of gminas without rows."""
    types = {"teryt": "str", "year": "int64"}
    return pd.DataFrame({name: pd.Series(dtype=types.get(name, np.float64)) for name in JST_COLUMNS})
