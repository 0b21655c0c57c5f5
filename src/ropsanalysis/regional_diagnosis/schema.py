"""What the diagnosis of a region reads: tables of observations, indicators and structural context.

Screening makes these tables from files and words its findings for people; the schemas here are the contract
that whatever comes out of it, and whatever is read back later, must keep.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from ropsanalysis.definitions import DIRECTIONS, FLAGS, KINDS, MEASUREMENTS, MISSING_FLAGS, STATUSES
from ropsanalysis.errors import DataError
from ropsanalysis.regions import POLAND, REGIONS

TERYT_CODES: Final = tuple(region.teryt for region in (POLAND, *REGIONS))
KEY: Final = ["indicator", "teryt", "year"]


def _value_or_reason(frame: pd.DataFrame) -> pd.Series[bool]:
    missing = frame["flag"].isin(list(MISSING_FLAGS))
    return frame["value"].isna().eq(missing)


OBSERVATIONS: Final = pa.DataFrameSchema(
    {
        "indicator": pa.Column(str, pa.Check.str_length(min_value=1)),
        "teryt": pa.Column(str, pa.Check.isin(TERYT_CODES)),
        "year": pa.Column("int64", pa.Check.in_range(1900, 2100)),
        "value": pa.Column("float64", nullable=True),
        "flag": pa.Column(str, pa.Check.isin(FLAGS)),
    },
    checks=pa.Check(_value_or_reason, error="a value is null if and only if a flag says why"),
    unique=KEY,
    strict=True,
    ordered=True,
    name="observations",
)
"""Grain: indicator, region and year. ``value`` is in the indicator's published unit."""

CONTEXT: Final = pa.DataFrameSchema(
    OBSERVATIONS.columns,
    checks=OBSERVATIONS.checks,
    unique=KEY,
    strict=True,
    ordered=True,
    name="context",
)
"""Structural background, in the shape of `OBSERVATIONS`."""

INDICATORS: Final = pa.DataFrameSchema(
    {
        "indicator": pa.Column(str, pa.Check.str_length(min_value=1), unique=True),
        "name": pa.Column(str, pa.Check.str_length(min_value=1)),
        "short": pa.Column(str, pa.Check.str_length(min_value=1)),
        "unit": pa.Column(str),
        "kind": pa.Column(str, pa.Check.isin(KINDS)),
        "digits": pa.Column("int64", pa.Check.in_range(0, 6)),
        "direction": pa.Column(str, pa.Check.isin(DIRECTIONS)),
        "section": pa.Column(str, pa.Check.str_length(min_value=1)),
        "definition": pa.Column(str),
        "source": pa.Column(str, pa.Check.str_length(min_value=1)),
        "measurement": pa.Column(str, pa.Check.isin(MEASUREMENTS)),
        "break_years": pa.Column(str, pa.Check.str_matches(r"^(\d{4}( \d{4})*)?$")),
        "comparable": pa.Column(bool),
        "index_member": pa.Column(bool),
        "headline": pa.Column(bool),
        "caution": pa.Column(str),
        "status": pa.Column(str, pa.Check.isin(STATUSES)),
        "exclusion_reason": pa.Column(str),
        "source_file": pa.Column(str),
        "source_commit": pa.Column(str),
    },
    strict=True,
    ordered=True,
    name="indicators",
)
"""Grain: indicator, urban and rural variants and excluded series included."""


def validate(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the frame if it keeps the schema.

    Raises
    ------
    DataError
        Naming each column and rule that is broken, with the first offending values.
    """
    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        broken = [
            f"kolumna „{column}”: reguła „{check}”, np. {', '.join(map(repr, group['failure_case'].head(3)))}"
            for (column, check), group in cases.groupby(["column", "check"], dropna=False)
        ]
        raise DataError(
            f"Tabela „{schema.name}” nie jest zgodna ze schematem: {'; '.join(broken)}. Proszę uruchomić "
            "ponownie `ropsanalysis build`."
        ) from error
