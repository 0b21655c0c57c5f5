"""Composite index of the voivodeships, with the interval of ranks under other defensible choices."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import REGION_CODES, IndicatorSeries, frame
from ropsanalysis.stats.composite import composite_index
from ropsanalysis.stats.rank_uncertainty import RankUncertainty, Variant, rank_uncertainty
from ropsanalysis.stats.vocabulary import FloatVector

SCORE_COLUMNS: Final = {
    "teryt": "str",
    "score": "float64",
    "rank": "Int64",
    "rank_low": "Int64",
    "rank_median": "Int64",
    "rank_high": "Int64",
    "available": "float64",
}
VARIANT_COLUMNS: Final = {"variant": "str", "teryt": "str", "rank": "Int64"}

NORMALISATIONS: Final = {"minmax": "skala min–maks", "zscore": "standaryzacja", "rank": "rangi"}
AGGREGATIONS: Final = {"arithmetic": "średnia arytmetyczna", "geometric": "średnia geometryczna"}
WEIGHTINGS: Final = {
    "equal_by_dimension": "równe wagi wymiarów",
    "equal_by_indicator": "równe wagi wskaźników",
    "random": "wagi losowe",
}


def index_members(series: list[IndicatorSeries], *, min_regions: int) -> list[IndicatorSeries]:
    """Select the index's indicators: members, comparable, with a better end and a fit year, no variants."""
    return [
        indicator
        for indicator in series
        if indicator.index_member
        and indicator.comparable
        and indicator.direction != "neutral"
        and not indicator.is_variant
        and indicator.common_years(min_regions)
    ]


def index_tables(
    series: list[IndicatorSeries], *, parameters: DiagnosisParameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and ranks of the index, and the ranks under every variant.

    Returns
    -------
    tuple of DataFrame
        Scores: one row per voivodeship, with a column ``score_<section>`` per section used; ranks' 5th, 50th
        and 95th percentiles over the variants. Variants: one row per variant and voivodeship.

    Notes
    -----
    Each indicator enters with its latest year fit for comparison; outliers are treated, indicators scaled
    0-100 between the worst and best voivodeship, averaged inside their section and then over the sections,
    all with equal weights. Missing values are not imputed. The interval is widened, where needed, to hold
    the rank itself.
    """
    members = index_members(series, min_regions=parameters.min_regions)
    if not members:
        return frame([], SCORE_COLUMNS), frame([], VARIANT_COLUMNS)
    values = np.column_stack([member.regions(member.common_years(parameters.min_regions)[-1]) for member in members])
    directions = [member.direction for member in members]
    sections = [member.section for member in members]
    index = composite_index(
        values, directions=directions, dimensions=sections, min_available=parameters.availability_threshold
    )
    spread = rank_uncertainty(
        values,
        directions=directions,
        dimensions=sections,
        draws=parameters.index_draws,
        rng=np.random.default_rng(parameters.seed),
        min_available=parameters.availability_threshold,
    )
    scores = pd.DataFrame(
        {
            "teryt": REGION_CODES,
            "score": index.scores,
            "rank": index.ranks,
            "rank_low": np.fmin(spread.low, index.ranks),
            "rank_median": spread.median,
            "rank_high": np.fmax(spread.high, index.ranks),
            "available": index.available,
        }
    ).astype(SCORE_COLUMNS)
    for column, section in enumerate(index.dimensions):
        scores[f"score_{section}"] = index.dimension_scores[:, column]
    return scores, _variant_table(spread, [member.key for member in members])


def describe(variant: Variant, keys: list[str]) -> str:
    """Polish description of a variant's choices.

    Examples
    --------
    >>> describe(Variant("minmax", "geometric", "random", 1), ["1.B.1", "1.D.1"])
    'skala min–maks, średnia geometryczna, wagi losowe, bez 1.D.1'
    """
    parts = [
        NORMALISATIONS[variant.normalisation],
        AGGREGATIONS[variant.aggregation],
        WEIGHTINGS[variant.weighting],
    ]
    if variant.omitted is not None:
        parts.append(f"bez {keys[variant.omitted]}")
    return ", ".join(parts)


def _variant_table(spread: RankUncertainty, keys: list[str]) -> pd.DataFrame:
    """One row per variant and voivodeship; the number keeps variants with equal choices apart."""
    names = [f"{number}: {describe(variant, keys)}" for number, variant in enumerate(spread.variants, start=1)]
    ranks: FloatVector = spread.ranks.ravel()
    return pd.DataFrame(
        {
            "variant": np.repeat(names, len(REGION_CODES)),
            "teryt": np.tile(REGION_CODES, len(names)),
            "rank": ranks,
        }
    ).astype(VARIANT_COLUMNS)
