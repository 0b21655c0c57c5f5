"""The contract of the diagnosis's tables."""

from __future__ import annotations

import pandas as pd
import pytest

from ropsanalysis.errors import DataError
from ropsanalysis.regional_diagnosis import schema


def observations(**changes: object) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "indicator": ["1.B.1", "1.B.1", "1.D.2"],
            "teryt": ["00", "28", "28"],
            "year": [2025, 2025, 2015],
            "value": [222.7, 377.6, float("nan")],
            "flag": ["", "", "zero_means_missing"],
        }
    )
    return frame.assign(**changes)  # type: ignore[arg-type]


def test_good_observations_pass_unchanged() -> None:
    frame = observations()
    before = frame.copy(deep=True)
    pd.testing.assert_frame_equal(schema.validate(frame, schema.OBSERVATIONS), before)
    pd.testing.assert_frame_equal(frame, before)


def test_an_empty_table_passes() -> None:
    assert schema.validate(observations().iloc[:0], schema.CONTEXT).empty


@pytest.mark.parametrize(
    "changes",
    [
        {"teryt": ["00", "28", "3"]},
        {"teryt": [0, 28, 28]},
        {"flag": ["", "", ""]},  # a null without a reason
        {"flag": ["withheld", "", "zero_means_missing"]},  # a value with a reason for its absence
        {"flag": ["", "", "secret"]},
        {"year": [2025, 2025, 20150]},
        {"value": [222.7, float("nan"), float("nan")]},
        {"teryt": ["28", "28", "28"]},  # the same indicator, region and year twice
        {"indicator": ["1.B.1", "", "1.D.2"]},
        {"extra": [1, 2, 3]},
    ],
)
def test_broken_observations_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(DataError, match="observations"):
        schema.validate(observations(**changes), schema.OBSERVATIONS)
