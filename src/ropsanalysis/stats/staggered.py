"""Effects of something that came to different places at different times (Callaway and Sant'Anna)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from ropsanalysis.stats.effects import FEWEST_CLUSTERS, NotEstimableError, cluster_codes, cluster_sums
from ropsanalysis.stats.intervals import t_interval
from ropsanalysis.stats.vocabulary import BoolVector, FloatMatrix, FloatVector, IntVector, as_matrix, as_vector

Control = Literal["never", "not_yet"]
Aggregate = Literal["simple", "event", "group", "calendar"]


@dataclass(frozen=True, slots=True)
class GroupTimeEffects:
    """Effects of m cells: a group, first treated in the same period, in a period; absent where there is no comparison.

    Attributes
    ----------
    group, period
        Shape (m,): first treated period of the cell's group, and period looked at; before it (period < group) the
        effect is a check that should give 0.
    value
        Shape (m,): in the unit of the outcome.
    se
        Shape (m,): cluster-robust standard error.
    n_treated, n_comparison
        Shape (m,): units of the group, and those compared with.
    influence
        Shape (G, m): what each cluster adds to the error of each value.
    groups
        Shape (q,): first treated periods of all groups in the cells.
    members
        Shape (G, q): units of each group in each cluster.
    n_units, n_clusters
        Units and clusters the cells rest on.
    n_missing
        Units left out because an outcome was missing somewhere.
    n_always
        Units left out because they were treated from the first period on: nothing is known of them before.
    too_small
        Groups left out because they lie in fewer clusters than needed.
    """

    group: FloatVector
    period: FloatVector
    value: FloatVector
    se: FloatVector
    n_treated: IntVector
    n_comparison: IntVector
    influence: FloatMatrix
    groups: FloatVector
    members: FloatMatrix
    n_units: int
    n_clusters: int
    n_missing: int
    n_always: int
    too_small: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Cells brought together into k effects and one overall effect.

    Attributes
    ----------
    kind
        What they are brought together by.
    at
        Shape (k,): periods since the first treated one (event), first treated period (group), or period (calendar);
        empty for simple.
    value, se
        Shape (k,).
    influence
        Shape (G, k).
    overall, overall_se
        Mean over treated cells by size of group (simple), or over `value`: those from event time 0 on, by size of
        group, or over periods.
    overall_low, overall_high, overall_p_value
        Interval and two-sided p-value of no effect, by Student's t with the number of clusters less 1.
    overall_influence
        Shape (G, 1).
    """

    kind: Aggregate
    at: FloatVector
    value: FloatVector
    se: FloatVector
    influence: FloatMatrix
    overall: float
    overall_se: float
    overall_low: float
    overall_high: float
    overall_p_value: float
    overall_influence: FloatMatrix


