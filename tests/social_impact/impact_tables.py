"""Made-up result tables on social impact in the shape the report reads.

They try how the report shows results, not how they come about: numbers follow simple rules, so that the same
situation gives the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.io import catalogue
from ropsanalysis.regions import find
from ropsanalysis.social_impact.overclaiming import CHECKS
from ropsanalysis.social_impact.records import TABLES
from ropsanalysis.social_impact.schema import CENTRE_OUTCOMES, WAVES
from ropsanalysis.social_impact.view import SocialImpact
from ropsanalysis.stats.records import Estimate

OWN = "28"
CHOICES = tuple(Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters("impact_parameters"))
GRADES = catalogue.evidence_grades()
#: Level at entry, change, difference to the comparison group, smallest important change, standard error; by outcome.
PERSONS: Mapping[str, tuple[float, float, float, float, float]] = {
    "work": (0.124, 0.312, 0.121, 0.05, 0.024),
    "hours": (3.4, 9.61, 4.12, 2.1, 0.9),
    "income_work": (0.092, 0.214, 0.081, 0.05, 0.022),
    "assistance": (0.713, -0.251, -0.093, 0.05, 0.027),
    "education": (2.41, 0.022, 0.008, 0.19, 0.02),
    "health": (3.02, 0.052, -0.021, 0.18, 0.05),
    "wellbeing": (2.84, 0.412, 0.162, 0.16, 0.05),
    "ties": (3.11, 0.181, 0.052, 0.15, 0.045),
    "efficacy": (2.95, -0.236, -0.211, 0.15, 0.05),
}
GMINAS = {"home_care_per_10k": (61.0, 9.4), "residential_per_10k": (24.0, -1.1), "assistance_per_10k": (410.0, -21.5)}
LINES = (
    ("1", "uczestnicy", "Stała praca rok po wyjściu", "work", 96.0, 21_600.0, 0.46),
    ("2", "uczestnicy", "Lepsze samopoczucie", "wellbeing", 150.0, 4_150.0, 0.14),
    ("3", "gmina", "Mniej zasiłków z pomocy społecznej", "assistance", 74.0, 7_480.0, 0.19),
    ("4", "budżet państwa", "Podatki i składki od wynagrodzeń", "", 96.0, 6_930.0, 0.16),
    ("5", "rodziny uczestników", "Mniej napięć w rodzinie", "", 41.0, 2_200.0, 0.05),
)


@dataclass(frozen=True)
class Measured:
    """Which data there are.

    Attributes
    ----------
    persons, comparison, overlap
        Whether persons were asked, whether others were asked too, and whether they are alike.
    hidden
        Whether every result on persons is hidden.
    centres
        "own", "poland" (too few gminas here) or "" (not delivered).
    impact_map, costs
        Whether these were delivered.
    grade
        Grade of all claims that something changed; None for those that fit the design.
    synthetic
        Whether all is made up.
    """

    persons: bool = True
    comparison: bool = True
    overlap: bool = True
    hidden: bool = False
    centres: str = "own"
    impact_map: bool = True
    costs: bool = True
    grade: int | None = None
    synthetic: bool = True

    @property
    def compares(self) -> bool:
        return self.persons and self.comparison and self.overlap and not self.hidden

    @property
    def why_not(self) -> str:
        return "protected" if self.hidden else "no_overlap" if self.comparison else "no_comparison"


SITUATIONS = {
    "full": Measured(),
    "no comparison": Measured(comparison=False),
    "no overlap": Measured(overlap=False),
    "no map": Measured(impact_map=False, costs=False),
    "no costs": Measured(costs=False),
    "no centres": Measured(centres=""),
    "few centres": Measured(centres="poland"),
    "hidden": Measured(hidden=True),
    "map only": Measured(persons=False, centres=""),
    "nothing": Measured(persons=False, centres="", impact_map=False, costs=False),
    "real": Measured(synthetic=False),
}


def impact(situation: Measured | None = None, region: str = OWN) -> SocialImpact:
    """Return the view of one voivodeship in a situation."""
    given = situation or Measured()
    datasets = ("impact_panel", "jst_panel", "impact_map", "impact_costs", "price_index")
    return SocialImpact.read(
        find(region), tables(given), grades=GRADES, edition="2026", choices=CHOICES,
        files=(SourceFile("data/raw/impact_panel/panel.csv", "ab" * 32, 1234, None, None, "pomiary"),),
        synthetic=given.synthetic, synthetic_datasets=frozenset(datasets if given.synthetic else ()),
        sources=dict(zip(datasets, ("pomiary u osób", "dane gmin", "mapa oddziaływania", "sprawozdania finansowe",
                                    "GUS, wskaźnik cen"), strict=True)),
    )  # fmt: skip


def tables(given: Measured) -> dict[str, pd.DataFrame]:
    """Return all tables of a situation."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    rows["outcomes"] = catalogue.impact_outcome_frame().to_dict("records")
    if given.persons:
        _took_part(rows, given)
        _levels(rows, given)
        _compared(rows, given)
    if given.centres:
        _centres(rows, given)
    _worth(rows, given)
    rows["protection"] = [_row("protection", table="levels", results=90, hidden=4 if not given.hidden else 90)]
    return {name: _frame(name, found) for name, found in rows.items()}


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    columns = []
    for field, kind in get_type_hints(TABLES[name]).items():
        columns += [field, f"{field}_low", f"{field}_high"] if kind is Estimate else [field]
    return pd.DataFrame(rows, columns=columns)


