"""Tables of need as they are published: measures, institution types, agreement, tests, drivers, scales."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau

from ropsanalysis.stats.scales import reliability
from ropsanalysis.stats.tables import IMPRECISE, NONE, PROTECTED, frame, hide, rounded, spread, to_base
from ropsanalysis.training_needs.drivers import MERGED, Driver
from ropsanalysis.training_needs.groups import Difference
from ropsanalysis.training_needs.need import Band, Need
from ropsanalysis.training_needs.parameters import TrainingParameters
from ropsanalysis.training_needs.sample import Sample
from ropsanalysis.training_needs.shield import Shield

SCORE_DIGITS: Final = 2
"""Decimals of mean ratings, scores and coefficients."""
POOLED_DIGITS: Final = 1
"""Decimals of model-based gaps: an interval's width follows from the base, which finer ones would tell."""
P_DIGITS: Final = 4
METHODS: Final = ("mwds", "rds", "share", "wanted")
TOP: Final = 5
"""Places that two methods are compared on."""
TERMS: Final = {
    "institution_group": "Grupa instytucji",
    "position": "Stanowisko",
    "tenure": "Staż pracy",
    "education": "Wykształcenie",
}
GROUPS: Final = {
    "assistance": "Pomoc społeczna i usługi",
    "family": "Rodzina i piecza zastępcza",
    "social_economy": "Ekonomia społeczna i reintegracja",
}
MERGED_LABEL: Final = "Pozostałe poziomy (łącznie)"

_SHARES: Final = ("share", "share_low", "share_high")
_WANTED: Final = ("wanted_share", "wanted_low", "wanted_high")
_STAFF: Final = ("staff", "staff_low", "staff_high")
_SCORES: Final = (
    "importance", "importance_low", "importance_high", "mastery", "mastery_low", "mastery_high", "mwds", "mwds_low",
    "mwds_high",
)  # fmt: skip
_RDS: Final = ("rds", "rds_low", "rds_high")
_RANKS: Final = ("rank", "rank_low", "rank_high", "rds_rank")

NEED_COLUMNS: Final = {
    "teryt": "str", "competence": "str", "base": "Int64", "missing": "Int64",
    **dict.fromkeys(_SCORES, "Float64"), "rank": "Int64", "rank_low": "Int64", "rank_high": "Int64",
    **dict.fromkeys(_RDS, "Float64"), "rds_rank": "Int64", **dict.fromkeys(_SHARES, "Float64"),
    **dict.fromkeys(_STAFF, "Int64"), "wanted_base": "Int64",
    **dict.fromkeys(_WANTED, "Float64"), "wanted_rank": "Int64", "quadrant": "str",
    "reason": "str",
}  # fmt: skip
CELL_COLUMNS: Final = {
    "teryt": "str", "institution": "str", "competence": "str", "base": "Int64", "share": "Float64", "low": "Float64",
    "high": "Float64", "staff": "Int64", "staff_low": "Int64", "staff_high": "Int64", "reason": "str",
}  # fmt: skip
POOLED_COLUMNS: Final = {
    "teryt": "str", "institution": "str", "competence": "str", "gap": "Float64", "low": "Float64", "high": "Float64",
    "base": "Int64", "reason": "str",
}  # fmt: skip
AGREEMENT_COLUMNS: Final = {
    "teryt": "str", "method_a": "str", "method_b": "str", "tau": "Float64", "p_value": "Float64",
    "top5_shared": "Int64",
}  # fmt: skip
DIFFERENCE_COLUMNS: Final = {
    "teryt": "str", "competence": "str", "statistic": "Float64", "p_value": "Float64", "p_adjusted": "Float64",
    "significant": "bool", "highest_institution": "str", "highest_gap": "Float64", "lowest_institution": "str",
    "lowest_gap": "Float64",
}  # fmt: skip
DRIVER_COLUMNS: Final = {
    "teryt": "str", "competence": "str", "term": "str", "level": "str", "reference": "str", "effect": "Float64",
    "low": "Float64", "high": "Float64", "p_value": "Float64", "p_adjusted": "Float64", "proportional_p": "Float64",
    "proportional_ok": "bool", "n": "Int64",
}  # fmt: skip
SCALE_COLUMNS: Final = {
    "teryt": "str", "scale": "str", "alpha": "Float64", "alpha_low": "Float64", "alpha_high": "Float64",
    "omega": "Float64", "items": "Int64", "n": "Int64",
}  # fmt: skip


