"""Reads what support centres of the social economy (OWES) report: a row per centre and year."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ropsanalysis.io.social_tables import (
    SocialTable,
    TableRead,
    finished,
    number_of,
    read_table,
    text_of,
    voivodeship,
    year,
)
from ropsanalysis.social_economy.schema import SUPPORT_COLUMNS

LASTING: Final = {"jobs_after_12m": 1, "jobs_after_24m": 2}
"""Years that must have passed since the year in which jobs were created before it is known which of them lasted."""

_NUMBERS: Final = SUPPORT_COLUMNS[4:]
_KEY: Final = ("owes", "year")


def read_support(folder: Path, *, label: str, last_year: int | None) -> TableRead:
    """Read ``support.csv`` or ``support.xlsx``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.
    last_year
        Last year that the registers describe; None where there are none, so that it cannot be told what is in the
        future.

    Returns
    -------
    TableRead
        Table with the columns `SUPPORT_COLUMNS`; year is int64, numbers are float64, jobs that lasted are NaN where
        it is too early to tell or nobody counted.
    """
    count = number_of(low=0, whole=True)
    parse = {
        "owes": text_of(required=True),
        "name": text_of(required=True),
        "teryt": voivodeship,
        "subregion": text_of(required=False),
        "year": year,
        "advice_hours": number_of(low=0),
        "jobs_created": count,
        **dict.fromkeys(LASTING, number_of(low=0, whole=True, required=False)),
        "enterprises_created": count,
        "cost_pln": number_of(above=0, amounts=True),
    }
    read = read_table(folder, "support", label=label, parse=parse, numbers=_NUMBERS)
    read = read.without_repeated(_KEY, expected="jeden wiersz na ośrodek i rok")
    read = _contradictory(_of_one_voivodeship(read))
    if last_year is not None:
        read = _future(read, last_year)
    return finished(read, read.table[list(SUPPORT_COLUMNS)].astype({"year": "int64"}))


def _contradictory(read: SocialTable) -> SocialTable:
    for name in LASTING:
        read = read.refuse(
            read.table[name] > read.table["jobs_created"], "ES-30", [name],
            "więcej miejsc pracy utrzymanych niż utworzonych", expected="nie więcej niż jobs_created",
            remedy="Proszę sprawdzić obie liczby.",
        )  # fmt: skip
    return read.refuse(
        read.table["jobs_after_24m"] > read.table["jobs_after_12m"], "ES-30", list(LASTING),
        "po 24 miesiącach więcej miejsc pracy niż po 12", expected="nie więcej niż jobs_after_12m",
        remedy="Proszę sprawdzić obie liczby.",
    )  # fmt: skip


def _of_one_voivodeship(read: SocialTable) -> SocialTable:
    newest = read.table.sort_values("year", kind="stable").drop_duplicates("owes", keep="last")
    wrong = read.table["teryt"] != read.table["owes"].map(newest.set_index("owes")["teryt"])
    return read.refuse(
        wrong, "ES-30", ["owes", "teryt"], "ten sam ośrodek w innym województwie niż w najnowszym wierszu",
        expected="jeden ośrodek w jednym województwie", remedy="Proszę poprawić województwo albo klucz ośrodka.",
    )  # fmt: skip


def _future(read: SocialTable, last_year: int) -> SocialTable:
    read = read.refuse(
        read.table["year"] > last_year, "ES-26", ["year"], "rok późniejszy niż dzień, na który podano rejestry",
        expected=f"rok do {last_year}", remedy="Proszę poprawić rok albo dostarczyć nowsze rejestry.",
    )  # fmt: skip
    for name, years in LASTING.items():
        early = read.table[name].notna() & (read.table["year"] + years > last_year)
        read.doubt(
            early, "ES-30", [name], "te miesiące jeszcze nie minęły",
            expected=f"pusta komórka dla roku późniejszego niż {last_year - years}",
            remedy="Liczbę pominięto, reszta wiersza zostaje.",
        )  # fmt: skip
        read.table.loc[early, name] = float("nan")
    return read