def _row(table: str, teryt: str = OWN, /, **values: Any) -> dict[str, Any]:
    """Return a row with each estimate, given as (value, error) or None, spread over its columns."""
    row: dict[str, Any] = {"teryt": teryt}
    kinds = get_type_hints(TABLES[table])
    for name, kind in kinds.items():
        if name in values and kind is Estimate:
            given = values[name]
            value, error = (None, 0.0) if given is None else given
            ends = (None, None) if value is None else (value - 1.96 * error, value + 1.96 * error)
            row |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
        elif name in values:
            row[name] = values[name]
        elif name != "teryt":
            row[name] = "" if kind is str else False if kind is bool else None
    return row


def _took_part(rows: dict[str, list[dict[str, Any]]], given: Measured) -> None:
    kinds = {"": (412, 23), "cis": (148, 7), "kis": (61, 5), "zaz": (52, 3), "ps": (97, 6), "wtz+other": (54, 2)}
    for kind, (persons, entities) in kinds.items():
        shown = {"persons": None, "entities": None, "reason": "protected"} if given.hidden else {
            "persons": persons, "entities": entities
        }  # fmt: skip
        rows["participation"].append(_row("participation", group="participant", kinds=kind, **shown))
    if given.comparison:
        rows["participation"].append(
            _row("participation", group="comparison", persons=None if given.hidden else 387,
                 entities=None if given.hidden else 9, reason="protected" if given.hidden else "")
        )  # fmt: skip
    for group, shares in (("participant", (1.0, 0.91, 0.78, 0.704)), ("comparison", (1.0, 0.88, 0.73, 0.651))):
        if group == "comparison" and not given.comparison:
            continue
        for wave, share in zip((*WAVES, "all"), (*shares, shares[-1] - 0.06), strict=True):
            rows["retention"].append(
                _row("retention", group=group, wave=wave, share=None if given.hidden else share,
                     reason="protected" if given.hidden else "")
            )  # fmt: skip
        for k, trait in enumerate(("female", "age", "disability", "months_out_of_work", "work", "health", "wellbeing")):
            if not given.hidden:
                rows["lost"].append(
                    _row("lost", group=group, trait=trait, difference=0.18 - 0.05 * k,
                         difference_weighted=0.021 - 0.006 * k)
                )  # fmt: skip
    for k, scale in enumerate(("wellbeing", "ties", "efficacy")):
        alpha = None if given.hidden else (0.86 - 0.05 * k, 0.012)
        rows["reliability"].append(
            _row("reliability", outcome=scale, alpha=alpha, omega=None if alpha is None else 0.87 - 0.05 * k,
                 items=5, n=None if alpha is None else 398, reason="protected" if given.hidden else "")
        )  # fmt: skip


def _levels(rows: dict[str, list[dict[str, Any]]], given: Measured) -> None:
    path = (0.0, 0.62, 0.86, 1.0)
    hidden = {"reason": "protected"} if given.hidden else {}
    for key, (level, change, effect, smallest, error) in PERSONS.items():
        for group, moved in (("participant", change), ("comparison", change - effect)):
            if group == "comparison" and not given.comparison:
                continue
            for wave, part in zip(WAVES, path, strict=True):
                value = None if given.hidden else (level + part * moved, error)
                rows["levels"].append(
                    _row("levels", group=group, outcome=key, wave=wave, level=value, n=None if given.hidden else 271,
                         **hidden)
                )  # fmt: skip
        verdict = _verdict(key, change, error, smallest)
        shown = None if given.hidden else (change, error)
        rows["changes"].append(
            _row("changes", outcome=key, change=shown, n=None if given.hidden else 271,
                 size=None if given.hidden else (change / smallest / 5, 0.05),
                 size_name="h" if smallest == 0.05 else "d",
                 p=None if given.hidden else 0.0004, p_adjusted=None if given.hidden else 0.0031, smallest=smallest,
                 verdict="unknown" if given.hidden else verdict, **hidden)
        )  # fmt: skip


