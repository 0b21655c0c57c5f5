"""Profile of a voivodeship: what to watch, where it falls behind, its strengths and weaknesses."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ropsanalysis.regional_diagnosis.parameters import DiagnosisParameters
from ropsanalysis.regional_diagnosis.series import REGION_CODES, VARIANT_SUFFIXES, frame

COLUMNS: Final = {"teryt": "str", "indicator": "str", "kind": "str", "order": "int64"}


def profile(
    positions: pd.DataFrame,
    trends: pd.DataFrame,
    relative_trends: pd.DataFrame,
    *,
    parameters: DiagnosisParameters,
) -> pd.DataFrame:
    """Watch-list, indicators falling behind, strengths and weaknesses of each voivodeship.

    Parameters
    ----------
    positions, trends, relative_trends
        As made by `position.positions`, `trend.trends` and `trend.relative_trends`.
    parameters
        ``extreme_ranks`` says how many places from either end count.

    Returns
    -------
    DataFrame
        Columns teryt, indicator, kind, order (1 = farthest from Poland). ``watch``: clearly worse than Poland
        and getting worse; ``falling_behind``: clearly worse than Poland and losing ground against it, though
        its own value does not clearly worsen; ``strength``/``weakness``: among the best/worst places and
        clearly better/worse than Poland. A weakness may also stand on the watch-list or fall behind. "Clearly"
        means outside the band of similarity and more than the usual wobble of the difference (where that is
        known). Neutral indicators and urban or rural variants never enter.
    """
    table = _with_marker(_with_marker(positions, trends, "marker"), relative_trends, "relative_marker")
    table = table[table["teryt"].isin(REGION_CODES) & ~table["indicator"].str.endswith(VARIANT_SUFFIXES)]
    firm = table["beyond_noise"].fillna(value=True).astype(bool)  # unknown noise refutes nothing
    worse, better = (table["standing"] == "worse") & firm, (table["standing"] == "better") & firm
    watch = worse & (table["marker"] == "worsening")
    from_below = table["n_ranked"] - table["rank_last"] + 1
    kinds = {
        "watch": watch,
        "falling_behind": worse & (table["relative_marker"] == "worsening") & ~watch,
        "strength": better & (table["rank"] <= parameters.extreme_ranks).fillna(value=False),
        "weakness": worse & (from_below <= parameters.extreme_ranks).fillna(value=False),
    }
    rows = [row for kind, chosen in kinds.items() for row in _ordered(table[chosen], kind)]
    return frame(rows, COLUMNS).sort_values(["teryt", "kind", "order"], ignore_index=True)


def _with_marker(positions: pd.DataFrame, trends: pd.DataFrame, name: str) -> pd.DataFrame:
    """Add a trend's marker; null where it ended before the year compared, as it says nothing about now."""
    markers = trends[["indicator", "teryt", "marker", "last_year"]].rename(columns={"marker": name})
    table = positions.merge(markers, on=["indicator", "teryt"], how="left")
    current = (table["last_year"] >= table["year"]).fillna(value=False)
    return table.assign(**{name: table[name].where(current)}).drop(columns="last_year")


def _ordered(chosen: pd.DataFrame, kind: str) -> list[dict[str, object]]:
    """Rows of one kind, for each voivodeship those farthest from Poland first; ties by indicator."""
    rows: list[dict[str, object]] = []
    farthest = chosen.assign(distance=chosen["z"].abs())
    farthest = farthest.sort_values(["distance", "indicator"], ascending=[False, True])
    for code, group in farthest.groupby("teryt"):
        rows.extend(
            {"teryt": code, "indicator": key, "kind": kind, "order": place}
            for place, key in enumerate(group["indicator"], start=1)
        )
    return rows
