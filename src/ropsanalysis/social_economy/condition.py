"""The condition of the sector in one figure: a composite index of voivodeships and of powiats, with rank intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.regions import POLAND
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs
from ropsanalysis.social_economy.spells import (
    Population,
    Spells,
    Units,
    day_of,
    divided,
    exits_known,
    movement,
    rows_of,
    units_of,
)
from ropsanalysis.social_economy.structure import density
from ropsanalysis.stats.composite import composite_index
from ropsanalysis.stats.rank_uncertainty import rank_uncertainty
from ropsanalysis.stats.ranking import competition_ranks
from ropsanalysis.stats.tables import IMPRECISE, NONE, frame
from ropsanalysis.stats.vocabulary import FloatMatrix, FloatVector

YEARS: Final = 3
"""Years over which entries and growth are taken."""
DIMENSIONS: Final = ("vitality", "employment", "reintegration", "finances", "reach")
FEWEST_INDICATORS: Final = 2
"""A dimension of a unit counts from so many known indicators on: a single one is no dimension."""
FEWEST_DIMENSIONS: Final = 3
FEWEST_UNITS: Final = 3
"""Fewer units are not ranked."""

INDICATOR_COLUMNS: Final = {
    "key": "str", "dimension": "str", "name": "str", "short": "str", "unit": "str", "digits": "Int64",
    "direction": "str", "source": "str", "levels": "str",
}  # fmt: skip
VALUE_COLUMNS: Final = {"teryt": "str", "key": "str", "value": "Float64", "reason": "str"}
CONDITION_COLUMNS: Final = {
    "teryt": "str", "level": "str", "score": "Float64", "rank": "Float64", "rank_low": "Float64",
    "rank_high": "Float64", "n": "Int64", "rank_region": "Int64", "n_region": "Int64",
    **dict.fromkeys(DIMENSIONS, "Float64"), "available": "Float64", "reason": "str",
}  # fmt: skip


class IndicatorSpec(NamedTuple):
    """A partial indicator: what it measures (Polish), which way is better, where its values come from.

    `source` is register, survey or official; `levels` says whether powiats have it too.
    """

    key: str
    dimension: str
    name: str
    short: str
    unit: str
    digits: int
    direction: Direction
    source: Literal["register", "survey", "official"]
    levels: Literal["both", "voivodeship"] = "both"


SPECS: Final = (
    IndicatorSpec("density", "vitality", "Podmioty na 10 tys. mieszkańców", "Podmioty na 10 tys. mieszk.",
                  "podmioty na 10 tys.", 2, "higher", "register"),
    IndicatorSpec("core_density", "vitality",
                  "Spółdzielnie, spółki non profit i jednostki reintegracyjne na 10 tys. mieszkańców",
                  "Spółdzielnie, spółki, reintegracja", "podmioty na 10 tys.", 2, "higher", "register"),
    IndicatorSpec("entry_rate", "vitality", "Nowe podmioty w stosunku do wszystkich, średnio w roku z trzech lat",
                  "Nowe podmioty", "%", 1, "higher", "register"),
    IndicatorSpec("growth", "vitality", "Zmiana liczby podmiotów w ciągu trzech lat", "Zmiana liczby podmiotów", "%",
                  1, "higher", "register"),
    IndicatorSpec("active_share", "vitality", "Podmioty potwierdzone jako działające", "Potwierdzone jako działające",
                  "%", 1, "higher", "register"),
    IndicatorSpec("staff_per_10k", "employment", "Zatrudnieni w sektorze na 10 tys. mieszkańców",
                  "Zatrudnieni na 10 tys. mieszk.", "osoby na 10 tys.", 1, "higher", "survey"),
    IndicatorSpec("risk_share", "employment", "Osoby zagrożone wykluczeniem wśród zatrudnionych",
                  "Zagrożeni wśród zatrudnionych", "%", 1, "higher", "survey"),
    IndicatorSpec("participants_per_100k", "reintegration", "Uczestnicy reintegracji na 100 tys. mieszkańców",
                  "Uczestnicy na 100 tys. mieszk.", "osoby na 100 tys.", 1, "higher", "survey"),
    IndicatorSpec("exit_to_work_share", "reintegration",
                  "Osoby, które podjęły pracę, wśród kończących udział w reintegracji",
                  "Podjęcie pracy po reintegracji", "%", 1, "higher", "survey"),
    IndicatorSpec("gminas_with_reintegration", "reintegration", "Gminy z jednostką reintegracyjną",
                  "Gminy z jednostką reintegracyjną", "%", 1, "higher", "register"),
    IndicatorSpec("1.B.8", "reintegration", "Uczestnicy CIS i WTZ na 100 tys. mieszkańców (GUS)",
                  "Uczestnicy CIS i WTZ (GUS)", "osoby na 100 tys.", 0, "higher", "official", "voivodeship"),
    IndicatorSpec("positive_result_share", "finances", "Podmioty z dodatnim wynikiem finansowym",
                  "Dodatni wynik finansowy", "%", 1, "higher", "survey"),
    IndicatorSpec("liquid_share", "finances",
                  "Podmioty, których aktywa obrotowe pokrywają zobowiązania krótkoterminowe",
                  "Aktywa pokrywają zobowiązania", "%", 1, "higher", "survey"),
    IndicatorSpec("population_in_reach", "reach", "Mieszkańcy gmin, w których ma siedzibę choć jeden podmiot",
                  "Mieszkańcy gmin z podmiotem", "%", 1, "higher", "register"),
    IndicatorSpec("gminas_with_enterprise", "reach", "Gminy z przedsiębiorstwem społecznym",
                  "Gminy z PS", "%", 1, "higher", "register"),
)  # fmt: skip
"""Partial indicators in the order of the report; shares are 0-1."""

_CORE: Final = ("cooperatives", "companies", "reintegration")
"""Groups of legal forms that organisations and circles of housewives outnumber in the density of all."""
_PER: Final = {"staff_per_10k": ("staff", 10_000.0), "participants_per_100k": ("participants", 100_000.0)}


def condition_tables(
    inputs: Inputs,
    tables: Mapping[str, pd.DataFrame],
    powiat_values: pd.DataFrame,
    *,
    parameters: SocialEconomyParameters,
) -> dict[str, pd.DataFrame]:
    """Return the tables condition, condition_values and condition_indicators.

    Parameters
    ----------
    tables
        structure, gminas, coverage and estimates, as published.
    powiat_values
        Values of powiats from the survey: teryt, key, value, reason.

    Notes
    -----
    Only published values enter, so that no score tells a hidden one. Indicators are scaled 0-100 between the worst and
    the best unit, averaged inside their dimension and then over the dimensions; missing values are not imputed. A unit
    with too few indicators has no index. Rank intervals hold 90 % of the ranks under other defensible ways of scaling,
    averaging and weighting, and without single indicators; they are no sampling error.

    Growth is known only where the registers show all that closed in the years it is taken over. Fewer than
    `FEWEST_UNITS` units of a level are not ranked: their values are there, the index is not. There is none for Poland.
    """
    spells, people = Spells.of(inputs), Population(inputs)
    values, rows = [], []
    for level in ("voivodeship", "powiat"):
        units = units_of(inputs, spells, level)
        specs = [spec for spec in SPECS if spec.levels == "both" or level == "voivodeship"]
        found = _values(inputs, spells, people, units, specs, tables, powiat_values)
        values.append(found)
        if len(units.teryt) < FEWEST_UNITS:
            continue
        matrix = found["value"].to_numpy(dtype=np.float64, na_value=np.nan).reshape(len(specs), -1).T
        rows.extend(_scores(level, units.teryt, matrix, specs, parameters))
    return {
        "condition": frame(rows, CONDITION_COLUMNS),
        "condition_values": pd.concat(values, ignore_index=True) if values else frame([], VALUE_COLUMNS),
        "condition_indicators": frame([spec._asdict() for spec in SPECS], INDICATOR_COLUMNS),
    }


def _values(
    inputs: Inputs,
    spells: Spells,
    people: Population,
    units: Units,
    specs: Sequence[IndicatorSpec],
    tables: Mapping[str, pd.DataFrame],
    powiat_values: pd.DataFrame,
) -> pd.DataFrame:
    """Return the partial indicators of the units of one level: teryt, key, value, reason."""
    register = _register_values(inputs, spells, people, units, tables)
    survey = powiat_values if units.level == "powiat" else _estimates(tables["estimates"], units, people)
    surveyed = survey.drop_duplicates(["key", "teryt"]).set_index(["key", "teryt"])
    parts = []
    for spec in specs:
        part = pd.DataFrame({"teryt": units.teryt, "key": spec.key, "value": np.nan, "reason": ""})
        if spec.source == "register":
            part["value"] = register[spec.key]
        elif spec.source == "official":
            part["value"] = _official(inputs, spec.key, units)
        else:
            own = surveyed.reindex([(spec.key, teryt) for teryt in units.teryt])
            part["reason"] = own["reason"].fillna(NONE).to_numpy()
            part["value"] = np.where(part["reason"] == "", _numbers(own["value"]), np.nan)
        part.loc[part["value"].isna() & (part["reason"] == ""), "reason"] = NONE
        parts.append(part)
    return pd.concat(parts, ignore_index=True).astype(VALUE_COLUMNS)


def _register_values(
    inputs: Inputs, spells: Spells, people: Population, units: Units, tables: Mapping[str, pd.DataFrame]
) -> dict[str, FloatVector]:
    """Return the indicators from registers by key, shape (n,); without exits nobody knows how the number changed."""
    first = [day_of(inputs.as_of - pd.DateOffset(years=YEARS)) + 1]
    rows = rows_of(spells, units, by_form=False)
    flow = movement(spells, rows, first=first, last=[day_of(inputs.as_of)])
    opening, closing = flow.opening[:, 0], flow.closing[:, 0]
    known = exits_known(spells, rows, first)[:, 0]
    structure, coverage = tables["structure"], tables["coverage"]
    whole = structure[structure["legal_form"] == ""].set_index("teryt").reindex(list(units.teryt))
    forms = inputs.legal_forms.loc[inputs.legal_forms["group"].isin(_CORE), "key"]
    core = structure[structure["legal_form"].isin(set(forms))].groupby("teryt")["entities"].sum()
    by_kind = {kind: part.set_index("teryt").reindex(list(units.teryt)) for kind, part in coverage.groupby("kind")}
    inhabitants = people.of(units.teryt, [inputs.as_of.year])[:, 0]
    return {
        "density": _numbers(whole["per_10k"]),
        "core_density": density(_numbers(core.reindex(list(units.teryt))), inhabitants),
        "entry_rate": divided(flow.founded[:, 0] / YEARS, (opening + closing) / 2),
        "growth": np.where(known, divided(closing, opening) - 1, np.nan),
        "active_share": _numbers(whole["active_share"]),
        "gminas_with_reintegration": 1 - _numbers(by_kind["reintegration"]["share_without"]),
        "population_in_reach": 1 - divided(_numbers(by_kind["any"]["population_without"]), inhabitants),
        "gminas_with_enterprise": 1 - _numbers(by_kind["social_enterprise"]["share_without"]),
    }


def _numbers(column: pd.Series[float]) -> FloatVector:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _estimates(estimates: pd.DataFrame, units: Units, people: Population) -> pd.DataFrame:
    """Return the survey's published values of voivodeships in its latest year, totals related to inhabitants."""
    if estimates.empty:
        return frame([], VALUE_COLUMNS)
    year = int(estimates["year"].max())
    own = estimates[(estimates["year"] == year) & (estimates["legal_form"] == "")]
    own = own[(own["teryt"] != POLAND.teryt) & own["teryt"].isin(units.teryt)]
    parts = [own.rename(columns={"measure": "key"})[["teryt", "key", "value", "reason"]]]
    inhabitants = pd.Series(people.of(units.teryt, [year])[:, 0], index=list(units.teryt))
    for key, (measure, per) in _PER.items():
        part = own[own["measure"] == measure][["teryt", "value", "reason"]].assign(key=key)
        part["value"] = part["value"] * per / inhabitants.reindex(part["teryt"]).to_numpy()
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _official(inputs: Inputs, indicator: str, units: Units) -> FloatVector:
    """Return the official values of the latest year with one for most voivodeships."""
    table = inputs.observations[inputs.observations["indicator"] == indicator].dropna(subset=["value"])
    counts = table[table["teryt"].isin(units.teryt)].groupby("year").size()
    enough = counts[counts > len(units.teryt) / 2]
    if enough.empty:
        return np.full(len(units.teryt), np.nan)
    latest = table[table["year"] == enough.index.max()].set_index("teryt")["value"]
    values: FloatVector = latest.reindex(list(units.teryt)).to_numpy(dtype=np.float64)
    return values


