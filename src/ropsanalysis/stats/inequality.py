"""How unequal units are, and whether they grow alike: dispersion, sigma- and beta-convergence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike

from ropsanalysis.stats.change import mann_kendall, theil_sen
from ropsanalysis.stats.vocabulary import as_vector

Verdict = Literal["converging", "diverging", "unclear"]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Spread of n units in one year.

    Attributes
    ----------
    n
        Units with a value (and, where weights are given, a weight).
    mean, sd
        Mean and standard deviation (divisor n: the units are all there are), in the values' unit.
    cv
        ``sd / mean``, a share; NaN where the mean is not positive.
    cv_weighted
        The same with weights; NaN without weights.
    ratio
        Largest over smallest value; NaN where the smallest is not positive.
    """

    n: int
    mean: float
    sd: float
    cv: float
    cv_weighted: float
    ratio: float


@dataclass(frozen=True, slots=True)
class SigmaConvergence:
    """Change of the dispersion over time.

    Attributes
    ----------
    slope
        Theil-Sen change of the coefficient of variation per year.
    p_value
        Mann-Kendall, two-sided.
    n
        Years used.
    verdict
        ``converging`` where the dispersion clearly falls, ``diverging`` where it clearly rises.
    """

    slope: float
    p_value: float
    n: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class BetaConvergence:
    """Regression of mean annual log growth on the log of the initial level.

    Attributes
    ----------
    beta, se, p_value
        Slope, its HC3 standard error and two-sided p-value (Student's t, n - 2 degrees of freedom).
    speed
        Implied yearly speed of convergence; NaN where undefined.
    half_life_years
        Years until half of the initial gap is closed; NaN if diverging.
    n
        Units used.
    """

    beta: float
    se: float
    p_value: float
    speed: float
    half_life_years: float
    n: int


def dispersion(values: ArrayLike, *, weights: ArrayLike | None = None) -> Dispersion:
    r"""Coefficient of variation, plain and weighted, and the ratio of the extremes.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing: such units are left out.
    weights
        Shape (n,), for instance population; positive. Units without a weight stay in the plain figures only
        if no weights are given at all: with weights, both figures use the same units.

    Notes
    -----
    :math:`CV_w = \sqrt{\sum p_i (x_i - \bar{x}_w)^2}\,/\,\bar{x}_w` with population shares :math:`p_i`
    (Williamson's index). For a share the CV depends on which side is measured (with or without a bathroom).

    References
    ----------
    Williamson, J. G. (1965). Regional inequality and the process of national development. Economic
    Development and Cultural Change 13(4), 1-84.

    Examples
    --------
    >>> result = dispersion([1.0, 3.0], weights=[3.0, 1.0])
    >>> result.cv, round(result.cv_weighted, 4), result.ratio
    (0.5, 0.5774, 3.0)
    """
    x = as_vector(values)
    w = None if weights is None else as_vector(weights, name="weights")
    keep = ~np.isnan(x) if w is None else ~(np.isnan(x) | np.isnan(w))
    x = x[keep]
    if x.size == 0:
        return Dispersion(0, np.nan, np.nan, np.nan, np.nan, np.nan)
    mean, sd = float(x.mean()), float(x.std())
    return Dispersion(
        n=x.size,
        mean=mean,
        sd=sd,
        cv=sd / mean if mean > 0 else np.nan,
        cv_weighted=np.nan if w is None else _weighted_cv(x, w[keep]),
        ratio=float(x.max() / x.min()) if x.min() > 0 else np.nan,
    )


def _weighted_cv(x: np.ndarray, w: np.ndarray) -> float:
    if not (w > 0).all():
        raise ValueError("weights must be positive")
    mean = float(np.average(x, weights=w))
    return float(np.sqrt(np.average((x - mean) ** 2, weights=w)) / mean) if mean > 0 else np.nan


