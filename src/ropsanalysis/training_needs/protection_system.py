"""What an attacker knows about one competence: counts, bases, weighted shares and the published response."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ropsanalysis.stats.disclosure_system import CellSystem, SystemBuilder, table_shape, total_relations, with_totals

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

WHOLE: Final = 1.0
"""Added to the width, because weighted relations have fractional corners: an interval of w + 1 holds whole
numbers at a distance of at least w."""


def share_system(
    yes: IntArray,
    valid: IntArray,
    *,
    weights: FloatArray,
    response_hidden: BoolArray,
    witnesses: FloatArray,
    width: int,
    remainder_width: int,
    digits: int,
) -> CellSystem:
    r"""Cells behind one question's shares and bases in a table of voivodeships by institution types.

    Parameters
    ----------
    yes, valid
        Shape (R, I): respondents who said yes, who answered.
    weights
        Shape (R, I): weight of a respondent; the attacker is taken to know them.
    response_hidden
        Shape (R, I): whether the number of respondents is hidden.
    witnesses
        Shape (w, R, I): numbers of respondents that fit the published response; the first are the true ones, and
        all agree where the number is shown.
    width
        Protection interval of those who said yes and of those who answered, in persons.
    remainder_width
        The same of those who said no. No table prints them; where nearly everybody says yes, the total's share alone
        leaves few, and asking for `width` would hide the total itself.
    digits
        Digits of published shares (0-1).

    Returns
    -------
    CellSystem
        Groups are the positions of the table with totals, in C order. Blocks: yes, no and answered of every position;
        weighted yes and answered of the totals, and the two ends of the rounding interval of their share; one step
        towards each witness, with the room below the numbers of respondents.

    Notes
    -----
    An inner share and its base give the counts, because all weights in a position are equal. A total's base is
    exact, while its share s, rounded by at most h, says that
    :math:`(s - h) \sum w v \le \sum w y \le (s + h) \sum w v`.

    Where the number of respondents is hidden, it may be any mixture of the witnesses. Each witness must be
    possible in every question (its step has to reach 1). So a mixture is possible in all questions at once, by
    convexity, and an interval found for one question holds against an attacker who looks at all of them.
    """
    tops = np.array([with_totals(table).ravel() for table in witnesses]).max(axis=0)
    places = np.arange(tops.size)
    outer = _is_total(yes.shape)
    lines = total_relations(yes.shape)
    builder = SystemBuilder()
    for name, count in (("yes", yes), ("no", valid - yes), ("valid", valid)):
        full = with_totals(count).ravel().astype(np.float64)
        # Of a total only the base is told exactly.
        exact = ~outer | (name == "valid")
        builder.add(
            name,
            full,
            high=tops,
            shown_low=np.where(exact, full, 0.0),
            shown_high=np.where(exact, full, tops),
            group=places,
            width=np.minimum((remainder_width if name == "no" else width) + WHOLE, tops),
        )
    for name in ("yes", "valid"):
        builder.relate({name: lines})
    one = sparse.eye_array(tops.size)
    builder.relate({"yes": one, "no": one, "valid": -one})
    if outer.any():
        _add_shares(builder, lines, outer, weights=weights, yes=yes, valid=valid, tops=tops[~outer], digits=digits)
    _add_witnesses(
        builder,
        places[~outer][response_hidden.ravel()],
        witnesses[:, response_hidden],
        valid=with_totals(valid).ravel(),
    )
    return builder.build()


def _is_total(shape: tuple[int, ...]) -> BoolArray:
    """Which positions of a table with totals (C order) are totals."""
    total = np.ones(table_shape(shape), dtype=np.bool_)
    total[tuple(slice(length) for length in shape)] = False
    return total.ravel()


def _add_shares(
    builder: SystemBuilder,
    lines: sparse.csr_array,
    outer: BoolArray,
    *,
    weights: FloatArray,
    yes: IntArray,
    valid: IntArray,
    tops: FloatArray,
    digits: int,
) -> None:
    """Add weighted sums of each total, and how far they are from both ends of its share's rounding interval."""
    places = np.flatnonzero(outer)
    most = with_totals(weights * tops.reshape(weights.shape)).ravel()[outer]
    sums: dict[str, FloatArray] = {}
    weight = np.zeros(outer.size)
    weight[~outer] = weights.ravel()
    for name, count in (("yes", yes), ("valid", valid)):
        sums[name] = with_totals(weights * count).ravel()[outer]
        builder.add(f"weighted {name}", sums[name], high=most)
        builder.relate({name: lines @ sparse.diags_array(weight), f"weighted {name}": lines[:, places]})
    share = np.divide(sums["yes"], sums["valid"], out=np.zeros(places.size), where=sums["valid"] > 0)
    half = 0.5 * 10.0**-digits + 1e-9
    one = sparse.eye_array(places.size)
    for name, sign in (("above low end", 1.0), ("below high end", -1.0)):
        end = np.round(share, digits) - sign * half
        room = (1.0 + np.abs(end)) * most
        distance = sign * (sums["yes"] - end * sums["valid"])
        builder.add(name, distance, low=-room, high=room, shown_low=0.0, shown_high=room, group=places)
        builder.relate({"weighted yes": sign * one, "weighted valid": sparse.diags_array(-sign * end), name: -one})


def _add_witnesses(builder: SystemBuilder, cells: IntArray, witnesses: FloatArray, *, valid: IntArray) -> None:
    """Add one step to each other table of respondents, and keep the answered below their mixture."""
    steps = witnesses[1:] - witnesses[0]
    if steps.size == 0:
        return
    builder.add("step", np.zeros(len(steps)), high=1.0, upper=1.0)
    builder.add("rest", np.ones(1), high=1.0)
    builder.relate({"step": np.ones((1, len(steps))), "rest": np.ones((1, 1))})
    builder.add("room", witnesses[0] - valid[cells], high=witnesses.max(axis=0))
    one = sparse.eye_array(cells.size)
    builder.relate({"valid": sparse.eye_array(valid.size).tocsr()[cells], "room": one, "step": -steps.T})
