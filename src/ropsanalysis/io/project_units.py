"""Finds the gmina or powiat that a cell names, by code or by name, and says what stands near a wrong one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import pandas as pd

from ropsanalysis.io.answers import normalise
from ropsanalysis.io.gminas import Gminas
from ropsanalysis.regions import by_teryt

_DIGITS: Final = re.compile(r"[\d\s_]+(?:\.0)?", re.ASCII)
_POWIAT: Final = re.compile(r"^(?:starostwo powiatowe w |powiat |pow )")
_NEAR: Final = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit that was found.

    Attributes
    ----------
    code
        Four digits of a powiat or six of a gmina; "" if none was found.
    problem
        Why none was found, with units that stand near (Polish); "" otherwise.
    elsewhere
        Whether there is such a unit, but in another voivodeship.
    """

    code: str
    problem: str = ""
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Units:
    """All gminas and powiats, ready to be looked up; made by `Units.of`."""

    gminas: Gminas
    powiats: Mapping[str, str]

    @classmethod
    def of(cls, units: pd.DataFrame) -> Units:
        """Return the look-up of a table of units: teryt, level, name, parent, kind."""
        powiats = units[units["level"] == "powiat"]
        return cls(Gminas.of(units), dict(zip(powiats["teryt"], powiats["name"], strict=True)))

    def find(self, text: str, region: str) -> Unit:
        """Return the unit that a cell names.

        Parameters
        ----------
        text
            Code (four digits of a powiat, six or seven of a gmina) or name; "powiat" before a name makes it one.
        region
            Voivodeship in which it has to be.
        """
        digits = re.sub(r"\D", "", text.removesuffix(".0")) if _DIGITS.fullmatch(text) else ""
        code, problem = self._by_code(digits) if digits else self._by_name(text, region)
        if code and not code.startswith(region):
            return Unit("", f"{self.title(code)} leży w województwie {_locative(code)}", elsewhere=True)
        return Unit(code, problem)

    def title(self, code: str) -> str:
        """Return a unit in words, with its code."""
        if len(code) == 4:
            return f"{code} powiat {self.powiats[code]}"
        return self.gminas.titles[code]

    def _by_code(self, digits: str) -> tuple[str, str]:
        if len(digits) in (3, 4):
            code = digits.zfill(4)
            return (code, "") if code in self.powiats else ("", f"nie ma powiatu o kodzie {code}.{self._near(code)}")
        place = self.gminas.by_codes([digits])[0]
        return (place.teryt, "") if place.teryt else ("", f"{place.problem}.{self._near(digits)}")

    def _near(self, code: str) -> str:
        known = list(self.powiats) if len(code) == 4 else [one for one in self.gminas.titles if one[:2] == code[:2]]
        found = get_close_matches(code[:6], known, n=_NEAR, cutoff=0.6)
        return f" Czy chodziło o {' albo '.join(self.title(one) for one in found)}?" if found else ""

    def _by_name(self, text: str, region: str) -> tuple[str, str]:
        words = normalise(text)
        name = _POWIAT.sub("", words)
        if name != words:
            found = [code for code, known in self.powiats.items() if normalise(known) == name]
            own = [code for code in found if code.startswith(region)] or found
            if len(own) == 1:
                return own[0], ""
            known = [normalise(title) for code, title in self.powiats.items() if code.startswith(region)]
            near = get_close_matches(name, known, n=_NEAR, cutoff=0.6)
            asked = f" Czy chodziło o powiat {' albo '.join(near)}?" if near else ""
            return "", f"w województwie {by_teryt(region).locative} nie ma takiego powiatu.{asked}"
        place = self.gminas.by_name(text, region=region)
        if place.teryt:
            return place.teryt, ""
        anywhere = self.gminas.by_name(text)
        if anywhere.teryt:
            return anywhere.teryt, ""
        return "", f"{place.problem}. {self.gminas.near(text)}".strip()


def _locative(code: str) -> str:
    return by_teryt(code[:2]).locative