def _scores(
    level: str,
    teryts: Sequence[str],
    values: FloatMatrix,
    specs: Sequence[IndicatorSpec],
    parameters: SocialEconomyParameters,
) -> list[dict[str, object]]:
    told = np.asarray(~np.isnan(values).all(axis=0))  # an indicator that nobody has says nothing of what is missing
    specs, values = [spec for spec, known in zip(specs, told, strict=True) if known], values[:, told]
    directions, dimensions = [spec.direction for spec in specs], [spec.dimension for spec in specs]
    values = _without_thin_dimensions(values, dimensions)
    index = composite_index(
        values, directions=directions, dimensions=dimensions, min_available=parameters.index_min_available
    )
    spread = rank_uncertainty(
        values,
        directions=directions,
        dimensions=dimensions,
        draws=parameters.index_draws,
        rng=np.random.default_rng(parameters.seed),
        min_available=parameters.index_min_available,
    )
    ranked = ~np.isnan(index.scores)
    low, high = np.fmin(spread.low, index.ranks), np.fmax(spread.high, index.ranks)
    inside = _ranks_within([teryt[:2] for teryt in teryts], index.scores) if level == "powiat" else {}
    return [
        {
            "teryt": teryt,
            "level": level,
            "score": index.scores[i],
            "rank": index.ranks[i],
            "rank_low": low[i] if ranked[i] else np.nan,
            "rank_high": high[i] if ranked[i] else np.nan,
            "n": int(ranked.sum()),
            "rank_region": inside.get(i, (None, None))[0],
            "n_region": inside.get(i, (None, None))[1],
            **{
                str(name): index.dimension_scores[i, column] if ranked[i] else np.nan
                for column, name in enumerate(index.dimensions)
            },
            "available": index.available[i],
            "reason": "" if ranked[i] else IMPRECISE if index.available[i] > 0 else NONE,
        }
        for i, teryt in enumerate(teryts)
    ]


def _without_thin_dimensions(values: FloatMatrix, dimensions: Sequence[str]) -> FloatMatrix:
    """Empty dimensions of fewer than `FEWEST_INDICATORS`, and units of fewer than `FEWEST_DIMENSIONS`."""
    kept = values.copy()
    names = np.array(dimensions)
    known = np.zeros(len(values), dtype=np.int64)
    for dimension in dict.fromkeys(dimensions):
        own = names == dimension
        thin = (~np.isnan(values[:, own])).sum(axis=1) < min(FEWEST_INDICATORS, int(own.sum()))
        kept[np.ix_(thin, own)] = np.nan
        known += ~thin
    kept[known < FEWEST_DIMENSIONS] = np.nan
    return kept


def _ranks_within(regions: Sequence[str], scores: FloatVector) -> dict[int, tuple[int, int]]:
    """Return each unit's rank among those of its voivodeship that have a score, and their number."""
    found = {}
    for region in set(regions):
        own = np.array([i for i, code in enumerate(regions) if code == region and not np.isnan(scores[i])], dtype=int)
        first = competition_ranks(scores[own], direction="higher").first
        found.update({int(i): (int(rank), own.size) for i, rank in zip(own, first, strict=True)})
    return found
