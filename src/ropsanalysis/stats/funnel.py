"""Funnel plots: which units differ from the whole by more than chance, given how much each rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom, chi2, norm, poisson

from ropsanalysis.stats.vocabulary import FloatVector, as_vector

Family = Literal["binomial", "poisson"]
Verdict = Literal["within", "above", "below", "far_above", "far_below"]
Levels = tuple[float, float]

LEVELS: Final[Levels] = (0.95, 0.998)
"""Levels of the inner and outer limits, as in Spiegelhalter (2005): about two and three standard deviations."""

WINSORISED: Final = 0.1
"""Share of the units at either end whose distance counts only as much as that of the next one inside."""


@dataclass(frozen=True, slots=True)
class ControlLimits:
    """Limits within which chance keeps a unit; shape (n,) each, in the unit of the values."""

    low_inner: FloatVector
    high_inner: FloatVector
    low_outer: FloatVector
    high_outer: FloatVector


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much more units differ than chance alone would make them.

    Attributes
    ----------
    phi
        Estimated ratio of the variance to that of chance; about 1 where there is nothing but chance; NaN with fewer
        than two units.
    statistic, p_value
        Chi-squared test of nothing but chance, and its upper tail; NaN with fewer than two units.
    n
        Units.
    """

    phi: float
    statistic: float
    p_value: float
    n: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Units against the limits of chance around what they all have in common.

    Attributes
    ----------
    family
        ``binomial`` for shares of cases, ``poisson`` for events per exposure.
    target
        The centre: the pooled value of all units, or the one given.
    base, value
        Shape (n,): number of cases or exposure, and the share or rate of each unit.
    limits
        At the units' own bases.
    verdict
        Of each unit: ``above`` or ``below`` the inner limits, ``far_above`` or ``far_below`` the outer ones.
    dispersion
        With its test.
    inflation
        Factor of the variance in the limits: phi where the test finds more than chance, else 1.
    levels
        Of the inner and outer limits.
    """

    family: Family
    target: float
    base: FloatVector
    value: FloatVector
    limits: ControlLimits
    verdict: tuple[Verdict, ...]
    dispersion: Dispersion
    inflation: float
    levels: Levels

    @property
    def adjusted(self) -> bool:
        """Whether the limits are wider than those of chance alone."""
        return self.inflation > 1

    def limits_at(self, base: ArrayLike) -> ControlLimits:
        """Return the limits at other bases, for drawing them; see `control_limits`."""
        return control_limits(base, self.target, family=self.family, levels=self.levels, inflation=self.inflation)


def funnel(
    counts: ArrayLike,
    base: ArrayLike,
    *,
    family: Family,
    target: float | None = None,
    levels: Levels = LEVELS,
    alpha: float = 0.05,
) -> Funnel:
    """Compare units with what they have in common, each with the limits that its own size allows.

    Parameters
    ----------
    counts
        Shape (n,): cases (of the base) or events, whole numbers.
    base
        Shape (n,), above 0: cases in all, whole (binomial), or exposure (poisson).
    family
        Distribution of the counts by chance.
    target
        Share or rate that all are compared with; None: the pooled one, that is the sum of counts over that of bases.
    levels
        Probabilities with which chance alone keeps a unit within the inner and the outer limits, at least.
    alpha
        Level of the test of overdispersion; where it finds one, limits are widened (see `control_limits`).

    Raises
    ------
    ValueError
        If the lengths differ, something is missing, a base is not above 0, or cases are not whole numbers from 0 to
        the base.

    Notes
    -----
    Limits are not corrected for the number of units: of 40 units of pure chance one or two lie outside the inner
    limits of 95 %. Units inside them are not told apart, so there is no ranking of noise.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24(8),
    1185-1202.

    Examples
    --------
    >>> result = funnel([40, 38, 25, 42], [50, 50, 50, 50], family="binomial", alpha=0)
    >>> result.target, result.verdict
    (0.725, ('within', 'within', 'far_below', 'within'))
    """
    count, size = as_vector(counts, name="counts"), as_vector(base, name="base")
    _check(count, size, family)
    fitted = target is None
    centre = float(count.sum() / size.sum()) if target is None else target
    expected = size * centre
    variance = expected * (1 - centre) if family == "binomial" else expected
    z = np.divide(count - expected, np.sqrt(variance), out=np.zeros_like(count), where=variance > 0)
    spread = dispersion(z, fitted=int(fitted))
    inflation = spread.phi if spread.p_value < alpha and spread.phi > 1 else 1.0
    limits = control_limits(size, centre, family=family, levels=levels, inflation=inflation)
    value = count / size
    return Funnel(family, centre, size, value, limits, _verdicts(value, limits), spread, inflation, levels)


def control_limits(
    base: ArrayLike, target: float, *, family: Family, levels: Levels = LEVELS, inflation: float = 1.0
) -> ControlLimits:
    r"""Limits of a share or rate at given bases: exact quantiles, interpolated between whole counts.

    Parameters
    ----------
    base
        Shape (n,): cases in all, whole (binomial), or exposure (poisson); above 0.
    target
        Share or rate that chance varies around.
    family, levels
        As in `funnel`.
    inflation
        Factor of the variance: distances from the target grow by its square root.

    Notes
    -----
    With tail p the lower limit in counts is :math:`r - (P(R \le r) - p) / P(R = r)` for the smallest r with
    :math:`P(R \le r) \ge p`: a count is below it exactly if so small a count, or a smaller one, has a probability
    below p. The upper limit is its mirror image, :math:`r + (P(R \ge r) - p) / P(R = r)` for the largest r with
    :math:`P(R \ge r) \ge p`. Spiegelhalter (2005) interpolates the upper limit between the same probabilities as the
    lower one; then a count that chance reaches more often than p can lie above it (5 of 5, where 0.8 is usual), which
    few cases do not justify. Without inflation chance crosses either limit at most with probability p.

    References
    ----------
    Spiegelhalter, D. J. (2005), appendix A.1.1 and A.3, as above.
    Manktelow, B. N., Seaton, S. E. (2012). Specifying the probability characteristics of funnel plot control limits:
    an investigation of three approaches. PLoS ONE 7(9), e45723.

    Examples
    --------
    >>> limits = control_limits([10, 1000], 0.5, family="binomial")
    >>> limits.low_inner.round(3), limits.high_inner.round(3)
    (array([0.132, 0.469]), array([0.868, 0.531]))
    """
    size = as_vector(base, name="base")
    chance = binom(size, target) if family == "binomial" else poisson(size * target)
    inner, outer = ((1 - level) / 2 for level in levels)
    highest = 1.0 if family == "binomial" else np.inf
    ends = (_lower(chance, inner), _upper(chance, inner), _lower(chance, outer), _upper(chance, outer))
    return ControlLimits(*(np.clip(target + np.sqrt(inflation) * (end / size - target), 0.0, highest) for end in ends))


def dispersion(z: ArrayLike, *, fitted: int = 0, winsorised: float = WINSORISED) -> Dispersion:
    r"""Overdispersion of standardised distances, not led by a few units far off.

    Parameters
    ----------
    z
        Shape (n,): distances from the target in standard deviations of chance.
    fitted
        How many numbers the target took from the units themselves: 1 where it is the pooled value.
    winsorised
        Share of units at either end whose z is drawn in to the quantile there.

    Notes
    -----
    :math:`\phi = \sum z_w^2 / (\kappa\,(n - f))` with winsorised z. Winsorising makes even pure chance look calmer;
    :math:`\kappa = 1 - 2w - 2c\,\varphi(c) + 2wc^2`, :math:`c = \Phi^{-1}(1 - w)`, is the mean of :math:`z_w^2` then
    (0.679 for a tenth). Spiegelhalter (2005) leaves it out, and limits widened by his factor are too narrow. The test
    takes all z as they are: :math:`\sum z^2` against chi-squared with :math:`n - f` degrees of freedom; if it is a few
    units only that raise it, phi stays near 1.

    References
    ----------
    Spiegelhalter, D. J. (2005), appendix A.3, as above.

    Examples
    --------
    >>> result = dispersion([-2.0, 2.0, -1.0, 1.0], winsorised=0.0)
    >>> result.phi, result.statistic, round(result.p_value, 4)
    (2.5, 10.0, 0.0404)
    """
    distance = as_vector(z, name="z")
    freedom = distance.size - fitted
    if distance.size < 2 or freedom < 1:
        return Dispersion(float("nan"), float("nan"), float("nan"), distance.size)
    drawn_in = np.clip(distance, *np.quantile(distance, (winsorised, 1 - winsorised)))
    phi = float((drawn_in**2).sum()) / (_mean_square(winsorised) * freedom)
    statistic = float((distance**2).sum())
    return Dispersion(phi, statistic, float(chi2.sf(statistic, freedom)), distance.size)


def _mean_square(winsorised: float) -> float:
    """Mean of the squares of winsorised standard normal numbers."""
    if winsorised == 0:
        return 1.0
    cut = float(norm.ppf(1 - winsorised))
    return 1 - 2 * winsorised - 2 * cut * float(norm.pdf(cut)) + 2 * winsorised * cut**2


def _lower(chance: Any, tail: float) -> FloatVector:
    """Lower limit in counts, between whole ones; below 0 where even a count of 0 is likelier than the tail."""
    count = chance.ppf(tail)
    limit: FloatVector = count - (chance.cdf(count) - tail) / chance.pmf(count)
    return limit


def _upper(chance: Any, tail: float) -> FloatVector:
    """Upper limit in counts, the mirror image of the lower one."""
    count = chance.isf(tail)
    limit: FloatVector = count + (chance.sf(count - 1) - tail) / chance.pmf(count)
    return limit


def _verdicts(value: FloatVector, limits: ControlLimits) -> tuple[Verdict, ...]:
    words: dict[Verdict, np.ndarray] = {
        "far_above": value > limits.high_outer,
        "far_below": value < limits.low_outer,
        "above": value > limits.high_inner,
        "below": value < limits.low_inner,
    }
    return tuple(np.select(list(words.values()), list(words), default="within").tolist())


def _check(count: FloatVector, size: FloatVector, family: Family) -> None:
    if count.shape != size.shape or np.isnan(count).any() or np.isnan(size).any():
        raise ValueError("counts and bases must be paired and none missing")
    if not (size > 0).all():
        raise ValueError("bases must be above 0")
    numbers = np.concatenate((count, size)) if family == "binomial" else count
    if (count < 0).any() or (numbers % 1 != 0).any():
        raise ValueError("counts, and numbers of cases, must be whole and not negative")
    if family == "binomial" and (count > size).any():
        raise ValueError("there are more cases than the base has")
