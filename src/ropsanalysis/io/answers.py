"""Understands single answers of a survey: ratings, keys of closed questions, ticks, voivodeships.

Each function takes the text of an answer and the code behind it (the same text where the file has no codes).
A number below zero says why an answer is not understood; NaN says there is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

import numpy as np

from ropsanalysis.errors import DataError, UsageError
from ropsanalysis.io import catalogue
from ropsanalysis.io.codebook import RATINGS, Codebook, keys_of
from ropsanalysis.io.identifiers import find_kinds
from ropsanalysis.regions import POLAND, REGIONS, find, voivodeship_of

Read = Callable[[str, str], float]

UNKNOWN: Final = -1.0
"""Not an answer of the list; of a rating: not a number."""
OUTSIDE: Final = -2.0
"""A number that the scale does not have."""

_UNTICKED: Final = ("nie", "n", "no", "0", "false", "nie zaznaczono", "niezaznaczone", "not selected")
_NUMBER: Final = re.compile(r"([+-]?\d{1,9})(?:[.,](\d+))?")
_NUMBER_AND_WORDS: Final = re.compile(r"([+-]?\d{1,4})\s*[-–—:=.(]?\s*[^\W\d].*")  # "5 - bardzo ważne"
_CODE: Final = re.compile(r"[+-]?\d{1,5}(?:[.,]\d{1,3})?|[A-Za-z]{1,2}\d{0,4}")
_POLISH: Final = str.maketrans("ąćęłńóśźż", "acelnoszz")
_WORD: Final = re.compile(r"[^\W_]+")
_POSITIONS: Final = {region.teryt: float(number) for number, region in enumerate(REGIONS)}


def normalise(text: str) -> str:
    """Return words and numbers of a text: lower case, without Polish letters and punctuation.

    Examples
    --------
    >>> normalise("  Środowiskowy dom samopomocy (ŚDS) ")
    'srodowiskowy dom samopomocy sds'
    """
    letters = text.casefold().translate(_POLISH)
    if not letters.isascii():  # a letter of another alphabet, a quotation mark, a hard space
        plain = unicodedata.normalize("NFKD", letters)
        letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(letters))


def shown(text: str) -> str:
    """Return how a finding may name a wrong answer: a short code as it stands, anything longer only by its length.

    Examples
    --------
    >>> shown("7"), shown("Jan Nowak")
    ('„7”', 'odpowiedź tekstowa (liczba znaków: 9)')
    """
    if _CODE.fullmatch(text) and not find_kinds(text):
        return f"„{text}”"
    return f"odpowiedź tekstowa (liczba znaków: {len(text)})"


@cache
def vocabulary(role: str) -> Mapping[str, str]:
    """Return the key of every spelling of a role's answers that the catalogue knows, normalised."""
    if role in (*RATINGS, "wanted", "competence"):
        terms = [(entry.key, (entry.name, entry.short, *entry.aliases)) for entry in catalogue.competences()]
    elif role == "institution":
        terms = [(entry.key, (entry.name, entry.short, *entry.aliases)) for entry in catalogue.institutions()]
    else:
        options = [entry for entry in catalogue.survey_options() if entry.question == role]
        terms = [(entry.option, (entry.label, *entry.aliases)) for entry in options]
    return {normalise(word): key for key, words in terms for word in (key, *words)}


def labels(role: str) -> list[str]:
    """Return the names a finding suggests for a role."""
    if role == "institution":
        return [name for entry in catalogue.institutions() for name in (entry.name, entry.short)]
    if role == "competence":
        return [name for entry in catalogue.competences() for name in (entry.key, entry.name)]
    return [entry.label for entry in catalogue.survey_options() if entry.question == role]


def key_reader(book: Codebook, role: str) -> Read:
    """Return a reader of a closed question: the position of the answer's key in the catalogue."""
    own = _normalised(book.answers.get(role, {}))
    known, positions = vocabulary(role), {key: float(number) for number, key in enumerate(keys_of(role))}

    def read(text: str, code: str) -> float:
        if not text:
            return np.nan
        key = _first(own, text, code)
        if key is None:
            key = known.get(normalise(text))
        return UNKNOWN if key is None else positions.get(key, np.nan)

    return read


def region_reader(book: Codebook) -> Read:
    """Return a reader of the voivodeship, by name or by the TERYT code of a unit: its position in `REGIONS`."""
    own = _normalised(book.answers.get("region", {}))

    def read(text: str, code: str) -> float:
        if not text:
            return np.nan
        answer = _first(own, text, code)
        if answer == "":
            return np.nan
        teryt = voivodeship(text if answer is None else answer)
        return UNKNOWN if teryt is None else _POSITIONS[teryt]

    return read


def voivodeship(text: str) -> str | None:
    """Return the two-digit code of the voivodeship that a name or a TERYT code of a unit stands for."""
    try:
        return find(text).teryt
    except UsageError:
        pass
    try:
        region = voivodeship_of(text)
    except DataError:
        return None
    return None if region == POLAND else region.teryt


def rating_reader(book: Codebook, role: str) -> Read:
    """Return a reader of ratings: the rating, NaN for none or "nie dotyczy", `UNKNOWN` or `OUTSIDE`."""
    own = _normalised(book.answers.get(role, {}))
    not_applicable = {normalise(text) for text in book.not_applicable}

    def read(text: str, code: str) -> float:
        if not text:
            return np.nan
        answer = _first(own, text, code)
        if answer == "" or (answer is None and not_applicable & ({normalise(text), normalise(code)} - {""})):
            return np.nan
        candidates = (text, code) if answer is None else (answer,)
        value = next((value for value in map(_number, candidates) if value is not None), None)
        if value is None:
            return UNKNOWN
        return value if value.is_integer() and book.low <= value <= book.high else OUTSIDE

    return read


def tick_reader(book: Codebook) -> Read:
    """Return a reader of ticks: 1.0 or 0.0, NaN for an empty cell."""
    ticked = {normalise(text) for text in book.ticked}
    unticked = set(_UNTICKED) - ticked

    def read(text: str, code: str) -> float:
        for answer in (normalise(text), normalise(code)):
            if answer in ticked:
                return 1.0
            if answer in unticked:
                return 0.0
        return UNKNOWN if text else np.nan

    return read


def _normalised(answers: Mapping[str, str]) -> dict[str, str]:
    return {normalise(answer): key for answer, key in answers.items()}


def _first(own: Mapping[str, str], *answers: str) -> str | None:
    return next((own[word] for word in _words(answers) if word in own), None)


def _words(answers: Iterable[str]) -> list[str]:
    return [word for word in map(normalise, answers) if word]


def _number(text: str) -> float | None:
    plain = _NUMBER.fullmatch(text)
    if plain:
        return float(f"{plain[1]}.{plain[2] or '0'}")
    worded = _NUMBER_AND_WORDS.fullmatch(text)
    return float(worded[1]) if worded else None