def needs_table(sample: Sample, need: Need, shield: Shield, *, parameters: TrainingParameters) -> pd.DataFrame:
    """All measures of need by competence, per unit."""
    staff = sample.unit_staff()[:, None]
    values: dict[str, NDArray[Any]] = {
        "base": need.base,
        "missing": need.missing,
        "rank": need.rank,
        "rank_low": need.rank_low,
        "rank_high": need.rank_high,
        "rds_rank": need.rds_rank,
        "wanted_rank": need.wanted_rank,
        "wanted_base": need.wanted_base,
        "quadrant": need.quadrant,
    }
    for name in ("importance", "mastery", "mwds", "rds", "share"):
        values |= _columns(getattr(need, name), (name, f"{name}_low", f"{name}_high"))
    values |= _columns(need.wanted, _WANTED)
    values |= {
        # From the rounded share: in a large voivodeship a multiple of the base is finer than a whole percentage.
        name: to_base(np.round(values[share], parameters.share_digits) * staff, parameters.staff_base)
        for name, share in zip(_STAFF, _SHARES, strict=True)
    }
    table = spread({"teryt": sample.units, "competence": sample.competences}, values).assign(reason="")
    measures = [*_SCORES, *_RDS, *_RANKS, *_SHARES, *_STAFF, "quadrant"]
    nobody = (need.base == 0).ravel()
    table = hide(table, ~need.precise.ravel() & ~nobody, measures, reason=IMPRECISE)
    table = hide(table, nobody, measures, reason=NONE)
    table = hide(table, shield.need[:, -1], ["base", "missing", *measures], reason=PROTECTED)
    wishes = [*_WANTED, "wanted_base", "wanted_rank"]
    secret = shield.answers.get("wanted", np.zeros(need.base.shape, dtype=np.bool_))
    table = hide(table, secret | ~need.wanted_precise, wishes)
    for names, digits in (
        (_SCORES, SCORE_DIGITS),
        (_RDS, parameters.share_digits - 2),  # a score of 1 is a difference of shares of 0.01
        ((*_SHARES, *_WANTED), parameters.share_digits),
    ):
        for name in names:
            table[name] = rounded(table[name], digits)
    return table[list(NEED_COLUMNS)].astype(NEED_COLUMNS)


def cells_table(sample: Sample, need: Need, shield: Shield, *, parameters: TrainingParameters) -> pd.DataFrame:
    """Share of staff in need by institution type and competence, per unit; only types with staff there."""
    table = spread(
        {"teryt": sample.units, "institution": sample.institutions, "competence": sample.competences},
        {"base": need.cell_base, **_columns(need.cell_share, ("share", "low", "high"))},
    ).assign(reason="")
    estimates = ["share", "low", "high"]
    nobody = (need.cell_base == 0).ravel()
    table = hide(table, nobody, estimates, reason=NONE)
    table = hide(table, shield.need[:, :-1], ["base", *estimates], reason=PROTECTED)
    present = np.vstack((sample.staff, sample.staff.sum(axis=0)))[: len(sample.units)]
    staff = np.repeat(present.ravel(), len(sample.competences))
    for name, total in zip(estimates, _STAFF, strict=True):
        table[name] = rounded(table[name], parameters.share_digits)
        # From the rounded share, so that the number of staff tells nothing that the share does not.
        table[total] = np.round(table[name] * staff)
    return table.loc[staff > 0, list(CELL_COLUMNS)].reset_index(drop=True).astype(CELL_COLUMNS)


def pooled_table(
    sample: Sample, gaps: Band, cells: pd.DataFrame, shield: Shield, *, parameters: TrainingParameters
) -> pd.DataFrame:
    """Model-based gaps of the cells whose number of respondents is shown, with the base where that is shown too.

    Notes
    -----
    Whether a row is there depends on published numbers only: were it left out where few rated the competence, its
    presence would tell the least, its absence the largest number of a hidden base.
    """
    table = spread(
        {"teryt": sample.regions, "institution": sample.institutions, "competence": sample.competences},
        _columns(gaps, ("gap", "low", "high")),
    ).assign(reason="")
    regions = len(sample.regions)
    known = ~shield.response[:regions, :-1] & (sample.respondents >= parameters.threshold)
    shown = known[:, :, None] & ~np.isnan(gaps.value)
    table = table[shown.ravel()]
    bases = cells[["teryt", "institution", "competence", "base"]]
    table = table.merge(bases, on=["teryt", "institution", "competence"], how="left")
    for name in ("gap", "low", "high"):
        table[name] = rounded(table[name], POOLED_DIGITS)
    return table[list(POOLED_COLUMNS)].astype(POOLED_COLUMNS)


