"""Which local-government units the share of plans is a share of, and which of them a code in the data stands for.

A city with powiat rights is a gmina and a powiat in one: it has a code of a gmina ("166101") and one of a powiat
("1661"). The parameter `plan_units` says what is counted:

- ``cities_once``: gminas and powiats, such a city once, as a gmina. Opolskie has 71 gminas and 11 powiats without such
  cities, 82 units; Wielkopolskie 226 and 31, 257;
- ``all``: gminas and powiats, such a city twice; its plan then counts twice as well;
- ``gminas``: gminas alone, such cities among them;
- ``powiats``: powiats alone, such cities among them.

A plan of such a city counts for it whichever of the two codes it was delivered under.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

CITY: Final = "miasto na prawach powiatu"
"""Kind of the powiat that such a city is."""


@dataclass(frozen=True, slots=True)
class Denominator:
    """Units of one voivodeship.

    Attributes
    ----------
    units
        Columns unit, level ("gmina", "powiat"), name, kind, powiat (four digits), counted: all gminas, and the powiats
        that the share of plans counts; `counted` tells the units of the share from gminas that are only listed.
    stands_for
        Code in the data -> units of the share that it stands for; a code that stands for none is not here.
    """

    units: pd.DataFrame
    stands_for: Mapping[str, tuple[str, ...]]

    @property
    def codes(self) -> tuple[str, ...]:
        """Units of the share, in order of their codes."""
        return tuple(str(code) for code in self.units.loc[self.units["counted"], "unit"])


def denominator(units: pd.DataFrame, teryt: str, *, plan_units: str) -> Denominator:
    """Return the units of a voivodeship that the share of plans counts.

    Parameters
    ----------
    units
        As in `schema.Inputs`.
    plan_units
        One of `schema.PLAN_UNITS`.
    """
    own = units[units["teryt"].str.startswith(teryt) & units["level"].isin(("gmina", "powiat"))].sort_values("teryt")
    cities = set(own.loc[(own["level"] == "powiat") & (own["kind"] == CITY), "teryt"])
    rows = []
    stands_for: dict[str, list[str]] = {}
    for code, level, name, kind in own[["teryt", "level", "name", "kind"]].itertuples(index=False):
        city = code[:4] in cities
        counted = {
            "cities_once": level == "gmina" or not city, "all": True, "gminas": level == "gmina",
            "powiats": level == "powiat",
        }[plan_units]  # fmt: skip
        if counted:
            stands_for.setdefault(code, []).append(code)
            if city:
                for other in own["teryt"]:
                    if other != code and other[:4] == code[:4]:
                        stands_for.setdefault(other, []).append(code)
        if counted or level == "gmina":
            shown = CITY if city else kind
            rows.append((code, level, name, shown, code[:4], counted))
    table = pd.DataFrame(rows, columns=["unit", "level", "name", "kind", "powiat", "counted"])
    return Denominator(table.astype({"counted": "bool"}), {code: tuple(sorted(of)) for code, of in stands_for.items()})
