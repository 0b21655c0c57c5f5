"""Families of measures that are hidden together, and what an attacker knows about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from ropsanalysis.social_economy.magnitudes import BoolArray, Magnitude
from ropsanalysis.stats.disclosure_system import (
    ALWAYS_OPEN,
    CellSystem,
    IntVector,
    SystemBuilder,
    total_relations,
    with_totals,
)
from ropsanalysis.stats.vocabulary import FloatMatrix

SCALE: Final = 1e5
"""What the largest total of a system is scaled to: with more the solver loses the smallest cells, with less as well."""


DOUBT: Final = 1e-5
"""Where all answered nothing and that is hidden, an attacker must think so much of the country's total possible, and
one person or zloty."""


@dataclass(frozen=True, slots=True)
class Family:
    """Magnitudes that are hidden together.

    Attributes
    ----------
    key, name
        Key, and Polish name in the audit.
    magnitudes
        Names of its magnitudes.
    within
        Family that must be shown where this one is; it is attacked together with it. "" for none.
    beside
        Another family that is attacked together with it: both are parts of the same.
    told
        Magnitudes that can be worked out wherever the family ``within`` is shown.
    parts
        Pairs (part, whole) of magnitudes: the part is never larger.
    balance
        Magnitudes of which the first less the second is the third, but for what missing answers make of their
        totals: that difference is taken for known.
    complements
        Magnitudes whose sum is known.
    under
        Family that must be shown where this one is, without being attacked together with it. "" for none.
    """

    key: str
    name: str
    magnitudes: tuple[str, ...]
    within: str = ""
    beside: str = ""
    told: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    balance: tuple[str, str, str] | None = None
    complements: tuple[str, str] | None = None
    under: str = ""


FAMILIES: Final = (
    Family("staff", "Zatrudnienie", ("staff", "staff_fte"), parts=(("staff_fte", "staff"),)),
    Family(
        "risk", "Zatrudnieni zagrożeni wykluczeniem", ("staff_risk",), within="staff", parts=(("staff_risk", "staff"),)
    ),
    Family("volunteers", "Wolontariusze", ("volunteers",)),
    Family(
        "money",
        "Przychody, koszty i wynik",
        ("revenue_total_pln", "costs_pln", "result_pln"),
        balance=("revenue_total_pln", "costs_pln", "result_pln"),
    ),
    Family(
        "public",
        "Przychody ze środków publicznych",
        ("public_pln", "private_pln"),
        within="money",
        told=("structured_pln",),
        parts=(("structured_pln", "revenue_total_pln"),),
        balance=("structured_pln", "private_pln", "public_pln"),
    ),
    Family(
        "cost",
        "Koszt reintegracji",
        ("cost_pln",),
        within="money",
        beside="public",
        parts=(("cost_pln", "costs_pln"),),
    ),
    Family("participants", "Miejsca i uczestnicy reintegracji", ("places", "participants")),
    Family("exits", "Wyjścia z reintegracji", ("exits",), within="participants", parts=(("exits", "participants"),)),
    Family(
        "to_work", "Wyjścia do zatrudnienia", ("exits_to_work",), within="exits", parts=(("exits_to_work", "exits"),)
    ),
    *(
        Family(key, name, (f"{key}_yes", f"{key}_no"), complements=(f"{key}_yes", f"{key}_no"), under=under)
        for key, name, under in (
            ("employing", "Podmioty zatrudniające", "staff"),
            ("positive_result", "Podmioty z dodatnim wynikiem", "money"),
            ("liquid", "Podmioty płynne", "money"),
            ("contracts", "Podmioty z zamówieniami publicznymi", "money"),
        )
    ),
)


def scaled_to(amounts: FloatMatrix) -> float:
    """Factor that makes a table's total `SCALE`."""
    whole = float(np.abs(amounts).sum())
    return SCALE / whole if whole > 0 else 1.0


def _chain(family: Family) -> tuple[Family, ...]:
    """Return the families this one is attacked with, the outermost first, then itself."""
    above = next((_chain(other) for other in FAMILIES if other.key == (family.beside or family.within)), ())
    return (*above, family)