def _verdict(key: str, change: float, error: float, smallest: float) -> str:
    low, high = change - 1.96 * error, change + 1.96 * error
    if max(abs(low), abs(high)) < smallest:
        return "small"
    if low <= 0 <= high:
        return "unclear"
    better = {o.key: o.direction for o in catalogue.impact_outcomes()}[key] != "lower"
    return "improved" if (change > 0) == better else "worsened"


def _compared(rows: dict[str, list[dict[str, Any]]], given: Measured) -> None:
    if given.comparison and not given.hidden:
        for k, trait in enumerate(
            ("months_out_of_work", "age", "female", "disability", "work", "assistance", "health")
        ):
            rows["balance"].append(
                _row("balance", trait=trait, before=0.46 - 0.11 * k,
                     ipw=0.08 - 0.03 * k if given.overlap else None, balanced=0.004 if given.overlap else None)
            )  # fmt: skip
        own = np.array([1, 3, 6, 9, 13, 16, 18, 15, 12, 7]) / 100
        for k, share in enumerate(own):
            rows["overlap"].append(
                _row("overlap", low=k / 10, high=(k + 1) / 10, participant=float(share), comparison=float(own[9 - k]))
            )
    rows["comparison"].append(
        _row("comparison", overlap=(0.941 if given.overlap else 0.412) if given.comparison else None,
             worst_before=0.46 if given.comparison else None,
             worst_after=0.08 if given.compares else None, n_participant=271, n_comparison=252,
             n_effective=181.2, verdict="no_comparison" if not given.comparison else "good" if given.overlap
             else "no_overlap")
    )  # fmt: skip
    for key, (_, change, effect, smallest, error) in PERSONS.items():
        for k, method in enumerate(("before_after", "did", "ipw", "aipw", "balancing")):
            plain = method == "before_after"
            shown = (plain or given.compares) and not given.hidden
            main = method == ("aipw" if given.compares else "before_after")
            grade = 2 if plain else 4
            rows["effects"].append(
                _row("effects", outcome=key, method=method,
                     effect=(change if plain else effect * (1 + 0.05 * (k - 3)), error * (1 if plain else 1.3))
                     if shown else None, n_participant=271 if shown else None,
                     n_comparison=252 if shown and not plain else None, p=0.001 if shown else None,
                     p_adjusted=0.0124 if shown else None, evalue=2.31 if main and given.compares else None,
                     evalue_limit=1.52 if main and given.compares else None,
                     delta=1.84 if main and given.compares else None, main=main, grade=grade if shown else None,
                     reason="" if shown else given.why_not)
            )  # fmt: skip
        value, wide = (effect, 1.3 * error) if given.compares else (change, error)
        verdict = _verdict(key, value, wide, smallest)
        grade = given.grade if given.grade is not None else (4 if given.compares else 2)
        lacking = "no_overlap" if given.comparison else "no_comparison"
        doubts = "confounder+short" if given.compares else f"{lacking}+attrition+short"
        doubts += "+chance" if verdict == "unclear" else ""
        rows["claims"].append(
            _row("claims", subject="persons", outcome=key, method="aipw" if given.compares else "before_after",
                 effect=None if given.hidden else (value, wide), grade=0 if given.hidden else grade,
                 verdict="unknown" if given.hidden else verdict,
                 doubts=doubts, reason="protected" if given.hidden else "")
        )  # fmt: skip


def _centres(rows: dict[str, list[dict[str, Any]]], given: Measured) -> None:
    own = given.centres == "own"
    for teryt, number in ((OWN, 3 if own else 1), ("00", 21)):
        for k, year in enumerate((2021, 2022, 2024)):
            if teryt == OWN and not own and k:
                continue
            rows["centre_cohorts"].append(_row("centre_cohorts", teryt, year=year, gminas=number + k))
        rows["centre_cohorts"].append(_row("centre_cohorts", teryt, year=None, gminas=104 if teryt == OWN else 2300))
        for outcome in CENTRE_OUTCOMES:
            _centre(rows, given, teryt, outcome, shown=own or teryt == "00")


