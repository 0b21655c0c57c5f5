"""Understands the cells of the files of project monitoring: exact amounts, actions, quarters, words, days."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import pandas as pd

from ropsanalysis.io import catalogue
from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.project_catalogue import labels
from ropsanalysis.io.social_numbers import as_decimal
from ropsanalysis.io.social_tables import Cell, Parse, Wrong, day_of
from ropsanalysis.project_monitoring.schema import ACTIONS, NO_ACTION

LARGEST_GROSZE: Final = 10**14
"""Amounts from a billion zlotys on are none of a project."""

_NOISE: Final = Decimal("0.0001")  # of a grosz: what binary numbers of a spreadsheet leave behind
_REMEDY: Final = "Wiersz odłożono. Proszę poprawić wartość."
_ACTION: Final = re.compile(r"(?:dzia[lł]anie\s*)?(?:nr\s*)?(\d{1,3})(?:[.,]0*)?\.?", re.IGNORECASE | re.ASCII)
_QUARTER: Final = re.compile(r"(\d{4})\s*[-/ ]?\s*(?:Q|K|kw\.?)\s*([1-4])", re.IGNORECASE | re.ASCII)
_YES: Final = frozenset({"1", "1 0", "tak", "yes", "true", "prawda", "t"})
_NO: Final = frozenset({"0", "0 0", "nie", "no", "false", "falsz", "n"})

day: Final = day_of(code="PM-09", required=True)
maybe_day: Final = day_of(code="PM-09", required=False)
"""Readers of days that must and that may be there."""


def grosze_of(*, required: bool = True, low: int = 0) -> Parse:
    """Return a reader of amounts in PLN that gives whole grosze as text, exactly as written; "" for an empty cell.

    Parameters
    ----------
    low
        Smallest amount, in grosze.

    Examples
    --------
    >>> parse = grosze_of()
    >>> parse("10 032 520,40 zł"), parse("0.1"), parse("12,345").code
    ('1003252040', '10', 'PM-38')
    """

    def parse(text: str) -> Cell | Wrong:
        if not text and not required:
            return ""
        plain = as_decimal(text, amounts=True)
        if plain is None:
            return Wrong("PM-38", "kwota w złotych, np. 1234,50")
        exact = 100 * Decimal(plain)
        whole = exact.to_integral_value(ROUND_HALF_EVEN)
        if abs(exact - whole) > _NOISE:
            return Wrong("PM-28", "kwota w złotych z najwyżej dwoma miejscami po przecinku")
        if not low <= whole <= LARGEST_GROSZE:
            return Wrong("PM-28", "kwota nieujemna" if low == 0 else "kwota w złotych")
        return str(int(whole))

    return parse


def zlotys(grosze: int) -> str:
    """Return an amount as findings name it.

    Examples
    --------
    >>> zlotys(1003252040), zlotys(-1)
    ('10 032 520,40 zł', '-0,01 zł')
    """
    sign, whole = "-" if grosze < 0 else "", abs(grosze)
    zloty = f"{whole // 100:,}".replace(",", " ")
    return f"{sign}{zloty},{whole % 100:02} zł"


def action_of(*, management: bool = False) -> Parse:
    """Return a reader of the number of an action, as text.

    Parameters
    ----------
    management
        Whether 0 or an empty cell stands for what belongs to no action.
    """
    last = ACTIONS[-1]

    def parse(text: str) -> Cell | Wrong:
        if management and text in {"", "-", "–"}:
            return str(NO_ACTION)
        found = _ACTION.fullmatch(text)
        if found and (int(found[1]) in ACTIONS or (management and int(found[1]) == NO_ACTION)):
            return str(int(found[1]))
        blank = ", a dla zarządzania i kosztów pośrednich 0" if management else ""
        return Wrong("PM-15", f"numer działania od 1 do {last}{blank}", f"{_REMEDY} Działań jest {last}.")

    return parse


def quarter(text: str) -> Cell | Wrong:
    """Read a quarter, such as "2024-Q1"."""
    found = _QUARTER.fullmatch(text)
    return f"{found[1]}-Q{found[2]}" if found else Wrong("PM-09", "kwartał, np. 2024-Q1")


def yes_no(text: str) -> Cell | Wrong:
    """Read a yes or no as 1 or 0."""
    word = normalise(text)
    if word in _YES:
        return 1.0
    return 0.0 if word in _NO else Wrong("PM-24", "1 (tak) albo 0 (nie)")


def word_of(question: str, keys: Collection[str], *, others: Mapping[str, str] | None = None) -> Parse:
    """Return a reader of one of several words: the key, or its Polish label in the catalogue.

    Parameters
    ----------
    question
        Vocabulary of `project_catalogue.labels`.
    keys
        Keys that are allowed; "" for an empty cell.
    others
        Further spellings, normalised, and their keys.
    """
    spellings = {normalise(label): key for key, label in labels(question).items() if key in keys and label}
    spellings |= {normalise(key): key for key in keys if key} | dict(others or {})
    blank = " albo pusta komórka" if "" in keys else ""
    expected = f"jedno ze słów: {', '.join(filter(None, keys))}{blank}"

    def parse(text: str) -> Cell | Wrong:
        if not text:
            return "" if "" in keys else Wrong("PM-24", expected)
        key = spellings.get(normalise(text))
        if key is not None:
            return key
        return Wrong("PM-24", expected, f"{_REMEDY} {suggest(normalise(text), list(spellings))}".strip())

    return parse


def institutions() -> Mapping[str, str]:
    """Return the key of each spelling of a type of institution, normalised."""
    return {
        normalise(word): entry.key
        for entry in catalogue.institutions()
        for word in (entry.key, entry.name, entry.short, *entry.aliases)
    }


def days_of(texts: pd.Series) -> pd.Series:
    """Return ISO texts as days (datetime64[s]), NaT for an empty one."""
    return pd.to_datetime(texts.where(texts != "", None), format="%Y-%m-%d").astype("datetime64[s]")


def whole_of(texts: pd.Series) -> pd.Series:
    """Return texts of whole numbers as int64."""
    return texts.map(int).astype("int64")