def sigma_convergence(years: ArrayLike, cv: ArrayLike, *, alpha: float = 0.05, min_years: int = 5) -> SigmaConvergence:
    """Trend of the dispersion between units over time (sigma-convergence).

    Parameters
    ----------
    years, cv
        Shape (n,), paired and in time order: the coefficient of variation of each year.
    alpha
        Level of the Mann-Kendall test.
    min_years
        Fewest years for a verdict.

    References
    ----------
    Barro, R. J., Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100(2), 223-251.

    Examples
    --------
    >>> sigma_convergence([2020, 2021, 2022, 2023, 2024], [0.5, 0.4, 0.3, 0.2, 0.1]).verdict
    'converging'
    """
    time, series = as_vector(years, name="years"), as_vector(cv, name="cv")
    order = np.argsort(time, kind="stable")
    time, series = time[order], series[order]
    n = int((~np.isnan(series)).sum())
    if n < max(min_years, 2):
        return SigmaConvergence(slope=np.nan, p_value=np.nan, n=n, verdict="unclear")
    slope, test = theil_sen(time, series).slope, mann_kendall(series)
    clear = test.p_value < alpha and slope != 0 and np.sign(slope) == np.sign(test.s)
    verdict: Verdict = "unclear" if not clear else ("converging" if slope < 0 else "diverging")
    return SigmaConvergence(slope=slope, p_value=test.p_value, n=n, verdict=verdict)


def beta_convergence(
    initial: ArrayLike,
    final: ArrayLike,
    *,
    years: float,
    weights: ArrayLike | None = None,
    min_units: int = 5,
) -> BetaConvergence:
    r"""Unconditional beta-convergence: do units that start low grow faster.

    Parameters
    ----------
    initial, final
        Shape (n,); levels in the first and last year. Units without two positive values are left out.
    years
        Years between the two.
    weights
        Shape (n,), for instance population: weighted instead of ordinary least squares.
    min_units
        Fewest units for an estimate; below it every figure is NaN.

    Notes
    -----
    :math:`\ln(y_T/y_0)/T = a + \beta \ln y_0 + e`. Under the neoclassical form
    :math:`\beta = -(1 - e^{-\lambda T})/T`, hence speed :math:`\lambda = -\ln(1 + \beta T)/T` and half-life
    :math:`\ln 2/\lambda`; with :math:`1 + \beta T \le 0` (units overtake one another) both are undefined.
    Standard errors are HC3. Beta-convergence is necessary but not sufficient for a falling dispersion:
    mere regression to the mean gives a negative beta too (Quah 1993), so no verdict rests on it.

    References
    ----------
    Barro, R. J., Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100(2), 223-251.
    Quah, D. (1993). Galton's fallacy and tests of the convergence hypothesis. Scandinavian Journal of
    Economics 95(4), 427-443.
    MacKinnon, J. G., White, H. (1985). Some heteroskedasticity-consistent covariance matrix estimators.
    Journal of Econometrics 29(3), 305-325.
    """
    start, end = as_vector(initial, name="initial"), as_vector(final, name="final")
    weight = np.ones_like(start) if weights is None else as_vector(weights, name="weights")
    keep = (start > 0) & (end > 0) & (weight > 0)
    level = np.log(start[keep])
    growth = (np.log(end[keep]) - level) / years
    n = int(keep.sum())
    if n < max(min_units, 3) or np.ptp(level) == 0:
        return BetaConvergence(np.nan, np.nan, np.nan, np.nan, np.nan, n)
    fit = sm.WLS(growth, sm.add_constant(level), weights=weight[keep]).fit(cov_type="HC3", use_t=True)
    beta = float(fit.params[1])
    left = 1 + beta * years
    speed = float(-np.log(left) / years) if left > 0 else np.nan
    return BetaConvergence(
        beta=beta,
        se=float(fit.bse[1]),
        p_value=float(fit.pvalues[1]),
        speed=speed,
        half_life_years=float(np.log(2) / speed) if speed > 0 else np.nan,
        n=n,
    )