def _centre(rows: dict[str, list[dict[str, Any]]], given: Measured, teryt: str, outcome: str, *, shown: bool) -> None:
    level, effect = GMINAS[outcome]
    error = abs(effect) / (6 if teryt == "00" else 2.4)
    grade = given.grade if given.grade is not None else 3 if teryt == "00" else 2
    untested = teryt == OWN  # few gminas: the test before the opening cannot be made
    for controls in ("never", "not_yet"):
        main = controls == "never"
        base = {"outcome": outcome, "controls": controls, "reason": "" if shown else "few"}
        rows["centre_effects"].append(
            _row("centre_effects", teryt, kind="simple", effect=(effect, error) if shown else None,
                 gminas=12 if shown else None, few=teryt == OWN, main=main, grade=grade if shown else None, **base)
        )  # fmt: skip
        for at in range(-4, 5):
            value = effect * (0.4 + 0.2 * at) if at >= 0 else 0.06 * effect * (-1) ** at
            rows["centre_effects"].append(
                _row("centre_effects", teryt, kind="event", at=at, effect=(value, error) if shown else None,
                     band_low=value - 3 * error if shown else None, band_high=value + 3 * error if shown else None,
                     gminas=12 - abs(at) if shown else None, **base)
            )  # fmt: skip
        for kind in ("cohort", "calendar"):
            for year in (2021, 2022, 2024):
                rows["centre_effects"].append(
                    _row("centre_effects", teryt, kind=kind, at=year, effect=(effect, error) if shown else None,
                         gminas=4 if shown else None, **base)
                )  # fmt: skip
        for test in ("pre_trend", "placebo"):
            rows["centre_tests"].append(
                _row("centre_tests", teryt, test=test, value=(0.31, 0.5) if test == "placebo" and shown else None,
                     **_test(test, shown=shown, untested=untested),
                     passed=outcome != "assistance_per_10k" and not (test == "pre_trend" and untested),
                     **base | ({"reason": "few"} if test == "pre_trend" and untested else {}))
            )  # fmt: skip
    for series, drift in (("opened", 1.2), ("never", 0.5)):
        for year in range(2015, 2026):
            rows["centre_levels"].append(
                _row("centre_levels", teryt, outcome=outcome, series=series, year=year,
                     mean=level + drift * (year - 2015), gminas=12)
            )  # fmt: skip
    sure = teryt == "00" or outcome == "home_care_per_10k"
    verdict = "unknown" if not shown else "improved" if sure else "unclear"
    rows["claims"].append(
        _row("claims", teryt, subject="gminas", outcome=outcome, method="never",
             effect=(effect, error) if shown else None, grade=grade if shown else 0, verdict=verdict,
             doubts=("few_gminas+pre_trend+" if untested else "") + "unmeasured_change" if shown else "",
             reason="" if shown else "few")
    )  # fmt: skip


def _test(test: str, *, shown: bool, untested: bool) -> dict[str, Any]:
    if not shown or (test == "pre_trend" and untested):
        return {"statistic": None, "df": None, "df_denominator": None, "p": None}
    if test == "placebo":
        return {"statistic": None, "df": None, "df_denominator": None, "p": 0.24}
    return {"statistic": 1.42, "df": 5, "df_denominator": 31, "p": 0.24}


