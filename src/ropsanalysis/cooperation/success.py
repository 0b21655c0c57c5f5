"""How many of the cases that ended were completed successfully: by pilot, and beside a published pilot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pandas as pd
from scipy.stats import fisher_exact

from ropsanalysis.cooperation.cases import Voivodeship
from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import P_DIGITS, SHARE_DIGITS, outcome, outcome_parts
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.stats.funnel import funnel
from ropsanalysis.stats.published import estimate, rounded
from ropsanalysis.stats.rates import binomial_interval, difference_interval

ZONES: Final[Mapping[str, str]] = {
    "within": "inside",
    "above": "rather_high",
    "below": "rather_low",
    "far_above": "high",
    "far_below": "low",
}
"""Verdict of the funnel -> zone of the published table."""
_NEVER_WIDENED: Final = 0.0
"""Level of the test of overdispersion that finds none."""
PUBLISHED_NAME: Final = "pilotaż modelu kooperacji w gminach wiejskich"
PUBLISHED_SOURCE: Final = (
    "https://liderzykooperacji.pl/podsumowanie-przebiegu-testowania-modelu-kooperacji-w-gminach-wiejskich/"
)
"""The published pilot: cases of persons and families in five voivodeships, and those that completed their path of
coming out of the crisis; the numbers are parameters."""


class Part(NamedTuple):
    """Pilots joined, and the cases of theirs that ended."""

    pilots: tuple[str, ...]
    ended: int
    success: int


def parts_of(own: Voivodeship, *, parameters: CooperationParameters) -> list[Part]:
    """Return the parts of a voivodeship of which outcomes may be told; see `protection.outcome_parts`."""
    found = []
    for pilots in outcome_parts(own, parameters=parameters):
        ended, (success,) = outcome(own.of(pilots))
        found.append(Part(pilots, ended, success))
    return found


def success(regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return rates of success of each voivodeship ("" first) and of its parts, with the limits of a funnel.

    Notes
    -----
    Only ended cases count; those that go on may still end either way. The funnel stands around the voivodeship's own
    rate. Its limits are those of chance alone: they are not widened where parts differ by more than chance, since among
    a handful of parts the one that stands out would widen them for itself. Where the voivodeship as a whole tells of
    too few, nothing is told. Pilots of which no case has ended stand by themselves ("ongoing", "no_data" where they
    have no case at all).
    """
    return as_table("success", [row for own in regions for row in _rows(own, parameters)])


def _rows(own: Voivodeship, parameters: CooperationParameters) -> list[Row]:
    parts = parts_of(own, parameters=parameters)
    rows: list[Row] = [{"teryt": own.teryt, "pilots": "", "zone": "", "reason": _silence(own.cases)}]
    if parts:
        whole = Part((), sum(part.ended for part in parts), sum(part.success for part in parts))
        rate = whole.success / whole.ended
        rows[0] |= _counts(whole, parameters) | {"reference": rounded(rate, SHARE_DIGITS)}
        found = funnel(
            [part.success for part in parts],
            [part.ended for part in parts],
            family="binomial",
            target=rate,
            levels=(parameters.funnel_inner, parameters.funnel_outer),
            alpha=_NEVER_WIDENED,
        )
        for place, part in enumerate(parts):
            rows.append(
                {"teryt": own.teryt, "pilots": "+".join(part.pilots), "reference": rounded(rate, SHARE_DIGITS)}
                | _counts(part, parameters)
                | {
                    "inner_low": rounded(found.limits.low_inner[place], SHARE_DIGITS),
                    "inner_high": rounded(found.limits.high_inner[place], SHARE_DIGITS),
                    "outer_low": rounded(found.limits.low_outer[place], SHARE_DIGITS),
                    "outer_high": rounded(found.limits.high_outer[place], SHARE_DIGITS),
                    "zone": ZONES[found.verdict[place]],
                }
            )
    closed = set(own.cases.loc[own.cases["closed"], "pilot"])
    silent = [(pilot,) for pilot in own.pilots if pilot not in closed]
    if closed and not parts:
        silent.insert(0, tuple(sorted(closed)))
    for pilots in silent:
        rows.append({"teryt": own.teryt, "pilots": "+".join(pilots), "zone": "", "reason": _silence(own.of(pilots))})
    return rows


def comparison(regions: Sequence[Voivodeship], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return the published pilot beside each voivodeship: the difference of its rate from the published one.

    Notes
    -----
    The interval of the difference is Newcombe's (method 10), p that of Fisher's exact test, two-sided. The voivodeships
    of the published pilot are not told apart there, so a voivodeship may be compared with a part of itself.
    """
    known, of = parameters.published_success, parameters.published_cases
    ends = binomial_interval(known, of, confidence=parameters.confidence)
    common: Row = {"name": PUBLISHED_NAME, "success": known, "of": of, "source": PUBLISHED_SOURCE}
    common |= estimate("rate", known / of, float(ends.low), float(ends.high), digits=SHARE_DIGITS)
    rows: list[Row] = []
    for own in regions:
        row: Row = {"teryt": own.teryt} | common | {"reason": _silence(own.cases)}
        if parts_of(own, parameters=parameters):
            ended, (successful,) = outcome(own.cases)
            limits = difference_interval(successful, ended, known, of, confidence=parameters.confidence)
            difference = successful / ended - known / of
            exact = fisher_exact([[successful, ended - successful], [known, of - known]])
            row |= estimate("difference", difference, float(limits.low), float(limits.high), digits=SHARE_DIGITS)
            row |= {"p": rounded(float(exact.pvalue), P_DIGITS), "reason": ""}
        rows.append(row)
    return as_table("comparison", rows)


def _counts(part: Part, parameters: CooperationParameters) -> Row:
    ends = binomial_interval(part.success, part.ended, confidence=parameters.confidence)
    rate = estimate("rate", part.success / part.ended, float(ends.low), float(ends.high), digits=SHARE_DIGITS)
    return {"success": part.success, "ended": part.ended, **rate, "reason": ""}


def _silence(cases: pd.DataFrame) -> str:
    """Return why nothing is told of the outcome of some cases."""
    if cases.empty:
        return "no_data"
    return "few" if cases["closed"].any() else "ongoing"
