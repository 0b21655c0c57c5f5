"""Targets of the regional programmes: how far they are, and whether the way things go leads there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Direction
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import PROGRAMME_COLUMNS, Inputs
from ropsanalysis.stats.change import complete_pairs, since_last_break
from ropsanalysis.stats.forecast import DAMPING, Bounds, Forecast, forecast
from ropsanalysis.stats.tables import frame
from ropsanalysis.stats.vocabulary import SIGN, FloatVector

Origin = Literal["gus", "register", "survey", "owes"]
Verdict = Literal["reached", "on_track", "off_track", "cannot_say"]


class Measure(NamedTuple):
    """What a target may be measured by: its Polish name, and where its series comes from."""

    label: str
    origin: Origin


MEASURES: Final[Mapping[str, Measure]] = {
    "gus:1.B.7": Measure("Jednostki reintegracyjne (CIS, ZAZ, WTZ) na 100 tys. ludności", "gus"),
    "gus:1.B.8": Measure("Uczestnicy CIS i WTZ na 100 tys. ludności", "gus"),
    "gus:1.E.1": Measure("Aktywne organizacje non-profit na 10 tys. ludności", "gus"),
    "gus:1.E.2": Measure("Organizacje społeczne w rejestrze REGON na 10 tys. ludności", "gus"),
    "register:entities": Measure("Podmioty ekonomii społecznej w rejestrach na koniec roku", "register"),
    "register:per_10k": Measure("Podmioty ekonomii społecznej na 10 tys. mieszkańców na koniec roku", "register"),
    "register:social_enterprises": Measure("Przedsiębiorstwa społeczne na koniec roku", "register"),
    "register:cis": Measure("Centra integracji społecznej na koniec roku", "register"),
    "register:kis": Measure("Kluby integracji społecznej na koniec roku", "register"),
    "register:zaz": Measure("Zakłady aktywności zawodowej na koniec roku", "register"),
    "register:wtz": Measure("Warsztaty terapii zajęciowej na koniec roku", "register"),
    "register:social_cooperative": Measure("Spółdzielnie socjalne na koniec roku", "register"),
    "register:work_cooperative": Measure("Spółdzielnie pracy na koniec roku", "register"),
    "register:disabled_cooperative": Measure("Spółdzielnie inwalidów i niewidomych na koniec roku", "register"),
    "register:farm_cooperative": Measure("Spółdzielnie produkcji rolnej na koniec roku", "register"),
    "register:nonprofit_company": Measure("Spółki non profit na koniec roku", "register"),
    "register:ngo": Measure("Organizacje pozarządowe w rejestrach na koniec roku", "register"),
    "register:church_entity": Measure("Kościelne osoby prawne na koniec roku", "register"),
    "register:kgw": Measure("Koła gospodyń wiejskich na koniec roku", "register"),
    "survey:risk_share": Measure("Udział osób zagrożonych wykluczeniem społecznym wśród zatrudnionych", "survey"),
    "survey:staff": Measure("Osoby zatrudnione na umowę o pracę w podmiotach ekonomii społecznej", "survey"),
    "owes:jobs_created": Measure("Miejsca pracy utworzone w ciągu roku przy wsparciu OWES", "owes"),
    "owes:jobs_after_12m": Measure(
        "Miejsca pracy utworzone w ciągu roku przy wsparciu OWES i istniejące po 12 miesiącach", "owes"
    ),
}
"""All that a target can be measured by; ``register:<key of a legal form>`` counts its entities."""

TARGET_COLUMNS: Final = {
    "key": "Int64", "teryt": "str", "area": "str", "name": "str", "measure": "str", "unit": "str", "digits": "Int64",
    "direction": "str", "baseline": "Float64", "baseline_year": "Int64", "target": "Float64", "target_year": "Int64",
    "latest": "Float64", "latest_year": "Int64", "on_path": "Float64", "forecast": "Float64",
    "forecast_low": "Float64", "forecast_high": "Float64", "verdict": "str", "reason": "str",
}  # fmt: skip
SERIES_COLUMNS: Final = {"key": "Int64", "year": "Int64", "value": "Float64"}

PERCENT: Final = "%"
NO_MEASURE: Final = "W danych raportu nie ma miary tego celu."
NO_VALUES: Final = "Dla województwa nie ma żadnej wartości tej miary."
NO_LATER: Final = "Do roku docelowego nie będzie już kolejnego pomiaru."
UNSURE: Final = "Przedział ufności ostatniej wartości obejmuje wartość docelową."
UNCLEAR: Final = "Przedział prognozy obejmuje wartość docelową, dlatego możliwe są oba wyniki."

_SHARES: Final = ("risk_share",)  # measures of the survey from 0 to 1, which a programme may put in percent
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where a target lies, and which end of the scale is good."""

    value: float
    year: int
    direction: Direction
    bounds: Bounds

    def met_by(self, value: float) -> bool:
        return SIGN[self.direction] * (value - self.value) >= -_ROUNDING


