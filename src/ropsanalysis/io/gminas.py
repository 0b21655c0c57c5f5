"""Finds the gmina that a code or a name stands for, as registers write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

import pandas as pd

from ropsanalysis.errors import UsageError
from ropsanalysis.io.answers import normalise
from ropsanalysis.regions import find

_PARTS: Final = "45"  # town and countryside of an urban-rural gmina
_DISTRICTS: Final = "89"  # districts of Warsaw, delegacies of other cities
_KIND_DIGITS: Final = {"gmina miejska": "1", "gmina wiejska": "2", "gmina miejsko-wiejska": "3"}
_BLANKS: Final = re.compile(r"[\s\u00a0_'\"-]+")
_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
_POWIAT_WORDS: Final = re.compile(r"^(?:powiat|pow|miasto|m)\s+(?:miasto |m )?(?:st )?|^st ")
# What is written around a name, and which kind of gmina it points at ("" for none).
_AFFIXES: Final = (
    (re.compile(r"^(?:gmina )?miejsko wiejska | (?:gmina )?miejsko wiejska$"), "3"),
    (re.compile(r"^(?:gmina |gm )?wiejska | (?:gmina |gm )?wiejska$| gmina w$| w$"), "2"),
    (re.compile(r"^(?:gmina |gm )?miejska | (?:gmina |gm )?miejska$| gmina m$| m$"), "1"),
    (re.compile(r"^miasto stoleczne |^miasto |^m st |^m | miasto$"), "1"),
    (re.compile(r"^miasto i gmina | miasto i gmina$"), "3"),
    (re.compile(r"^gmina |^gm | gmina$"), ""),
)
_SHOWN: Final = 6
_LAST_POWIAT: Final = "60"
"""Cities that are powiats as well are numbered from 61."""


@dataclass(frozen=True, slots=True)
class Place:
    """Gmina that was found.

    Attributes
    ----------
    teryt
        Six digits; empty if none was found.
    problem
        Why none was found (Polish); empty otherwise.
    mended
        Whether a lost leading zero was put back.
    """

    teryt: str
    problem: str = ""
    mended: bool = False


_EMPTY: Final = Place("", "brak gminy")


@dataclass(frozen=True, slots=True)
class Gminas:
    """All gminas of the country, ready to be looked up; made by `Gminas.of`."""

    kinds: Mapping[str, str]
    titles: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    powiats: Mapping[str, frozenset[str]]
    _memory: dict[tuple[str, str, str], Place] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, units: pd.DataFrame) -> Gminas:
        """Return the look-up of a table of units with the columns of `social_economy.schema.UNIT_COLUMNS`."""
        gminas = units[units["level"] == "gmina"]
        powiats = units[units["level"] == "powiat"]
        titles = dict(zip(powiats["teryt"], powiats["name"], strict=True))
        names: dict[str, set[str]] = {}
        for teryt, name in zip(gminas["teryt"], gminas["name"], strict=True):
            for spelling in {normalise(name), normalise(_BRACKETS.sub("", name))}:
                names.setdefault(spelling, set()).add(teryt)
        by_name: dict[str, set[str]] = {}
        for teryt, name in titles.items():
            by_name.setdefault(normalise(name), set()).add(teryt)
        return cls(
            kinds={
                teryt: _KIND_DIGITS.get(kind, "1") for teryt, kind in zip(gminas["teryt"], gminas["kind"], strict=True)
            },
            titles={
                teryt: f"{teryt} {name} ({kind}, powiat {titles.get(teryt[:4], '')})"
                if teryt[2:4] <= _LAST_POWIAT
                else f"{teryt} {name} (miasto na prawach powiatu)"
                for teryt, name, kind in zip(gminas["teryt"], gminas["name"], gminas["kind"], strict=True)
            },
            names={name: tuple(sorted(codes)) for name, codes in names.items()},
            powiats={name: frozenset(codes) for name, codes in by_name.items()},
        )

    def by_codes(self, texts: Sequence[str], *, region: str = "") -> list[Place]:
        """Return the gmina of each code.

        Parameters
        ----------
        texts
            Six or seven digits, with blanks or an underscore.
        region
            TERYT of the one voivodeship that all lie in; empty if there are several.

        Notes
        -----
        Towns, countryside, districts and delegacies count for their gmina. Six digits are a gmina, or one with its
        kind that lost a zero; in the list of 2025 no code can be read both ways.
        """
        return [self._by_code(text, region) for text in texts]

    def by_name(self, gmina: str, powiat: str = "", region: str = "") -> Place:
        """Return the gmina of a name, with the powiat's name or code and the voivodeship's where there are several.

        Notes
        -----
        A name that several gminas have is not guessed: the problem lists them.
        """
        words = (normalise(gmina), normalise(powiat), region)
        if words not in self._memory:
            self._memory[words] = self._named(*words, shown=gmina.strip(), powiat_shown=powiat.strip())
        return self._memory[words]

    def near(self, gmina: str) -> str:
        """Return a Polish question with the gminas whose names are nearest, or an empty text."""
        found = get_close_matches(normalise(gmina)[:60], list(self.names), n=2, cutoff=0.75)
        titles = [self.titles[code] for name in found for code in self.names[name][:1]]
        return f"Czy chodziło o {' albo '.join(titles)}?" if titles else ""

    def _by_code(self, text: str, region: str) -> Place:
        if not text.strip():
            return _EMPTY
        code = _digits(text)
        whole = {5: f"0{code}", 6: code}.get(len(code), "")
        seven = {6: f"0{code}", 7: code}.get(len(code), "")
        plain = self._plain(whole) if whole else ""
        kinded = self._with_kind(seven, strict=len(code) == 6) if seven else ""
        readings = {teryt for teryt in (plain, kinded) if teryt and teryt.startswith(region)}
        if len(readings) > 1:
            listed = "; ".join(self.titles[teryt] for teryt in sorted(readings))
            return Place("", f"kod „{text.strip()}” może oznaczać: {listed}")
        if not readings:
            return self._unknown(text, region)
        teryt = readings.pop()
        return Place(teryt, mended=len(code) == 5 or (len(code) == 6 and teryt == kinded))

    def _plain(self, code: str) -> str:
        return code if code in self.kinds else self._city(code)

    def _with_kind(self, code: str, *, strict: bool) -> str:
        """Return the gmina of seven digits; if strict, only where the seventh suits what the gmina is."""
        kind = code[6]
        if kind in _DISTRICTS:
            # Warsaw alone has districts, and its code has no zero to lose.
            return "" if strict and kind == "8" else self._city(code[:6])
        known = self.kinds.get(code[:6], "")
        suits = kind == known or (known == "3" and kind in _PARTS)
        return code[:6] if known and kind in "12345" and (suits or not strict) else ""

    def _city(self, code: str) -> str:
        """Return the city that a district or delegacy belongs to."""
        city = f"{code[:4]}01"
        return city if code[2:4] > _LAST_POWIAT and city in self.kinds else ""

    def _unknown(self, text: str, region: str) -> Place:
        code = _digits(text)
        if len(code) in (2, 4) or (len(code) in (6, 7) and code[4:6] == "00"):
            return Place("", f"kod „{text.strip()}” oznacza powiat albo województwo, nie gminę")
        where = f" w województwie {region}" if region else ""
        return Place("", f"kod „{text.strip()}” nie oznacza żadnej gminy{where}")

    def _named(self, gmina: str, powiat: str, region: str, *, shown: str, powiat_shown: str) -> Place:
        if not gmina:
            return _EMPTY
        candidates, kind = self._candidates(gmina)
        if not candidates:
            return Place("", f"nieznana gmina „{shown}”")
        candidates = tuple(code for code in candidates if code.startswith(region))
        if powiat:
            within = self._powiat(powiat)
            if not within:
                return Place("", f"nieznany powiat „{powiat_shown}”")
            candidates = tuple(code for code in candidates if code[:4] in within)
        if kind and len(candidates) > 1:
            candidates = tuple(code for code in candidates if self.kinds[code] == kind) or candidates
        if len(candidates) == 1:
            return Place(candidates[0])
        if not candidates:
            return Place("", f"w podanym powiecie lub województwie nie ma gminy „{shown}”")
        listed = "; ".join(self.titles[code] for code in candidates[:_SHOWN])
        more = f" i {len(candidates) - _SHOWN} innych" if len(candidates) > _SHOWN else ""
        return Place("", f"gmina „{shown}” może oznaczać: {listed}{more}")

    def _candidates(self, gmina: str) -> tuple[tuple[str, ...], str]:
        """Return the gminas of a name and the kind that the words around it point at."""
        if gmina in self.names:
            return self.names[gmina], ""
        for affix, kind in _AFFIXES:
            core = affix.sub("", gmina).strip()
            if core != gmina and core in self.names:
                return self.names[core], kind
        return (), ""

    def _powiat(self, powiat: str) -> frozenset[str]:
        digits = _digits(powiat)
        if re.fullmatch(r"\d{3,4}", digits):
            return frozenset({digits.zfill(4)})
        if powiat in self.powiats:
            return self.powiats[powiat]
        core = _POWIAT_WORDS.sub("", powiat)
        return self.powiats.get(core, frozenset())


def region_code(text: str) -> str:
    """Return the two digits of the voivodeship that a name or code stands for; empty if none."""
    try:
        return find(text).teryt if text.strip() else ""
    except UsageError:
        return ""


def _digits(text: str) -> str:
    digits = _BLANKS.sub("", re.sub(r"\.0$", "", text.strip()))
    return digits if digits.isascii() and digits.isdecimal() else ""
