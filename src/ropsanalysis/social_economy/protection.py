"""Which amounts may be shown: one pattern of hidden positions for each family of measures, the same in all years.

What the attacker is taken to know
----------------------------------
He reads all reports together, every year and every voivodeship. He knows all relations between the numbers: totals over
legal forms and voivodeships, that revenue less costs is the result, that persons at risk are part of the staff,
exits part of the participants and exits to work part of the exits, that the public part belongs to the revenue. He
takes every published number, rounded or not, for exact, and from a ratio and its published denominator he gets the
numerator. He knows how many entities of each form there are, and where none answered. He does not know the answers
themselves. An entity that answered knows its own numbers: where a hidden position holds a single entity's
contribution, its line holds at least two more hidden ones (see `find_company`).

What follows
------------
A *position* (voivodeship or Poland, legal form or all) is hidden in a family's measures together: totals, ratios,
quantiles, intervals and bases. A ratio is shown only where its numerator's family and its denominator's are, so it
tells nothing that the totals do not. Positions are hidden in all years if one year makes it necessary, so that no
year's number stands beside a gap of another. It is confidential, too, that all answered the same, if they were fewer
than ``unanimity_base`` or all there are: that none has volunteers, or that all have public contracts.

What is published of the rest is coarser than it was estimated. Quantiles, each close to one entity's answer, need
``quantile_base`` answers and are rounded to two leading figures or one decimal. The ends of intervals are moved
away from the estimate until their distance is a round figure (see `publish.widened`): the exact width would tell the
spread of the amounts behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ropsanalysis.social_economy.families import FAMILIES, Family, family_system, numbered
from ropsanalysis.social_economy.magnitudes import BoolArray, Magnitude, magnitudes, respondents_magnitude
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.protection_sources import protect_sources
from ropsanalysis.social_economy.sample import Sample
from ropsanalysis.social_economy.suppression import AuditRow, audit_row, find_company, find_pattern, refuse_unsafe
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.disclosure_attack import Attacker
from ropsanalysis.stats.disclosure_audit import prove
from ropsanalysis.stats.disclosure_suppression import Suppression
from ropsanalysis.stats.disclosure_system import CellSystem, IntVector, SystemBuilder, total_relations, with_totals
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix

_Number = TypeVar("_Number", np.bool_, np.float64)

TOTAL_COST: Final = 100.0
"""Hiding a total loses so many times more than hiding a part of the same base: every reader looks for it."""
VAGUE_COST: Final = 0.01
"""Hiding a position with too few answers for an estimate, which is not shown anyway."""
RESPONSE: Final = "Liczba odpowiedzi"
BY_REGION_AND_FORM: Final = "województwa i formy prawne"


@dataclass(frozen=True, slots=True)
class Protected:
    """What must not be shown in any year.

    Attributes
    ----------
    hidden
        Family (and "respondents") -> shape (r [+ 1], f [+ 1]), totals last.
    sources
        Shape (r [+ 1], f [+ 1], sources): shares of the revenue by source; always true inside the table, where they
        are not published.
    audit
        One row per system of tables.
    """

    hidden: dict[str, BoolArray]
    sources: BoolArray
    audit: tuple[AuditRow, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """The positions of all tables by voivodeship and legal form, with totals.

    Attributes
    ----------
    published
        Shape (r [+ 1],): rows that are published (Poland only if all voivodeships are there).
    answered
        Shape (r [+ 1], f [+ 1]): positions for which anybody answered, in some year.
    loss
        Same shape: cost of hiding.
    """

    published: BoolVector
    answered: BoolArray
    loss: FloatMatrix

    def groups(self, table: NDArray[_Number], system: CellSystem) -> NDArray[_Number]:
        """Entries of the positions that are groups of a system: those of a last row not published are none."""
        return table.ravel()[: system.n_groups]

    def pattern(self, found: Suppression) -> BoolArray:
        """Hidden positions; what is not published counts as hidden."""
        hidden = np.ones(self.loss.size, dtype=np.bool_)
        hidden[: found.hidden.size] = found.hidden
        return hidden.reshape(self.loss.shape)

    def lines(self) -> list[IntVector]:
        """Positions of each line of the table that is published as a whole."""
        places = np.arange(self.loss.size).reshape(self.loss.shape)
        rows = [places[row] for row in np.flatnonzero(self.published)] if self.loss.shape[1] > 1 else []
        columns = list(places.T) if self.published.all() and self.loss.shape[0] > 1 else []
        return rows + columns

    def counts(self, hidden: BoolArray, possible: BoolArray) -> tuple[int, int]:
        """Positions published or hidden, and hidden, of a measure that only some legal forms have."""
        there = self.published[:, None] & (with_totals(np.asarray(possible.any(axis=0), dtype=np.int64)) > 0)
        return int(there.sum()), int((there & hidden).sum())


def protect(
    samples: Sequence[Sample], weightings: Sequence[Weighting], *, parameters: SocialEconomyParameters
) -> Protected:
    """Find the positions to hide, over all voivodeships and years together.

    Parameters
    ----------
    samples, weightings
        Of all years; at least one.
    parameters
        Rules of confidentiality.

    Raises
    ------
    DisclosureError
        If a hidden number cannot be protected.
    """
    axes = samples[0].axes
    respondents = respondents_magnitude(samples, parameters=parameters)
    found = magnitudes(samples, weightings, parameters=parameters)
    table = _table(respondents, complete=axes.complete or len(axes.regions) == 1, parameters=parameters)
    register = np.array([sample.register.sum(axis=2) for sample in samples])
    hidden, row = _protect_respondents(respondents, register, table, parameters)
    patterns, audits = {"respondents": hidden}, [row]
    for family in FAMILIES:
        patterns[family.key], row = _protect_family(family, found, patterns, table, parameters)
        audits.append(row)
    sources, row = protect_sources(
        samples, weightings, patterns["money"], patterns["public"], published=table.published, parameters=parameters
    )
    return Protected(patterns, sources, refuse_unsafe([*audits, row]))


def _table(respondents: Magnitude, *, complete: bool, parameters: SocialEconomyParameters) -> _Table:
    counts = with_totals(respondents.amounts.sum(axis=0))
    loss = counts + 1.0
    loss[-1 if loss.shape[0] > 1 else slice(0), :] *= TOTAL_COST
    loss[:, -1 if loss.shape[1] > 1 else slice(0)] *= TOTAL_COST
    vague = with_totals(respondents.amounts.max(axis=0)) < parameters.min_base
    published = np.ones(loss.shape[0], dtype=np.bool_)
    if not complete:
        published[-1] = False
    return _Table(published, counts > 0, np.where(vague, VAGUE_COST, loss))


def _protect_respondents(
    respondents: Magnitude, register: FloatMatrix, table: _Table, parameters: SocialEconomyParameters
) -> tuple[BoolArray, AuditRow]:
    """Protect the numbers of entities that answered; that some did is known of every hidden one."""
    builder = SystemBuilder()
    lines = total_relations(respondents.amounts.shape[1:])
    places = numbered(table.loss.shape, table.published)
    for year, (counts, there) in enumerate(zip(respondents.amounts, register, strict=True)):
        values, most = with_totals(counts).ravel(), with_totals(np.maximum(there, counts)).ravel()
        least, most = np.minimum(values, 1.0), np.where(values > 0, most, 0.0)
        doubt = np.minimum(parameters.count_threshold, most - least)
        builder.add(f"{year}", values, low=least, high=most, group=places, width=np.where(places >= 0, doubt, 0.0))
        builder.relate({f"{year}": lines})
    system, name = _within_reach(builder.build()), f"{RESPONSE}: {BY_REGION_AND_FORM}"
    primary = table.groups(respondents.sensitive & table.published[:, None], system)
    found = find_pattern(system, primary, table.groups(table.loss, system), name=name)
    hidden = table.pattern(found)
    size = table.counts(hidden, respondents.possible)
    required = float(parameters.count_threshold)
    return hidden, audit_row(name, system, found, size=size, required=required, relative=False)


def _within_reach(system: CellSystem) -> CellSystem:
    """Ask for no more doubt than there is with everything hidden: all of few entities may be known to have answered."""
    everything = prove(
        Attacker(system, np.ones(system.n_groups, dtype=np.bool_)), np.flatnonzero(system.needs_protection)
    )
    width = system.width.copy()
    for failure in everything.failures:
        width[failure.cell] = failure.up.reach + failure.down.reach
    return replace(system, width=width)


def _protect_family(
    family: Family,
    found: Mapping[str, Magnitude],
    patterns: Mapping[str, BoolArray],
    table: _Table,
    parameters: SocialEconomyParameters,
) -> tuple[BoolArray, AuditRow]:
    own = [found[key] for key in family.magnitudes]
    system = family_system(family, found, patterns, table.published, share=parameters.protection_share)
    primary = patterns["respondents"] | np.any([magnitude.sensitive for magnitude in own], axis=0)
    for above in (family.within, family.under):
        if above:
            primary = primary | patterns[above]
    holds = with_totals(np.any([(magnitude.amounts != 0).any(axis=0) for magnitude in own], axis=0).astype(np.int64))
    name = f"{family.name}: {BY_REGION_AND_FORM}"
    pattern = find_company(
        system,
        table.groups(primary & table.published[:, None], system),
        table.groups(table.loss, system),
        single=table.groups(np.any([magnitude.single for magnitude in own], axis=0), system),
        holds=table.groups(holds > 0, system),
        lines=table.lines(),
        name=name,
    )
    hidden = table.pattern(pattern)
    size = table.counts(hidden, own[0].possible)
    return hidden, audit_row(name, system, pattern, size=size, required=parameters.protection_share, relative=True)
