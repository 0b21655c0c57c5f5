"""Ordered logit with fast exact derivatives, its average marginal effects, and the check of its main assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit
from scipy.stats import chi2, norm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector, as_matrix

LARGEST_LOGIT = 15.0
"""A coefficient beyond this means that a group always, or never, crosses the threshold: no estimate exists."""


class OrderedLogit(OrderedModel):  # type: ignore[misc] # statsmodels is not typed
    """`OrderedModel` with a logistic link whose gradient and Hessian are formulas instead of differences.

    Notes
    -----
    Parameters are those of statsmodels: slopes, the first threshold, logarithms of the further steps. Newton's
    method then needs a handful of steps, some hundred times less work than numerical second derivatives.
    """

    def __init__(self, endog: ArrayLike, exog: ArrayLike) -> None:
        super().__init__(np.asarray(endog), np.asarray(exog, dtype=np.float64), distr="logit")

    def score(self, params: FloatVector) -> FloatVector:
        """Gradient of the log-likelihood, shape (p,)."""
        return self._chain(params) @ self._derivatives(params)[0]

    def hessian(self, params: FloatVector) -> FloatMatrix:
        """Matrix of second derivatives of the log-likelihood, shape (p, p)."""
        gradient, hessian = self._derivatives(params)
        chain = self._chain(params)
        result: FloatMatrix = chain @ hessian @ chain.T
        steps = np.arange(self.k_vars + 1, chain.shape[0])
        result[steps, steps] += chain[steps] @ gradient
        return result

    def _chain(self, params: FloatVector) -> FloatMatrix:
        """Return the derivatives of slopes and thresholds (columns) by the model's parameters (rows)."""
        chain = np.eye(params.size)
        steps = np.concatenate(([1.0], np.exp(params[self.k_vars + 1 :])))
        chain[self.k_vars :, self.k_vars :] = np.triu(np.ones((steps.size, steps.size))) * steps[:, None]
        return chain

    def _derivatives(self, params: FloatVector) -> tuple[FloatVector, FloatMatrix]:
        """Gradient and Hessian by slopes and plain thresholds."""
        lower, upper = self._bounds(params)
        cdf_low, cdf_up = expit(lower), expit(upper)
        probability = np.maximum(cdf_up - cdf_low, 1e-300)
        pdf_low, pdf_up = cdf_low * (1 - cdf_low), cdf_up * (1 - cdf_up)
        by_low, by_up = -pdf_low / probability, pdf_up / probability
        twice_low = -pdf_low * (1 - 2 * cdf_low) / probability - by_low**2
        twice_up = pdf_up * (1 - 2 * cdf_up) / probability - by_up**2
        # The bounds are linear in slopes and thresholds; the outermost thresholds are infinite and drop out.
        marks = np.zeros((self.endog.size, self.k_levels + 1))
        rows = np.arange(self.endog.size)
        marks[rows, self.endog] = 1.0
        low = np.column_stack((-self.exog, marks[:, 1:-1]))
        up = np.column_stack((-self.exog, np.roll(marks, 1, axis=1)[:, 1:-1]))
        cross = low.T @ ((-by_low * by_up)[:, None] * up)
        hessian = low.T @ (twice_low[:, None] * low) + up.T @ (twice_up[:, None] * up) + cross + cross.T
        return low.T @ by_low + up.T @ by_up, hessian


@dataclass(frozen=True, slots=True)
class Effects:
    """Average marginal effects of one term's levels against its reference level.

    Attributes
    ----------
    effect, low, high, p_value
        Shape (l,): change of the probability of reaching the category, averaged over all rows, its interval and the
        p-value of no change.
    """

    effect: FloatVector
    low: FloatVector
    high: FloatVector
    p_value: FloatVector