def family_system(
    family: Family,
    found: Mapping[str, Magnitude],
    patterns: Mapping[str, BoolArray],
    published: BoolArray,
    *,
    share: float,
) -> CellSystem:
    """All years of a family and of those it lies within, whose patterns are settled."""
    builder = SystemBuilder()
    chain = _chain(family)
    years, *shape = found[family.magnitudes[0]].amounts.shape
    lines = total_relations(shape)
    cells = with_totals(np.zeros(shape)).size
    one = sparse.eye_array(cells)
    for year in range(years):
        # Of answers yes and no all are counted: there may be hardly any yes.
        measured = chain[0].complements or chain[0].magnitudes[:1]
        scale = scaled_to(np.sum([found[key].amounts[year] for key in measured], axis=0))
        for member in chain:
            shown = None if member is family else ~patterns[member.key].ravel()
            for key in member.magnitudes:
                within = bool(member.told or member.complements) or any(key == part for part, _ in member.parts)
                _add_magnitude(
                    builder,
                    key,
                    found[key],
                    year,
                    scale,
                    shown,
                    published,
                    share=share,
                    one_sided=within,
                    least=_least(found, member, key, year),
                )
            for key in member.told:
                _add_magnitude(builder, key, found[key], year, scale, ~patterns[member.within].ravel(), published)
            for key in (*member.magnitudes, *member.told):
                builder.relate({f"{key} {year}": lines})
            for part, whole in member.parts:
                _add_room(builder, part, whole, year, found, scale, one)
            if member.balance is not None:
                signs = zip(member.balance, (one, -one, -one), strict=True)
                builder.relate({f"{key} {year}": sign for key, sign in signs})
            if member.complements is not None:
                builder.relate({f"{key} {year}": one for key in member.complements})
    return builder.build()


def _add_magnitude(
    builder: SystemBuilder,
    key: str,
    magnitude: Magnitude,
    year: int,
    scale: float,
    shown: BoolArray | None,
    published: BoolArray,
    *,
    share: float = 0.0,
    one_sided: bool = False,
    least: FloatMatrix | float = 0.0,
) -> None:
    """Add a table with totals.

    Parameters
    ----------
    shown
        Positions shown, where that is settled; None where it is still sought.
    share
        Width of protection as a share of the value.
    one_sided
        Whether all of the width may lie on one side: a part that is nearly all of its whole can only be less. Once a
        pattern is settled, what further tables tell may shift an interval but not make it too narrow.
    least
        Width of protection where all answered nothing; it lies above.
    """
    amounts = magnitude.amounts[year] * scale
    values = with_totals(amounts).ravel()
    reach = 2.0 * max(float(np.abs(amounts).sum()), SCALE)
    possible = with_totals(magnitude.possible[year].astype(np.int64)).ravel() > 0
    low = np.where(possible & (key == "result_pln"), -reach, 0.0)  # alone may lie below nothing
    high = np.where(possible, reach, 0.0)
    group = numbered(with_totals(amounts).shape, published)
    width = np.where(group >= 0, np.abs(values), 0.0) * share
    nothing = np.broadcast_to(np.ravel(least), values.shape) * scale
    width = np.where((values == 0) & possible & (group >= 0), nothing, width)
    if shown is not None:
        known = shown & (group >= 0)
        low, high, width = np.where(known, values, low), np.where(known, values, high), np.where(known, 0.0, width)
        group = np.full(values.size, ALWAYS_OPEN)
    side = np.where(one_sided or shown is not None or values == 0, 0.0, width / 2)
    builder.add(f"{key} {year}", values, low=low, high=high, group=group, lower=side, upper=side, width=width)


def _least(found: Mapping[str, Magnitude], family: Family, key: str, year: int) -> FloatMatrix:
    """Doubt, shape of a table with totals, that must remain where all answered nothing, though that is hidden."""
    magnitude = found[key]
    amounts = with_totals(magnitude.amounts[year])
    if family.complements or family.told:
        # The other of the two magnitudes is doubted there, and this one moves against it.
        return np.zeros(amounts.shape)
    doubt = np.where(magnitude.unanimous & (amounts == 0), max(1.0, DOUBT * magnitude.amounts[year].sum()), 0.0)
    for part, whole in family.parts:
        if part == key:
            # Of a whole that is nothing, or nearly, everybody knows that the part is no more.
            room = with_totals(found[whole].amounts[year])
            doubt = np.where(room >= 2 * doubt, doubt, 0.0)
    return doubt


def _add_room(
    builder: SystemBuilder,
    part: str,
    whole: str,
    year: int,
    found: Mapping[str, Magnitude],
    scale: float,
    one: sparse.dia_array,
) -> None:
    """Keep a part below its whole, unless missing answers make it larger already: then that tells nothing."""
    room = with_totals((found[whole].amounts[year] - found[part].amounts[year]) * scale).ravel()
    most = 4.0 * float(np.abs(found[whole].amounts[year]).sum()) * scale
    name = f"room {part} {year}"
    builder.add(name, room, low=np.where(room < 0, -most, 0.0), high=np.maximum(room, most))
    builder.relate({f"{whole} {year}": one, f"{part} {year}": -one, name: -one})


def numbered(shape: tuple[int, ...], published: BoolArray) -> IntVector:
    """Give each position its number, and those of rows that are not published none: they are open in any case."""
    places = np.arange(int(np.prod(shape))).reshape(shape)
    return np.where(published[:, None], places, ALWAYS_OPEN).ravel()
