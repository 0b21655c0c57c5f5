"""Project monitoring: from cards, participants, plans, activities and money to all published tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ropsanalysis.project_monitoring.actions import action_tables
from ropsanalysis.project_monitoring.amounts import amounts_of
from ropsanalysis.project_monitoring.card_checks import card_tables
from ropsanalysis.project_monitoring.counting import count_persons
from ropsanalysis.project_monitoring.money import money_tables
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.parts import parts_table
from ropsanalysis.project_monitoring.period import periods
from ropsanalysis.project_monitoring.progress import progress_tables
from ropsanalysis.project_monitoring.published import conform
from ropsanalysis.project_monitoring.reach import units_table
from ropsanalysis.project_monitoring.reasons import reasons_table
from ropsanalysis.project_monitoring.records import TABLES
from ropsanalysis.project_monitoring.schema import Inputs, validate
from ropsanalysis.project_monitoring.social_services import social_service_tables


def assess(inputs: Inputs, *, parameters: MonitoringParameters) -> dict[str, pd.DataFrame]:
    """Compute all tables of project monitoring, each voivodeship by itself.

    Parameters
    ----------
    inputs
        Only the cards need rows.
    parameters
        Rules of counting and choices of method.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of `records.TABLES`; the same for the same input, whatever the order of its rows. No input is
        changed. What persons may be told of is decided in `parts` and `reasons`.

    Raises
    ------
    DataError
        If the inputs break their contract, or a parameter names something that does not exist.
    """
    validate(inputs)
    counted = count_persons(inputs.participants, inputs.cards, parameters=parameters)
    parts = parts_table(inputs, counted, parameters=parameters)
    amounts = [amounts_of(inputs, period) for period in periods(inputs.cards)]
    found: dict[str, Any] = {
        "actions": inputs.actions.rename(columns={"key": "action"}).sort_values("action"),
        "institutions": inputs.institutions,
        "parts": parts,
        "reasons": reasons_table(inputs, counted, parameters=parameters),
        "units": units_table(inputs, counted, parameters=parameters),
        **card_tables(inputs, parameters=parameters),
        **progress_tables(inputs, counted, parameters=parameters),
        **action_tables(inputs, counted, parts, amounts, parameters=parameters),
        **money_tables(amounts, counted, parameters=parameters),
        **social_service_tables(inputs, parameters=parameters),
    }
    return {name: conform(name, found[name]).reset_index(drop=True) for name in TABLES}