@dataclass(frozen=True, slots=True)
class _Judged:
    """Verdict on one target with the forecast for its year; NaN without one."""

    verdict: Verdict
    reason: str = ""
    mean: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


@dataclass(frozen=True, slots=True)
class _Series:
    """Known values of a measure in one voivodeship since its last break, in order of years.

    `latest` is the interval of the last one where it is an estimate, else empty.
    """

    years: FloatVector
    known: FloatVector
    latest: tuple[float, ...] = ()


def target_tables(
    inputs: Inputs, tables: Mapping[str, pd.DataFrame], *, parameters: SocialEconomyParameters
) -> dict[str, pd.DataFrame]:
    """Judge every target of the programmes by the series of its measure.

    Parameters
    ----------
    inputs
        Of which programme, support, observations and indicators are read; the first two may be empty.
    tables
        ``stock``, ``social_enterprises`` and ``estimates`` as published: a hidden number is a missing year.
    parameters
        ``target_min_years``: fewest values of a series for a forecast.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``targets``: a row per target, numbered in the order of voivodeship, area, name and year, whatever the order
        of the programme; ``target_series``: the values of each target's measure since its last break.

    Notes
    -----
    A target is ``reached`` if the latest value meets it. Else the series is forecast to the target's year: ``on_track``
    or ``off_track`` where the 80 % interval lies wholly on the good or the bad side of the target, ``cannot_say`` where
    it holds the target, and where there is no forecast: too few years, a gap, no measure. Once the target's year has
    passed, a target that is not met is ``off_track`` without any forecast.

    A measure taken every second year is forecast in steps of two years, with the damping of two; the forecast is for
    the last measurement up to the target's year. Nothing is filled in between.
    """
    programme = inputs.programme.sort_values(
        ["teryt", "area", "name", "target_year", "measure", "baseline_year", "baseline", "target"], ignore_index=True
    )
    targets: list[dict[str, Any]] = []
    series: list[dict[str, Any]] = []
    for key, row in enumerate(programme.to_dict("records"), start=1):
        own = _series(row, inputs, tables)
        targets.append(
            {"key": key, **{name: row[name] for name in PROGRAMME_COLUMNS}, **_assessed(row, own, parameters)}
        )
        series.extend(
            {"key": key, "year": year, "value": value} for year, value in zip(own.years, own.known, strict=True)
        )
    return {"targets": frame(targets, TARGET_COLUMNS), "target_series": frame(series, SERIES_COLUMNS)}


def _assessed(row: Mapping[Hashable, Any], series: _Series, parameters: SocialEconomyParameters) -> dict[str, Any]:
    goal = _Goal(
        float(row["target"]),
        int(row["target_year"]),
        row["direction"],
        (0.0, 100.0 if row["unit"] == PERCENT else None),
    )
    if row["measure"] == "":
        judged, latest, year = _Judged("cannot_say", NO_MEASURE), float("nan"), None
    elif series.years.size == 0:
        judged, latest, year = _Judged("cannot_say", NO_VALUES), float("nan"), None
    else:
        judged, latest, year = _judge(goal, series, parameters), float(series.known[-1]), int(series.years[-1])
    return {
        "latest": latest,
        "latest_year": year,
        "on_path": _on_path(row, year),
        "forecast": judged.mean,
        "forecast_low": judged.low,
        "forecast_high": judged.high,
        "verdict": judged.verdict,
        "reason": judged.reason,
    }


def _on_path(row: Mapping[Hashable, Any], year: int | None) -> float:
    """Return what the straight line from baseline to target asks for; NaN before the baseline."""
    first, last = int(row["baseline_year"]), int(row["target_year"])
    if year is None or year < first:
        return float("nan")
    return float(np.interp(year, (first, last), (row["baseline"], row["target"])))


def _judge(goal: _Goal, series: _Series, parameters: SocialEconomyParameters) -> _Judged:
    last = int(series.years[-1])
    sure = [goal.met_by(end) for end in series.latest or (float(series.known[-1]),)]
    if all(sure):
        return _Judged("reached")
    if any(sure):
        return _Judged("cannot_say", UNSURE)
    if last >= goal.year:
        return _Judged("off_track")
    result = _ahead(goal, series, parameters)
    if result.status != "ok":
        return _Judged("cannot_say", result.reason)
    if result.prediction is None or not result.years:
        return _Judged("cannot_say", NO_LATER)
    lines = result.prediction
    mean, low, high = float(lines.mean[-1]), float(lines.low80[-1]), float(lines.high80[-1])
    ends = [goal.met_by(low), goal.met_by(high)]
    if all(ends):
        return _Judged("on_track", "", mean, low, high)
    if not any(ends):
        return _Judged("off_track", "", mean, low, high)
    return _Judged("cannot_say", UNCLEAR, mean, low, high)


