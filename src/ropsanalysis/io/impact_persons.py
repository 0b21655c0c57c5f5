"""Checks of a panel that need all rows of a person: one group, one entry, one row per wave, answers that agree.

A person who contradicts herself where nothing can be mended is set aside as a whole. Findings name rows, no person.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.io.impact_answers import LEFT_OUT
from ropsanalysis.io.social_rows import RowLog, Rows

AGE: Final = (15, 100)
WORKING_AGE: Final = 13
"""Age, in years, from which on months without work may be counted."""
LONGEST_MONTHS: Final = 720
LONGEST_WEEK: Final = 80
"""Most hours of work in a week."""
AGEING: Final = 5
"""Years by which a person may be older in a later wave than at entry."""
WAVE_MONTHS: Final = {"m6": 6, "m12": 12}
"""Months from the exit to a wave."""
TRAITS: Final = ("sex", "age", "disability", "months_out_of_work")
"""What is told of a person as at entry."""

_ENTRY_TAKEN: Final = "Przyjęto wartość z wejścia. Proszę sprawdzić oba wiersze."


def check_persons(table: pd.DataFrame, days: NDArray[np.datetime64] | None, log: RowLog) -> pd.DataFrame:
    """Return the table with what could be mended; `log` then says which rows are accepted.

    Parameters
    ----------
    table
        All rows, columns of the schema; nothing is dropped.
    days
        Day of each row; None where the file has none.
    """
    _refuse_divided(table, log)
    _refuse_repeated(table, log)
    _refuse_without_entry(table, log)
    if days is not None:
        _refuse_early(table, days, log)
    table = _as_at_entry(table, log)
    table = _possible(table, log)
    table = _months_to_work(table, log)
    _refuse_unplaced(table, log)
    return table


def lacking_comparison(table: pd.DataFrame) -> list[str]:
    """Return the voivodeships that have participants but nobody to compare them with."""
    groups = {group: set(table.loc[table["group"] == group, "teryt"]) for group in ("participant", "comparison")}
    return sorted(groups["participant"] - groups["comparison"])


def _several(table: pd.DataFrame, name: str, log: RowLog) -> Rows:
    """Return the rows of persons with more than one value of a column."""
    accepted = table[log.kept]
    pairs = accepted[["person", name]].drop_duplicates()
    divided = pairs.loc[pairs["person"].duplicated(), "person"]
    return table["person"].isin(divided).to_numpy()


def _refuse_divided(table: pd.DataFrame, log: RowLog) -> None:
    log.refuse(
        _several(table, "group", log), "IM-12", ["person", "group"], "ta sama osoba w obu grupach",
        expected="osoba albo wśród uczestników, albo w grupie porównawczej",
        remedy="Dotyczy to wszystkich wierszy osoby. Proszę sprawdzić jej grupę albo klucz osoby.", together=True,
    )  # fmt: skip
    log.refuse(
        _several(table, "teryt", log), "IM-15", ["person", "teryt"], "ta sama osoba w różnych województwach",
        expected="jedno województwo we wszystkich falach",
        remedy="Dotyczy to wszystkich wierszy osoby: mogą to być dwie osoby. Proszę sprawdzić województwo i klucz.",
        together=True,
    )  # fmt: skip


def _refuse_repeated(table: pd.DataFrame, log: RowLog) -> None:
    """Of equal rows keep the first; of rows that differ none, since none is more credible than the others."""
    copies, repeated = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    accepted = table[log.kept]
    copies[accepted.index[accepted.duplicated()]] = True
    log.refuse(copies, "IM-14", ["person", "wave"], "wiersz powtarza inny wiersz tej osoby",
               expected="jeden wiersz na osobę i falę", remedy="Proszę usunąć powtórzony wiersz.")  # fmt: skip
    accepted = table[log.kept]
    repeated[accepted.index[accepted.duplicated(["person", "wave"], keep=False)]] = True
    log.refuse(repeated, "IM-14", ["person", "wave"], "osoba ma w tej fali kilka różnych wierszy",
               expected="jeden wiersz na osobę i falę",
               remedy="Żadnego z nich nie użyto. Proszę zostawić poprawny.")  # fmt: skip


def _refuse_without_entry(table: pd.DataFrame, log: RowLog) -> None:
    entered = table.loc[log.kept & (table["wave"] == "entry").to_numpy(), "person"]
    log.refuse(
        ~table["person"].isin(entered).to_numpy(), "IM-13", ["person", "wave"], "brak pomiaru tej osoby na wejściu",
        expected="wiersz fali entry dla każdej osoby",
        remedy="Bez niego nie wiadomo, co się zmieniło. Proszę dopisać pomiar na wejściu.", together=True,
    )  # fmt: skip


def _refuse_early(table: pd.DataFrame, days: NDArray[np.datetime64], log: RowLog) -> None:
    entry = (table["wave"] == "entry").to_numpy() & log.kept
    first = pd.Series(days[entry], index=table.loc[entry, "person"].to_numpy())
    begun = table["person"].map(first).to_numpy().astype("datetime64[D]")
    log.refuse(
        ~entry & (days < begun), "IM-13", ["wave", "date"], "fala wcześniejsza niż wejście tej osoby",
        expected="data nie wcześniejsza niż data wejścia", remedy="Proszę sprawdzić falę i obie daty.", together=True,
    )  # fmt: skip


def _at_entry(table: pd.DataFrame, name: str, log: RowLog) -> pd.Series:
    """Return for each row what stands in the row of entry of its person."""
    entry = table[log.kept & (table["wave"] == "entry").to_numpy()]
    return table["person"].map(entry.set_index("person")[name])


def _as_at_entry(table: pd.DataFrame, log: RowLog) -> pd.DataFrame:
    """Return the table with place, kind of support and traits of each person as they were at entry."""
    told = {name: _at_entry(table, name, log) for name in ("entity", "kind", *TRAITS)}
    for name, words in (("entity", "inny podmiot niż na wejściu"), ("kind", "inny rodzaj wsparcia niż na wejściu")):
        moved = (table[name] != "") & (told[name] != table[name])
        log.doubt(
            moved.to_numpy(), "IM-15", [name], words, expected="ten sam we wszystkich falach", remedy=_ENTRY_TAKEN
        )
    other = (table["sex"] != "") & (told["sex"] != "") & (told["sex"] != table["sex"])
    log.doubt(other.to_numpy(), "IM-24", ["sex"], "inna płeć niż na wejściu", expected="ta sama we wszystkich falach",
              remedy=_ENTRY_TAKEN)  # fmt: skip
    first = told["age"].where(told["age"].between(*AGE))  # an age that cannot be is told once, at entry
    older = (table["age"] < first) | (table["age"] > first + AGEING)
    log.doubt(older.to_numpy(), "IM-24", ["age"], "wiek niezgodny z wiekiem na wejściu",
              expected=f"od tego samego wieku do {AGEING} lat więcej", remedy=_ENTRY_TAKEN)  # fmt: skip
    # Rows that were set aside may have no entry; they keep what they had.
    return table.assign(**{name: values.where(log.kept, table[name]) for name, values in told.items()})


def _possible(table: pd.DataFrame, log: RowLog) -> pd.DataFrame:
    """Return the table without ages, months and hours that cannot be."""
    age, months, hours = table["age"], table["months_out_of_work"], table["hours"]
    odd_age = age.notna() & ~age.between(*AGE)
    odd_months = months.notna() & (
        ~months.between(0, LONGEST_MONTHS) | (months > 12 * (age.where(~odd_age) - WORKING_AGE))
    )
    entry = (table["wave"] == "entry").to_numpy()  # the other waves repeat it
    log.doubt(odd_age.to_numpy() & entry, "IM-18", ["age"], "niemożliwy wiek",
              expected=f"liczba lat od {AGE[0]} do {AGE[1]}", remedy=LEFT_OUT)  # fmt: skip
    log.doubt(odd_months.to_numpy() & entry, "IM-18", ["months_out_of_work"], "niemożliwa liczba miesięcy bez pracy",
              expected="liczba od 0, nie większa niż wiek na to pozwala", remedy=LEFT_OUT)  # fmt: skip
    odd_hours = hours.notna() & ~hours.between(0, LONGEST_WEEK)
    log.doubt(odd_hours.to_numpy(), "IM-19", ["hours"], "niemożliwa liczba godzin pracy",
              expected=f"liczba godzin w tygodniu od 0 do {LONGEST_WEEK}", remedy=LEFT_OUT)  # fmt: skip
    idle = (table["work"] == 0) & (hours > 0) & ~odd_hours
    log.doubt(idle.to_numpy(), "IM-19", ["work", "hours"], "godziny pracy u osoby, która nie pracuje",
              expected="0 godzin albo pusta komórka", remedy=LEFT_OUT)  # fmt: skip
    known = hours.mask(odd_hours | idle)
    # Who does not work, works no hour: no answer is needed.
    return table.assign(
        age=age.mask(odd_age),
        months_out_of_work=months.mask(odd_months),
        hours=known.mask((table["work"] == 0) & hours.isna(), 0.0),
    )


def _months_to_work(table: pd.DataFrame, log: RowLog) -> pd.DataFrame:
    """Return the table with months to the first job only where they can be known, the same in both waves."""
    months, wave = table["months_to_work"], table["wave"]
    limit = wave.map(WAVE_MONTHS)
    early = months.notna() & limit.isna()
    log.doubt(early.to_numpy(), "IM-22", ["months_to_work"], "czas do pracy podany, zanim można go znać",
              expected="pusta komórka w falach entry i exit", remedy=LEFT_OUT)  # fmt: skip
    odd = months.notna() & ~early & ((months < 0) | (months > limit) | (months != np.floor(months)))
    log.doubt(odd.to_numpy(), "IM-22", ["months_to_work"], "niemożliwy czas do pracy",
              expected="pełne miesiące od wyjścia do tej fali", remedy=LEFT_OUT)  # fmt: skip
    months = months.mask(early | odd)
    table = table.assign(months_to_work=months)
    first = table[log.kept & (wave == "m6").to_numpy() & months.notna().to_numpy()]
    before = table["person"].map(first.set_index("person")["months_to_work"])
    later = (wave == "m12") & before.notna()
    other = later & months.notna() & (months != before)
    log.doubt(other.to_numpy(), "IM-22", ["months_to_work"], "inny czas do pierwszej pracy niż w fali m6",
              expected="ten sam w obu falach", remedy="Przyjęto wartość z fali m6. Proszę sprawdzić oba wiersze.",
    )  # fmt: skip
    months = months.where(~later, before)
    if months.notna().any():  # else nobody was asked
        silent = (table["work"] == 1) & limit.notna() & months.isna() & ~odd
        log.doubt(silent.to_numpy(), "IM-22", ["work", "months_to_work"], "osoba pracuje, a czasu do pracy nie podano",
                  expected="liczba miesięcy od wyjścia do pierwszej pracy",
                  remedy="Wiersz zostaje, lecz czas do pracy jest nieznany. Proszę go dopisać.")  # fmt: skip
    return table.assign(months_to_work=months)


def _refuse_unplaced(table: pd.DataFrame, log: RowLog) -> None:
    """Refuse persons without entity, and participants without kind of support."""
    participant = (table["group"] == "participant").to_numpy()
    log.refuse((table["entity"] == "").to_numpy(), "IM-28", ["entity"], "brak podmiotu na wejściu",
               expected="klucz podmiotu albo urzędu", remedy="Proszę go dopisać.")  # fmt: skip
    log.refuse(participant & (table["kind"] == "").to_numpy(), "IM-17", ["kind"], "uczestnik bez rodzaju wsparcia",
               expected="rodzaj wsparcia na wejściu", remedy="Proszę go dopisać.")  # fmt: skip
