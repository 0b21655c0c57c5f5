"""Variance of estimates from a designed sample, for many domains and variables at once (Taylor linearisation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ropsanalysis.stats.survey_design import Calibration, Design, IntVector, Layout
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

BoolMatrix = NDArray[np.bool_]
IntMatrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Groups:
    """The pairs (domain, PSU) and groups (domain, stratum) that occur: most domains touch few PSUs.

    Attributes
    ----------
    design
        Of n rows.
    n_domains
        d; domains do not overlap.
    rows
        Rows that belong to a domain.
    pair_of_row
        Pair of each of these rows.
    psu, domain_of_pair, group_of_pair
        Of each pair.
    stratum, domain
        Of each group.
    """

    design: Design
    n_domains: int
    rows: IntVector
    pair_of_row: IntVector
    psu: IntVector
    domain_of_pair: IntVector
    group_of_pair: IntVector
    stratum: IntVector
    domain: IntVector

    @classmethod
    def of(cls, design: Design, codes: IntVector, n_domains: int) -> Groups:
        """Sort rows with domain ``codes``, shape (n,), -1 for none."""
        layout = design.layout
        rows = np.flatnonzero(codes >= 0)
        n_psus, n_strata = len(layout.stratum), len(layout.psus)
        pairs, pair_of_row = np.unique(codes[rows] * n_psus + layout.psu[rows], return_inverse=True)
        domain_of_pair, psu = np.divmod(pairs, n_psus)
        groups, group_of_pair = np.unique(domain_of_pair * n_strata + layout.stratum[psu], return_inverse=True)
        domain, stratum = np.divmod(groups, n_strata)
        return cls(design, n_domains, rows, pair_of_row, psu, domain_of_pair, group_of_pair, stratum, domain)

    def per_pair(self, values: FloatMatrix) -> FloatMatrix:
        """Sum (n, k) within each PSU of each domain."""
        return sums_by(self.pair_of_row, values[self.rows], len(self.psu))

    def per_group(self, pairs: FloatMatrix) -> FloatMatrix:
        """Sum figures of pairs within each stratum of each domain."""
        return sums_by(self.group_of_pair, pairs, len(self.stratum))

    def per_domain(self, groups: FloatMatrix) -> FloatMatrix:
        """Sum figures of groups within each domain."""
        return sums_by(self.domain, groups, self.n_domains)


def sums_by(index: IntVector, values: FloatMatrix, size: int) -> FloatMatrix:
    """Sum rows that share an index, shape (size, k).

    Examples
    --------
    >>> sums_by(np.array([0, 2, 0]), np.array([[1.0], [5.0], [2.0]]), 3).ravel()
    array([3., 0., 5.])
    """
    # A count per column is several times faster than adding whole rows in place.
    result = np.empty((size, values.shape[1]))
    for column in range(values.shape[1]):
        result[:, column] = np.bincount(index, weights=values[:, column], minlength=size)
    return result


def degrees_of_freedom(groups: Groups, used: BoolMatrix) -> IntMatrix:
    """PSUs with an answer less strata with an answer, shape (d, k); ``used``, shape (n, k), says what counts."""
    units = groups.per_group((groups.per_pair(used.astype(np.float64)) > 0).astype(np.float64))
    return groups.per_domain(np.maximum(units - 1, 0)).astype(np.int64)


def n_without_spread(groups: Groups, used: BoolMatrix) -> FloatMatrix:
    r"""Effective number of answers where all agree, so that no variance is seen, shape (d, k).

    Notes
    -----
    Kish's effective number of PSUs, :math:`(\sum_c W_c)^2 / \sum_c (1 - n_h/N_h) W_c^2` with :math:`W_c` the
    weight of the answers in PSU c: a cluster counts as one answer, and a complete census as infinitely many.
    """
    layout = groups.design.layout
    weight = groups.per_pair(np.asarray(groups.design.weights)[:, None] * used)
    squares = groups.per_group(layout.left[layout.stratum[groups.psu], None] * weight**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective: FloatMatrix = groups.per_domain(groups.per_group(weight)) ** 2 / groups.per_domain(squares)
    return effective


def linearised_variance(groups: Groups, scores: FloatMatrix) -> FloatMatrix:
    r"""Variance of weighted totals of linearised variables.

    Parameters
    ----------
    groups
        Of d domains.
    scores
        Shape (n, k): :math:`z_i`, the change of the estimate of the row's own domain per unit of weight
        of row i; 0 for answers not used.

    Returns
    -------
    variance
        Shape (d, k).

    Notes
    -----
    With :math:`t_{hc}` the total of :math:`w_i z_i` in PSU c of stratum h, and 0 for PSUs without a member of
    the domain, :math:`V = \sum_h (1 - n_h/N_h) \frac{n_h}{n_h - 1} \sum_c (t_{hc} - \bar{t}_h)^2`.
    For calibrated weights :math:`z_i` is replaced by its residual :math:`z_i - x_i^T B` in the regression on the
    margins' indicators, weighted by the base weights.

    References
    ----------
    Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys.
    International Statistical Review 51(3), 279-292.
    Deville, J.-C., Särndal, C.-E. (1992). Calibration estimators in survey sampling. Journal of the American
    Statistical Association 87(418), 376-382.
    """
    layout, stratum = groups.design.layout, groups.stratum
    totals = groups.per_pair(np.asarray(groups.design.weights)[:, None] * scores)
    # A lonely PSU is compared with 0, the centre of all: linearised means add up to 0.
    share_of_psu = np.where(layout.psus > 1, 1 / layout.psus, 0.0)
    means = share_of_psu[stratum, None] * groups.per_group(totals)
    squares = groups.per_group((totals - means[groups.group_of_pair]) ** 2)
    absent = layout.psus[stratum] - np.bincount(groups.group_of_pair, minlength=len(stratum))
    squares += absent[:, None] * means**2
    variance = groups.per_domain(layout.factor[stratum, None] * squares)
    if layout.calibration is not None:
        variance -= _explained(layout.calibration, groups, scores, totals, means)
    if groups.design.lonely == "average":
        variance *= _lonely_inflation(layout, groups)[:, None]
    return np.maximum(variance, 0.0)


def _explained(
    margins: Calibration, groups: Groups, scores: FloatMatrix, totals: FloatMatrix, means: FloatMatrix
) -> FloatMatrix:
    # Residuals are not 0 outside the domain: to write them out would take n rows for each domain. Instead the
    # variance of t - R B (R: PSU totals of the indicators, Q: the variance's quadratic form) is expanded into
    # t'Qt - 2 B'(R'Qt) + B'(R'QR)B, where all that changes from domain to domain needs the domain's rows only.
    d, p = groups.n_domains, len(margins.form)
    domain_of_row = groups.domain_of_pair[groups.pair_of_row]
    sums = _spread(margins.indicators[groups.rows], domain_of_row, d) @ scores[groups.rows]
    cross = _spread(margins.psu_totals[groups.psu], groups.domain_of_pair, d) @ totals
    cross -= _spread(margins.stratum_totals[groups.stratum], groups.domain, d) @ means
    # One product of large matrices for all domains; many small ones would take several times longer.
    coefficients = margins.inverse @ sums.reshape(p, -1)
    inner = 2 * cross.reshape(p, -1) - margins.form @ coefficients
    explained: FloatMatrix = (coefficients * inner).sum(axis=0).reshape(d, -1)
    return explained


def _spread(matrix: csr_array, domain: IntVector, n_domains: int) -> csr_array:
    """Turn (items, p) into (p * n_domains, items), so that its product with (items, k) sums within domains."""
    entries = matrix.tocoo()
    rows = entries.col * n_domains + domain[entries.row]
    return csr_array((entries.data, (rows, entries.row)), shape=(matrix.shape[1] * n_domains, matrix.shape[0]))


def _lonely_inflation(layout: Layout, groups: Groups) -> FloatVector:
    lonely = (layout.psus == 1) & (layout.left > 0)
    strata = np.bincount(groups.domain, minlength=groups.n_domains)
    shown = np.bincount(groups.domain[~lonely[groups.stratum]], minlength=groups.n_domains)
    inflation: FloatVector = np.divide(strata, shown, out=np.full(len(strata), np.nan), where=shown > 0)
    return inflation
