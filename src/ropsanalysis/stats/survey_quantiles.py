"""What a sample says about the spread in many groups at once: quantiles of one variable in d domains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.survey_domains import DomainEstimates, Sample, domain_means
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_vector

_ROUNDING = 1e-12
"""Sums of weights differ in their last digits from the product they should equal."""


def domain_quantiles(
    values: ArrayLike,
    design: Design,
    codes: ArrayLike,
    n_domains: int,
    *,
    probabilities: Sequence[float],
    confidence: float = 0.95,
    least: int = 1,
) -> DomainEstimates:
    """Smallest values that at least a share of each domain does not exceed, with Woodruff's intervals.

    Parameters
    ----------
    values
        Shape (n,); NaN where missing.
    design, codes, n_domains, confidence
        As in ``survey_domains.domain_means``.
    probabilities
        k numbers above 0 and at most 1.
    least
        A quantile is the answer of one unit. Those that fewer answers than this reach, from above or from below, are
        NaN, and so are such ends of intervals.

    Returns
    -------
    DomainEstimates
        Shape (d, k). ``se`` is the interval's half-width over the t quantile, ``deff`` that of the share up to the
        estimate.

    Raises
    ------
    UsageError
        If a probability is not above 0 and at most 1.

    Notes
    -----
    The interval is the t interval of the share up to the estimate, read back into values; it ends at the smallest
    and the largest answer.

    References
    ----------
    Woodruff, R. S. (1952). Confidence intervals for medians and other position measures. Journal of the American
    Statistical Association 47(260), 635-646.

    Examples
    --------
    >>> design = Design([1, 1, 1, 1, 6, 1])
    >>> domain_quantiles([1, 2, 3, 4, 5, 9], design, [0, 0, 0, 0, 0, 1], 2, probabilities=[0.5]).value.ravel()
    array([5., 9.])
    """
    wanted = np.array(probabilities, dtype=np.float64)
    if not ((wanted > 0) & (wanted <= 1)).all():
        raise UsageError(f"probabilities are {list(probabilities)}; expected numbers above 0 and at most 1")
    y = as_vector(values)
    sample = Sample.of(y[:, None], design, codes, n_domains)
    ladder = _Ladder(y, sample, np.asarray(design.weights))
    value = ladder.at(np.broadcast_to(wanted, (n_domains, wanted.size)))
    # Rows of no domain take the last domain's figures; they are in no mean.
    below = np.where(np.isnan(y)[:, None], np.nan, y[:, None] <= value[sample.codes])
    share = domain_means(below, design, codes, n_domains, confidence=confidence)
    known = ~np.isnan(share.se)
    low = np.where(known, ladder.at(np.where(known, share.low, 0.5)), np.nan)
    high = np.where(known, ladder.at(np.where(known, share.high, 0.5)), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        # On the scale of shares the interval spans two t quantiles of standard errors: so its width tells an SE.
        se = np.where(high == low, 0.0, (high - low) * share.se / (share.high - share.low))
    se = np.where(known, se, np.nan)
    value, low, high = (ladder.guarded(quantile, least) for quantile in (value, low, high))
    return DomainEstimates(value, se, low, high, share.n, share.n_missing, share.deff, share.df)


class _Ladder:
    """The answers of each domain in ascending order, with the weight reached at each."""

    def __init__(self, values: FloatVector, sample: Sample, weights: FloatVector) -> None:
        rows = np.flatnonzero(sample.used[:, 0])
        order = rows[np.lexsort((values[rows], sample.codes[rows]))]
        self._ranked = values[order]
        self._starts = np.searchsorted(sample.codes[order], np.arange(sample.groups.n_domains + 1))
        self._weights = weights[order]

    def at(self, shares: FloatMatrix) -> FloatMatrix:
        """Value reached at each share, shape (d, k); NaN in domains without answers."""
        found: NDArray[np.float64] = np.full(shares.shape, np.nan)
        for domain, (start, end) in enumerate(zip(self._starts[:-1], self._starts[1:], strict=True)):
            if end > start:
                reached = np.cumsum(self._weights[start:end])
                place = np.searchsorted(reached, shares[domain] * reached[-1] * (1 - _ROUNDING))
                found[domain] = self._ranked[start + np.minimum(place, end - start - 1)]
        return found

    def guarded(self, quantiles: FloatMatrix, least: int) -> FloatMatrix:
        """Keep quantiles, shape (d, k), that at least so many answers reach from either side; the others are NaN."""
        kept = np.zeros(quantiles.shape, dtype=np.bool_)
        for domain, (start, end) in enumerate(zip(self._starts[:-1], self._starts[1:], strict=True)):
            answers = self._ranked[start:end]
            below = np.searchsorted(answers, quantiles[domain], side="right")
            above = answers.size - np.searchsorted(answers, quantiles[domain], side="left")
            kept[domain] = (below >= least) & (above >= least)
        return np.where(kept, quantiles, np.nan)
