"""How far the three indicators are: against target, straight line and plan, and where they go from here.

A straight line leads from 0 before the first day to the target on the last, day by day. The office's plan is joined by
straight lines between its days, from 0 before the first day of the project. The forecast goes on as the last months
went (`stats.rate_forecast`): for persons those newly counted, for plans the units that came to count by the rules of
each day, up to all units. Units whose plan expires by a day that is known already are taken off from then on, unless
`plans_renewed`: then no plan is taken to end, and a unit that counts again is not new. The forecast knows nothing of
what the office intends.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.project_monitoring.counting import COUNTED, Counted
from ropsanalysis.project_monitoring.course_protection import told_days
from ropsanalysis.project_monitoring.denominator import denominator
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.period import Period, by_month, generator, periods
from ropsanalysis.project_monitoring.plans import counting_spans, running
from ropsanalysis.project_monitoring.published import as_table, day_text, ends
from ropsanalysis.project_monitoring.schema import COUNTED as OF_PERSONS
from ropsanalysis.project_monitoring.schema import INDICATORS, Inputs
from ropsanalysis.stats.rate_forecast import Forecast, forecast_total
from ropsanalysis.stats.records import NO_ESTIMATE, Estimate
from ropsanalysis.stats.vocabulary import FloatVector

_TARGETS: Final = {"supported": "target_supported", "qualified": "target_qualified", "plans": "target_plan_share"}
_ROUNDING: Final = 1e-9
"""Share of a unit that may be lost when a target share is multiplied by the number of units."""


def progress_tables(inputs: Inputs, counted: Counted, *, parameters: MonitoringParameters) -> dict[str, pd.DataFrame]:
    """Return the tables ``indicators`` and ``progress``."""
    indicators: list[dict[str, Any]] = []
    course: list[dict[str, Any]] = []
    cards = {str(card["teryt"]): card for card in inputs.cards.to_dict("records")}
    for period in periods(inputs.cards):
        told = _told(counted, period, parameters)
        edges = period.recent_edges(parameters.forecast_months)
        for name in INDICATORS:
            target = cards[period.teryt][_TARGETS[name]]
            track = _track(inputs, counted, period, name, parameters)
            plan = _plan(inputs.plan, period, name)
            recent = by_month(track.days, edges) if len(edges) > 1 else None
            one = _Course(period, name, None if pd.isna(target) else float(target), track, plan, recent, parameters,
                          told if name in OF_PERSONS else None)  # fmt: skip
            indicators.append(one.indicator())
            course += one.quarters()
    return {"indicators": as_table("indicators", indicators), "progress": as_table("progress", course)}


def _told(counted: Counted, period: Period, parameters: MonitoringParameters) -> frozenset[pd.Timestamp]:
    """Return of which days persons may be told: quarters, and the day since which the recent pace is counted."""
    days = [period.shown_day(quarter) for quarter in period.quarters(until=min(period.as_of, period.end))]
    days += period.recent_edges(parameters.forecast_months)[:1]
    return told_days(counted.of(period.teryt), days, period.as_of, fewest=parameters.min_count)


@dataclass(frozen=True, slots=True)
class _Track:
    """What is counted: numbers of persons or units, and all units where it is a share (else 1 to divide by)."""

    known: bool
    number: int
    days: pd.Series[Any]  # on which persons or units came to count
    of: int | None = None
    spans: pd.DataFrame | None = None  # of units, as `plans.counting_spans`
    as_of: pd.Timestamp | None = None

    @property
    def whole(self) -> int:
        return 1 if self.of is None else self.of

    def reached(self, day: pd.Timestamp) -> int:
        """Return how many counted on a day."""
        return int((self.days <= day).sum()) if self.spans is None else len(running(self.spans, day))

    def lapsing(self, day: pd.Timestamp) -> int:
        """Return how many of those counted now will have expired before a later day."""
        if self.spans is None or self.as_of is None:
            return 0
        return int((running(self.spans, self.as_of)["until"] < day).sum())


def _track(inputs: Inputs, counted: Counted, period: Period, name: str, parameters: MonitoringParameters) -> _Track:
    if name in OF_PERSONS:
        persons = counted.of(period.teryt)
        days = persons.loc[persons[f"{name}_rule"] == COUNTED, f"{name}_day"]
        return _Track(known=len(persons) > 0, number=len(days), days=days)
    lpdi = inputs.lpdi[inputs.lpdi["teryt"] == period.teryt]
    units = denominator(inputs.units, period.teryt, plan_units=parameters.plan_units)
    spans = counting_spans(lpdi, units, parameters=parameters)
    came = spans[spans["since"] <= period.as_of]
    days = came.groupby("unit")["since"].min() if parameters.plans_renewed else came["since"]
    return _Track(len(lpdi) > 0, len(running(spans, period.as_of)), days, len(units.codes), spans, period.as_of)


def _plan(plan: pd.DataFrame, period: Period, name: str) -> pd.DataFrame:
    own = plan[(plan["teryt"] == period.teryt) & (plan["indicator"] == name)]
    return own.sort_values("day")


@dataclass(frozen=True, slots=True)
class _Course:
    """One indicator of one project; `target` in persons or as a share."""

    period: Period
    name: str
    target: float | None
    track: _Track
    plan: pd.DataFrame
    recent: FloatVector | None  # how many came to count in each of the last months
    parameters: MonitoringParameters
    told: frozenset[pd.Timestamp] | None  # days of which it may be told; None: all

    def indicator(self) -> dict[str, Any]:
        period, track, is_share = self.period, self.track, self.track.of is not None
        found: dict[str, Any] = {
            "teryt": period.teryt, "indicator": self.name, "target": self.target, "denominator": track.of,
            "line": self._line(period.as_of), "planned": self._planned(period.as_of),
            "reason": "no_data" if not track.known else "no_target" if self.target is None else "",
            **ends("forecast", NO_ESTIMATE),
        }  # fmt: skip
        if not track.known:
            return found
        value = track.number / track.whole
        found |= {
            "value": value, "numerator": track.number if is_share else None,
            "lapsing": track.lapsing(period.end) if is_share else None,
        }  # fmt: skip
        recent = self.recent
        if recent is not None and self._may_tell(period.recent_edges(self.parameters.forecast_months)[0]):
            found["recent_per_month"] = float(recent.mean())
        forecast = self._forecast(period.end)
        found |= ends("forecast", self._estimate(forecast))
        if self.target is not None:
            found["of_target"] = value / self.target if self.target else None
            found["probability"] = None if forecast is None else forecast.probability_of(self._needed())
            if period.months_left:
                found["needed_per_month"] = max(self._needed() - self._staying(period.end), 0) / period.months_left
        return found

    def quarters(self) -> Iterator[dict[str, Any]]:
        for quarter in self.period.quarters():
            day = self.period.shown_day(quarter)
            past = day <= self.period.as_of
            forecast = None if past or not self.track.known else self._forecast(day)
            hidden = past and self.track.known and not self._may_tell(day)
            known = past and self.track.known and not hidden
            yield {
                "teryt": self.period.teryt, "indicator": self.name, "quarter": quarter, "day": day_text(day),
                "reached": self.track.reached(day) / self.track.whole if known else None,
                "line": self._line(day), "planned": self._planned(day), **ends("forecast", self._estimate(forecast)),
                "reason": "few" if hidden else "",
            }  # fmt: skip

    def _may_tell(self, day: pd.Timestamp) -> bool:
        return self.told is None or day in self.told

    def _line(self, day: pd.Timestamp) -> float | None:
        return None if self.target is None else self.target * self.period.passed_by(day)

    def _planned(self, day: pd.Timestamp) -> float | None:
        if self.plan.empty:
            return None
        before = self.period.start - pd.Timedelta(days=1)
        days = [0, *((self.plan["day"] - before).dt.days)]
        return float(np.interp((day - before).days, days, [0.0, *self.plan["planned"]]))

    def _needed(self) -> int:
        """Return how many persons or units reach the target."""
        return math.ceil((self.target or 0.0) * self.track.whole - _ROUNDING)

    def _forecast(self, day: pd.Timestamp) -> Forecast | None:
        """Return the number on a later day; the same chances for every day, so that a course has no kinks of chance."""
        recent = self.recent
        # A forecast that goes on from few persons tells how few they were.
        if recent is None or (self.told is not None and 0 < recent.sum() < self.parameters.min_count):
            return None
        return forecast_total(
            recent, periods=self.period.months_to(day), so_far=self._staying(day), draws=self.parameters.draws,
            rng=generator(self.parameters.seed, self.period.teryt, self.name), confidence=self.parameters.confidence,
            kind="count", ceiling=self.track.of,
        )  # fmt: skip

    def _staying(self, day: pd.Timestamp) -> int:
        """Return how many of those counted now are taken to count on a later day."""
        return self.track.number - (0 if self.parameters.plans_renewed else self.track.lapsing(day))

    def _estimate(self, forecast: Forecast | None) -> Estimate:
        if forecast is None:
            return NO_ESTIMATE
        return Estimate(*(end / self.track.whole for end in (forecast.median, forecast.low, forecast.high)))
