"""The accounts of single entities: what follows from what they answered about money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.social_economy.schema import PUBLIC_SOURCES, REVENUE_SOURCES, revenue_tolerance
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

LIQUIDITY_CAP: Final = 10.0
"""A liquidity ratio above this, and one without any liabilities, counts as this: no median gets that far."""

ACCOUNT: Final = ("revenue_total_pln", "costs_pln", "result_pln")
"""Of these three columns the first less the second is the third, for each entity that told two of them."""

_PUBLIC: Final = np.isin(REVENUE_SOURCES, PUBLIC_SOURCES)


def complete_accounts(answers: Mapping[str, FloatVector]) -> dict[str, FloatVector]:
    """Fill in revenue, costs or result where the other answers leave no choice.

    Returns
    -------
    dict
        All answers, columns of shape (n,). Revenue is the sum of its sources where all were given; of revenue, costs
        and result the one not given follows from the other two.

    Examples
    --------
    >>> none = {f"revenue_{source}_pln": np.array([np.nan]) for source in REVENUE_SOURCES}
    >>> money = {"revenue_total_pln": np.array([90.0]), "costs_pln": np.array([80.0]), "result_pln": np.array([np.nan])}
    >>> complete_accounts({**none, **money})["result_pln"]
    array([10.])
    """
    sources = np.sum([answers[f"revenue_{source}_pln"] for source in REVENUE_SOURCES], axis=0)
    revenue = _first_known(answers["revenue_total_pln"], sources)
    costs, result = answers["costs_pln"], answers["result_pln"]
    return {
        **answers,
        "revenue_total_pln": _first_known(revenue, costs + result),
        "costs_pln": _first_known(costs, revenue - result),
        "result_pln": _first_known(result, revenue - costs),
    }


def revenue_parts(answers: Mapping[str, FloatVector]) -> FloatMatrix:
    """Revenue by source, shape (n, sources) in the order of `REVENUE_SOURCES`; a row is known as a whole or not.

    Notes
    -----
    Sources left empty are nothing where those given already make up the total. Rows whose sources do not make up the
    total are NaN.
    """
    parts = np.column_stack([answers[f"revenue_{source}_pln"] for source in REVENUE_SOURCES])
    total = answers["revenue_total_pln"]
    given = np.nansum(parts, axis=1)
    complete = np.abs(given - total) <= revenue_tolerance(pd.Series(total)).to_numpy()
    return np.where(complete[:, None], np.nan_to_num(parts), np.nan)


def public_revenue(answers: Mapping[str, FloatVector]) -> FloatVector:
    """Revenue from public money, shape (n,); NaN where the sources are not known."""
    return np.asarray(revenue_parts(answers)[:, _PUBLIC].sum(axis=1))


def liquidity(answers: Mapping[str, FloatVector]) -> FloatVector:
    """Divide current assets by current liabilities, at most `LIQUIDITY_CAP`; NaN for nothing by nothing.

    Examples
    --------
    >>> liquidity({"current_assets_pln": np.array([30.0, 5.0, 0.0]), "current_liabilities_pln": np.array([20.0, 0, 0])})
    array([ 1.5, 10. ,  nan])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = answers["current_assets_pln"] / answers["current_liabilities_pln"]
    return np.minimum(ratio, LIQUIDITY_CAP)


def diversification(parts: FloatMatrix) -> FloatVector:
    """Herfindahl-Hirschman index of each entity's own revenue by source, shape (n,): 1 if all comes from one.

    Examples
    --------
    >>> diversification(np.array([[50.0, 50.0], [80.0, 0.0]]))
    array([0.5, 1. ])
    """
    whole = parts.sum(axis=1, keepdims=True)
    share = np.divide(parts, whole, out=np.full(parts.shape, np.nan), where=whole > 0)
    return np.asarray((share**2).sum(axis=1))


def _first_known(first: FloatVector, second: FloatVector) -> FloatVector:
    return np.where(np.isnan(first), second, first)
