"""The regional diagnosis: from tidy observations to all national tables, computed once for every report."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ropsanalysis.regional_diagnosis.composite_index import index_tables
from ropsanalysis.regional_diagnosis.disparities import convergence, disparities
from ropsanalysis.regional_diagnosis.forecast import forecasts
from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.peers import peers
from ropsanalysis.regional_diagnosis.position import positions
from ropsanalysis.regional_diagnosis.profile import profile
from ropsanalysis.regional_diagnosis.series import read_series
from ropsanalysis.regional_diagnosis.trend import relative_trends, trends

__all__ = ["DiagnosisParameters", "NationalTables", "assess"]


@dataclass(frozen=True, slots=True)
class NationalTables:
    """Every table that the sixteen reports read; each report only selects from them.

    Attributes
    ----------
    positions, peers, profile
        Made by the modules ``position``, ``peers`` and ``profile``.
    trends, relative_trends
        Made by ``trend``.
    forecasts, forecast_quality
        Made by ``forecast``.
    disparities, convergence
        Made by ``disparities``.
    index_scores, index_variants
        Made by ``composite_index``.
    """

    positions: pd.DataFrame
    trends: pd.DataFrame
    relative_trends: pd.DataFrame
    forecasts: pd.DataFrame
    forecast_quality: pd.DataFrame
    peers: pd.DataFrame
    disparities: pd.DataFrame
    convergence: pd.DataFrame
    index_scores: pd.DataFrame
    index_variants: pd.DataFrame
    profile: pd.DataFrame


def assess(
    observations: pd.DataFrame,
    indicators: pd.DataFrame,
    context: pd.DataFrame,
    *,
    parameters: DiagnosisParameters,
) -> NationalTables:
    """Compute all national tables of the regional diagnosis.

    Parameters
    ----------
    observations
        Columns indicator, teryt, year, value; missing values null.
    indicators
        One row per indicator; excluded ones never enter.
    context
        Structural background, same shape as observations; may be empty.
    parameters
        Choices of method.

    Returns
    -------
    NationalTables
        The same for the same input, whatever the order of its rows; no input is changed.
    """
    series = read_series(observations, indicators)
    peer_table = peers(context, series, n_peers=parameters.n_peers)
    position_table = positions(series, peer_table, parameters=parameters)
    trend_table = trends(series, parameters=parameters)
    relative_table = relative_trends(series, parameters=parameters)
    forecast_table, quality = forecasts(series, parameters=parameters)
    scores, variants = index_tables(series, parameters=parameters)
    return NationalTables(
        positions=position_table,
        trends=trend_table,
        relative_trends=relative_table,
        forecasts=forecast_table,
        forecast_quality=quality,
        peers=peer_table,
        disparities=disparities(series, context, parameters=parameters),
        convergence=convergence(series, context, parameters=parameters),
        index_scores=scores,
        index_variants=variants,
        profile=profile(position_table, trend_table, relative_table, parameters=parameters),
    )
