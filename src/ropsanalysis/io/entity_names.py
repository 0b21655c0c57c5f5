"""Compares names of entities: the name proper, apart from the words that only tell the legal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ropsanalysis.io.answers import normalise

_COOPERATIVE: Final = (
    r"(?:rolnicza )?spoldzielnia(?: socjalna| pracy| produkcyjna| produkcji rolnej"
    r"| inwalidow(?: i niewidomych| lub niewidomych)?| niewidomych)?|rsp|sp socjalna|sp pracy"
)
_COMPANY: Final = (
    r"spolka(?: z ograniczona odpowiedzialnoscia| akcyjna| z o o)?(?: non profit)?|sp z o o(?: non profit)?"
    r"|sp zoo(?: non profit)?|non profit"
)
# Words of a normalised name that tell the form, and the family they point at ("" for none).
_FORMS: Final = (
    (r"kol[oa] gospodyn wiejskich|kgw", "kgw"),
    (r"centr(?:um|a) integracji spolecznej|cis", "cis"),
    (r"klub(?:y)? integracji spolecznej|kis", "kis"),
    (r"zaklad(?:y)? aktywnosci zawodowej|zaz", "zaz"),
    (r"warsztat(?:y)? terapii zajeciowej|wtz", "wtz"),
    (_COOPERATIVE, "spoldzielnia"),
    (_COMPANY, "spolka"),
    (r"fundacja", "fundacja"),
    (r"stowarzyszenie(?: zwykle)?", "stowarzyszenie"),
    (r"w likwidacji|w upadlosci|organizacja pozytku publicznego|opp", ""),
)
_WORDS: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<f{number}>{pattern})" for number, (pattern, _) in enumerate(_FORMS)) + r")\b"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    Attributes
    ----------
    plain
        All words, normalised.
    core
        Words of the name proper, normalised; of a name that has no other words, all of them.
    family
        What the words of the form point at, e.g. ``"fundacja"``; empty if there are none.
    """

    plain: str
    core: str
    family: str


def compare_form(name: str) -> Name:
    """Return a name as it is compared with others.

    Examples
    --------
    >>> compare_form("Dobre Jutro - FUNDACJA w likwidacji")
    Name(plain='dobre jutro fundacja w likwidacji', core='dobre jutro', family='fundacja')
    >>> compare_form("KGW")
    Name(plain='kgw', core='kgw', family='kgw')
    """
    plain = normalise(name)
    families: set[str] = set()

    def without(match: re.Match[str]) -> str:
        families.add(_FORMS[int((match.lastgroup or "f0")[1:])][1])
        return " "

    core = " ".join(_WORDS.sub(without, plain).split())
    return Name(plain, core or plain, "+".join(sorted(families - {""})))
