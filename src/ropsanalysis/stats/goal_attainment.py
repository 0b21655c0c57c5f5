"""Goal attainment scaling: goals that differ from case to case on one scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ropsanalysis.stats.vocabulary import as_vector


def t_score(levels: ArrayLike, weights: ArrayLike | None = None, *, correlation: float = 0.3) -> float:
    r"""Return the T score of goal attainment of one case.

    Parameters
    ----------
    levels
        Shape (g,): level of attainment of each goal, -2 (much worse than expected) to 2, 0 is as expected; NaN while
        unknown.
    weights
        Shape (g,): importance of each goal, above 0; all the same if not given.
    correlation
        Assumed correlation between the levels of the goals of a case, 0 to 1.

    Returns
    -------
    score
        50 where goals were attained as expected; NaN without a goal of known level.

    Raises
    ------
    ValueError
        If the weights are not as many as the levels, a weight is not above 0, or the correlation not from 0 to 1.

    Notes
    -----
    :math:`T = 50 + 10 \sum_i w_i x_i \big/ \sqrt{(1-\rho)\sum_i w_i^2 + \rho\left(\sum_i w_i\right)^2}`: the weighted
    sum over its standard deviation, if levels have mean 0, variance 1 and correlation :math:`\rho`. Goals of unknown
    level are left out with their weight.

    References
    ----------
    Kiresuk, T. J., Sherman, R. E. (1968). Goal attainment scaling: a general method for evaluating comprehensive
    community mental health programs. Community Mental Health Journal 4(6), 443-453.

    Examples
    --------
    >>> t_score([1])
    60.0
    >>> round(t_score([1, 1, 0]), 2)  # 50 + 10 * 2 / sqrt(0.7 * 3 + 0.3 * 9)
    59.13
    """
    level = as_vector(levels, name="levels")
    weight = np.ones(level.size) if weights is None else as_vector(weights, name="weights")
    if weight.size != level.size:
        raise ValueError(f"{level.size} levels have {weight.size} weights")
    if not (weight > 0).all():
        raise ValueError("every weight must be above 0")
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation: {correlation} is not from 0 to 1")
    known = ~np.isnan(level)
    if not known.any():
        return np.nan
    level, weight = level[known], weight[known]
    variance = (1 - correlation) * (weight**2).sum() + correlation * weight.sum() ** 2
    return float(50 + 10 * (weight * level).sum() / np.sqrt(variance))
