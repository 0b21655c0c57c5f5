"""Tables of respondents as they are published: response, quality of weighting, answers, profiles."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.stats.disclosure_system import with_totals
from ropsanalysis.stats.tables import IMPRECISE, NONE, PROTECTED, frame, hide, rounded, spread
from ropsanalysis.stats.weighting import kish_design_effect
from ropsanalysis.training_needs.answers import Answers
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.profiles import Profiles
from ropsanalysis.training_needs.sample import Sample
from ropsanalysis.training_needs.shield import Shield
from ropsanalysis.training_needs.weights import Weighting

DEFF_DIGITS: Final = 1
"""Decimals of the design effect and of relative weights: with more, the size of a hidden cell could be worked out."""

RESPONSE_COLUMNS: Final = {
    "teryt": "str", "institution": "str", "staff": "Int64", "respondents": "Int64", "rate": "Float64",
    "share_frame": "Float64", "share_sample": "Float64", "share_weighted": "Float64", "reason": "str",
}  # fmt: skip
QUALITY_COLUMNS: Final = {
    "teryt": "str", "respondents": "Int64", "staff": "Int64", "deff": "Float64", "n_effective": "Int64",
    "weight_min": "Float64", "weight_max": "Float64", "n_trimmed": "Int64", "iterations": "Int64", "converged": "bool",
    "difference_before": "Float64", "difference_after": "Float64",
}  # fmt: skip
ANSWER_COLUMNS: Final = {
    "teryt": "str", "question": "str", "option": "str", "base": "Int64", "share": "Float64", "low": "Float64",
    "high": "Float64", "reason": "str",
}  # fmt: skip
PROFILE_COLUMNS: Final = {"profile": "Int64", "competence": "str", "gap": "Float64", "centred": "Float64"}
PROFILE_SHARE_COLUMNS: Final = {
    "teryt": "str", "profile": "Int64", "base": "Int64", "share": "Float64", "reason": "str",
}  # fmt: skip
PROFILE_QUALITY_COLUMNS: Final = {"k": "Int64", "stability": "Float64", "silhouette": "Float64", "n": "Int64"}


def response_table(
    sample: Sample, weighting: Weighting, shield: Shield, *, parameters: TrainingParameters
) -> pd.DataFrame:
    """Staff and respondents by institution type ("" = all types) in every unit.

    Notes
    -----
    The weighted share of a type tells how many answered in its stratum, so in a voivodeship it is shown only where the
    number of respondents of every type of the stratum is.
    """
    respondents, staff = with_totals(sample.respondents), with_totals(sample.staff)
    weighted = with_totals(weighting.by_cell * sample.respondents)
    table = spread(
        {"teryt": sample.units, "institution": (*sample.institutions, "")},
        {
            "staff": staff,
            "respondents": respondents,
            "rate": respondents / np.maximum(staff, 1),
            "share_frame": staff / staff[:, -1:],
            "share_sample": respondents / respondents[:, -1:],
            "share_weighted": weighted / weighted[:, -1:],
        },
    ).assign(reason="")
    table = hide(table, respondents == 0, [], reason=NONE)
    table = hide(table, shield.response, ["respondents", "rate", "share_sample", "share_weighted"], reason=PROTECTED)
    table = hide(table, np.repeat(shield.response[:, -1:], respondents.shape[1], axis=1), ["share_sample"])
    table = hide(table, _telling(weighting, shield), ["share_weighted"])
    for name in ("rate", "share_frame", "share_sample", "share_weighted"):
        table[name] = rounded(table[name], parameters.share_digits)
    return table[table["staff"] > 0].reset_index(drop=True).astype(RESPONSE_COLUMNS)


def quality_table(sample: Sample, weighting: Weighting, shield: Shield, response: pd.DataFrame) -> pd.DataFrame:
    """Say what weighting did, per unit.

    Notes
    -----
    Weights are relative to the unit's mean. Smallest and largest weight and the number of trimmed respondents are taken
    over, and differences to the frame between, the institution types whose weighted share is shown: what could tell a
    hidden count is not said.
    """
    cap = weighting.weights.max(initial=0.0)
    trimmed = np.isclose(weighting.weights, cap, rtol=1e-6) & (weighting.trimmed.n_trimmed > 0)
    silent = _telling(weighting, shield)[sample.region, sample.institution]
    rows = []
    for unit, teryt in enumerate(sample.units):
        own = (sample.region == unit) | (unit == len(sample.regions))
        of_unit = response[response["teryt"] == teryt]
        total, types = of_unit[of_unit["institution"] == ""].iloc[0], of_unit[of_unit["institution"] != ""]
        weights = weighting.weights[own]
        relative = weights[~silent[own]] / weights.mean()
        row = {
            "teryt": teryt,
            "respondents": total["respondents"],
            "staff": total["staff"],
            "iterations": weighting.raking.iterations,
            "converged": weighting.raking.converged,
            "difference_before": _largest(types["share_sample"] - types["share_frame"]),
            "difference_after": _largest(types["share_weighted"] - types["share_frame"]),
        }
        if relative.size and pd.notna(total["respondents"]):  # the mean weight tells the number of respondents
            row |= {"weight_min": round(relative.min(), DEFF_DIGITS), "weight_max": round(relative.max(), DEFF_DIGITS)}
        if pd.notna(total["respondents"]):
            deff = round(kish_design_effect(weights), DEFF_DIGITS)
            row |= {"deff": deff, "n_effective": round(weights.size / deff)}
        if not (silent & own).any():
            row["n_trimmed"] = int((trimmed & own).sum())
        rows.append(row)
    return frame(rows, QUALITY_COLUMNS)


def answers_table(
    sample: Sample, questions: list[Answers], shield: Shield, *, parameters: TrainingParameters
) -> pd.DataFrame:
    """Shares of the options of every question, per unit."""
    parts = [_question_rows(sample, question, shield.answers[question.question], parameters) for question in questions]
    table = pd.concat(parts) if parts else frame([], ANSWER_COLUMNS)
    order = {teryt: place for place, teryt in enumerate(sample.units)}
    table = table.sort_values("teryt", key=lambda codes: codes.map(order), kind="stable")
    return table.reset_index(drop=True)[list(ANSWER_COLUMNS)].astype(ANSWER_COLUMNS)


def profile_tables(
    sample: Sample,
    found: Profiles | None,
    shares: Answers | None,
    shield: Shield,
    *,
    parameters: TrainingParameters,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Mean gaps of the profiles, their shares per unit, and how firm they are; empty where none were found."""
    if found is None or shares is None:
        return frame([], PROFILE_COLUMNS), frame([], PROFILE_SHARE_COLUMNS), frame([], PROFILE_QUALITY_COLUMNS)
    gaps = spread(
        {"profile": shares.options, "competence": sample.competences}, {"gap": found.gap, "centred": found.centred}
    )
    for name in ("gap", "centred"):
        gaps[name] = rounded(gaps[name], 2)
    rows = _question_rows(sample, shares, shield.answers[shares.question], parameters).rename(
        columns={"option": "profile"}
    )
    quality = frame(
        [
            {"k": q.k, "stability": round(q.stability, 2), "silhouette": round(q.silhouette, 2), "n": q.n}
            for q in found.quality
        ],
        PROFILE_QUALITY_COLUMNS,
    )
    return (
        gaps.astype({"profile": "int64"}).astype(PROFILE_COLUMNS),
        rows.astype({"profile": "int64"})[list(PROFILE_SHARE_COLUMNS)].astype(PROFILE_SHARE_COLUMNS),
        quality,
    )


