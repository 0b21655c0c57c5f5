"""Finds the gmina or powiat that a row of an export is about, and tells what becomes of the other rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.io.local_areas import FIRST_CITY, KIND_DIGITS
from ropsanalysis.io.row_notes import RowNotes
from ropsanalysis.regions import parse_teryt
from ropsanalysis.units import CITY

_PARTS: Final = "4589"
"""Town and countryside of an urban-rural gmina, districts of Warsaw, delegacies: what they hold, their gmina holds."""
_WIDTHS: Final = {"gmina": 7, "powiat": 4, "voivodeship": 2, "country": 2}


@dataclass(frozen=True, slots=True)
class Match:
    """What a code of an export stands for.

    Attributes
    ----------
    teryt
        Seven digits of a gmina, four of a powiat, two of a voivodeship or Poland; empty where the row is left out.
    problem
        Code of the finding, or an empty text.
    found
        What is wrong, in Polish.
    """

    teryt: str
    problem: str = ""
    found: str = ""


def unit_frame(units: pd.DataFrame) -> pd.DataFrame:
    """Return the units of the country with the codes of exports.

    Parameters
    ----------
    units
        Columns `social_economy.schema.UNIT_COLUMNS`: gminas have six digits.

    Returns
    -------
    DataFrame
        Columns teryt (gminas with the digit of their kind), level, name, kind, powiat (four digits, of gminas),
        voivodeship (two digits); sorted by level and code.
    """
    gmina = units["level"] == "gmina"
    teryt = units["teryt"].where(~gmina, units["teryt"] + units["kind"].map(KIND_DIGITS).fillna("1"))
    kind = units["kind"].mask(units["teryt"].str[2:4] >= FIRST_CITY, CITY)
    found = pd.DataFrame(
        {
            "teryt": teryt,
            "level": units["level"],
            "name": units["name"],
            "kind": kind,
            "powiat": units["teryt"].str[:4].where(gmina, ""),
            "voivodeship": units["teryt"].str[:2],
        }
    )
    return found.sort_values(["level", "teryt"], ignore_index=True)


class Units:
    """The units of the country, ready to be looked up by the codes of exports.

    Parameters
    ----------
    frame
        What `unit_frame` gave.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._known = frozenset(frame["teryt"])
        gminas = frame.loc[frame["level"] == "gmina", "teryt"]
        self._by_six = dict(zip(gminas.str[:6], gminas, strict=True))

    def match(self, code: str) -> Match:
        """Return what a code stands for.

        Notes
        -----
        Exports give seven digits, padded with zeros for upper levels, or the twelve of a BDL id. A code one digit
        short lost its leading zero; it is mended only where the result is a unit of the list.
        """
        if len(code) in (6, 11) and code.isdecimal() and (whole := self._exact(f"0{code}")).teryt:
            return Match(whole.teryt, "LD-10", f"„{code}”")
        if len(code) not in (7, 12):
            return Match("", "LD-11", f"„{code}” (znaków: {len(code)})")
        return self._exact(code)

    def _exact(self, code: str) -> Match:
        try:
            teryt = parse_teryt(code)
        except DataError:
            is_bdl = len(code) == 12 and code.isdecimal()
            return Match("") if is_bdl else Match("", "LD-12", f"„{code}”")  # macroregions and subregions have none
        if teryt in self._known:
            return Match(teryt)
        if len(teryt) == 7:
            if teryt[6] in _PARTS:
                return Match("")
            if (now := self._by_six.get(teryt[:6])) is not None:
                return Match(now, "LD-13", f"{teryt}, obecnie {now}")
        return Match("", "LD-12", f"{teryt}")


def match_cells(cells: pd.DataFrame, units: Units, notes: RowNotes) -> pd.DataFrame:
    """Return the cells with the code of their unit in a column teryt; those of no unit are left out.

    Parameters
    ----------
    cells
        Columns `local_files.CELL_COLUMNS`.
    """
    rows = cells[["row", "code", "name"]].drop_duplicates("row").sort_values("row")
    matches = {code: units.match(code) for code in rows["code"].unique()}
    by_problem: dict[str, list[tuple[int | None, str]]] = {}
    for row, code, name in rows.itertuples(index=False):
        match = matches[code]
        if match.problem:
            by_problem.setdefault(match.problem, []).append((int(row), f"{match.found} {name}"))
    for problem, (expected, remedy, refuse) in _PROBLEMS.items():
        if places := by_problem.get(problem):
            notes.add(problem, "Kod", places, expected, remedy, refuse=refuse, together=problem == "LD-10")
    found = cells.assign(teryt=cells["code"].map({code: match.teryt for code, match in matches.items()}))
    return found.loc[found["teryt"] != ""]


_PROBLEMS: Final = {
    "LD-10": (
        "kod z zerem na początku",
        "Zero przywrócono. Proszę pobierać eksport bez otwierania go w arkuszu kalkulacyjnym.",
        False,
    ),
    "LD-11": (
        "7 cyfr (kod TERYT z rodzajem) albo 12 cyfr (identyfikator BDL)",
        "Wiersz pominięto. Proszę przywrócić pełny kod albo pobrać eksport ponownie.",
        True,
    ),
    "LD-12": (
        "jednostka z wykazu teryt_units",
        (
            "Wiersz pominięto. Jeżeli jednostkę zniesiono albo przeniesiono, jej danych nie da się porównać z obecną; "
            "jeżeli wykaz jest nieaktualny, proszę go zaimportować ponownie."
        ),
        True,
    ),
    "LD-13": (
        "rodzaj gminy zgodny z wykazem teryt_units",
        "Wartości przypisano obecnej gminie: zmienił się jej rodzaj, a nie obszar. Proszę sprawdzić, czy tak było.",
        False,
    ),
}  # fmt: skip