def agreement_table(sample: Sample, need: Need, needs: pd.DataFrame) -> pd.DataFrame:
    """How alike the methods order the competences that both show, per unit.

    Notes
    -----
    Kendall's tau-b between unrounded scores; the ranked discrepancy score counts reversed, since its lowest value is
    the greatest need. Of tied scores the first in the catalogue belong to the top places.
    """
    scores = {"mwds": need.mwds.value, "rds": -need.rds.value, "share": need.share.value, "wanted": need.wanted.value}
    shown = {name: needs["wanted_share" if name == "wanted" else "mwds"].notna().to_numpy() for name in METHODS}
    rows = []
    for unit, teryt in enumerate(sample.units):
        for a, b in combinations(METHODS, 2):
            both = (shown[a] & shown[b]).reshape(need.base.shape)[unit]
            if both.sum() < 3:
                continue
            first, second = scores[a][unit][both], scores[b][unit][both]
            test = kendalltau(first, second)
            top = [set(np.argsort(-values, kind="stable")[:TOP]) for values in (first, second)]
            rows.append(
                {
                    "teryt": teryt,
                    "method_a": a,
                    "method_b": b,
                    "tau": round(float(test.statistic), SCORE_DIGITS),
                    "p_value": round(float(test.pvalue), P_DIGITS),
                    "top5_shared": len(top[0] & top[1]),
                }
            )
    return frame(rows, AGREEMENT_COLUMNS)


def differences_table(sample: Sample, found: list[Difference], *, parameters: TrainingParameters) -> pd.DataFrame:
    """Write the tests of equal gaps of institution types, per unit and competence."""

    def name(institution: int | None) -> str:
        return "" if institution is None else sample.institutions[institution]

    rows = [
        {
            "teryt": sample.units[d.unit],
            "competence": sample.competences[d.competence],
            "statistic": round(d.test.statistic, SCORE_DIGITS),
            "p_value": round(d.test.p_value, P_DIGITS),
            "p_adjusted": round(d.p_adjusted, P_DIGITS),
            "significant": d.p_adjusted < parameters.alpha,
            "highest_institution": name(d.highest),
            "highest_gap": round(d.highest_gap, SCORE_DIGITS),
            "lowest_institution": name(d.lowest),
            "lowest_gap": round(d.lowest_gap, SCORE_DIGITS),
        }
        for d in found
    ]
    return frame(rows, DIFFERENCE_COLUMNS)


def drivers_table(
    sample: Sample, found: list[Driver], labels: dict[tuple[str, str], str], *, parameters: TrainingParameters
) -> pd.DataFrame:
    """Effects of institution group, position, tenure and education on a large gap, over the whole survey."""

    def label(term: str, level: str) -> str:
        if level == MERGED:
            return MERGED_LABEL
        return GROUPS.get(level, level) if term == "institution_group" else labels[term, level]

    rows = [
        {
            "teryt": sample.units[-1],
            "competence": sample.competences[d.competence],
            "term": TERMS[d.term],
            "level": label(d.term, d.level),
            "reference": label(d.term, d.reference),
            "effect": round(d.effect, parameters.share_digits) + 0.0,
            "low": round(d.low, parameters.share_digits) + 0.0,
            "high": round(d.high, parameters.share_digits) + 0.0,
            "p_value": round(d.p_value, P_DIGITS),
            "p_adjusted": round(d.p_adjusted, P_DIGITS),
            "proportional_p": round(d.proportional_p, P_DIGITS),
            "proportional_ok": d.proportional_ok,
            "n": d.n,
        }
        for d in found
    ]
    return frame(rows, DRIVER_COLUMNS)


def scales_table(sample: Sample, *, parameters: TrainingParameters) -> pd.DataFrame:
    """Reliability of both ratings, per unit with at least ``min_base`` respondents behind every pair of items."""
    rows = []
    for codes, units in sample.unit_codes():
        for unit in range(units):
            teryt = sample.regions[unit] if units == len(sample.regions) else sample.units[-1]
            for scale, ratings in (("importance", sample.importance), ("mastery", sample.mastery)):
                found = reliability(ratings[codes == unit], confidence=parameters.confidence)
                if found.n < parameters.min_base:
                    continue
                figures = {"alpha": found.alpha, "alpha_low": found.low, "alpha_high": found.high, "omega": found.omega}
                rows.append(
                    {"teryt": teryt, "scale": scale, "items": found.items, "n": found.n}
                    | {name: round(value, SCORE_DIGITS) for name, value in figures.items()}
                )
    return frame(rows, SCALE_COLUMNS)


def _columns(band: Band, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    return dict(zip(names, (band.value, band.low, band.high), strict=True))
