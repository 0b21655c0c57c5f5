"""Values of powiats for the composite index: ratios and densities, coarsely rounded, where enough entities answered.

No total of a powiat is published. A density (staff, participants) times the number of inhabitants gives one, so a
powiat's density is shown only if the statute would allow its total: at least ``min_base`` answers, three contributing
entities, none with more than three quarters. What an attacker can do with the rest: the voivodeship's total less
those of all powiats shown is what the hidden ones have together, within the rounding (two leading figures of each
density). So that it is never that of a single powiat, a second one is hidden where only one would be. Shares are
rounded to whole percents and have no published denominator. Where all answered the same, that is hidden as in the
voivodeship (see `magnitudes.is_unanimous`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.social_economy.accounts import public_revenue, revenue_parts
from ropsanalysis.social_economy.magnitudes import is_confidential
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.sample import Codes, Sample
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.weights import Weighting
from ropsanalysis.stats.tables import IMPRECISE, NONE, PROTECTED, frame
from ropsanalysis.stats.vocabulary import BoolVector, FloatVector

POWIAT_COLUMNS: Final = {"teryt": "str", "key": "str", "value": "Float64", "reason": "str"}
SHARE_DIGITS: Final = 2
LEADING_FIGURES: Final = 2


@dataclass(frozen=True, slots=True)
class _Ratio:
    """One value of every powiat: a weighted total over another.

    Attributes
    ----------
    key
        Name of the value.
    top, bottom
        Shape (n,): NaN where not known.
    per
        Inhabitants it is related to: of the powiat's entities, per so many; 0 for a plain ratio.
    counts
        Whether `top` marks entities (1 or 0), so that no amount can dominate.
    """

    key: str
    top: FloatVector
    bottom: FloatVector
    per: float = 0.0
    counts: bool = False

    @property
    def of_units(self) -> bool:
        """Whether it is about reintegration units only."""
        return self.key in ("participants_per_100k", "exit_to_work_share")


def powiat_table(
    inputs: Inputs, sample: Sample | None, weighting: Weighting | None, *, parameters: SocialEconomyParameters
) -> pd.DataFrame:
    """Values of all powiats: teryt, key, value, reason ("" where it is shown).

    Parameters
    ----------
    inputs
        For the powiats there are and their inhabitants.
    sample, weighting
        Of the year that the values are from; None where nobody answered.
    parameters
        Rules of confidentiality.

    Notes
    -----
    Keys: ``staff_per_10k``, ``participants_per_100k`` (mean per answering entity, or unit of reintegration, times
    those in the register, over inhabitants), ``risk_share``, ``public_share``, ``positive_result_share``,
    ``liquid_share``, ``exit_to_work_share``. The table is empty without a survey.
    """
    if sample is None or weighting is None:
        return frame([], POWIAT_COLUMNS)
    powiats = tuple(sorted(set(inputs.spells["teryt"].str[:4])))
    code = np.asarray(pd.Index(powiats).get_indexer(pd.Index(sample.powiat)), dtype=np.int64)
    people = _inhabitants(inputs.population, powiats, sample.year)
    parts = [
        _values(ratio, sample, weighting, powiats, code, people, parameters=parameters) for ratio in _ratios(sample)
    ]
    return pd.concat(parts, ignore_index=True).astype(POWIAT_COLUMNS)


def _ratios(sample: Sample) -> list[_Ratio]:
    answers = sample.answers
    staff, result = answers["staff"], answers["result_pln"]
    balance = answers["current_assets_pln"] - answers["current_liabilities_pln"]
    units = np.where(sample.of_reintegration, 1.0, np.nan)
    return [
        _Ratio("staff_per_10k", staff, np.ones(len(sample)), per=10_000.0),
        _Ratio("risk_share", answers["staff_risk"], staff),
        _Ratio("public_share", public_revenue(answers), revenue_parts(answers).sum(axis=1)),
        _Ratio("positive_result_share", _flag(result > 0, result), np.ones(len(sample)), counts=True),
        _Ratio("liquid_share", _flag(balance >= 0, balance), np.ones(len(sample)), counts=True),
        _Ratio("participants_per_100k", answers["participants"], units, per=100_000.0),
        _Ratio("exit_to_work_share", answers["exits_to_work"], np.where(np.isnan(units), np.nan, answers["exits"])),
    ]


def _values(
    ratio: _Ratio,
    sample: Sample,
    weighting: Weighting,
    powiats: tuple[str, ...],
    code: Codes,
    people: FloatVector,
    *,
    parameters: SocialEconomyParameters,
) -> pd.DataFrame:
    used = ~np.isnan(ratio.top) & (ratio.bottom > 0)
    top, bottom = np.where(used, ratio.top, 0.0), np.where(used, ratio.bottom, 0.0)
    weights, n = np.where(used, weighting.weights, 0.0), len(powiats)
    sums = [np.bincount(code, weights=weights * values, minlength=n) for values in (top, bottom)]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = sums[0] / sums[1]
        if ratio.per:
            value = value * _there(sample, powiats, of_units=ratio.of_units) * ratio.per / people
    base = np.bincount(code, weights=used.astype(np.float64), minlength=n)
    few = base < parameters.min_base
    secret = np.zeros(n, dtype=np.bool_)
    if not ratio.counts:
        for amounts in (top, bottom):
            secret |= is_confidential(amounts, weights, code, n, parameters=parameters)
    secret |= _unanimous(
        ratio, base, sums, _there(sample, powiats, of_units=ratio.of_units), fewest=parameters.unanimity_base
    )
    secret |= _companion(powiats, np.asarray(base, dtype=np.float64), ~few & ~secret & np.isfinite(value))
    reason = np.select([base == 0, secret, few, ~np.isfinite(value)], [NONE, PROTECTED, IMPRECISE, NONE], "")
    shown = _to_leading(value) if ratio.per else np.round(value, SHARE_DIGITS) + 0.0
    return pd.DataFrame(
        {"teryt": powiats, "key": ratio.key, "value": np.where(reason == "", shown, np.nan), "reason": reason}
    )


def _unanimous(
    ratio: _Ratio, base: FloatVector | Codes, sums: Sequence[FloatVector | Codes], there: FloatVector, *, fewest: int
) -> BoolVector:
    """Powiats where all answered nothing (or, of a share, all), if they are fewer than `fewest` or all there are."""
    same = sums[0] == 0
    if not ratio.per:
        same = same | (sums[0] >= sums[1] * (1 - 1e-12))
    return np.asarray(same & (base > 0) & ((base < fewest) | (base >= there)))


def _companion(powiats: tuple[str, ...], base: FloatVector, shown: BoolVector) -> BoolVector:
    """Powiats to hide so that in no voivodeship a single one with answers is hidden: the least of those shown."""
    region = np.array([powiat[:2] for powiat in powiats])
    more = np.zeros(shown.size, dtype=np.bool_)
    for code in np.unique(region):
        own = region == code
        candidates = np.flatnonzero(own & shown)
        if (own & ~shown & (base > 0)).sum() == 1 and candidates.size:
            more[candidates[np.argmin(base[candidates])]] = True
    return more


def _there(sample: Sample, powiats: tuple[str, ...], *, of_units: bool) -> FloatVector:
    """Entities (or reintegration units) of the registers in each powiat."""
    counts = (sample.by_powiat.get(powiat, (0, 0))[int(of_units)] for powiat in powiats)
    return np.fromiter(counts, dtype=np.float64, count=len(powiats))


def _inhabitants(population: pd.DataFrame, powiats: tuple[str, ...], year: int) -> FloatVector:
    """Inhabitants of powiats at the last count up to the year (the first count if all are later)."""
    years = sorted(int(each) for each in set(population["year"]))
    if not years:
        return np.full(len(powiats), np.nan)
    chosen = max((each for each in years if each <= year), default=years[0])
    counted = population[population["year"] == chosen]
    sums = counted.groupby(counted["teryt"].str[:4])["population"].sum()
    return sums.reindex(list(powiats)).to_numpy(dtype=np.float64, na_value=np.nan)


def _to_leading(values: FloatVector) -> FloatVector:
    """Round to `LEADING_FIGURES` leading figures."""
    with np.errstate(invalid="ignore", divide="ignore"):
        power = 10.0 ** (np.floor(np.log10(np.abs(values))) - LEADING_FIGURES + 1)
        return np.asarray(np.where(values == 0, 0.0, np.round(values / power) * power))


def _flag(flags: NDArray[np.bool_], known: FloatVector) -> FloatVector:
    return np.where(np.isnan(known), np.nan, flags.astype(np.float64))