def _worth(rows: dict[str, list[dict[str, Any]]], given: Measured) -> None:
    if given.costs:
        for year in (2023, 2024):
            for payer, amount in (("EFS+", 812_400.0), ("budżet województwa", 164_250.0), ("gminy", 233_900.0)):
                rows["costs"].append(
                    _row("costs", year=year, payer=payer, amount=amount, indexed=amount * 1.05, participants=206)
                )
        for basis, cost in (("gross", 14_870.0), ("net", 31_240.0)):
            shown = given.persons and not given.hidden and (basis == "gross" or given.compares)
            rows["cost_per"].append(
                _row("cost_per", outcome="work", basis=basis, cost=(cost, cost / 9) if shown else None,
                     per_participant=6_170.0 if shown else None,
                     reason="" if shown else given.why_not if given.persons else "no_data")
            )  # fmt: skip
        for item, cost in (("Zasiłki z pomocy społecznej", 1_240_000.0), ("Pobyt w domu pomocy społecznej", 865_000.0)):
            rows["inaction"].append(
                _row("inaction", item=item, payer="gmina", persons=96, years=3.0, cost=cost, avoided=0.3 * cost,
                     source="sprawozdania gmin")
            )  # fmt: skip
    if not given.impact_map:
        rows["value_summary"].append(_row("value_summary", ratio=None, reason="no_data"))
        return
    inputs = 2_542_000.0 if given.costs else None
    total = 4_836_000.0
    for line, who, outcome, key, quantity, proxy, share in LINES:
        rows["map_lines"].append(
            _row("map_lines", line=line, stakeholder=who, outcome=outcome, outcome_key=key,
                 indicator="liczba osób", proxy="przeciętne wynagrodzenie netto" if line == "1" else "",
                 proxy_source="GUS (przykład)" if line != "5" else "", evidence="measured" if key else "assumed",
                 price_year=2023, quantity=quantity, proxy_value=proxy, proxy_indexed=proxy * 1.036, duration_years=3.0,
                 deadweight=0.25 if line != "5" else None, displacement=0.1, attribution=0.2, drop_off=0.15,
                 impact=share * total / 2.4, present_value=share * total, share=share)
        )  # fmt: skip
    for year, value in ((1, 2_015_000.0), (2, 1_712_000.0), (3, 1_455_000.0)):
        rows["value_years"].append(_row("value_years", year=year, value=value, discounted=value / 1.035**year))
    for who, share in (("uczestnicy", 0.60), ("gmina", 0.19), ("budżet państwa", 0.16), ("rodziny uczestników", 0.05)):
        rows["stakeholders"].append(_row("stakeholders", stakeholder=who, present_value=share * total, share=share))
    shown = given.costs
    rows["value_summary"].append(
        _row("value_summary", price_year=2024, rate=0.035, inputs=inputs, present_value=total,
             ratio=(1.9027, 0.36) if shown else None, median=1.84 if shown else None,
             net_ratio=0.9027 if shown else None, payback_years=1.4 if shown else None,
             below_one=0.0412 if shown else None, draws=20_000 if shown else None, biggest_line="1",
             biggest_share=0.46, without_biggest=1.03 if shown else None, reason="" if shown else "no_costs")
    )  # fmt: skip
    rows["overclaims"] = [
        _row("overclaims", code=code, line="5" if code in {"no_source", "no_deadweight"} else "1", found="")
        for code in CHECKS[:5]
    ]
    if shown:
        _sensitivity(rows)
    rows["claims"].append(
        _row("claims", subject="value", outcome="", method="sroi", effect=(1.9027, 0.36) if shown else None,
             grade=1 if shown else 0, verdict="improved" if shown else "unknown", doubts="assumptions+one_line+short",
             reason="" if shown else "no_costs")
    )  # fmt: skip


def _sensitivity(rows: dict[str, list[dict[str, Any]]]) -> None:
    moves = (
        ("1", "proxy_value", 17_000.0, 25_000.0, 1.61, 2.24), ("1", "deadweight", 0.15, 0.4, 2.09, 1.58),
        ("1", "attribution", 0.1, 0.35, 2.01, 1.72), ("3", "quantity", 50.0, 90.0, 1.74, 1.99),
        ("2", "duration_years", 1.0, 4.0, 1.66, 2.01), ("", "discount_rate", 0.0, 0.06, 2.02, 1.83),
        ("4", "drop_off", 0.05, 0.3, 1.95, 1.84), ("5", "displacement", 0.0, 0.3, 1.92, 1.87),
    )  # fmt: skip
    for line, assumption, low, high, ratio_low, ratio_high in moves:
        rows["tornado"].append(
            _row("tornado", line=line, assumption=assumption, low=low, high=high, ratio_low=ratio_low,
                 ratio_high=ratio_high)
        )  # fmt: skip
        threshold = 0.82 if assumption != "proxy_value" else 1_140.0
        rows["break_even"].append(
            _row("break_even", line=line, assumption=assumption, value=(low + high) / 2,
                 threshold=threshold if line == "1" else None, reachable=line == "1")
        )  # fmt: skip
        rows["drivers"].append(_row("drivers", line=line, assumption=assumption, correlation=(ratio_high - ratio_low)))
    edges = np.linspace(0.7, 3.3, 27)
    shares = np.exp(-(((edges[:-1] + 0.05 - 1.9) / 0.5) ** 2))
    for low, high, share in zip(edges[:-1], edges[1:], shares / shares.sum(), strict=True):
        rows["ratio_bins"].append(_row("ratio_bins", low=float(low), high=float(high), share=float(share)))
