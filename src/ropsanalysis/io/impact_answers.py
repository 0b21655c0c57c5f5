"""Understands the columns of a panel of persons: closed lists, yes and no, numbers, scales.

Each distinct answer is read once, however many rows hold it. What cannot be read is left out with a warning that names
rows and columns, never the answer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.io import answers
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.days import parse_day
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.social_numbers import PERCENTAGE, UNREADABLE, read_numbers
from ropsanalysis.io.social_rows import RowLog
from ropsanalysis.io.surveys import Column
from ropsanalysis.regions import REGIONS

GROUPS: Final = {
    "participant": "participant", "uczestnik": "participant", "uczestnicy": "participant",
    "comparison": "comparison", "porownawcza": "comparison", "grupa porownawcza": "comparison",
}  # fmt: skip
WAVES: Final = {
    "entry": "entry", "wejscie": "entry", "exit": "exit", "wyjscie": "exit",
    "m6": "m6", "6 miesiecy": "m6", "m12": "m12", "12 miesiecy": "m12",
}  # fmt: skip
KINDS: Final = {
    "cis": "cis", "kis": "kis", "zaz": "zaz", "wtz": "wtz", "ps": "ps", "przedsiebiorstwo spoleczne": "ps",
    "other": "other", "inne": "other",
}  # fmt: skip
INCOME_SOURCES: Final = {
    "work": "work", "praca": "work", "benefit": "benefit", "zasilek": "benefit", "swiadczenie": "benefit",
    "pension": "pension", "emerytura": "pension", "renta": "pension", "family": "family", "rodzina": "family",
    "other": "other", "inne": "other", "none": "none", "bez dochodu": "none",
}  # fmt: skip
SEXES: Final = {
    "female": "female", "kobieta": "female", "k": "female", "male": "male", "mezczyzna": "male", "m": "male",
}  # fmt: skip
"""Key of each spelling, normalised, that a column may hold."""

LEFT_OUT: Final = "Wartość pominięto, reszta wiersza zostaje. Proszę ją sprawdzić i poprawić."
CORRECT: Final = "Proszę poprawić wartość."

_YES_NO: Final = {"1": 1.0, "1 0": 1.0, "tak": 1.0, "yes": 1.0, "0": 0.0, "0 0": 0.0, "nie": 0.0, "no": 0.0}
_TERYT: Final = np.array(["", *(region.teryt for region in REGIONS)], dtype=object)
_NAMES: Final = tuple(region.name for region in REGIONS)
_OUTSIDE: Final = -1.0


def read_texts(column: Column) -> NDArray[np.object_]:
    """Return the text of each row."""
    return np.asarray(np.array([" ".join(text.split()) for text in column.texts], dtype=object)[column.positions])


def read_regions(column: Column, name: str, log: RowLog) -> NDArray[np.object_]:
    """Return the voivodeship of each row; rows without one are set aside."""
    codes = [answers.voivodeship(text) or answers.voivodeship(code) or "" for text, code in _pairs(column)]
    _tell_unknown(
        column, codes, name, log, code="IM-40", known=_NAMES, refuse=True, required=True,
        expected="nazwa albo dwucyfrowy kod TERYT województwa",
    )  # fmt: skip
    return np.asarray(np.array(codes, dtype=object)[column.positions])


def read_words(
    column: Column, name: str, spellings: Mapping[str, str], log: RowLog, *, refuse: bool, required: bool
) -> NDArray[np.object_]:
    """Return the key of each row's answer, "" where there is none or it is not known.

    Parameters
    ----------
    refuse
        Whether rows with an unknown answer are set aside, or lose the answer only.
    required
        Whether an empty cell counts as unknown.
    """
    keys = [
        next((spellings[word] for word in map(normalise, pair) if word in spellings), "") for pair in _pairs(column)
    ]
    allowed = ", ".join(dict.fromkeys(spellings.values()))
    _tell_unknown(
        column, keys, name, log, code="IM-17", known=tuple(spellings), refuse=refuse, required=required,
        expected=f"jedno ze słów: {allowed}",
    )  # fmt: skip
    return np.asarray(np.array(keys, dtype=object)[column.positions])


def read_yes_no(column: Column, name: str, log: RowLog) -> NDArray[np.float64]:
    """Return 1.0 or 0.0 for each row, NaN where it is not answered."""

    def read(text: str, code: str) -> float:
        if not text:
            return np.nan
        return next((_YES_NO[word] for word in map(normalise, (text, code)) if word in _YES_NO), _OUTSIDE)

    values = column.map(read)
    log.doubt(values == _OUTSIDE, "IM-17", [name], "to nie jest odpowiedź tak albo nie",
              expected="1 (tak) albo 0 (nie)", remedy=LEFT_OUT)  # fmt: skip
    return np.where(values == _OUTSIDE, np.nan, values)


def read_quantities(column: Column, name: str, log: RowLog) -> NDArray[np.float64]:
    """Return the number of each row, NaN where there is none or it cannot be read."""

    def read(text: str, code: str) -> float:
        first, second = read_numbers([text, code])
        return float(second if first == UNREADABLE else first)

    values = column.map(read)
    log.doubt(np.isinf(values), "IM-38", [name], "to nie jest liczba", expected="liczba, np. 12,5", remedy=LEFT_OUT)
    return np.where((values == UNREADABLE) | (values == PERCENTAGE), np.nan, values)


def read_scale(column: Column, name: str, log: RowLog, *, low: int = 1, high: int = 5) -> NDArray[np.float64]:
    """Return the answer of each row on a scale of whole numbers, NaN where there is none or it is off the scale."""
    values = read_quantities(column, name, log)
    off = ~np.isnan(values) & ((values < low) | (values > high) | (values != np.floor(values)))
    log.doubt(off, "IM-16", [name], "odpowiedź spoza skali", expected=f"liczba całkowita od {low} do {high}",
              remedy=LEFT_OUT)  # fmt: skip
    return np.where(off, np.nan, values)


def read_days(column: Column, name: str, log: RowLog) -> NDArray[np.datetime64]:
    """Return the day of each row, NaT where there is none or it cannot be read."""
    days = [parse_day(text) for text in column.texts]
    wrong = np.array([bool(text) and day is None for text, day in zip(column.texts, days, strict=True)])
    log.doubt(wrong[column.positions], "IM-38", [name], "to nie jest data", expected="data, np. 2024-05-31",
              remedy=LEFT_OUT)  # fmt: skip
    return np.asarray(np.array([day or "NaT" for day in days], dtype="datetime64[D]")[column.positions])


def _pairs(column: Column) -> Sequence[tuple[str, str]]:
    return list(zip(column.texts, column.codes, strict=True))


def _tell_unknown(
    column: Column, keys: Sequence[str], name: str, log: RowLog, *, code: str, known: Sequence[str], refuse: bool,
    required: bool, expected: str,
) -> None:  # fmt: skip
    """Tell of the rows whose answer has no key: once for all that are empty, once for each suggestion."""
    tell: Callable[..., None] = log.refuse if refuse else log.doubt
    remedy = CORRECT if refuse else LEFT_OUT
    empty = np.array([not text for text in column.texts])
    unknown = np.array([not key for key in keys]) & ~empty
    if required:
        tell(empty[column.positions], code, [name], "brak odpowiedzi", expected=expected, remedy=remedy)
    by_remedy: dict[str, list[int]] = {}
    for position in np.flatnonzero(unknown):
        near = suggest(column.texts[position][:60], known) or suggest(normalise(column.texts[position])[:60], known)
        by_remedy.setdefault(f"{remedy} {near}".strip(), []).append(int(position))
    for told, positions in by_remedy.items():
        tell(np.isin(column.positions, positions), code, [name], "nieznana odpowiedź", expected=expected, remedy=told)


def frame_of(columns: Mapping[str, NDArray[np.generic]]) -> pd.DataFrame:
    """Return columns as a table, texts as ``str``."""
    table = pd.DataFrame(dict(columns))
    return table.astype({name: "str" for name in table.columns if table[name].dtype == object})
