"""Understands the cells of the tables of cooperation: words in Polish or as keys, units, pilots, yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.gminas import Gminas
from ropsanalysis.io.person_keys import person_pseudonym
from ropsanalysis.io.project_catalogue import labels, sectors
from ropsanalysis.io.row_notes import LIMIT
from ropsanalysis.io.social_tables import Cell, Parse, SocialTable, Wrong, day_of

DAY: Final = "CO-09"
"""Check of a day that cannot be read."""
FUTURE: Final = "CO-26"
YES, NO, SILENT = "1", "0", ""
LEFT_OUT: Final = "Wartość pominięto, reszta wiersza zostaje. Proszę ją sprawdzić i poprawić."

_REMEDY: Final = "Wiersz odłożono. Proszę poprawić wartość."
_YES_NO: Final = {YES: ("1", "tak", "yes", "true", "t"), NO: ("0", "nie", "no", "false", "n")}
_ALIASES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "level": {"gmina": ("gminny", "miasto"), "powiat": ("powiatowy",), "region": ("wojewódzki", "regionalny")},
    "role": {"animator": ("OPS",), "inspirer": ("inspirator", "inspiratorka", "ROPS"), "partner": ("partnerka",)},
    "wave": {"before": ("przed",), "after": ("po", "w trakcie")},
    "outcome": {
        "success": ("sukces", "powodzenie", "zakończona sukcesem", "zakończona"),
        "partial": ("częściowo", "częściowy sukces", "częściowe powodzenie"),
        "interrupted": ("przerwana", "przerwane", "rezygnacja"),
        "ongoing": ("trwa", "w toku"),
    },
    "followup": {
        "": ("brak", "nie", "nie sprawdzano"),
        "kept": ("utrzymana", "trwała"),
        "lost": ("nieutrzymana", "utracona"),
    },
    "coaching_kind": {"individual": ("indywidualnie",), "group": ("grupowo", "grupa")},
}
"""Spellings besides the keys and the labels of the catalogue."""


def word_of(question: str, *, code: str = "CO-24") -> Parse:
    """Return a reader of a word of a vocabulary, by its key, label or another spelling; "" where that is an option."""
    aliases = _ALIASES.get(question, {})
    return _word({key: (label, *aliases.get(key, ())) for key, label in labels(question).items()}, code)


def sector_of() -> Parse:
    """Return a reader of a sector, by its key, name or another spelling."""
    return _word({entry.key: (entry.name, entry.short, *entry.aliases) for entry in sectors()}, "CO-22")


def yes_no(text: str) -> Cell | Wrong:
    """Read yes or no; an empty cell stays empty."""
    if not text:
        return SILENT
    word = normalise(text)
    key = next((key for key, words in _YES_NO.items() if word in words), None)
    return key if key is not None else Wrong("CO-24", "tak albo nie")


def day(*, required: bool = False) -> Parse:
    """Return a reader of days."""
    return day_of(code=DAY, required=required)


def unit_of(units: pd.DataFrame, *, regions: bool) -> Parse:
    """Return a reader of the code of a gmina or powiat.

    Parameters
    ----------
    units
        Territorial units: teryt, level, name, parent, kind.
    regions
        Whether an empty cell and the code of a voivodeship will do as well, as for partners that work in all of it.
    """
    gminas = Gminas.of(units)
    codes = {level: set(units.loc[units["level"] == level, "teryt"]) for level in ("powiat", "voivodeship")}
    expected = "kod gminy (6 albo 7 cyfr) albo powiatu (4 cyfry)"

    def parse(text: str) -> Cell | Wrong:
        digits = re.sub(r"\D", "", text)
        if not text and regions:
            return ""
        whole = digits.zfill(4) if len(digits) == 3 else digits
        if whole in codes["powiat"] or (regions and whole in codes["voivodeship"]):
            return whole
        place = gminas.by_codes([text])[0]
        if place.teryt:
            return place.teryt
        found = "brak kodu jednostki" if not text else f"kodu „{text[:20]}” nie ma w wykazie jednostek"
        return Wrong("CO-40", expected, f"Wiersz odłożono: {found}. Proszę poprawić kod.")

    return parse


def with_days(read: SocialTable, names: Sequence[str]) -> SocialTable:
    """Return the table with days as datetime64[s], NaT where there is none."""
    table = read.table.assign(**{name: to_days(read.table[name]) for name in names})
    return replace(read, table=table)


def to_days(texts: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """Return ISO texts as days, NaT for an empty text."""
    return pd.to_datetime(texts.where(texts != ""), format="%Y-%m-%d").astype("datetime64[s]")


def with_yes_no(read: SocialTable, names: Sequence[str]) -> SocialTable:
    """Return the table with yes and no as bool; an empty cell counts as no, with a warning."""
    for name in names:
        read.doubt(
            read.table[name] == SILENT, "CO-24", [name], "pusta komórka", expected="tak albo nie",
            remedy="Przyjęto „nie”. Proszę wpisać tak albo nie.", together=True,
        )  # fmt: skip
    return replace(read, table=read.table.assign(**{name: read.table[name] == YES for name in names}))


def of_pilots(read: SocialTable, pilots: pd.DataFrame) -> SocialTable:
    """Return the table without rows of pilots that are not in the table of pilots."""
    known = list(pilots["pilot"])
    if not known:  # what is wrong is then told of the pilots, not of each row of the other files
        return replace(read, table=read.table.iloc[:0], rows=read.rows.iloc[:0])
    strange = sorted(set(read.table["pilot"]) - set(known))
    told = [] if read.confidential else strange[:LIMIT]
    groups = [*((f" „{key[:40]}”", [key]) for key in told), ("", strange[len(told) :])]
    for shown, keys in groups:
        near = suggest(keys[0], known) if shown else ""
        read = read.refuse(
            read.table["pilot"].isin(keys), "CO-08", ["pilot"], f"pilotaż{shown} spoza pliku pilots albo odłożony",
            expected="klucz pilotażu z pliku pilots",
            remedy=f"Proszę poprawić klucz albo wiersz pilotażu. {near}".strip(), together=True,
        )  # fmt: skip
    return read


def with_pseudonyms(read: SocialTable, name: str, key: bytes, *, within_pilot: bool) -> SocialTable:
    """Return the table with keyed pseudonyms in a column of keys; a key without a letter or digit refuses its row."""
    table = read.table
    hidden = [
        person_pseudonym(text, key, within=pilot if within_pilot else "")
        for text, pilot in zip(table[name], table["pilot"], strict=True)
    ]
    read = replace(read, table=table.assign(**{name: pd.Series(hidden, index=table.index, dtype="str")}))
    return read.refuse(
        read.table[name] == "", "CO-28", [name], "brak klucza", expected="klucz bez danych, które wskazują osobę",
        remedy="Proszę wpisać klucz.",
    )  # fmt: skip


def last_days(read: SocialTable, pilots: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Return for each row the last day that the data of its pilot describe."""
    known = pilots.set_index("pilot")["as_of"].reindex(read.table["pilot"])
    return known.set_axis(read.table.index)


