"""Cooperation models: from pilots, entities, cases and promises to all published tables."""

from __future__ import annotations

import pandas as pd

from ropsanalysis.cooperation.advice import advice
from ropsanalysis.cooperation.baskets import baskets
from ropsanalysis.cooperation.case_flow import case_flow
from ropsanalysis.cooperation.cases import voivodeships
from ropsanalysis.cooperation.coaching import coaching
from ropsanalysis.cooperation.durations import durations
from ropsanalysis.cooperation.effects import effects
from ropsanalysis.cooperation.fidelity import fidelity
from ropsanalysis.cooperation.goals import goals
from ropsanalysis.cooperation.networks import brokers, network_table, read_networks, sector_ties, ties
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.pilots import partners, pilots, projects, sectors
from ropsanalysis.cooperation.published import conform
from ropsanalysis.cooperation.records import TABLES
from ropsanalysis.cooperation.schema import Inputs, validate
from ropsanalysis.cooperation.success import comparison, success


def assess(inputs: Inputs, *, parameters: CooperationParameters) -> dict[str, pd.DataFrame]:
    """Compute all tables of the cooperation models, over all voivodeships that try one.

    Parameters
    ----------
    inputs
        Each table but the pilots may be empty.
    parameters
        Choices of method.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of `records.TABLES`, protected as `protection` says; the same for the same input, whatever the order
        of its rows and the pseudonyms in it. No input is changed.

    Raises
    ------
    DataError
        If the inputs break their contract.
    """
    validate(inputs)
    regions, networks = voivodeships(inputs), read_networks(inputs, parameters=parameters)
    found = {
        "sectors": sectors(inputs),
        "projects": projects(inputs),
        "pilots": pilots(inputs),
        "partners": partners(inputs),
        "fidelity": fidelity(inputs, regions, parameters=parameters),
        "network": network_table(networks, parameters=parameters),
        "brokers": brokers(networks),
        "ties": ties(networks),
        "sector_ties": sector_ties(networks),
        "case_flow": case_flow(regions, parameters=parameters),
        "durations": durations(regions, parameters=parameters),
        "success": success(regions, parameters=parameters),
        "comparison": comparison(regions, parameters=parameters),
        "baskets": baskets(inputs, regions, parameters=parameters),
        "goals": goals(inputs, regions, parameters=parameters),
        "coaching": coaching(inputs, regions, parameters=parameters),
        "effects": effects(inputs, regions, parameters=parameters),
    }
    found["advice"] = advice(inputs, regions, found["success"], found["network"], parameters=parameters)
    return {name: conform(name, found[name]).reset_index(drop=True) for name in TABLES}
