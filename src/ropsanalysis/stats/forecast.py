"""Three years ahead: damped-trend exponential smoothing that reports its own back-test."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from ropsanalysis.stats.change import complete_pairs, since_last_break
from ropsanalysis.stats.vocabulary import FloatVector, as_vector

Status = Literal["ok", "too_short", "gaps", "broken"]
Bounds = tuple[float | None, float | None]

ESTIMATED = 4
"""Numbers taken from the series: two smoothing weights, the initial level and the initial trend."""

MIN_TRAINING = 6
"""Fewest values a back-test fits on: two more than the numbers taken from the series."""

INITIAL_YEARS = 10
"""Years whose straight line gives the initial level and trend (Hyndman et al. 2008, section 2.6.1)."""

DAMPING = 0.8
"""Share of the trend that lives on into the next year: the strong end of the usual 0.80-0.98.

Eight to sixteen yearly values cannot tell it; estimating it widened the errors of past forecasts.
"""


@dataclass(frozen=True, slots=True)
class DampedTrendFit:
    """A fitted damped trend, enough to forecast from.

    Attributes
    ----------
    smoothing_level, smoothing_trend, damping
        The weights alpha and beta, and phi.
    level, trend
        Last state, in the series' unit (per year for the trend).
    sigma
        Standard deviation of the one-step errors, divisor ``degrees_of_freedom``.
    degrees_of_freedom
        Values minus numbers estimated.
    converged
        Whether the optimiser reported success.
    """

    smoothing_level: float
    smoothing_trend: float
    damping: float
    level: float
    trend: float
    sigma: float
    degrees_of_freedom: int
    converged: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """Point forecasts and intervals for horizons 1, 2, ... years, in the series' unit; shape (h,) each.

    ``truncated`` says that a limit of the scale (for instance 100 %) cut something off.
    """

    mean: FloatVector
    low80: FloatVector
    high80: FloatVector
    low95: FloatVector
    high95: FloatVector
    truncated: bool


@dataclass(frozen=True, slots=True)
class BackTest:
    """How the method would have done on this series in the last years.

    Attributes
    ----------
    origins
        Years from which a forecast was made, each seeing only the values up to it.
    held_out
        Later values that these forecasts were compared with.
    mae, mae_naive
        Mean absolute error over all of them, of the method and of "the last value stays".
    mae_by_horizon, mae_naive_by_horizon
        Shape (h,): the same by years ahead; NaN where no value was held out.
    coverage80
        Share of held-out values inside the 80 % interval.
    """

    origins: int
    held_out: int
    mae: float
    mae_naive: float
    mae_by_horizon: FloatVector
    mae_naive_by_horizon: FloatVector
    coverage80: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast, or the reason why there is none.

    Attributes
    ----------
    status
        ``ok``, ``too_short`` (series shorter than asked), ``gaps`` (a year is missing) or ``broken``
        (long enough, but not since the last break).
    reason
        Polish sentence for the reader; empty where all is well and nothing was cut off.
    n, first_year, last_year
        Values since the last break and their ends (None where there is none).
    years
        Years forecast; empty without a forecast.
    prediction, back_test
        None without a forecast; ``back_test`` is also None where the series is too short to hold out a value.
    converged
        Whether every optimisation (forecast and back-test) converged.
    """

    status: Status
    reason: str
    n: int
    first_year: int | None
    last_year: int | None
    years: tuple[int, ...]
    prediction: Prediction | None
    back_test: BackTest | None
    converged: bool


def fit_damped_trend(values: ArrayLike, *, damping: float = DAMPING) -> DampedTrendFit:
    """Fit ETS(A, Ad, N) by maximum likelihood, with given damping and heuristic initial states.

    Parameters
    ----------
    values
        Shape (n,), n >= 6, consecutive years without missing values.
    damping
        Share of the trend that survives each year.

    Raises
    ------
    ValueError
        If the series is shorter than six values or has a missing one.

    Notes
    -----
    The initial level and trend come from a straight line through the first ten values (all, if fewer):
    searching for them as well has several optima on so short a series. The series is standardised for the
    search and the result put back, so that it does not matter whether money is counted in zlotys or
    thousands. A constant series needs no search: it stays as it is.

    References
    ----------
    Hyndman, R. J., Koehler, A. B., Ord, J. K., Snyder, R. D. (2008). Forecasting with Exponential Smoothing,
    section 2.6.1. Berlin: Springer.
    """
    series = as_vector(values)
    if series.size < MIN_TRAINING or np.isnan(series).any():
        raise ValueError(f"a damped trend needs at least {MIN_TRAINING} values and none missing")
    centre, scale = float(series.mean()), float(series.std())
    dof = series.size - ESTIMATED
    # Rounding noise of a constant series (about 1e-16 of its level) must not be taken for variation.
    if scale <= 1e-12 * max(1.0, abs(centre)):
        return DampedTrendFit(0.0, 0.0, damping, float(series[-1]), 0.0, 0.0, dof, converged=True)
    standard = (series - centre) / scale
    level, trend = _initial_states(standard)
    model = ETSModel(
        standard,
        error="add",
        trend="add",
        damped_trend=True,
        initialization_method="known",
        initial_level=level,
        initial_trend=trend,
    )
    with warnings.catch_warnings(), model.fix_params({"damping_trend": damping}):
        # Short flat series end on a ridge; the caller learns it from `converged` instead of a warning.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = model.fit(disp=False)
    return DampedTrendFit(
        smoothing_level=float(fitted.smoothing_level),
        smoothing_trend=float(fitted.smoothing_trend),
        damping=damping,
        level=float(fitted.level[-1] * scale + centre),
        trend=float(fitted.slope[-1] * scale),
        sigma=float(np.sqrt(np.sum(fitted.resid**2) / dof) * scale),
        degrees_of_freedom=dof,
        converged=bool(fitted.mle_retvals["converged"]),
    )


