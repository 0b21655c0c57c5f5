"""The condition of the social economy: from registers, survey, support and targets to all published tables."""

from __future__ import annotations

import pandas as pd

from ropsanalysis.errors import DataError
from ropsanalysis.social_economy.condition import condition_tables
from ropsanalysis.social_economy.durations import survival_tables
from ropsanalysis.social_economy.dynamics import flow_tables
from ropsanalysis.social_economy.estimates import powiat_values, survey_tables
from ropsanalysis.social_economy.official import positions
from ropsanalysis.social_economy.owes import owes_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs, validate
from ropsanalysis.social_economy.structure import structure_tables
from ropsanalysis.social_economy.targets import target_tables


def assess(inputs: Inputs, *, parameters: SocialEconomyParameters) -> dict[str, pd.DataFrame]:
    """Compute all tables of the social economy, over all regions, protected where they come from the survey.

    Parameters
    ----------
    inputs
        Registers of any number of voivodeships; survey, support and programme may be empty.
    parameters
        Choices of method.

    Returns
    -------
    dict of str to pandas.DataFrame
        Tables by name; the same for the same input, whatever the order of its rows. No input is changed.

    Raises
    ------
    DataError
        If the inputs break their contract, or hold no entity.
    DisclosureError
        If an amount that would give an entity away cannot be protected.
    """
    validate(inputs)
    if inputs.spells.empty:
        raise DataError(
            "Rejestry ekonomii społecznej (es_register): żadnego podmiotu nie można użyć. Proszę poprawić pliki "
            "zgodnie z uwagami, które pokazuje `ropsanalysis check`."
        )
    found = {
        "units": inputs.units,
        "legal_forms": inputs.legal_forms,
        "register_counts": inputs.register_counts,
        "observations": inputs.observations,
        "indicators": inputs.indicators,
        "positions": positions(inputs),
        **structure_tables(inputs, parameters=parameters),
        **flow_tables(inputs, parameters=parameters),
        **survival_tables(inputs, parameters=parameters),
        **survey_tables(inputs, parameters=parameters),
        **owes_tables(inputs, parameters=parameters),
    }
    local = powiat_values(inputs, parameters=parameters)
    return {
        **found,
        **condition_tables(inputs, found, local, parameters=parameters),
        **target_tables(inputs, found, parameters=parameters),
    }