def _ahead(goal: _Goal, series: _Series, parameters: SocialEconomyParameters) -> Forecast:
    """Forecast up to the target's year, in steps of the series; the horizon may be 0."""
    step = _step(series.years)
    time = series.years if step == 1 else (series.years - series.years[0]) / step
    return forecast(
        time,
        series.known,
        horizon=(goal.year - int(series.years[-1])) // step,
        min_years=parameters.target_min_years,
        bounds=goal.bounds,
        damping=DAMPING**step,
        origins=0,  # the back-test is of no use here and takes most of the time
    )


def _step(years: FloatVector) -> int:
    """Return the years between measurements where they are all alike, else 1, so that gaps are gaps."""
    distances = np.unique(np.diff(years))
    return int(distances[0]) if distances.size == 1 else 1


# --- series of measures -------------------------------------------------------------------------------


def _series(row: Mapping[Hashable, Any], inputs: Inputs, tables: Mapping[str, pd.DataFrame]) -> _Series:
    """Return the series of a target's measure in its voivodeship, in the target's unit."""
    measure = MEASURES.get(row["measure"])
    if measure is None:
        return _Series(np.empty(0), np.empty(0))
    name, teryt = str(row["measure"]).partition(":")[2], str(row["teryt"])
    breaks: Sequence[int] = ()
    if measure.origin == "gus":
        found, breaks = _official(name, teryt, inputs), _breaks(name, inputs.indicators)
    elif measure.origin == "register":
        found = _registered(name, teryt, tables)
    elif measure.origin == "survey":
        found = _surveyed(name, teryt, row["unit"], tables["estimates"])
    else:
        found = _supported(name, teryt, inputs)
    years, values = complete_pairs(
        found["year"].to_numpy(dtype=np.float64), found["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    )
    kept = since_last_break(years, breaks)
    return _Series(years[kept], values[kept], _interval(found, years[kept]))


def _interval(found: pd.DataFrame, years: FloatVector) -> tuple[float, ...]:
    """Return the interval of the last value of an estimated series; empty for a counted one."""
    if "low" not in found or not years.size:
        return ()
    last = found[found["year"] == years[-1]].iloc[0]
    return () if last[["low", "high"]].isna().any() else (float(last["low"]), float(last["high"]))


def _official(name: str, teryt: str, inputs: Inputs) -> pd.DataFrame:
    table = inputs.observations
    return table.loc[(table["indicator"] == name) & (table["teryt"] == teryt), ["year", "value"]]


def _breaks(name: str, indicators: pd.DataFrame) -> list[int]:
    """Return first years of a new level, which the catalogue writes as text."""
    texts = indicators.loc[indicators["indicator"] == name, "break_years"].dropna()
    return [int(year) for text in texts for year in str(text).split()]


def _registered(name: str, teryt: str, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return ends of years only: a number of any other day is of an unfinished year."""
    if name == "social_enterprises":
        table, form, value = tables["social_enterprises"], "", "enterprises"
    else:
        table = tables["stock"]
        form, value = ("", name) if name in ("entities", "per_10k") else (name, "entities")
    day = table["day"].astype("str")
    own = table[(table["teryt"] == teryt) & (table["legal_form"] == form) & day.str.endswith("-12-31")]
    return pd.DataFrame({"year": own["day"].str[:4].astype("int64"), "value": own[value]})


def _surveyed(name: str, teryt: str, unit: str, estimates: pd.DataFrame) -> pd.DataFrame:
    mine = (estimates["teryt"] == teryt) & (estimates["legal_form"] == "") & (estimates["measure"] == name)
    numbers = ["value", "low", "high"]
    own = estimates.loc[mine, ["year", *numbers]]
    if name in _SHARES and unit == PERCENT:
        own[numbers] = (own[numbers] * 100).round(9)
    return own


def _supported(name: str, teryt: str, inputs: Inputs) -> pd.DataFrame:
    """Return sums over the voivodeship's centres, of years that are over and that all of them know."""
    over = inputs.as_of.year if (inputs.as_of.month, inputs.as_of.day) == (12, 31) else inputs.as_of.year - 1
    support = inputs.support
    years = support[(support["teryt"] == teryt) & (support["year"] <= over)].groupby("year")[name]
    return years.sum().where(years.count() == years.size()).rename("value").reset_index()