def _question_rows(
    sample: Sample, question: Answers, hidden: NDArray[np.bool_], parameters: TrainingParameters
) -> pd.DataFrame:
    share = question.share
    table = spread(
        {"teryt": sample.units, "option": question.options},
        {"base": question.base, "share": share.value, "low": share.low, "high": share.high},
    ).assign(question=question.question, reason="")
    nobody = (question.base == 0).ravel()
    estimates = ["share", "low", "high"]
    table = hide(table, ~question.precise.ravel() & ~nobody, estimates, reason=IMPRECISE)
    table = hide(table, nobody, estimates, reason=NONE)
    table = hide(table, hidden, ["base", *estimates], reason=PROTECTED)
    for name in estimates:
        table[name] = rounded(table[name], parameters.share_digits)
    return table


def _telling(weighting: Weighting, shield: Shield) -> NDArray[np.bool_]:
    """Cells, with totals, whose weight would tell the number of a hidden one: those that share its stratum."""
    strata = weighting.strata
    hidden = shield.response[: strata.shape[0], :-1]
    inside = np.isin(strata, strata[hidden & (strata >= 0)]) & (strata >= 0)
    telling = np.zeros_like(shield.response)
    telling[: strata.shape[0], :-1] = inside
    return telling


def _largest(differences: pd.Series[float]) -> float | None:
    known = differences.dropna().abs()
    return None if known.empty else round(float(known.max()), 4)