@dataclass(frozen=True, slots=True)
class OrderedFit:
    """A fitted ordered logit.

    Attributes
    ----------
    slopes
        Shape (p,): log odds ratios of a higher category.
    thresholds
        Shape (m,): cut points, ascending.
    covariance
        Shape (p + m, p + m), of slopes and thresholds.
    log_likelihood
        At the maximum.
    converged
        Whether the maximum was found.
    """

    slopes: FloatVector
    thresholds: FloatVector
    covariance: FloatMatrix
    log_likelihood: float
    converged: bool


def ordered_logit(categories: ArrayLike, predictors: ArrayLike) -> OrderedFit:
    r"""Fit an ordered logit (proportional odds) by maximum likelihood.

    Parameters
    ----------
    categories
        Shape (n,): 0 to m, every category present.
    predictors
        Shape (n, p), complete, without a constant and of full rank.

    Notes
    -----
    :math:`P(y \le j) = \operatorname{logit}^{-1}(a_j - x\beta)`.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical Society B 42(2),
    109-142.
    """
    model = OrderedLogit(categories, as_matrix(predictors, name="predictors"))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # The default test of convergence looks at the step; without a display nothing is written.
        result = model.fit(method="newton", maxiter=60, disp=0, warn_convergence=False, skip_hessian=True)
        chain = model._chain(result.params)
        information = -model._derivatives(result.params)[1]
    thresholds = model.transform_threshold_params(result.params)[1:-1]
    slopes = np.asarray(result.params[: model.k_vars])
    flat = bool(np.abs(chain @ model._derivatives(result.params)[0]).max() < 1e-4 * max(1.0, np.sqrt(model.nobs)))
    converged = flat and np.isfinite(result.params).all() and np.abs(slopes).max(initial=0.0) < LARGEST_LOGIT
    covariance = np.asarray(np.linalg.pinv(information)) if converged else np.full(information.shape, np.nan)
    return OrderedFit(slopes, thresholds, covariance, float(result.llf), bool(converged))


def marginal_effects(
    fit: OrderedFit, predictors: ArrayLike, *, columns: Sequence[int], category: int, confidence: float = 0.95
) -> Effects:
    r"""Average change of the probability of a category or higher, from the reference level of a term to each other.

    Parameters
    ----------
    predictors
        Shape (n, p): those of the fit.
    columns
        Dummy columns of the term; the reference level has zeros in all.
    category
        Lowest category counted, 1 to m.

    Notes
    -----
    Everybody is moved to the level, all else kept as it is:
    :math:`\overline{P(y \ge c \mid x^{(l)})} - \overline{P(y \ge c \mid x^{(0)})}`; intervals by the delta method.

    References
    ----------
    Williams, R. (2012). Using the margins command to estimate and interpret adjusted predictions and marginal
    effects. Stata Journal 12(2), 308-331.
    """
    matrix = as_matrix(predictors, name="predictors")
    reference = _average(fit, matrix, columns, None, category)
    moved = [_average(fit, matrix, columns, column, category) for column in columns]
    effect = np.array([value - reference[0] for value, _ in moved])
    gradients = np.array([gradient - reference[1] for _, gradient in moved])
    se = np.sqrt(np.maximum(np.einsum("li,ij,lj->l", gradients, fit.covariance, gradients), 0.0))
    half = norm.ppf((1 + confidence) / 2) * se
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = 2 * norm.sf(np.abs(effect) / se)
    return Effects(effect, effect - half, effect + half, p_value)