def group_time_effects(
    outcomes: ArrayLike,
    periods: ArrayLike,
    first_treated: ArrayLike,
    *,
    clusters: ArrayLike | None,
    control: Control = "not_yet",
    placebo: float = 0.0,
    fewest_clusters: int = FEWEST_CLUSTERS,
) -> GroupTimeEffects:
    r"""Estimate the effect on each group in each period, beside units that were not treated by then.

    Parameters
    ----------
    outcomes
        Shape (n, T): a balanced panel; units with a gap (NaN) are left out and counted.
    periods
        Shape (T,): numbers such as years, ascending.
    first_treated
        Shape (n,): period in which the unit was first treated; NaN, 0 or later than the last period for units not
        treated within the panel. It must not end again.
    clusters
        Shape (n,): the unit's cluster, such as its county; None: each unit stands alone.
    control
        ``"never"``: compare with units not treated within the panel. ``"not_yet"``: also with units that are treated
        later than the period looked at.
    placebo
        Pretend that treatment began this many periods' units (years) earlier, and use only periods before it really
        began: effects other than 0 then are none of treatment. Groups are named by the pretended beginning.
    fewest_clusters
        Groups, or comparisons, in fewer clusters are left out; at least 2, see `effects.Effect`.

    Raises
    ------
    ValueError
        If shapes differ, periods do not ascend, or an option is not known.
    NotEstimableError
        With `reason` ``"one_period"``: fewer than two periods; ``"no_group"``: no group large enough that is treated
        after the first period; ``"no_comparison"``: all are treated by then, as where all began in the same period.

    Notes
    -----
    :math:`ATT(g, t)` is the mean change of group g from its base period to t, less that of the comparison. The base is
    the last period before g; for t < g it is the period before t, so that each is a check of its own. Influences are
    the deviations of each unit's change from its group's mean, over the size of the group.

    References
    ----------
    Callaway, B., Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods. Journal of
    Econometrics 225(2), 200-230.

    Examples
    --------
    >>> outcomes = [[1, 1, 4], [1, 3, 6], [2, 2, 3], [2, 4, 3], [0, 1, 1], [0, 1, 1]]
    >>> found = group_time_effects(outcomes, [2001, 2002, 2003], [2003, 2003, 0, 0, 0, 0], clusters=None)
    >>> found.period.tolist(), found.value.tolist()
    ([2002.0, 2003.0], [0.0, 3.0])
    """
    y, time, begin = _panel(outcomes, periods, first_treated, control, placebo, fewest_clusters)
    codes = cluster_codes(clusters, n=len(y))
    whole, always = ~np.isnan(y).any(axis=1), begin <= time[0]
    kept = whole & ~always
    places = {g: np.unique(codes[kept & (begin == g)]).size for g in np.unique(begin[kept & np.isfinite(begin)])}
    large = [g for g, number in places.items() if number >= fewest_clusters and g - placebo > time[0]]
    if control == "never":
        kept &= np.isinf(begin) | np.isin(begin, large)
    y, begin = y[kept], begin[kept]
    codes = np.unique(codes[kept], return_inverse=True)[1].astype(np.int64)
    if not large:
        raise NotEstimableError(
            f"no group in at least {fewest_clusters} clusters is treated after the first period, {time[0]:g}; add "
            "earlier periods, or join the dates at which treatment began",
            reason="no_group",
        )
    cells = list(_cells(y, time, begin, codes, large, control, placebo, fewest_clusters))
    if not any(cell.period >= cell.group for cell in cells):
        raise NotEstimableError(
            "everybody is treated by the time the first group is, so that nobody shows what would have happened "
            "without; add units that were not treated, or were later",
            reason="no_comparison",
        )
    group = np.array([cell.group for cell in cells])
    groups = np.unique(group)
    influence = np.column_stack([cell.influence for cell in cells])
    return GroupTimeEffects(
        group=group,
        period=np.array([cell.period for cell in cells]),
        value=np.array([cell.value for cell in cells]),
        se=_spread(influence),
        n_treated=np.array([cell.n_treated for cell in cells]),
        n_comparison=np.array([cell.n_comparison for cell in cells]),
        influence=influence,
        groups=groups,
        members=cluster_sums((begin[:, None] - placebo == groups).astype(np.float64), codes),
        n_units=len(y),
        n_clusters=len(influence),
        n_missing=int((~whole).sum()),
        n_always=int((whole & always).sum()),
        too_small=tuple(float(g) for g, number in places.items() if number < fewest_clusters),
    )


