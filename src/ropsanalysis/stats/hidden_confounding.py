"""How strong something unobserved would have to be to explain an effect away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.stats.effects import as_groups
from ropsanalysis.stats.vocabulary import FloatMatrix, as_matrix, as_vector

RISK_PER_SD: Final = 0.91
"""Logarithm of the risk ratio that a difference of one standard deviation comes to (VanderWeele and Ding, table 2)."""


@dataclass(frozen=True, slots=True)
class EValue:
    """Smallest risk ratio that a confounder must have with both treatment and outcome; 1 means that none is needed.

    Attributes
    ----------
    estimate
        To move the estimate to no effect; at least 1.
    limit
        To move the nearer end of the interval to no effect; 1 where the interval holds no effect already.
    """

    estimate: float
    limit: float


@dataclass(frozen=True, slots=True)
class Stability:
    """How an effect stands up to what is unobserved, judged by what is observed.

    Attributes
    ----------
    delta
        How many times as important as the observed covariates the unobserved would have to be to bring the effect
        down to the null value. Negative: they would have to pull the other way. Infinite: the covariates did not move
        the effect, or explain all there is to explain. NaN: they explain nothing, so that they are no measure.
    adjusted
        Effect if the unobserved were as important as the observed; NaN as above.
    effect_short, effect_full
        Effect without and with covariates.
    r2_short, r2_full, r2_max
        Explained part of the variance (0-1) without and with covariates, and with all that is unobserved as well.
    """

    delta: float
    adjusted: float
    effect_short: float
    effect_full: float
    r2_short: float
    r2_full: float
    r2_max: float


def e_value(ratio: float, low: float, high: float) -> EValue:
    r"""Return the E-value of a risk ratio with its interval.

    Raises
    ------
    ValueError
        If a number is not positive or the ratio lies outside of its interval; NaN gives NaN.

    Notes
    -----
    :math:`R + \sqrt{R (R - 1)}` with R the ratio, or its inverse if below 1.

    References
    ----------
    VanderWeele, T. J., Ding, P. (2017). Sensitivity analysis in observational research: introducing the E-value.
    Annals of Internal Medicine 167(4), 268-274.

    Examples
    --------
    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.estimate, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    if min(ratio, low, high) <= 0:
        raise ValueError("ratio, low, high: expected positive numbers")
    if low > ratio or high < ratio:
        raise ValueError(f"ratio: {ratio} does not lie between {low} and {high}")
    nearer = low if ratio >= 1 else high
    excluded = (nearer > 1) == (ratio > 1)
    return EValue(_e_value(ratio), _e_value(nearer) if excluded or np.isnan(nearer) else 1.0)


def e_value_of_difference(difference: float, low: float, high: float) -> EValue:
    r"""Return the E-value of a difference of means with its interval, all in standard deviations of the outcome.

    Raises
    ------
    ValueError
        If the difference lies outside of its interval.

    Notes
    -----
    That of the risk ratio :math:`\exp(0.91 d)`, an approximation.

    References
    ----------
    VanderWeele and Ding (2017), as in `e_value`, table 2; Chinn, S. (2000). A simple method for converting an odds
    ratio to effect size for use in meta-analysis. Statistics in Medicine 19(22), 3127-3131.
    """
    return e_value(*(float(np.exp(RISK_PER_SD * value)) for value in (difference, low, high)))


def stability(
    effect_short: float,
    effect_full: float,
    *,
    r2_short: float,
    r2_full: float,
    r2_max: float | None = None,
    null: float = 0.0,
) -> Stability:
    r"""Judge by how covariates moved an effect, and how much they explain, what unobserved ones would have to do.

    Parameters
    ----------
    effect_short, effect_full
        Coefficient of treatment without and with covariates.
    r2_short, r2_full
        Explained part of the variance (0-1) of both regressions.
    r2_max
        Explained part with everything unobserved as well; None: 1.3 times `r2_full`, at most 1 (Oster's proposal).
    null
        Effect that would count as none.

    Raises
    ------
    ValueError
        If the explained parts do not rise from `r2_short` to `r2_max`, from 0 to 1.

    Notes
    -----
    :math:`\delta = \frac{(b - b^*)(R - R_0)}{(b_0 - b)(R_{max} - R)}` and
    :math:`b - (b_0 - b)\frac{R_{max} - R}{R - R_0}`, Oster's approximation, close where both regressions give
    covariates about the same relative weight.

    References
    ----------
    Oster, E. (2019). Unobservable selection and coefficient stability: theory and evidence. Journal of Business and
    Economic Statistics 37(2), 187-204, section 3.

    Examples
    --------
    >>> found = stability(2.0, 1.5, r2_short=0.1, r2_full=0.4, r2_max=0.5)
    >>> round(found.delta, 6), round(found.adjusted, 6)
    (9.0, 1.333333)
    """
    largest = min(1.0, 1.3 * r2_full) if r2_max is None else r2_max
    if not 0 <= r2_short <= r2_full <= largest <= 1:
        raise ValueError(f"r2: {r2_short}, {r2_full} and {largest} do not rise from 0 to 1")
    explained, unexplained, moved = r2_full - r2_short, largest - r2_full, effect_short - effect_full
    delta = adjusted = np.nan
    if explained > 0:
        adjusted = effect_full - moved * unexplained / explained
        needed, given = (effect_full - null) * explained, moved * unexplained
        delta = needed / given if given else np.inf
    return Stability(delta, adjusted, effect_short, effect_full, r2_short, r2_full, largest)


def coefficient_stability(
    outcome: ArrayLike, treated: ArrayLike, covariates: ArrayLike, *, r2_max: float | None = None, null: float = 0.0
) -> Stability:
    """Regress an outcome on treatment, without and with covariates, and judge by `stability`.

    Parameters
    ----------
    outcome
        Shape (n,), such as the change since before treatment; persons whose outcome is NaN are left out.
    treated
        Shape (n,): true or false, or 1 and 0.
    covariates
        Shape (n, p), complete.

    Raises
    ------
    ValueError
        If shapes differ, a covariate is missing, or the outcome does not vary.
    """
    values, x = as_vector(outcome, name="outcome"), as_matrix(covariates, name="covariates")
    known = ~np.isnan(values)
    group = as_groups(treated, n=values.size)[known]
    y, x = values[known], x[known]
    if np.isnan(x).any():
        raise ValueError("covariates: values are missing; leave these persons out and count them")
    if not np.ptp(y) > 0:
        raise ValueError("outcome: everybody has the same, so there is nothing to explain")
    short: FloatMatrix = np.column_stack((np.ones(y.size), group.astype(np.float64)))
    total = y.size * y.var()
    effects, explained = [], []
    for design in (short, np.column_stack((short, x))):
        coefficients = np.linalg.lstsq(design, y)[0]
        effects.append(float(coefficients[1]))
        explained.append(float(1 - ((y - design @ coefficients) ** 2).sum() / total))
    r2_short = min(max(explained[0], 0.0), 1.0)
    r2_full = min(max(explained[1], r2_short), 1.0)
    return stability(*effects, r2_short=r2_short, r2_full=r2_full, r2_max=r2_max, null=null)


def _e_value(ratio: float) -> float:
    larger = max(ratio, 1 / ratio)
    return float(larger + np.sqrt(larger * (larger - 1)))