def brant(categories: ArrayLike, predictors: ArrayLike, *, terms: Sequence[Sequence[int]]) -> FloatVector:
    r"""P-values of the proportional-odds assumption, one per term.

    Parameters
    ----------
    categories, predictors
        As in `ordered_logit`.
    terms
        Columns of each term.

    Returns
    -------
    p_values
        Shape (number of terms,); NaN where there are only two categories or a separate logit has no estimate.

    Notes
    -----
    For each threshold :math:`j` a binary logit of :math:`y > j` is fitted; under the assumption their slopes are the
    same. The Wald statistic of equality uses, for :math:`j < l`,
    :math:`\operatorname{cov}(\hat\beta_j, \hat\beta_l) = H_j^{-1} X' W_{jl} X H_l^{-1}` with
    :math:`W_{jl} = \operatorname{diag}\{\pi_l (1 - \pi_j)\}` and :math:`H_j = X' W_{jj} X`.

    References
    ----------
    Brant, R. (1990). Assessing proportionality in the proportional odds model for ordinal logistic regression.
    Biometrics 46(4), 1171-1178.
    """
    outcome = np.asarray(categories)
    matrix = np.column_stack((np.ones(outcome.size), as_matrix(predictors, name="predictors")))
    cuts = range(int(outcome.max()))
    slopes = [binary_logit(outcome > cut, matrix) for cut in cuts]
    if len(slopes) < 2 or any(np.isnan(beta).any() for beta in slopes):
        return np.full(len(terms), np.nan)
    chance = [expit(matrix @ beta) for beta in slopes]
    inverse = [np.linalg.inv(matrix.T @ ((p * (1 - p))[:, None] * matrix)) for p in chance]

    def block(j: int, l: int) -> FloatMatrix:  # noqa: E741 - the letters of the formula
        first, last = min(j, l), max(j, l)
        middle = matrix.T @ ((chance[last] * (1 - chance[first]))[:, None] * matrix)
        return np.asarray(inverse[j] @ middle @ inverse[l])

    covariance = np.block([[block(j, l) for l in cuts] for j in cuts])  # noqa: E741
    stacked, width = np.concatenate(slopes), matrix.shape[1]
    return np.array([_equal(stacked, covariance, [column + 1 for column in term], width) for term in terms])


def binary_logit(outcome: ArrayLike, matrix: FloatMatrix) -> FloatVector:
    """Maximum-likelihood coefficients of a binary logit, shape (p,); NaN where they do not exist.

    Parameters
    ----------
    outcome
        Shape (n,), true or false.
    matrix
        Shape (n, p), with a column of ones.
    """
    y = np.asarray(outcome, dtype=np.float64)
    beta = np.zeros(matrix.shape[1])
    beta[0] = logit(np.clip(y.mean(), 1e-6, 1 - 1e-6))
    for _ in range(30):
        chance = expit(matrix @ beta)
        information = matrix.T @ ((chance * (1 - chance))[:, None] * matrix)
        try:
            step = np.linalg.solve(information, matrix.T @ (y - chance))
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(beta).max() > LARGEST_LOGIT:
            break
        if np.abs(step).max() < 1e-8:
            return beta
    return np.full(matrix.shape[1], np.nan)


def _equal(stacked: FloatVector, covariance: FloatMatrix, columns: Sequence[int], width: int) -> float:
    """P-value of the slopes of these columns being the same in all binary logits."""
    places: NDArray[np.int64] = np.array(columns) + width * np.arange(stacked.size // width)[:, None]
    contrast = np.zeros(((places.shape[0] - 1) * places.shape[1], stacked.size))
    rows = np.arange(contrast.shape[0])
    contrast[rows, np.tile(places[0], places.shape[0] - 1)] = 1.0
    contrast[rows, places[1:].ravel()] = -1.0
    difference = contrast @ stacked
    statistic = difference @ np.linalg.pinv(contrast @ covariance @ contrast.T) @ difference
    return float(chi2.sf(statistic, rows.size))


def _average(
    fit: OrderedFit, matrix: FloatMatrix, columns: Sequence[int], level: int | None, category: int
) -> tuple[float, FloatVector]:
    """Mean probability of the category or higher with everybody at one level, and its gradient."""
    moved = matrix.copy()
    moved[:, list(columns)] = 0.0
    if level is not None:
        moved[:, level] = 1.0
    chance = expit(moved @ fit.slopes - fit.thresholds[category - 1])
    density = chance * (1 - chance)
    gradient = np.zeros(fit.slopes.size + fit.thresholds.size)
    gradient[: fit.slopes.size] = density @ moved / chance.size
    gradient[fit.slopes.size + category - 1] = -density.mean()
    return float(chance.mean()), gradient
