"""Social impact: from persons, gminas, impact maps and costs to all published tables."""

from __future__ import annotations

import pandas as pd

from ropsanalysis.regions import REGIONS
from ropsanalysis.social_impact.attribution import effects_table, weaknesses
from ropsanalysis.social_impact.centres import centre_tables
from ropsanalysis.social_impact.claims import claims
from ropsanalysis.social_impact.comparison import comparison_tables, likeness
from ropsanalysis.social_impact.followup import followup_tables, study
from ropsanalysis.social_impact.outcomes import changes_of, changes_table, levels_table
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.persons import measured, read_persons
from ropsanalysis.social_impact.protection import protection_table
from ropsanalysis.social_impact.published import as_table, conform
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.social_impact.schema import Inputs, validate
from ropsanalysis.social_impact.valuation import value_tables


def assess(inputs: Inputs, *, parameters: SocialImpactParameters) -> dict[str, pd.DataFrame]:
    """Compute all tables of social impact, each voivodeship by itself.

    Parameters
    ----------
    inputs
        Each table may be empty.
    parameters
        Choices of method.

    Returns
    -------
    dict of str to pandas.DataFrame
        The tables of `records.TABLES`, without rows where nothing was delivered; the same for the same input, whatever
        the order of its rows. No input is changed.

    Raises
    ------
    DataError
        If the inputs break their contract.
    """
    validate(inputs)
    persons = person_tables(inputs, parameters=parameters)
    centres = centre_tables(inputs, parameters=parameters)
    values = value_tables(
        inputs,
        persons["effects"],
        persons["participation"],
        persons["levels"],
        persons["changes"],
        parameters=parameters,
    )
    found = {"outcomes": inputs.outcomes, "units": _units(inputs)} | persons | centres | values
    found["claims"] = claims(
        found["effects"],
        found["comparison"],
        found["retention"],
        found["centre_effects"],
        found["centre_tests"],
        found["value_summary"],
        found["overclaims"],
        outcomes=inputs.outcomes,
        changes=found["changes"],
        participation=found["participation"],
        parameters=parameters,
    )
    return {name: conform(name, found[name]).reset_index(drop=True) for name in TABLES}


def person_tables(inputs: Inputs, *, parameters: SocialImpactParameters) -> dict[str, pd.DataFrame]:
    """Compute the tables on persons, protected and rounded, with how many results were hidden."""
    outcomes = measured(inputs)
    studies = [study(persons, outcomes, parameters=parameters) for persons in read_persons(inputs)]
    alike = [likeness(one.persons, parameters=parameters) for one in studies]
    changes = changes_of(studies, parameters=parameters)
    found = followup_tables(studies, parameters=parameters)
    weak = weaknesses(found["retention"], found["participation"], parameters=parameters)
    found |= {
        "levels": levels_table(studies, parameters=parameters),
        "changes": changes_table(changes, parameters=parameters),
        **comparison_tables(studies, alike, parameters=parameters),
        "effects": effects_table(studies, alike, changes, weak, parameters=parameters),
    }
    return found | {"protection": protection_table(found)}


def _units(inputs: Inputs) -> pd.DataFrame:
    """Voivodeships that any of the tables covers."""
    tables = (inputs.panel, inputs.jst, inputs.impact_map, inputs.costs, inputs.inaction)
    codes = {str(code)[:2] for table in tables for code in table["teryt"].unique()}
    rows = [
        {"teryt": region.teryt, "level": "voivodeship", "name": region.name}
        for region in sorted(REGIONS, key=lambda region: region.teryt)
        if region.teryt in codes
    ]
    return as_table("units", rows)
