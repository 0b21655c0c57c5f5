"""Inputs of the social economy with the official indicators of the repository and little else."""

from __future__ import annotations

from functools import cache

import pandas as pd

from ropsanalysis.io.catalogue import legal_form_frame
from ropsanalysis.social_economy.schema import (
    FORM_COLUMNS,
    INDICATORS,
    POPULATION_COLUMNS,
    PROGRAMME_COLUMNS,
    REGISTER_COUNT_COLUMNS,
    SPELL_COLUMNS,
    STATUS_COLUMNS,
    SUPPORT_COLUMNS,
    SURVEY_COLUMNS,
    UNIT_COLUMNS,
    Inputs,
)
from support import PROJECT


@cache
def _official(name: str) -> pd.DataFrame:
    path = PROJECT / "data" / "raw" / "gus_sdg" / f"{name}.csv"
    table = pd.read_csv(
        path, dtype={"teryt": str, "break_years": str}, keep_default_na=False, na_values={"value": [""]}
    )
    return table[table["indicator"].isin(INDICATORS)].reset_index(drop=True)


def small_inputs(
    *,
    support: pd.DataFrame | None = None,
    programme: pd.DataFrame | None = None,
    observations: pd.DataFrame | None = None,
    indicators: pd.DataFrame | None = None,
    as_of: str = "2025-12-31",
) -> Inputs:
    """Return inputs without any entity; official indicators are the real ones where none are given."""
    return Inputs(
        spells=_empty(SPELL_COLUMNS),
        status=_empty(STATUS_COLUMNS),
        survey=_empty(SURVEY_COLUMNS),
        support=_empty(SUPPORT_COLUMNS) if support is None else support,
        programme=_empty(PROGRAMME_COLUMNS) if programme is None else programme,
        population=_empty(POPULATION_COLUMNS),
        units=_empty(UNIT_COLUMNS),
        observations=_official("observations") if observations is None else observations,
        indicators=_official("indicators") if indicators is None else indicators,
        legal_forms=legal_form_frame()[list(FORM_COLUMNS)],
        register_counts=_empty(REGISTER_COUNT_COLUMNS),
        as_of=pd.Timestamp(as_of),
    )


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))