def not_in_future(read: SocialTable, name: str, pilots: pd.DataFrame) -> SocialTable:
    """Return the table without rows whose day is later than the last day of the pilot's data."""
    return read.refuse(
        read.table[name] > last_days(read, pilots), FUTURE, [name], "data późniejsza niż dzień stanu danych pilotażu",
        expected="data nie późniejsza niż „as_of” w pliku pilots",
        remedy="Proszę poprawić datę albo dzień stanu danych.",
    )  # fmt: skip


def refused_in(read: SocialTable, rows: Collection[int], place_of: Callable[[Mapping[str, str]], str]) -> list[str]:
    """Return the voivodeship of each refused row, "" where it does not tell its own.

    Parameters
    ----------
    rows
        Numbers of the refused rows.
    place_of
        Gives the voivodeship of the cells of a row.
    """
    table = read.intake.table
    if table is None:
        return []
    cells = {row.number: dict(zip(table.header, map(str.strip, row.cells), strict=False)) for row in table.rows}
    return [place_of(cells[number]) for number in sorted(rows)]


def _word(terms: Mapping[str, Sequence[str]], code: str) -> Parse:
    spellings = {normalise(word): key for key, words in terms.items() for word in (key, *words)}
    listed = [word for key, words in terms.items() for word in (key, *words) if word]
    keys = ", ".join(filter(None, terms))
    expected = f"jedno ze słów: {keys}" + (" albo pusta komórka" if "" in terms else "") + ", albo polska nazwa"

    def parse(text: str) -> Cell | Wrong:
        key = spellings.get(normalise(text)) if text or "" in terms else None
        if key is not None:
            return key
        return Wrong(code, expected, f"{_REMEDY} {suggest(text, listed)}".strip())

    return parse
