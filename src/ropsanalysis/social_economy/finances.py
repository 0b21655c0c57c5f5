"""Money in the social economy: revenue and its sources, result, liquidity, public contracts, distribution."""

from __future__ import annotations

from typing import Final

from ropsanalysis.social_economy.accounts import (
    ACCOUNT,
    diversification,
    liquidity,
    public_revenue,
    revenue_parts,
)
from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.magnitudes import yes_or_no
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
    Totals of revenue, costs and result each rest on all entities that gave the number, with a base of their own: where
    some gave only their revenue, the total result need not be the total revenue less the total costs. Shares of the
    revenue are over entities whose revenue is known by source (see `revenue_parts`), so that they add
    up to one and ``public_share`` is the sum of the public ones. ``result_margin`` is the result over the revenue.
    """
    answers = estimator.sample.answers
    parts = revenue_parts(answers)
    whole = parts.sum(axis=1)
    revenue, result = answers["revenue_total_pln"], answers["result_pln"]
    ratio = liquidity(answers)
    flags = yes_or_no(answers)
    return {
        **estimator.totals({name: answers[name] for name in ACCOUNT}),
        **estimator.ratios(
            {
                "public_share": (public_revenue(answers), whole),
                "result_margin": (result, revenue),
                **{f"revenue_share_{source}": (parts[:, k], whole) for k, source in enumerate(REVENUE_SOURCES)},
            }
        ),
        **estimator.shares({f"{name}_share": flags[name] for name in ("positive_result", "liquid", "contracts")}),
        **estimator.quantiles(revenue, QUANTILES),
        **estimator.quantiles(ratio, {"liquidity_median": 0.5}),
        **estimator.quantiles(diversification(parts), {"revenue_hhi_median": 0.5}),
        **estimator.concentration("revenue_hhi", parts),
    }