def aggregate(effects: GroupTimeEffects, kind: Aggregate, *, confidence: float = 0.95) -> Aggregation:
    r"""Bring the effects of all cells together.

    Parameters
    ----------
    kind
        ``"simple"``: all treated cells at once. ``"event"``: by periods since treatment began. ``"group"``: by when it
        began. ``"calendar"``: by period. The last two, and the overall effects, look at treated cells only.

    Notes
    -----
    Within an event time, a period or all cells, cells weigh by the size :math:`n_g` of their group; within a group they
    weigh the same. With :math:`\bar{a}` such a mean, the sizes, being chance too, add
    :math:`\sum_k 1\{G_i = g_k\}(a_k - \bar{a}) / \sum_k n_{g_k}` to the influence of unit i.

    References
    ----------
    Callaway and Sant'Anna (2021), as in `group_time_effects`, section 3.
    """
    size = effects.members.sum(axis=0)[np.searchsorted(effects.groups, effects.group)]
    after = effects.period >= effects.group
    label = {
        "simple": np.where(after, 0.0, np.nan),
        "event": effects.period - effects.group,
        "group": np.where(after, effects.group, np.nan),
        "calendar": np.where(after, effects.period, np.nan),
    }
    if kind not in label:
        raise ValueError(f"kind: {kind!r} is not known; choose {', '.join(label)}")
    at = np.unique(label[kind][~np.isnan(label[kind])])
    means = [_mean(effects, np.flatnonzero(label[kind] == place), even=kind == "group") for place in at]
    value = np.array([mean for mean, _ in means])
    influence = np.column_stack([column for _, column in means])
    if kind == "group":
        size = effects.members.sum(axis=0)[np.isin(effects.groups, at)]
        overall = float(value @ size / size.sum())
        sizes = effects.members[:, np.isin(effects.groups, at)] @ (value - overall) / size.sum()
        total = influence @ (size / size.sum()) + sizes
    else:
        chosen = at >= 0 if kind == "event" else np.ones(at.size, dtype=np.bool_)
        overall, total = float(value[chosen].mean()), influence[:, chosen].mean(axis=1)
    se, df = float(_spread(total[:, None])[0]), effects.n_clusters - 1
    limits = t_interval(overall, se, df, confidence=confidence)
    shown = slice(0, 0) if kind == "simple" else slice(None)
    return Aggregation(
        kind=kind,
        at=at[shown],
        value=value[shown],
        se=_spread(influence)[shown],
        influence=influence[:, shown],
        overall=overall,
        overall_se=se,
        overall_low=float(limits.low),
        overall_high=float(limits.high),
        overall_p_value=float(2 * student.sf(abs(overall) / se, df)) if se > 0 else np.nan,
        overall_influence=total[:, None],
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    group: float
    period: float
    value: float
    n_treated: int
    n_comparison: int
    influence: FloatVector


def _panel(
    outcomes: ArrayLike, periods: ArrayLike, first_treated: ArrayLike, control: str, placebo: float, fewest: int
) -> tuple[FloatMatrix, FloatVector, FloatVector]:
    """Check the panel; units never treated within it begin at infinity."""
    y, time = as_matrix(outcomes, name="outcomes"), as_vector(periods, name="periods")
    begin = np.array(first_treated, dtype=np.float64)
    if time.size != y.shape[1] or begin.shape != (len(y),):
        raise ValueError(f"outcomes: shape {y.shape} does not fit {time.size} periods and {begin.size} units")
    if np.isnan(time).any() or (np.diff(time) <= 0).any():
        raise ValueError("periods: expected ascending numbers, each once")
    if control not in ("never", "not_yet"):
        raise ValueError(f"control: {control!r} is not known; choose never or not_yet")
    if placebo < 0 or fewest < FEWEST_CLUSTERS:
        raise ValueError(f"placebo, fewest_clusters: expected at least 0 and {FEWEST_CLUSTERS}")
    if time.size < 2:
        raise NotEstimableError("there is one period only, so that no change can be seen", reason="one_period")
    return y, time, np.where(np.isnan(begin) | (begin == 0) | (begin > time[-1]), np.inf, begin)


def _cells(
    y: FloatMatrix,
    time: FloatVector,
    begin: FloatVector,
    codes: IntVector,
    groups: list[float],
    control: Control,
    placebo: float,
    fewest_clusters: int,
) -> Iterator[_Cell]:
    """Give all cells that have a comparison."""
    for g in groups:
        treated, named = begin == g, g - placebo
        last_before = int(np.searchsorted(time, named)) - 1
        for now in range(1, time.size):
            if placebo and time[now] >= g:
                break
            base = last_before if time[now] >= named else now - 1
            compared = np.isinf(begin) if control == "never" else (begin > time[now]) & ~treated
            if np.unique(codes[compared]).size < fewest_clusters:
                continue
            value, influence = _contrast(y[:, now] - y[:, base], treated, compared)
            sums = cluster_sums(influence[:, None], codes)[:, 0]
            yield _Cell(named, float(time[now]), value, int(treated.sum()), int(compared.sum()), sums)


def _contrast(change: FloatVector, treated: BoolVector, compared: BoolVector) -> tuple[float, FloatVector]:
    """Difference of mean changes, and the influence of each unit on it."""
    means = [float(change[part].mean()) for part in (treated, compared)]
    influence = np.zeros(change.size)
    influence[treated] = (change[treated] - means[0]) / treated.sum()
    influence[compared] = -(change[compared] - means[1]) / compared.sum()
    return means[0] - means[1], influence


def _mean(effects: GroupTimeEffects, cells: IntVector, *, even: bool) -> tuple[float, FloatVector]:
    """Mean of cells, all the same or by size of group, and the influence of each cluster on it."""
    values, influence = effects.value[cells], effects.influence[:, cells]
    if even:
        return float(values.mean()), influence.mean(axis=1)
    members = effects.members[:, np.searchsorted(effects.groups, effects.group[cells])]
    size = members.sum(axis=0)
    mean = float(values @ size / size.sum())
    return mean, (influence @ size + members @ (values - mean)) / size.sum()


def _spread(influence: FloatMatrix) -> FloatVector:
    n_clusters = len(influence)
    if n_clusters < FEWEST_CLUSTERS:
        return np.full(influence.shape[1], np.nan)
    se: FloatVector = np.sqrt(n_clusters / (n_clusters - 1) * (influence**2).sum(axis=0))
    return se
