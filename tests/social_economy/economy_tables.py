"""Made-up result tables on the social economy in the shape the report reads: random numbers that balance.

They try how the report shows results, not how they come about; what is hidden is hidden at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ropsanalysis.definitions import Choice, SourceFile
from ropsanalysis.io import catalogue
from ropsanalysis.regions import REGIONS, find
from ropsanalysis.social_economy.view import SocialEconomy

OWN = "14"
FORMS = [form.key for form in catalogue.legal_forms()]
GROUPS = {form.key: form.group for form in catalogue.legal_forms()}
REINTEGRATION = [form.key for form in catalogue.legal_forms() if form.reintegration]
LEVEL = dict(zip(FORMS, (17, 19, 10, 87, 157, 60, 12, 25, 29, 1520, 41, 1976), strict=True))
POWIATS = {
    "1412": ("miński", "powiat"), "1417": ("otwocki", "powiat"), "1432": ("warszawski zachodni", "powiat"),
    "1433": ("węgrowski", "powiat"), "1461": ("Ostrołęka", "miasto na prawach powiatu"), "2604": ("kielecki", "powiat"),
    "2609": ("sandomierski", "powiat"),
}  # fmt: skip
MEASURES = catalogue.measures()
CHOICES = tuple(
    Choice(p.name, p.value, p.unit, p.description) for p in catalogue.parameters("social_economy_parameters")
)


@dataclass(frozen=True)
class Sector:
    """Which data there are.

    Attributes
    ----------
    poland
        Whether the registers cover all voivodeships.
    survey, support, programme
        Whether these datasets were delivered.
    closures
        Whether the registers keep closed entities.
    as_of
        Day of the registers.
    empty_gminas
        Whether some gminas have no entity.
    synthetic
        Whether all but the official figures is made up.
    """

    poland: bool = True
    survey: bool = True
    support: bool = True
    programme: bool = True
    closures: bool = True
    as_of: str = "2025-12-31"
    empty_gminas: bool = True
    synthetic: bool = True

    @property
    def areas(self) -> tuple[str, ...]:
        return (OWN, "26", "00") if self.poland else (OWN,)

    @property
    def powiats(self) -> list[str]:
        return [code for code in POWIATS if code[:2] in self.areas]


def tables(sector: Sector) -> dict[str, pd.DataFrame]:
    """Return all tables of a sector; the same for the same sector."""
    rng = np.random.default_rng(2026)
    gminas = _gminas(sector, rng)
    return {
        "units": _units(gminas),
        "legal_forms": catalogue.legal_form_frame(),
        "register_counts": pd.DataFrame(
            [(OWN, "Rejestr spółdzielni socjalnych", 180, 157, 12, 3), (OWN, "Rejestr KGW", 1990, 1976, 2, 9)],
            columns=["teryt", "source", "records", "entities", "shared", "review"],
        ),
        "gminas": gminas,
        "coverage": _coverage(sector, gminas),
        **_official(),
        **_history(sector, rng),
        **_lasting(sector),
        **_survey(sector, rng),
        **_index(sector, rng),
        **_support(sector, rng),
        **_programme(sector),
    }


def economy(region: str = OWN, sector: Sector | None = None) -> SocialEconomy:
    """Return the view of a voivodeship in a sector."""
    chosen = sector or Sector()
    datasets = ["es_register", "gmina_population"]
    datasets += ["es_survey"] * chosen.survey + ["owes_support"] * chosen.support + ["es_programme"] * chosen.programme
    return SocialEconomy.read(
        find(region),
        tables(chosen),
        edition="2025",
        measures=catalogue.measure_frame(),
        choices=CHOICES,
        files=(SourceFile("es_register/kgw.csv", "ab" * 32, 4321, 1990, 1976, "Krajowy Rejestr KGW"),),
        synthetic=chosen.synthetic,
        synthetic_datasets=frozenset(datasets if chosen.synthetic else ()),
        sources={"gus_sdg": "GUS"} | {name: f"zbiór {name}" for name in datasets},
    )


def _gminas(sector: Sector, rng: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for code in sector.powiats:
        for number in range(1, 2 if code == "1461" else 5):
            empty = sector.empty_gminas and number == 4
            groups = [0, 0, 0, 0] if empty else [int(n) for n in rng.poisson([3, 1, 20, 25])]
            units = 0 if empty or number == 2 else int(rng.integers(0, 3))
            name = {1: "Nowa Wieś", 2: "Nowa Wieś", 3: "Zalesie", 4: "Pustki"}[number]
            rows.append(
                {
                    "teryt": f"{code}{number:02d}",
                    "name": POWIATS[code][0] if code == "1461" else name, "parent": code,
                    "kind": "gmina miejska" if number == 1 else "gmina wiejska",
                    "population": int(rng.integers(4_000, 60_000)), "entities": sum(groups) + units,
                    "social_enterprises": 0 if empty else int(rng.integers(0, 3)), "reintegration_units": units,
                    "cooperatives": groups[0], "companies": groups[1], "organisations": groups[2], "kgw": groups[3],
                }
            )  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.assign(per_10k=10_000 * frame["entities"] / frame["population"])


def _units(gminas: pd.DataFrame) -> pd.DataFrame:
    rows = [("00", "country", "Polska", "", "kraj")]
    rows += [(r.teryt, "voivodeship", r.name, "00", "województwo") for r in REGIONS]
    rows += [(code, "powiat", name, code[:2], kind) for code, (name, kind) in POWIATS.items()]
    rows += [(g.teryt, "gmina", g.name, g.parent, g.kind) for g in gminas.itertuples()]
    return pd.DataFrame(rows, columns=["teryt", "level", "name", "parent", "kind"])


def _coverage(sector: Sector, gminas: pd.DataFrame) -> pd.DataFrame:
    column = {"any": "entities", "reintegration": "reintegration_units", "social_enterprise": "social_enterprises"}
    rows = []
    for area in (*sector.areas, *sector.powiats):
        inside = gminas if area == "00" else gminas[gminas["teryt"].str.startswith(area)]
        for kind, name in column.items():
            without = inside[inside[name] == 0]
            people = int(without["population"].sum())
            rows.append(
                (area, kind, len(inside), len(inside) - len(without), len(without), people,
                 len(without) / len(inside))
            )  # fmt: skip
    names = ["teryt", "kind", "gminas", "with_any", "without", "population_without", "share_without"]
    return pd.DataFrame(rows, columns=names)


def _official() -> dict[str, pd.DataFrame]:
    """Return official indicators: the latest year as Statistics Poland published it, the years before made up."""
    chosen = ["1.B.7", "1.B.8", "1.E.1", "1.E.2"]
    frame = catalogue.indicator_frame()
    latest = {
        "1.B.7": (2024, "3.3 2.5 2.8 4.2 4.1 2.5 3.3 2.3 3.2 3.6 3.8 3.4 2.8 5.4 5.8 4.1 3.5"),
        "1.B.8": (2023, "111 82 83 138 194 67 95 65 88 132 122 119 114 189 251 129 103"),
        "1.E.1": (2024, "30.2 28.3 29.2 37.2 28.4 30.3 30.7 33.7 30.5 32.0 29.2 27.4 21.5 34.8 30.6 33.0 29.1"),
        "1.E.2": (2023, "46 49 42 46 48 42 45 55 47 44 42 43 35 45 49 46 50"),
    }
    # Columns of the source: Poland, then voivodeships by name.
    codes = ["00", *(r.teryt for r in sorted(REGIONS, key=lambda r: r.teryt))]
    observations, positions = [], []
    for key in chosen:
        year, text = latest[key]
        values = dict(zip(codes, map(float, text.split()), strict=True))
        step = 2 if key == "1.E.1" else 1
        for past in range(year - 8, year + 1):
            for code, value in values.items():
                known = (year - past) % step == 0
                observations.append((key, code, past, value * (1 - 0.02 * (year - past)) if known else np.nan,
                                     "" if known else "not_published"))  # fmt: skip
        for code, value in values.items():
            others = [v for c, v in values.items() if c != "00"]
            first = 1 + sum(v > value for v in others)
            last = first + sum(v == value for v in others) - 1
            ranks = (first, last) if code != "00" else (None, None)
            positions.append((key, code, year, value, values["00"], value - values["00"], *ranks, 16))
    names = ["indicator", "teryt", "year", "value", "poland", "difference", "rank_first", "rank_last", "n"]
    return {
        "indicators": frame[frame["indicator"].isin(chosen)],
        "observations": pd.DataFrame(observations, columns=["indicator", "teryt", "year", "value", "flag"]),
        "positions": pd.DataFrame(positions, columns=names).astype({"rank_first": "Int64", "rank_last": "Int64"}),
    }


POPULATION = {OWN: 5_510_000, "26": 1_180_000, "00": 37_500_000}
SIZE = {OWN: 1.0, "26": 0.3, "00": 8.0}


def _rates(count: int, base: float) -> tuple[float, float, float]:
    spread = 1.96 * np.sqrt(count + 0.5)
    return count / base, max(count - spread, 0) / base, (count + spread) / base


def _history(sector: Sector, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    last_year = int(sector.as_of[:4])
    years = range(last_year - 9, last_year + 1)
    stock, flows, structure = [], [], []
    for area in sector.areas:
        sums: dict[str, np.ndarray] = {}
        for form in FORMS:
            level = round(LEVEL[form] * SIZE[area] * 0.8) + 3
            for year in years:
                founded, closed = int(rng.poisson(0.08 * level + 0.2)), int(rng.poisson(0.04 * level))
                closed = closed if sector.closures else 0
                row = np.array([level, founded, int(rng.integers(0, 2)), closed, int(rng.integers(0, 2)), 0])
                row[5] = row[0] + row[1] + row[2] - row[3] - row[4]
                level = int(row[5])
                sums[str(year)] = sums.get(str(year), np.zeros(6, dtype=int)) + row
                flows.append(_flow(area, form, str(year), row, sector))
                stock.append((area, form, year, _end(year, sector), level))
            for period in _quarters(sector):
                row = np.array([level, 2, 0, 1 if sector.closures else 0, 0, 0])
                row[5] = row[0] + row[1] - row[3]
                flows.append(_flow(area, form, period, row, sector))
                sums[period] = sums.get(period, np.zeros(6, dtype=int)) + row
        for period, row in sums.items():
            flows.append(_flow(area, "", period, row, sector))
            if "-" not in period:
                stock.append((area, "", int(period), _end(int(period), sector), int(row[5])))
    frame = pd.DataFrame(stock, columns=["teryt", "legal_form", "year", "day", "entities"])
    frame["population"] = frame["teryt"].map(POPULATION).astype("Int64")
    frame["per_10k"] = 10_000 * frame["entities"] / frame["population"]
    now = frame[frame["year"] == last_year].set_index(["teryt", "legal_form"])["entities"]
    for area in (*sector.areas, *sector.powiats):
        for form in ("", *FORMS):
            whole = int(now[area[:2], form])
            part = 1.0 if len(area) == 2 else 0.12 + 0.02 * int(area[3])
            entities = round(whole * part)
            total = round(int(now[area[:2], ""]) * part)
            active = None if form == "kgw" else round(entities * 0.7)
            quotient = np.nan
            if form and sector.poland:
                quotient = (entities / total) / (int(now["00", form]) / int(now["00", ""]))
            people = POPULATION[area[:2]] * (1 if len(area) == 2 else 0.15 - 0.015 * int(area[3]))
            structure.append(
                (area, form, entities, active, np.nan if active is None or not entities else active / entities,
                 entities / total, 10_000 * entities / people, quotient)
            )  # fmt: skip
    names = ["teryt", "legal_form", "entities", "active", "active_share", "share", "per_10k", "location_quotient"]
    found = pd.DataFrame(structure, columns=names).astype({"active": "Int64"})
    return {
        "stock": frame,
        "structure": found,
        "flows": pd.DataFrame(flows),
        "inequality": _inequality(sector, years),
        "changes": _changes(sector),
        "social_enterprises": _enterprises(sector),
    }


def _end(year: int, sector: Sector) -> str:
    return min(f"{year}-12-31", sector.as_of)


def _quarters(sector: Sector) -> list[str]:
    year, quarter = int(sector.as_of[:4]), (int(sector.as_of[5:7]) + 2) // 3
    return [f"{year + (quarter - 1 - back) // 4}-Q{(quarter - 1 - back) % 4 + 1}" for back in reversed(range(8))]


def _flow(area: str, form: str, period: str, row: np.ndarray, sector: Sector) -> dict[str, Any]:
    base = max((row[0] + row[5]) / 2, 1)
    ends = (np.nan, np.nan, np.nan) if not sector.closures else _rates(int(row[3]), base)
    names = ("opening", "founded", "arrived", "closed", "left", "closing")
    year = period[:4]
    quarter = int(period[-1]) if "-" in period else 0
    months = ("01-01", "12-31") if not quarter else {1: ("01-01", "03-31"), 2: ("04-01", "06-30"),
                                                     3: ("07-01", "09-30"), 4: ("10-01", "12-31")}[quarter]  # fmt: skip
    return {
        "teryt": area, "legal_form": form, "period": period, "first_day": f"{year}-{months[0]}",
        "last_day": min(f"{year}-{months[1]}", sector.as_of), **dict(zip(names, map(int, row), strict=True)),
        "exits_known": sector.closures,
        **dict(zip(("entry_rate", "entry_low", "entry_high"), _rates(int(row[1]), base), strict=True)),
        **dict(zip(("exit_rate", "exit_low", "exit_high"), ends, strict=True)),
    }  # fmt: skip


def _inequality(sector: Sector, years: range) -> pd.DataFrame:
    names = ["teryt", "year", "n", "gini", "theil", "theil_between", "theil_within", "hhi", "top_share"]
    rows = [
        (area, year, 42 if area != "00" else 380, 0.21 + 0.001 * i, 0.08, 0.03 if area == "00" else np.nan,
         0.05 if area == "00" else np.nan, 0.121, 0.234)
        for area in sector.areas
        for i, year in enumerate(years)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _changes(sector: Sector) -> pd.DataFrame:
    names = ["teryt", "gmina", "day", "name", "legal_form", "event", "reason", "source"]
    if not sector.closures:
        return pd.DataFrame(columns=names)
    events = [
        "founded",
        "closed",
        "moved_in",
        "moved_out",
        "changed_to",
        "changed_from",
        "status_gained",
        "status_lost",
    ]
    rows = [
        (OWN, "141201", f"{sector.as_of[:4]}-{1 + i % 9:02d}-{1 + i % 28:02d}", f"Spółdzielnia Socjalna „Razem {i}”",
         "social_cooperative", events[i % 8], "wpis do rejestru, powodu nie podano", "KRS")
        for i in range(53)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _enterprises(sector: Sector) -> pd.DataFrame:
    names = ["teryt", "legal_form", "day", "enterprises", "gained", "lost", "per_10k"]
    if not sector.closures:
        return pd.DataFrame(columns=names)
    ends = ("03-31", "06-30", "09-30", "12-31")
    days = ["2022-12-31", *(f"{year}-{end}" for year in (2023, 2024, 2025) for end in ends)]
    rows = []
    for area in sector.areas:
        for form, factor in (("", 1.0), ("social_cooperative", 0.6), ("ngo", 0.4)):
            held = 0
            for number, day in enumerate(day for day in days if day <= sector.as_of):
                gained, lost = round((5 + number % 3) * factor * SIZE[area]), round((number % 2) * factor)
                held += gained - lost
                rows.append((area, form, day, held, gained, lost, 10_000 * held / POPULATION[area]))
    return pd.DataFrame(rows, columns=names)


def _lasting(sector: Sector) -> dict[str, pd.DataFrame]:
    points, summaries, tests, hazards = [], [], [], []
    pace = {"": 0.06, "reintegration": 0.02, "cooperatives": 0.11, "organisations": 0.05, "companies": 0.09}
    for area in sector.areas if sector.closures else ():
        for group, rate in pace.items():
            for cohort in ("", "2015–2019", "2020–2024") if not group else ("",):
                if area == "26" and group == "companies":
                    continue
                limit = 5.0 if cohort == "2020–2024" else 8.0 if group == "companies" else 10.0
                grid = np.arange(0, limit + 0.25, 0.25)
                shares = np.exp(-rate * grid * (1.0 if area == OWN else 0.9))
                wide = 0.01 + 0.006 * grid
                points += [
                    (area, group, cohort, float(t), int(900 * s), s, max(s - w, 0), min(s + w, 1))
                    for t, s, w in zip(grid, shares, wide, strict=True)
                ]
                drawn = (shares, shares - wide, np.minimum(shares + wide, 1))
                at = {year: tuple(np.interp(year, grid, line) for line in drawn) for year in (1, 3, 5)}
                median = (float(np.log(2) / rate), 5.5, np.nan) if group == "cooperatives" else (np.nan, np.nan, np.nan)
                summaries.append(
                    (area, group, cohort, 2400, 310, *median, *(v for year in (1, 3, 5) for v in at[year]))
                )
        tests += [(area, "group", 35.21, 3, 0.00001, 2400, 310), (area, "cohort", 1.3, 1, 0.254, 2400, 310)]
        hazards += [
            (area, "cooperatives", "Spółdzielnie", "Organizacje pozarządowe", 2.1, 1.6, 2.8, 0.00004, 0.31, 2400, 310),
            (area, "companies", "Spółki non profit", "Organizacje pozarządowe", 1.7, 0.9, 3.1, 0.081, 0.02, 2400, 310),
            (area, "global", "", "", np.nan, np.nan, np.nan, np.nan, 0.04, 2400, 310),
        ]
    ends = [f"at_{year}{end}" for year in (1, 3, 5) for end in ("", "_low", "_high")]
    return {
        "survival": pd.DataFrame(
            points, columns=["teryt", "group", "cohort", "years", "at_risk", "survival", "low", "high"]
        ),
        "survival_summary": pd.DataFrame(
            summaries,
            columns=["teryt", "group", "cohort", "n", "events", "median", "median_low", "median_high", *ends],
        ),
        "survival_tests": pd.DataFrame(
            tests, columns=["teryt", "comparison", "statistic", "df", "p_value", "n", "events"]
        ),
        "hazards": pd.DataFrame(
            hazards,
            columns=["teryt", "term", "label", "reference", "hazard_ratio", "low", "high", "p_value", "ph_p_value", "n",
                     "events"],
        ),
    }  # fmt: skip


def _survey(sector: Sector, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    response, quality, estimates = [], [], []
    years = (2023, 2024) if sector.survey else ()
    for area in sector.areas:
        for year in years:
            quality.append((area, year, 820, 3900, 1.31, 626.0, 0.4, 6.1, 3, 12, True, 0.14, 0.004))
            for form in ("", *FORMS):
                hidden = form == "disabled_cooperative"
                register = LEVEL.get(form, sum(LEVEL.values()))
                answered = None if hidden else round(register * 0.21)
                response.append((area, form, year, register, answered, None if hidden else 0.21,
                                 "protected" if hidden else ""))  # fmt: skip
                for measure in MEASURES:
                    key, unit, kind = measure.key, measure.unit, measure.kind
                    if measure.chapter == "reintegration" and form and form not in REINTEGRATION:
                        continue
                    value = _typical(key, unit, kind, rng)
                    low, high = value * 0.9, value * 1.1
                    if unit == "%":
                        high = min(high, 1.0)
                    base: float | None = answered
                    if hidden:
                        value = low = high = np.nan
                        base = None
                    estimates.append((area, form, year, key, value, low, high, base, "protected" if hidden else ""))
    quality_names = [
        "teryt", "year", "respondents", "register", "deff", "n_effective", "weight_min", "weight_max", "n_trimmed",
        "iterations", "converged", "difference_before", "difference_after",
    ]  # fmt: skip
    protection = [("zatrudnienie", 400, 21, 3.0, 3.2, 0.0, "safe")] if sector.survey else []
    return {
        "response": pd.DataFrame(
            response, columns=["teryt", "legal_form", "year", "register", "respondents", "rate", "reason"]
        ).astype({"respondents": "Int64"}),
        "quality": pd.DataFrame(quality, columns=quality_names),
        "estimates": pd.DataFrame(
            estimates, columns=["teryt", "legal_form", "year", "measure", "value", "low", "high", "base", "reason"]
        ).astype({"base": "Int64"}),
        "protection": pd.DataFrame(
            protection,
            columns=["system", "cells", "hidden", "width_required", "width_smallest", "gap", "verdict"],
        ),
    }


def _typical(key: str, unit: str, kind: str, rng: np.random.Generator) -> float:
    if key.startswith("revenue_share_"):
        return 1 / 7
    if key == "public_share":
        return float(rng.uniform(0.58, 0.66))
    if unit == "%":
        return float(rng.uniform(0.1, 0.6))
    if unit == "zł":
        return float(rng.uniform(2e4, 4e5)) if kind != "total" else float(rng.uniform(1e7, 6e8))
    return float(rng.uniform(0.2, 0.9)) if kind in {"index", "ratio", "quantile"} else float(rng.integers(40, 9000))


def _index(sector: Sector, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    indicators = [
        ("entry_rate", "vitality", "Stopa założeń", "Stopa założeń", "%", 1, "higher", "register", "both"),
        ("1.E.1", "vitality", "Aktywne organizacje non-profit", "Aktywne organizacje", "na 10 tys.", 1, "higher",
         "official", "voivodeship"),
        ("risk_share", "employment", "Udział zagrożonych wykluczeniem", "Zagrożeni wykluczeniem", "%", 1, "higher",
         "survey", "both"),
    ]  # fmt: skip
    names = ["key", "dimension", "name", "short", "unit", "digits", "direction", "source", "levels"]
    values = [
        (code, row[0], None if row[8] != "both" and len(code) == 4 else float(rng.uniform(0.05, 0.3)), "")
        for code in (*sector.areas, *sector.powiats)
        if code != "00"
        for row in indicators
    ]
    rows = []
    for place, region in enumerate(REGIONS if sector.poland else (), start=1):
        rows.append((region.teryt, "voivodeship", 70.0 - place, place, max(place - 2, 1), min(place + 3, 16), 16,
                     *rng.uniform(20, 80, 5), 0.9, "", None, None))  # fmt: skip
    for place, code in enumerate(sector.powiats if sector.poland else (), start=1):
        rows.append((code, "powiat", 60.0 - place, 40 * place, 40 * place - 30, 40 * place + 25, 380,
                     *rng.uniform(20, 80, 5), 0.7, "", place, 5))  # fmt: skip
    columns = [
        "teryt", "level", "score", "rank", "rank_low", "rank_high", "n", "vitality", "employment", "reintegration",
        "finances", "reach", "available", "reason", "rank_region", "n_region",
    ]  # fmt: skip
    return {
        "condition_indicators": pd.DataFrame(indicators, columns=names),
        "condition_values": pd.DataFrame(values, columns=["teryt", "key", "value", "reason"]),
        "condition": pd.DataFrame(rows, columns=columns),
    }


def _support(sector: Sector, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    columns = [
        "owes", "name", "teryt", "subregion", "year", "advice_hours", "jobs_created", "enterprises_created", "cost_pln",
        "base_12m", "jobs_after_12m", "share_12m", "low_12m", "high_12m", "base_24m", "jobs_after_24m", "share_24m",
        "low_24m", "high_24m", "cost_per_job", "cost_per_lasting_job", "hours_per_enterprise",
    ]  # fmt: skip
    funnel_names = [
        "measure", "owes", "name", "teryt", "base", "value", "centre", "low_inner", "high_inner", "low_outer",
        "high_outer", "verdict", "dispersion", "adjusted",
    ]  # fmt: skip
    rows, funnel, limits = [], [], []
    for number in range(12 if sector.support else 0):
        teryt = OWN if number < 5 else "26"
        name = f"OWES {chr(65 + number)}"
        for year in (0, 2022, 2023, 2024):
            factor = 3 if year == 0 else 1
            jobs = (40 + 10 * number) * factor
            base = jobs if year not in (2024,) else np.nan
            lasted = base * 0.8
            cost = jobs * 90_000.0
            rows.append(
                (f"owes{number}", name, teryt, f"podregion {number}", year, 2000.0 * factor, jobs, 6.0 * factor, cost,
                 base, lasted, lasted / base, 0.7, 0.88, base, base * 0.6, 0.6, 0.5, 0.7, cost / jobs,
                 cost / (jobs * 0.8), 333.0)
            )  # fmt: skip
        for measure, value, centre in (
            ("share_12m", 0.8, 0.8),
            ("share_24m", 0.6, 0.6),
            ("jobs_per_million", 11.0, 11.0),
        ):
            base, verdict = (40.0 + 10 * number) * 3, "within"
            shown = value
            if number == 0:
                shown, verdict = value * 0.6, "far_below"
            spread = value * 2 / np.sqrt(base)
            funnel.append((measure, f"owes{number}", name, teryt, base, shown + rng.normal(0, 0.01 * value), centre,
                           centre - spread, centre + spread, centre - 1.6 * spread, centre + 1.6 * spread, verdict, 1.1,
                           False))  # fmt: skip
    for measure, centre in (
        (("share_12m", 0.8), ("share_24m", 0.6), ("jobs_per_million", 11.0)) if sector.support else ()
    ):
        for base in np.linspace(60, 500, 30):
            spread = centre * 2 / np.sqrt(base)
            limits.append((measure, base, centre, centre - spread, centre + spread, centre - 1.6 * spread,
                           centre + 1.6 * spread))  # fmt: skip
    limit_names = ["measure", "base", "centre", "low_inner", "high_inner", "low_outer", "high_outer"]
    return {
        "owes": pd.DataFrame(rows, columns=columns),
        "owes_funnel": pd.DataFrame(funnel, columns=funnel_names),
        "owes_limits": pd.DataFrame(limits, columns=limit_names),
    }


def _programme(sector: Sector) -> dict[str, pd.DataFrame]:
    names = [
        "key", "teryt", "area", "name", "measure", "unit", "digits", "direction", "baseline", "baseline_year", "target",
        "target_year", "latest", "latest_year", "on_path", "forecast", "forecast_low", "forecast_high", "verdict",
        "reason",
    ]  # fmt: skip
    area = "Solidarny rynek pracy"
    nothing = (np.nan, np.nan, np.nan)
    rows = [
        (1, OWN, area, "Podmioty reintegracyjne", "reintegration", "podmioty", 0, "higher", 110.0, 2020, 160.0, 2030,
         133.0, 2025, 135.0, 165.0, 161.0, 171.0, "on_track", ""),
        (2, OWN, area, "Gminy bez podmiotu", "empty", "gminy", 0, "lower", 20.0, 2020, 0.0, 2030, 12.0, 2025, 10.0, 6.0,
         3.0, 9.0, "off_track", ""),
        (3, OWN, "Konkurencyjna przedsiębiorczość społeczna", "Przedsiębiorstwa społeczne", "enterprises", "podmioty",
         0, "higher", 20.0, 2023, 50.0, 2029, 60.0, 2025, 30.0, *nothing, "reached", ""),
        (4, OWN, "Solidarne społeczeństwo", "Zaufanie społeczne", "", "%", 1, "higher", 20.0, 2020, 30.0, 2030, np.nan,
         pd.NA, np.nan, *nothing, "cannot_say", "celu nie mierzą dane raportu"),
    ]  # fmt: skip
    series = [(key, year, start + step * (year - 2016)) for key, start, step in ((1, 100.0, 3.7), (2, 24.0, -1.3))
              for year in range(2016, 2026)]  # fmt: skip
    shown = rows if sector.programme else []
    return {
        "targets": pd.DataFrame(shown, columns=names).astype({"latest_year": "Int64"}),
        "target_series": pd.DataFrame(series if sector.programme else [], columns=["key", "year", "value"]),
    }
