"""How long something took, with some still waiting: restricted means of one or two groups, weighted and clustered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from ropsanalysis.stats import survey
from ropsanalysis.stats.intervals import t_interval
from ropsanalysis.stats.paired_design import complete_rows, count_missing, labels_of, wald_p_value
from ropsanalysis.stats.survey_design import Design
from ropsanalysis.stats.survival import kaplan_meier, restricted_mean
from ropsanalysis.stats.vocabulary import FloatVector, as_vector


@dataclass(frozen=True, slots=True)
class DurationChange:
    """Mean time up to a horizon, of a group and beside a reference group, in the unit of the times.

    Attributes
    ----------
    mean, low, high
        Of the group (all, if there is no other), restricted to the horizon.
    reference, reference_low, reference_high
        Of the reference group; NaN without one.
    difference, difference_low, difference_high, p_value
        Group minus reference; NaN without one.
    horizon
        Age at which all times are cut.
    n, n_events, reference_n, reference_n_events
        Persons of each group and how many times ended.
    n_missing
        Persons left out because time, event or group is missing.
    """

    mean: float
    low: float
    high: float
    reference: float
    reference_low: float
    reference_high: float
    difference: float
    difference_low: float
    difference_high: float
    p_value: float
    horizon: float
    n: int
    n_events: int
    reference_n: int
    reference_n_events: int
    n_missing: int


def paired_duration(
    time: ArrayLike,
    event: ArrayLike,
    *,
    horizon: float,
    group: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    confidence: float = 0.95,
) -> DurationChange:
    r"""Mean time until something happens, up to a horizon, and its difference between two groups.

    Parameters
    ----------
    time
        Shape (n,): time until the event, or until last seen; above 0. NaN where missing.
    event
        Shape (n,): 1 if it happened then, 0 if not yet (censored); NaN where missing.
    horizon
        Time at which all are cut; no later than the last time seen in either group.
    group
        Shape (n,): 1 (or True) for the group of interest, 0 for the reference; NaN where missing. For the spells
        of the same persons before and after: 1 after, with the person as cluster. None: one group only.
    weights, clusters, confidence
        As in `paired_mean`.

    Raises
    ------
    ValueError
        If lengths differ, a time is not above 0, an event or group is neither 0 nor 1, a group is empty or the
        horizon is not above 0.
    UsageError
        As in `paired_mean`.

    Notes
    -----
    The area under the Kaplan-Meier curve up to the horizon. Without weights and clusters intervals are those of
    `survival.restricted_mean`, and the difference has the sum of both variances. Otherwise each person gets its
    pseudo-value :math:`n\hat\mu - (n - 1)\hat\mu_{(-i)}` in its group, and these are weighted and clustered as the
    answers in `paired_mean`; the difference has the degrees of freedom of the group in fewer clusters. All NaN where
    the horizon lies beyond what was seen.

    References
    ----------
    Royston, P., Parmar, M. K. B. (2013). Restricted mean survival time: an alternative to the hazard ratio for the
    design and analysis of randomized trials with a time-to-event outcome. BMC Medical Research Methodology 13, 152.
    Andersen, P. K., Hansen, M. G., Klein, J. P. (2004). Regression analysis of restricted mean survival time based on
    pseudo-observations. Lifetime Data Analysis 10(4), 335-350.

    Examples
    --------
    >>> found = paired_duration([1, 2, 3, 4, 2, 4, 6, 8], [1, 1, 1, 1, 1, 1, 1, 1], horizon=8, group=[1] * 4 + [0] * 4)
    >>> found.mean, found.reference, found.difference
    (2.5, 5.0, -2.5)
    """
    columns = [as_vector(time, name="time"), as_vector(event, name="event")]
    columns.append(np.ones(columns[0].size) if group is None else as_vector(group, name="group"))
    kept = complete_rows(columns, ("time", "event", "group"), weights)
    until, ended, member = (column[kept] for column in columns)
    if not np.isin(member, (0.0, 1.0)).all():
        raise ValueError("group: only 0 (reference) and 1 (group) can be used, and NaN where missing")
    names = (1.0,) if group is None else (1.0, 0.0)
    plain = weights is None and clusters is None
    labels = labels_of(clusters, kept)
    design = Design(
        np.ones(until.size) if weights is None else as_vector(weights, name="weights")[kept], clusters=labels
    )
    means, influence = [], np.zeros(until.size)
    for name, sign in zip(names, (1.0, -1.0), strict=False):
        inside = member == name
        if not inside.any():
            raise ValueError(f"group: nobody has {name:g}")
        mean = restricted_mean(kaplan_meier(until[inside], ended[inside], confidence=confidence), horizon=horizon)
        if plain:
            means.append((mean.value, mean.low, mean.high))
            continue
        pseudo = np.zeros(until.size)
        pseudo[inside] = _pseudo_values(until[inside], ended[inside], horizon, mean.value)
        figure = survey.mean(pseudo, design, domain=inside, confidence=confidence)
        means.append((figure.value, figure.low, figure.high))
        within = np.asarray(design.weights) * inside
        influence += sign * within * (pseudo - figure.value) / within.sum()
    counts = [(int((member == name).sum()), int(ended[member == name].sum())) for name in (1.0, 0.0)]
    nothing = (np.nan, np.nan, np.nan)
    difference = (*nothing, np.nan)
    if group is not None:
        df = min(np.unique(labels[member == name]).size for name in names) - 1
        difference = _difference(
            *means, influence=None if plain else influence, labels=labels, df=max(df, 1), confidence=confidence
        )
    return DurationChange(
        *means[0], *(means[1] if group is not None else nothing), *difference, float(horizon), *counts[0], *counts[1],
        count_missing(columns, weights),
    )  # fmt: skip


def _pseudo_values(time: FloatVector, event: FloatVector, horizon: float, mean: float) -> FloatVector:
    """Pseudo-values of the restricted mean; persons alike in time and event share one, so few curves are needed."""
    if np.isnan(mean) or time.size < 2:
        return np.full(time.size, np.nan)
    kinds, first, code = np.unique(np.column_stack((time, event)), axis=0, return_index=True, return_inverse=True)
    without = np.empty(len(kinds))
    for place, row in enumerate(first):
        rest = np.delete(np.arange(time.size), row)
        curve, last = kaplan_meier(time[rest], event[rest]), float(time[rest].max())
        without[place] = restricted_mean(curve, horizon=min(horizon, last)).value
        if last < horizon:  # only the one left out was seen until the horizon: the curve goes on as it was
            without[place] += (horizon - last) * (float(curve.survival[-1]) if curve.survival.size else 1.0)
    n = time.size
    return np.asarray((n * mean - (n - 1) * without)[code.ravel()], dtype=np.float64)


def _difference(
    group: tuple[float, float, float],
    reference: tuple[float, float, float],
    *,
    influence: FloatVector | None,
    labels: NDArray[Any],
    df: int,
    confidence: float,
) -> tuple[float, float, float, float]:
    """Return the difference of two means, its limits and the p-value."""
    difference = group[0] - reference[0]
    if influence is None:
        quantile = float(norm.ppf((1 + confidence) / 2))
        se = float(np.hypot(group[2] - group[0], reference[2] - reference[0])) / quantile
        p_value = float(2 * norm.sf(abs(difference) / se)) if se > 0 else np.nan
        return difference, difference - quantile * se, difference + quantile * se, p_value
    total = survey.total(influence, Design(np.ones(influence.size), clusters=labels))
    limits = t_interval(difference, total.se, df, confidence=confidence)
    return difference, float(limits.low), float(limits.high), wald_p_value(difference, total.se, df, scale=1.0)