def _initial_states(series: FloatVector) -> tuple[float, float]:
    """Level just before the first value and yearly trend, from a straight line through the first values."""
    first = series[:INITIAL_YEARS]
    level, trend = np.polynomial.polynomial.polyfit(np.arange(1, first.size + 1), first, 1)
    return float(level), float(trend)


def predict(fit: DampedTrendFit, *, horizon: int, bounds: Bounds = (None, None)) -> Prediction:
    r"""Point forecasts with 80 and 95 % intervals.

    Parameters
    ----------
    fit
        From `fit_damped_trend`.
    horizon
        Years ahead.
    bounds
        Ends of the scale, for instance ``(0, 100)``: everything beyond is cut off (truncation).

    Notes
    -----
    :math:`\hat{y}_{n+h} = \ell_n + (\phi + \dots + \phi^h) b_n` with variance :math:`\sigma^2[1 +
    \sum_{j=1}^{h-1} c_j^2]`, :math:`c_j = \alpha + \beta(\phi + \dots + \phi^j)`. Limits use Student's t,
    because sigma comes from few values; they leave out the uncertainty of the smoothing weights.

    References
    ----------
    Hyndman, R. J., Koehler, A. B., Ord, J. K., Snyder, R. D. (2008). Forecasting with Exponential Smoothing,
    section 6.2 (class 1). Berlin: Springer.

    Examples
    --------
    >>> fit = DampedTrendFit(1.0, 0.0, 0.5, 10.0, 4.0, 1.0, 8, True)
    >>> predict(fit, horizon=3).mean
    array([12. , 13. , 13.5])
    """
    damped = np.cumsum(fit.damping ** np.arange(1, horizon + 1))
    raw = fit.level + damped * fit.trend
    weights = fit.smoothing_level + fit.smoothing_trend * damped
    spread = fit.sigma * np.sqrt(1 + np.concatenate(([0.0], np.cumsum(weights**2)[:-1])))
    reach80, reach95 = student.ppf([0.9, 0.975], fit.degrees_of_freedom)
    lines = np.stack(
        (
            raw,
            raw - reach80 * spread,
            raw + reach80 * spread,
            raw - reach95 * spread,
            raw + reach95 * spread,
        )
    )
    low, high = bounds
    mean, low80, high80, low95, high95 = kept = np.clip(
        lines, -np.inf if low is None else low, np.inf if high is None else high
    )
    return Prediction(mean, low80, high80, low95, high95, truncated=bool((kept != lines).any()))


def _roll(
    series: FloatVector, *, horizon: int, origins: int, damping: float, bounds: Bounds
) -> tuple[BackTest | None, bool]:
    """Back-test, and whether all its fits converged."""
    first = max(MIN_TRAINING, series.size - origins)
    if first >= series.size:
        return None, True
    errors = np.full((series.size - first, horizon), np.nan)
    naive, inside = errors.copy(), errors.copy()
    converged = True
    for row, origin in enumerate(range(first, series.size)):
        fit = fit_damped_trend(series[:origin], damping=damping)
        converged = converged and fit.converged
        ahead = series[origin : origin + horizon]
        past = predict(fit, horizon=horizon, bounds=bounds)
        span = slice(0, ahead.size)
        errors[row, span] = np.abs(ahead - past.mean[span])
        naive[row, span] = np.abs(ahead - series[origin - 1])
        inside[row, span] = (ahead >= past.low80[span]) & (ahead <= past.high80[span])
    result = BackTest(
        origins=series.size - first,
        held_out=int((~np.isnan(errors)).sum()),
        mae=float(np.nanmean(errors)),
        mae_naive=float(np.nanmean(naive)),
        mae_by_horizon=_column_means(errors),
        mae_naive_by_horizon=_column_means(naive),
        coverage80=float(np.nanmean(inside)),
    )
    return result, converged


