"""Money in the social economy: revenue and its sources, result, liquidity, public contracts, distribution."""

from __future__ import annotations

from typing import Final

import numpy as np

from ropsanalysis.social_economy.accounts import (
    account_totals,
    diversification,
    liquidity,
    public_revenue,
    revenue_parts,
)
from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.schema import REVENUE_SOURCES

QUANTILES: Final = {
    "revenue_q10": 0.10,
    "revenue_q25": 0.25,
    "revenue_median": 0.50,
    "revenue_q75": 0.75,
    "revenue_q90": 0.90,
}


def finance_figures(estimator: Estimator) -> dict[str, Figure]:
    """Estimate the measures of finances.

    Notes
    -----
    Totals of revenue, costs and result are over the same entities (see `account_totals`), so they agree. Shares of the
    revenue are over entities whose revenue is known by source (see `revenue_parts`), so that they add
    up to one and ``public_share`` is the sum of the public ones. ``result_margin`` is the result over the revenue.
    """
    answers = estimator.sample.answers
    parts = revenue_parts(answers)
    whole = parts.sum(axis=1)
    revenue, result = answers["revenue_total_pln"], answers["result_pln"]
    ratio = liquidity(answers)
    assets, liabilities, contracts = (
        answers[name] for name in ("current_assets_pln", "current_liabilities_pln", "public_contracts")
    )
    return {
        **estimator.totals(account_totals(answers)),
        **estimator.ratios(
            {
                "public_share": (public_revenue(answers), whole),
                "result_margin": (result, revenue),
                **{f"revenue_share_{source}": (parts[:, k], whole) for k, source in enumerate(REVENUE_SOURCES)},
            }
        ),
        **estimator.shares(
            {
                "positive_result_share": np.where(np.isnan(result), np.nan, result > 0),
                "liquid_share": np.where(np.isnan(assets + liabilities), np.nan, assets >= liabilities),
                "contracts_share": np.where(np.isnan(contracts), np.nan, contracts > 0),
            }
        ),
        **estimator.quantiles(revenue, QUANTILES),
        **estimator.quantiles(ratio, {"liquidity_median": 0.5}),
        **estimator.quantiles(diversification(parts), {"revenue_hhi_median": 0.5}),
        **estimator.concentration("revenue_hhi", parts),
    }
