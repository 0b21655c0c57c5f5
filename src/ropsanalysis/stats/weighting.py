"""Make the people who answered stand for the people there are: post-stratification, raking, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.errors import UsageError
from ropsanalysis.stats.margins import Margin, MarginError, achieved_totals, as_margin, check_members
from ropsanalysis.stats.vocabulary import FloatVector, as_vector

__all__ = [
    "Composition",
    "Margin",
    "MarginError",
    "Raking",
    "composition",
    "effective_n",
    "kish_design_effect",
    "post_stratify",
    "rake",
]


@dataclass(frozen=True, slots=True)
class Raking:
    """Weights that reproduce several margins.

    Attributes
    ----------
    weights
        Shape (n,): people of the population whom each row stands for.
    iterations
        Rounds over all margins.
    converged
        Whether every margin is met within the tolerance (and, with trimming, no weight exceeds the cap).
    max_difference
        Largest ``abs(achieved - target) / target`` over all categories with a positive target.
    n_trimmed
        Rows whose weight lies on the cap.
    """

    weights: FloatVector
    iterations: int
    converged: bool
    max_difference: float
    n_trimmed: int


@dataclass(frozen=True, slots=True)
class Composition:
    """Make-up of the sample beside that of the population.

    Attributes
    ----------
    target_share, share
        Shape (k,), 0-1: share of each category in the population and in the (weighted) sample.
    largest_difference
        Largest absolute difference between the two, 0-1.
    """

    target_share: FloatVector
    share: FloatVector
    largest_difference: float


def post_stratify(codes: ArrayLike, totals: ArrayLike, *, base: ArrayLike | None = None) -> FloatVector:
    r"""Scale weights so that every category adds up to its known total.

    Parameters
    ----------
    codes
        Shape (n,), whole numbers 0 to k - 1.
    totals
        Shape (k,): people in the population per category.
    base
        Shape (n,): design weights; equal weights if None.

    Returns
    -------
    weights
        Shape (n,).

    Raises
    ------
    MarginError
        If a category has a target but no members, members but a zero target, or a target that is no count.

    Notes
    -----
    :math:`w_i = d_i N_c / \sum_{j \in c} d_j` for a row of category :math:`c`.

    References
    ----------
    Holt, D., Smith, T. M. F. (1979). Post stratification. Journal of the Royal Statistical Society A 142(1), 33-46.

    Examples
    --------
    >>> post_stratify([0, 0, 1], [10, 30])
    array([ 5.,  5., 30.])
    """
    margin = as_margin(codes, totals)
    weights = _base(base, n=margin.codes.size)
    check_members(margin, weights, index=0)
    return _scaled(weights, margin)


def rake(
    margins: Sequence[Margin],
    *,
    base: ArrayLike | None = None,
    tolerance: float = 1e-8,
    max_iterations: int = 200,
    trim_ratio: float | None = None,
) -> Raking:
    r"""Weights that meet several margins at once (iterative proportional fitting), optionally trimmed.

    Parameters
    ----------
    margins
        At least one; all about the same rows and the same population total.
    base
        Shape (n,): design weights; equal weights if None.
    tolerance
        Largest relative difference of a category that counts as met.
    max_iterations
        Rounds after which to give up; the result then says ``converged=False`` and how far it is.
    trim_ratio
        No weight may exceed this many times the median weight; at least 1. None: no trimming.

    Raises
    ------
    MarginError
        As in ``post_stratify``, and if the margins disagree about the population's total.

    Notes
    -----
    A round post-stratifies to each margin in turn. With ``trim_ratio`` :math:`r` it ends by cutting weights
    to :math:`r` times the median (which a cut of larger weights leaves as it is); the next round gives the
    people lost by the cut to the other members of the same categories. So the cap always holds, and where
    margins and cap contradict one another the margins give way: ``max_difference`` says by how much.
    Trimming exchanges a little bias for less variance.

    References
    ----------
    Deming, W. E., Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known. Annals of Mathematical Statistics 11(4), 427-444.
    Potter, F. (1990). A study of procedures to identify and trim extreme sampling weights. Proceedings of the
    Survey Research Methods Section, American Statistical Association, 225-230.

    Examples
    --------
    >>> first = Margin(np.array([0, 0, 1]), np.array([2.0, 1.0]))
    >>> second = Margin(np.array([0, 1, 1]), np.array([1.0, 2.0]))
    >>> result = rake([first, second])
    >>> result.weights.round(6), result.converged
    (array([1., 1., 1.]), True)
    """
    checked = [as_margin(margin.codes, margin.totals, index=index) for index, margin in enumerate(margins)]
    if not checked:
        raise UsageError("raking needs at least one margin")
    if trim_ratio is not None and not trim_ratio >= 1:
        raise UsageError(f"trim_ratio is {trim_ratio}; expected at least 1 (times the median weight)")
    weights = _base(base, n=checked[0].codes.size)
    for index, margin in enumerate(checked):
        check_members(margin, weights, index=index)
        if not np.isclose(margin.totals.sum(), checked[0].totals.sum(), rtol=max(tolerance, 1e-9), atol=0):
            raise MarginError("sums_differ", margin=index, category=None)
    difference, n_trimmed, iterations = np.inf, 0, 0
    while difference > tolerance and iterations < max_iterations:
        for margin in checked:
            weights = _scaled(weights, margin)
        if trim_ratio is not None:
            cap = trim_ratio * float(np.median(weights[weights > 0]))
            weights = np.minimum(weights, cap)
            # Once the rounds settle, cut weights come back within the tolerance of the cap, on either side.
            n_trimmed = int((weights >= cap * (1 - tolerance)).sum())
        difference = max(_largest_difference(weights, margin) for margin in checked)
        iterations += 1
    return Raking(weights, iterations, bool(difference <= tolerance), float(difference), n_trimmed)


def kish_design_effect(weights: ArrayLike) -> float:
    r"""How much unequal weights inflate the variance of a mean: ``n * sum(w^2) / sum(w)^2``, at least 1.

    Notes
    -----
    Equals :math:`1 + CV_w^2` and is an approximation: it takes the answers to have nothing to do with the
    weights. Rows with weight 0 are not counted.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley, section 11.7.

    Examples
    --------
    >>> kish_design_effect([1, 1, 1]), kish_design_effect([1, 3])
    (1.0, 1.25)
    """
    w = _base(weights, n=None)
    return float((w > 0).sum() * (w**2).sum() / w.sum() ** 2) if w.any() else np.nan


def effective_n(weights: ArrayLike) -> float:
    """Answers that, with equal weights, would be as precise: n divided by Kish's design effect.

    Examples
    --------
    >>> effective_n([1, 3])
    1.6
    """
    w = _base(weights, n=None)
    return float(w.sum() ** 2 / (w**2).sum()) if w.any() else 0.0


def composition(codes: ArrayLike, totals: ArrayLike, *, weights: ArrayLike | None = None) -> Composition:
    """Compare the sample's make-up with the population's.

    Parameters
    ----------
    codes, totals
        As in ``post_stratify``; here a category may well have no members.
    weights
        Shape (n,); None compares the answers as they came in.

    Examples
    --------
    >>> composition([0, 0, 0, 1], [50, 50]).largest_difference
    0.25
    """
    margin = as_margin(codes, totals)
    achieved = achieved_totals(_base(weights, n=margin.codes.size), margin)
    if not (margin.totals.sum() > 0 and achieved.sum() > 0):
        raise UsageError("a composition needs people on both sides; the targets or the weights are all 0")
    target_share, share = margin.totals / margin.totals.sum(), achieved / achieved.sum()
    return Composition(target_share, share, float(np.abs(share - target_share).max()))


def _base(base: ArrayLike | None, *, n: int | None) -> FloatVector:
    weights = np.ones(n or 0) if base is None else as_vector(base, name="weights")
    if n is not None and weights.size != n:
        raise UsageError(f"expected {n} weights, one per row, found {weights.size}")
    if not (weights >= 0).all():
        raise UsageError("weights must be numbers of at least 0, none missing")
    return weights


def _scaled(weights: FloatVector, margin: Margin) -> FloatVector:
    achieved = achieved_totals(weights, margin)
    factor = np.divide(margin.totals, achieved, out=np.zeros_like(achieved), where=achieved > 0)
    return weights * factor[margin.codes]


def _largest_difference(weights: FloatVector, margin: Margin) -> float:
    wanted = margin.totals > 0
    relative = np.abs(achieved_totals(weights, margin) - margin.totals)[wanted] / margin.totals[wanted]
    return float(relative.max(initial=0.0))