def _column_means(matrix: FloatVector) -> FloatVector:
    """Column means over present values; NaN for a column without any."""
    counts = (~np.isnan(matrix)).sum(axis=0)
    return np.where(counts > 0, np.nansum(matrix, axis=0) / np.maximum(counts, 1), np.nan)


def back_test(
    values: ArrayLike,
    *,
    horizon: int = 3,
    origins: int = 4,
    damping: float = DAMPING,
    bounds: Bounds = (None, None),
) -> BackTest | None:
    """Rolling-origin back-test: forecast from each of the last years, seeing only what was known then.

    Parameters
    ----------
    values
        Shape (n,), consecutive years without missing values.
    horizon
        Years ahead compared.
    origins
        Last years to forecast from; fewer where training would have less than six values.
    damping, bounds
        As for the forecast itself.

    Returns
    -------
    BackTest or None
        None where the series leaves no year to forecast from.

    References
    ----------
    Tashman, L. J. (2000). Out-of-sample tests of forecasting accuracy: an analysis and review.
    International Journal of Forecasting 16(4), 437-450.
    """
    series = as_vector(values)
    return _roll(series, horizon=horizon, origins=origins, damping=damping, bounds=bounds)[0]


def _refusal(
    years: FloatVector, all_years: FloatVector, *, min_years: int, expected_last: int | None
) -> tuple[Status, str]:
    """Status and Polish reason for a series that cannot be forecast; ``("ok", "")`` where it can."""
    if all_years.size == 0:
        return "too_short", "Brak opublikowanych wartości."
    last = int(all_years[-1])
    if years.size and (np.diff(years) != 1).any():
        missing = sorted(set(range(int(years[0]), int(years[-1]) + 1)) - {int(year) for year in years})
        return "gaps", "Szereg ma luki: brak wartości dla lat " + ", ".join(map(str, missing)) + "."
    if expected_last is not None and last < expected_last:
        return "gaps", f"Ostatnia wartość pochodzi z roku {last}; brak wartości do roku {expected_last}."
    if years.size < min_years:
        needed = f"{years.size} (potrzeba co najmniej {min_years})."
        if all_years.size >= min_years:
            return "broken", f"Zmiana metody przerwała szereg; liczba wartości rocznych po zmianie: {needed}"
        return "too_short", f"Szereg jest za krótki; liczba wartości rocznych: {needed}"
    return "ok", ""


def forecast(
    years: ArrayLike,
    values: ArrayLike,
    *,
    horizon: int = 3,
    min_years: int = 8,
    break_years: Sequence[int] = (),
    bounds: Bounds = (None, None),
    damping: float = DAMPING,
    origins: int = 4,
    expected_last: int | None = None,
) -> Forecast:
    """Forecast a yearly series with a damped trend, or say why that is not possible.

    Parameters
    ----------
    years, values
        Shape (n,), paired; NaN where missing. Missing values before the first and after the last published
        one are no gaps.
    horizon
        Years ahead, counted from the last published year.
    min_years
        Fewest values since the last break, at least 6 in any case.
    break_years
        First years of a new level; only years from the last break on are used.
    bounds
        Ends of the scale; forecasts and intervals are cut off there, and ``reason`` says so.
    damping
        Share of the trend that survives each year.
    origins
        Years of the back-test.
    expected_last
        Year in which comparable units end; a series that ended before has a gap.

    Examples
    --------
    >>> result = forecast([2023, 2024, 2025], [5.0, 6.0, 7.0])
    >>> result.status, result.n, result.years
    ('too_short', 3, ())
    """
    all_years, all_values = complete_pairs(years, values)
    keep = since_last_break(all_years, break_years)
    time, series = all_years[keep], all_values[keep]
    first, last = (int(time[0]), int(time[-1])) if time.size else (None, None)
    needed = max(min_years, MIN_TRAINING)
    status, reason = _refusal(time, all_years, min_years=needed, expected_last=expected_last)
    if status != "ok":
        return Forecast(status, reason, time.size, first, last, (), None, None, converged=True)
    tested, converged = _roll(series, horizon=horizon, origins=origins, damping=damping, bounds=bounds)
    fit = fit_damped_trend(series, damping=damping)
    prediction = predict(fit, horizon=horizon, bounds=bounds)
    if prediction.truncated:
        reason = "Prognozę lub przedziały przycięto do zakresu możliwych wartości wskaźnika."
    ahead = tuple(range(int(time[-1]) + 1, int(time[-1]) + 1 + horizon))
    return Forecast(
        status="ok",
        reason=reason,
        n=time.size,
        first_year=first,
        last_year=last,
        years=ahead,
        prediction=prediction,
        back_test=tested,
        converged=converged and fit.converged,
    )
