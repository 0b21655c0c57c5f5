"""Reads local plans of deinstitutionalisation, social service centres and children in foster care; all is public."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.project_cells import day, maybe_day, word_of, yes_no
from ropsanalysis.io.project_checks import doubt_future, of_card, of_projects, one_row, refuse_unknown, with_days
from ropsanalysis.io.project_units import Units
from ropsanalysis.io.social_numbers import as_decimal
from ropsanalysis.io.social_tables import (
    Cell,
    Parse,
    SocialTable,
    TableRead,
    Wrong,
    finished,
    number_of,
    read_table,
    text_of,
    voivodeship,
    year,
)
from ropsanalysis.project_monitoring.schema import (
    CARRIED_OUT,
    CUS_COLUMNS,
    FOSTER_COLUMNS,
    LPDI_COLUMNS,
    PLAN_EVIDENCE,
    SECTIONS,
)
from ropsanalysis.project_monitoring.social_services import half_digit
from ropsanalysis.regions import POLAND

LARGEST_SERVICES: Final = 500
TOTAL: Final = "total_children"
"""Optional column of foster care: the total as it was printed, such as "75,8 tys."."""

_THOUSANDS: Final = re.compile(r"\s*(?:tys\.?|tysi[ąa]ca|tysi[ęe]cy)$", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[+;,\s]+")
_LEFT_OUT: Final = "Datę pominięto, reszta wiersza zostaje. Proszę ją poprawić."


def read_plans(folder: Path, *, label: str, cards: pd.DataFrame, units: Units) -> TableRead:
    """Read ``plans.csv`` or ``plans.xlsx``: a row per local plan of deinstitutionalisation.

    Returns
    -------
    TableRead
        Table with the columns `LPDI_COLUMNS`, in the order of the file.
    """
    dates = ("adopted", "in_force_from", "in_force_to", "carried_out_day")
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "unit": text_of(required=True),
        "title": text_of(required=False),
        **dict.fromkeys(dates[:3], maybe_day),
        **dict.fromkeys(SECTIONS, yes_no),
        "evidence": word_of("plan_evidence", PLAN_EVIDENCE),
        "carried_out": word_of("carried_out", CARRIED_OUT),
        "carried_out_day": maybe_day,
    }
    read = read_table(folder, "plans", label=label, parse=parse, numbers=SECTIONS, prefix="PM")
    read = refuse_unknown(of_projects(read, cards), units)
    read = read.refuse(
        read.table.duplicated(), "PM-25", ["unit"], "wiersz powtarza inny wiersz",
        expected="jeden wiersz na plan", remedy="Proszę usunąć powtórzony wiersz.",
    )  # fmt: skip
    with_days(read, dates)
    for early, late, words in (
        ("in_force_from", "in_force_to", "plan przestał obowiązywać, zanim zaczął"),
        ("adopted", "carried_out_day", "plan realizowano, zanim go przyjęto"),
    ):
        wrong = read.table[late] < read.table[early]
        read.doubt(wrong, "PM-27", [early, late], words, expected="daty w kolejności", remedy=_LEFT_OUT)
        read.table[late] = read.table[late].mask(wrong)
    doubt_future(
        read, cards, ("adopted", "carried_out_day"),
        remedy="Wiersz zostaje, ale do dnia stanu danych plan się nie liczy. Proszę sprawdzić datę.",
    )  # fmt: skip
    table = read.table.assign(row=read.rows.astype("int64"), **{name: read.table[name] == 1 for name in SECTIONS})
    return finished(read, table[list(LPDI_COLUMNS)])


def read_centres(folder: Path, *, label: str, cards: pd.DataFrame, units: Units) -> TableRead:
    """Read ``centres.csv`` or ``centres.xlsx``: a row per social service centre.

    Returns
    -------
    TableRead
        Table with the columns `CUS_COLUMNS`; gminas are six-digit codes joined by "+", services int64.
    """
    parse: dict[str, Parse] = {
        "teryt": voivodeship,
        "centre": text_of(required=True),
        "name": text_of(required=True),
        "gminas": text_of(required=True),
        "opened": day,
        "closed": maybe_day,
        "services": number_of(low=0, high=LARGEST_SERVICES, whole=True),
    }
    read = read_table(folder, "centres", label=label, parse=parse, numbers=("services",), prefix="PM")
    read = of_projects(read, cards).without_repeated(("teryt", "centre"), expected="jeden wiersz na centrum")
    read = _gminas(read, units)
    with_days(read, ("opened", "closed"))
    wrong = read.table["closed"] < read.table["opened"]
    read.doubt(
        wrong, "PM-27", ["opened", "closed"], "centrum zamknięto, zanim je otwarto", expected="daty w kolejności",
        remedy=_LEFT_OUT,
    )  # fmt: skip
    read.table["closed"] = read.table["closed"].mask(wrong)
    doubt_future(
        read, cards, ("opened",),
        remedy="Wiersz zostaje, ale centrum liczy się jako jeszcze nieotwarte. Proszę sprawdzić datę.",
    )  # fmt: skip
    _doubt_shared(read, cards)
    return finished(read, read.table[list(CUS_COLUMNS)].astype({"services": "int64"}))


def _gminas(read: SocialTable, units: Units) -> SocialTable:
    """Return the centres all of whose gminas there are, in their voivodeship."""
    lines, codes, problems, elsewhere = [], [], [], []
    for text, teryt in zip(read.table["gminas"], read.table["teryt"], strict=True):
        found = [units.find(part, teryt) for part in _BETWEEN.split(text) if part]
        lines.append(text)
        codes.append("+".join(dict.fromkeys(unit.code for unit in found)))
        wrong = [unit.problem for unit in found if unit.problem]
        wrong += [f"{units.title(unit.code)} to nie gmina" for unit in found if len(unit.code) == 4]
        problems.append("; ".join(wrong))
        elsewhere.append(any(unit.elsewhere for unit in found))
    read.table["gminas"] = pd.Series(codes, dtype="str")
    read.table["_problem"], read.table["_elsewhere"] = (
        pd.Series(problems, dtype="str"),
        pd.Series(elsewhere, dtype=bool),
    )
    for problem in dict.fromkeys(problems):
        if not problem:
            continue
        rows = read.table["_problem"] == problem
        code = "PM-43" if read.table.loc[rows, "_elsewhere"].any() else "PM-40"
        read = read.refuse(
            rows, code, ["gminas"], problem, expected="kody gmin województwa, połączone znakiem „+”",
            remedy="Proszę poprawić kody.",
        )  # fmt: skip
    return SocialTable(
        read.table.drop(columns=["_problem", "_elsewhere"]), read.rows, read.notes, read.intake, read.prefix
    )


def _doubt_shared(read: SocialTable, cards: pd.DataFrame) -> None:
    """Warn of gminas that belong to two centres that are open on the day of the data."""
    as_of = of_card(read.table, cards, "as_of")
    is_open = (read.table["opened"] <= as_of) & (read.table["closed"].isna() | (read.table["closed"] > as_of))
    gminas = read.table.loc[is_open, "gminas"].str.split("+").explode()
    for code in sorted(gminas[gminas.duplicated()].unique()):
        read.doubt(
            read.table.index.to_series().isin(gminas.index[gminas == code]), "PM-41",
            ["gminas"], f"gmina {code} należy do kilku otwartych centrów", expected="każda gmina w jednym centrum",
            remedy="Gmina liczy się raz. Proszę sprawdzić listę gmin albo dzień zamknięcia centrum.", together=True,
        )  # fmt: skip


def read_foster_care(folder: Path, *, label: str, last_year: int) -> TableRead:
    """Read ``foster_care.csv`` or ``foster_care.xlsx``: children in foster care at the end of a year.

    Parameters
    ----------
    last_year
        Last year that any project's data reach; rows of later ones are set aside.

    Returns
    -------
    TableRead
        Table with the columns `FOSTER_COLUMNS`, sorted: year int64, numbers float64, total_printed NaN if none was.
    """
    parse: dict[str, Parse] = {
        "teryt": _region,
        "year": year,
        "family": number_of(low=0, whole=True),
        "institutional": number_of(low=0, whole=True),
        TOTAL: _printed,
        "source": text_of(required=False),
    }
    numbers = ("year", "family", "institutional", TOTAL)
    read = read_table(
        folder, "foster_care", label=label, parse=parse, numbers=numbers, prefix="PM", optional=(TOTAL,)
    )  # fmt: skip
    read = read.without_repeated(("teryt", "year"), expected="jeden wiersz na województwo i rok")
    read = read.refuse(
        read.table["year"] > last_year, "PM-26", ["year"], f"rok po dniu, na który są dane ({last_year})",
        expected=f"rok do {last_year}", remedy="Proszę poprawić rok.",
    )  # fmt: skip
    both = read.table["family"] + read.table["institutional"]
    for position, (whole, printed) in enumerate(zip(both, read.table[TOTAL], strict=True)):
        if not np.isnan(printed) and abs(whole - printed) > half_digit(printed):
            family, institutional = read.table[["family", "institutional"]].iloc[position]
            read.doubt(
                one_row(read, position), "PM-42", ["family", "institutional", TOTAL],
                f"rodzinna {family:.0f} + instytucjonalna {institutional:.0f} = {whole:.0f}, podano {printed:.0f}",
                expected=f"różnica do {half_digit(printed):g}, bo tyle może wynieść zaokrąglenie".replace(".", ","),
                remedy="Wiersz zostaje, raport pokaże różnicę. Proszę sprawdzić liczby w źródle.",
            )  # fmt: skip
    table = read.table.rename(columns={TOTAL: "total_printed"}).assign(step=1.0)[list(FOSTER_COLUMNS)]
    return finished(read, table.astype({"year": "int64"}).sort_values(["teryt", "year"], ignore_index=True))


def _region(text: str) -> Cell | Wrong:
    if text in {POLAND.teryt, "0"} or text.casefold() == POLAND.name.casefold():
        return POLAND.teryt
    return voivodeship(text)


def _printed(text: str) -> Cell | Wrong:
    """Read a total as it was printed, in thousands too."""
    if not text:
        return np.nan
    plain = as_decimal(_THOUSANDS.sub("", text))
    if plain is None or plain.startswith("-"):
        return Wrong("PM-38", "liczba dzieci tak, jak ją podano, np. 75,8 tys.")
    return float(Decimal(plain) * (1000 if _THOUSANDS.search(text) else 1))
