"""What changed in gminas that opened a social service centre, beside gminas that had none by then."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.social_impact.centre_checks import check_rows
from ropsanalysis.social_impact.centre_estimates import KINDS, estimate, is_few, shown, widening
from ropsanalysis.social_impact.centre_panel import Area, Sample, areas
from ropsanalysis.social_impact.evidence import COMPARED, grade
from ropsanalysis.social_impact.parameters import SocialImpactParameters
from ropsanalysis.social_impact.published import as_table
from ropsanalysis.social_impact.schema import Inputs
from ropsanalysis.stats.staggered import Control, GroupTimeEffects
from ropsanalysis.stats.staggered_bands import bands
from ropsanalysis.stats.vocabulary import FloatMatrix

CONTROLS: Final[tuple[Control, ...]] = ("never", "not_yet")
ENOUGH_NEVER: Final = 10
"""Gminas without a centre from which on the claim rests on a comparison with them alone."""
SPARE_DIGITS: Final = 2
"""Digits stored beyond those printed."""
_NUMBERS: Final = ("effect", "effect_low", "effect_high", "band_low", "band_high")


def centre_tables(inputs: Inputs, *, parameters: SocialImpactParameters) -> dict[str, pd.DataFrame]:
    """Estimate the effect of opening a centre by comparing gminas, and test the comparison.

    Parameters
    ----------
    inputs
        Of which the panel of gminas is read; it may be empty.
    parameters
        ``confidence``, ``alpha`` of the tests, ``min_opened``, ``placebo_years``, ``bootstrap_draws`` and ``seed``.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``centre_cohorts``, ``centre_effects``, ``centre_tests``, ``centre_levels``, with rows for Poland ("00") where
        two voivodeships or more are in the data, and for each of these.

    Notes
    -----
    Effects are those of Callaway and Sant'Anna by year of opening and year, brought together; intervals are of a
    bootstrap over powiats, or over gminas where an area has fewer than ten powiats. A gmina with a gap in its series
    of an outcome is left out of that outcome's effects and levels, in which ``gminas`` counts those that stay; all are
    counted in ``centre_cohorts``. Gminas whose centre was there from the first year on show no change and take part in
    no effect, nor do those of a year of opening that lie in one powiat: their error could not be told.

    The claim rests (``main``) on the comparison with gminas that never opened a centre where there are ten or more,
    since a gmina that opens later may have changed in expectation of it. With fewer, gminas that open later are
    compared as well.

    The joint test before the opening is of the effects by years since the opening from -5 to -1, those of the figure.
    A test of every year of opening apart has more degrees of freedom than most voivodeships have powiats. A test that
    cannot be made has not been passed, nor has one with so few degrees of freedom that it would find next to nothing
    (`centre_checks.ENOUGH_DF`): of each its reason is told.

    The grade is that of a comparison with gminas that nobody made alike, less one for each check that was not passed
    and one where gminas are few.

    An effect of fewer gminas than ``min_opened`` is not told (reason "few"), nor one without an error ("unstable").
    """
    wanted = inputs.outcomes[inputs.outcomes["level"] == "gmina"]
    digits = {str(key): int(number) + SPARE_DIGITS for key, number in zip(wanted["key"], wanted["digits"], strict=True)}
    cohorts: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    tests: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    for area in areas(inputs.jst, list(digits)):
        cohorts += _cohort_rows(area)
        for outcome, number in digits.items():
            sample = area.sample(outcome, digits=number)
            for controls in CONTROLS:
                keys = {"teryt": area.teryt, "outcome": outcome, "controls": controls}
                found, reason = estimate(sample, controls, min_opened=parameters.min_opened)
                checks = list(check_rows(sample, controls, found, reason, parameters=parameters))
                graded = None if found is None else _grade(found, checks)
                few = found is not None and is_few(found)
                tests += [keys | row for row in checks]
                rows = _effect_rows(sample, controls, found, reason, graded, parameters)
                effects += [keys | {"few": few} | row for row in rows]
            levels += _level_rows(sample)
    return {
        "centre_cohorts": as_table("centre_cohorts", cohorts),
        "centre_effects": as_table("centre_effects", effects),
        "centre_tests": as_table("centre_tests", tests),
        "centre_levels": as_table("centre_levels", levels),
    }


# --- gminas and their levels --------------------------------------------------------------------------


def _cohort_rows(area: Area) -> Iterator[dict[str, Any]]:
    years, counts = np.unique(area.opened, return_counts=True)
    for year, count in zip(years, counts, strict=True):
        yield {"teryt": area.teryt, "year": int(year) if np.isfinite(year) else None, "gminas": int(count)}


def _level_rows(sample: Sample) -> Iterator[dict[str, Any]]:
    for series, chosen in (("opened", sample.has_centre), ("never", ~sample.has_centre)):
        if not chosen.any():
            continue
        means = sample.rates[chosen].mean(axis=0)
        for year, mean in zip(sample.years, means, strict=True):
            yield {
                "teryt": sample.teryt, "outcome": sample.outcome, "series": series, "year": int(year),
                "mean": round(float(mean), sample.digits), "gminas": int(chosen.sum()),
            }  # fmt: skip


# --- effects ------------------------------------------------------------------------------------------


def _grade(found: GroupTimeEffects, checks: list[dict[str, Any]]) -> int:
    doubts = [check["test"] for check in checks if not check["passed"]]
    return grade(COMPARED, [*doubts, "few_gminas"] if is_few(found) else doubts)


def _effect_rows(
    sample: Sample,
    controls: Control,
    found: GroupTimeEffects | None,
    reason: str,
    graded: int | None,
    parameters: SocialImpactParameters,
) -> Iterator[dict[str, Any]]:
    main = controls == ("never" if (~sample.has_centre).sum() >= ENOUGH_NEVER else "not_yet")
    if found is None:
        yield {"kind": "simple", "main": main, "reason": reason}
        return
    for kind in KINDS:
        table = _numbers(sample, controls, kind, found, parameters)
        effects = shown(found, kind)
        for place, (at, gminas) in enumerate(zip(effects.at, effects.gminas, strict=True)):
            few, unsure = gminas < parameters.min_opened, bool(np.isnan(table[place]).any())
            hidden = few or unsure
            yield {
                "kind": kind, "at": None if kind == "simple" else at, "gminas": gminas,
                "main": main and kind == "simple", "reason": "few" if few else "unstable" if unsure else "",
                **({} if hidden else {"grade": graded, **dict(zip(_NUMBERS, table[place], strict=True))}),
            }  # fmt: skip


def _numbers(
    sample: Sample, controls: Control, kind: str, found: GroupTimeEffects, parameters: SocialImpactParameters
) -> FloatMatrix:
    """Return the effects of one kind with interval and band, rounded for storage; columns as in `_NUMBERS`."""
    effects = shown(found, kind)
    limits = bands(
        effects.value,
        effects.influence,
        rng=_generator(parameters.seed, sample.teryt, sample.outcome, controls, kind),
        draws=parameters.bootstrap_draws,
        confidence=parameters.confidence,
    )
    wider = np.array([widening(df, found.n_clusters, confidence=parameters.confidence) for df in effects.df])
    reach, far = wider * (limits.high - effects.value), wider * (limits.band_high - effects.value)
    ends = (effects.value, effects.value - reach, effects.value + reach, effects.value - far, effects.value + far)
    table: FloatMatrix = np.column_stack(ends).round(sample.digits) + 0.0
    return table


def _generator(seed: int, *names: str) -> np.random.Generator:
    """Return a source of chance that depends on what is drawn, and not on what was drawn before."""
    return np.random.default_rng([seed, zlib.crc32(" ".join(names).encode())])
