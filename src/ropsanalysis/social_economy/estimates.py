"""What the survey of entities says: the tables of response, quality, estimates and protection, and powiat values."""

from __future__ import annotations

import pandas as pd

from ropsanalysis.social_economy.estimator import Estimator, Figure
from ropsanalysis.social_economy.finances import finance_figures
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.powiats import powiat_table
from ropsanalysis.social_economy.protection import protect
from ropsanalysis.social_economy.publish import (
    ESTIMATE_COLUMNS,
    PROTECTION_COLUMNS,
    QUALITY_COLUMNS,
    RESPONSE_COLUMNS,
    estimates_table,
    protection_table,
    quality_table,
    response_table,
)
from ropsanalysis.social_economy.reintegration import reintegration_figures
from ropsanalysis.social_economy.sample import Sample, read_samples
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.weights import Weighting, weigh
from ropsanalysis.social_economy.work import work_figures
from ropsanalysis.stats.tables import frame


def survey_tables(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Estimate, protect and round everything that the survey of entities tells.

    Returns
    -------
    dict
        Tables ``response``, ``quality``, ``estimates`` and ``protection``; empty where nobody answered. All they hold
        may be published. `protection` says what an attacker is taken to know.

    Raises
    ------
    DisclosureError
        If a hidden number cannot be protected.
    """
    samples = read_samples(inputs)
    if not samples:
        return {
            "response": frame([], RESPONSE_COLUMNS),
            "quality": frame([], QUALITY_COLUMNS),
            "estimates": frame([], ESTIMATE_COLUMNS),
            "protection": frame([], PROTECTION_COLUMNS),
        }
    weightings = [weigh(sample, parameters=parameters) for sample in samples]
    figures = [
        all_figures(sample, weighting, parameters=parameters)
        for sample, weighting in zip(samples, weightings, strict=True)
    ]
    protected = protect(samples, weightings, parameters=parameters)
    response = response_table(samples, protected)
    return {
        "response": response,
        "quality": quality_table(samples, weightings, response),
        "estimates": estimates_table(samples, figures, protected, parameters=parameters),
        "protection": protection_table(protected.audit),
    }


def powiat_values(inputs: Inputs, *, parameters: SocialEconomyParameters) -> pd.DataFrame:
    """Values of powiats for the composite index, from the last year of the survey; see `powiats.powiat_table`."""
    samples = read_samples(inputs)
    if not samples:
        return powiat_table(inputs, None, None, parameters=parameters)
    return powiat_table(inputs, samples[-1], weigh(samples[-1], parameters=parameters), parameters=parameters)


def all_figures(sample: Sample, weighting: Weighting, *, parameters: SocialEconomyParameters) -> dict[str, Figure]:
    """Every measure of one year, before protection and rounding."""
    estimator = Estimator(sample, weighting, parameters.confidence, least=parameters.statutory_min_units)
    return {**work_figures(estimator), **reintegration_figures(estimator), **finance_figures(estimator)}
