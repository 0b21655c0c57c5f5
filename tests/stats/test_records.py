"""Published tables become typed records: missing numbers are None, intervals find their ends, units are selected."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import pytest

from ropsanalysis.stats.records import Estimate, as_records


class Row(NamedTuple):
    """One row of the tables below."""

    teryt: str
    n: int | None
    share: Estimate
    note: str = "brak"


def table(**ends: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"teryt": ["14", "1412", "26"], "n": pd.array([3, None, 5], "Int64"), "share": [0.5, 0.2, None], **ends}
    )


@pytest.mark.parametrize(("low", "high"), [("share_low", "share_high"), ("low", "high")])
def test_intervals_find_their_ends(low: str, high: str) -> None:
    found = as_records(table(**{low: [0.4, 0.1, 0.0], high: [0.6, 0.3, 1.0]}), Row)
    assert [row.share[1:] for row in found] == [(0.4, 0.6), (0.1, 0.3), (0.0, 1.0)]
    assert [row.n for row in found] == [3, None, 5]
    assert [row.share.shown for row in found] == [True, True, False]
    assert {row.note for row in found} == {"brak"}  # its column is absent


class Named(NamedTuple):
    """Intervals whose ends are called otherwise."""

    entry_rate: Estimate
    share_12m: Estimate
    wanted_share: Estimate


def test_ends_may_be_called_by_the_stem_or_by_what_follows_share() -> None:
    names = ["entry_rate", "entry_low", "entry_high", "share_12m", "low_12m", "high_12m", "wanted_share", "wanted_low",
             "wanted_high"]  # fmt: skip
    (found,) = as_records(pd.DataFrame([range(9)], columns=names, dtype=float), Named)
    assert found == Named(Estimate(0, 1, 2), Estimate(3, 4, 5), Estimate(6, 7, 8))


def test_rows_of_one_unit_or_of_the_units_in_it() -> None:
    given = table(low=[0.0] * 3, high=[1.0] * 3)
    assert [row.teryt for row in as_records(given, Row, teryt="14")] == ["14"]
    assert [row.teryt for row in as_records(given, Row, inside="14")] == ["14", "1412"]
    assert as_records(given.iloc[:0], Row, teryt="14") == ()
