"""What a sample says about everybody: a mean, total, share, ratio or quantile with an honest interval.

Each is one domain and one variable of `stats.survey_domains`, which has the rules for missing answers and domains.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.intervals import ShareInterval
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.survey_domains import (
    DomainEstimates,
    domain_means,
    domain_ratios,
    domain_shares,
    domain_totals,
)
from ropsanalysis.stats.survey_quantiles import domain_quantiles
from ropsanalysis.stats.vocabulary import FloatMatrix, as_vector

__all__ = [
    "Design",
    "DomainEstimates",
    "Estimate",
    "domain_means",
    "domain_quantiles",
    "domain_ratios",
    "domain_shares",
    "domain_totals",
    "mean",
    "quantile",
    "ratio",
    "share",
    "total",
]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number about the population.

    The fields are those of ``DomainEstimates``, for one domain and one variable.
    """

    value: float
    se: float
    low: float
    high: float
    n: int
    n_missing: int
    deff: float
    df: int


def mean(values: ArrayLike, design: Design, *, domain: ArrayLike | None = None, confidence: float = 0.95) -> Estimate:
    r"""Mean of everybody, or of a domain.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing.
    design
        Of the same n rows.
    domain
        Shape (n,), whether a row is in the domain; None: everybody.
    confidence
        Coverage of the interval, by Student's t.

    Notes
    -----
    :math:`\bar{y} = \sum w_i y_i / \sum w_i` with linearised variable :math:`(y_i - \bar{y}) / \sum w_i`.

    References
    ----------
    Lumley, T. (2010). Complex Surveys: A Guide to Analysis Using R. Wiley, chapter 2.

    Examples
    --------
    >>> result = mean([2.0, 4.0, 6.0, np.nan], Design([1, 1, 2, 1]))
    >>> result.value, result.n, result.n_missing
    (4.5, 3, 1)
    """
    return _first(domain_means(_column(values), design, _membership(domain, design), 1, confidence=confidence))


def total(values: ArrayLike, design: Design, *, domain: ArrayLike | None = None, confidence: float = 0.95) -> Estimate:
    r"""Total over everybody, or over a domain: :math:`\sum w_i y_i`; parameters as in ``mean``.

    Notes
    -----
    Missing answers count as nothing, so the total is too small by their part: look at ``n_missing``.

    Examples
    --------
    >>> total([1.0, 0.0, 1.0], Design([10, 10, 20])).value
    30.0
    """
    return _first(domain_totals(_column(values), design, _membership(domain, design), 1, confidence=confidence))


def share(
    answers: ArrayLike,
    design: Design,
    *,
    domain: ArrayLike | None = None,
    confidence: float = 0.95,
    interval: ShareInterval = "beta",
) -> Estimate:
    """Share of everybody, or of a domain, with an interval that stays between 0 and 1.

    Parameters
    ----------
    answers
        Shape (n,): 1 (or True) and 0, NaN where missing.
    design, domain, confidence
        As in ``mean``.
    interval
        See ``intervals.share_interval``.

    Examples
    --------
    >>> nobody = share([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Design(np.ones(10)))
    >>> nobody.value, nobody.low, round(nobody.high, 3)
    (0.0, 0.0, 0.308)
    """
    column, codes = _column(answers), _membership(domain, design)
    return _first(domain_shares(column, design, codes, 1, confidence=confidence, interval=interval))


def ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: Design,
    *,
    domain: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    r"""Ratio of two totals; rows lacking either number are left out. Parameters as in ``mean``.

    Notes
    -----
    :math:`R = \sum w_i y_i / \sum w_i x_i` with linearised variable :math:`(y_i - R x_i) / \sum w_i x_i`.

    Examples
    --------
    >>> ratio([1.0, 3.0], [2.0, 2.0], Design([1, 1])).value
    1.0
    """
    top, bottom = _column(numerator), _column(denominator)
    return _first(domain_ratios(top, bottom, design, _membership(domain, design), 1, confidence=confidence))


def quantile(
    values: ArrayLike,
    design: Design,
    *,
    probability: float = 0.5,
    domain: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Smallest value that at least a share ``probability`` of everybody (or of a domain) does not exceed.

    Parameters
    ----------
    values, design, domain, confidence
        As in ``mean``.
    probability
        Above 0, at most 1; 0.5 is the median.

    Notes
    -----
    Woodruff's interval: the t interval of the share up to the estimate, read back into values (and ending at
    the smallest and largest answer). ``se`` is the interval's half-width over the t quantile; ``deff`` is that
    of the share.

    References
    ----------
    Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. Journal of the American
    Statistical Association 47(260), 635-646.

    Examples
    --------
    >>> quantile([1, 2, 3, 4, 5], Design([1, 1, 1, 1, 6])).value
    5.0
    """
    codes = _membership(domain, design)
    return _first(domain_quantiles(values, design, codes, 1, probabilities=[probability], confidence=confidence))


def _column(values: ArrayLike) -> FloatMatrix:
    return as_vector(values)[:, None]


def _membership(domain: ArrayLike | None, design: Design) -> NDArray[np.int64]:
    if domain is None:
        return np.zeros(len(design), dtype=np.int64)
    mask = np.asarray(domain)
    if mask.dtype != np.bool_:
        raise UsageError("domain: expected True or False for each row")
    return np.where(mask, 0, -1)


def _first(figures: DomainEstimates) -> Estimate:
    return Estimate(**{field.name: getattr(figures, field.name)[0, 0].item() for field in fields(Estimate)})
