"""What a reader can find out who combines all published tables of the survey of entities; apart from the package.

Unknown are the weighted amounts of every voivodeship and legal form in one year. The reader knows which forms have
entities and answers at all (table `response`), all published numbers within their rounding, and that parts are no
larger than their wholes. Nothing of this is taken from the package: only the published tables are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

SOURCES = ("sales", "public_contracts", "grants", "eu", "donations", "fees", "other")
PUBLIC = ("public_contracts", "grants", "eu")
UNITS = ("cis", "kis", "zaz", "wtz")
MOST = 1e7
"""No number is larger than this: 10 billion PLN or 10 million persons, well above the sector of the whole country."""

# Published totals: half the step they are rounded to.
TOTALS = {
    "staff": 0.5, "staff_fte": 0.5, "staff_risk": 0.5, "volunteers": 0.5, "revenue_total_pln": 500.0,
    "costs_pln": 500.0, "result_pln": 500.0, "places": 0.5, "participants": 0.5, "exits": 0.5, "exits_to_work": 0.5,
}  # fmt: skip
# Published ratios: numerator, denominator, half the step.
RATIOS = {
    "risk_share": ("staff_risk", "staff", 0.0005),
    "fte_per_person": ("staff_fte", "staff", 0.005),
    "public_share": ("public", "revenue_total_pln", 0.0005),
    "result_margin": ("result_pln", "revenue_total_pln", 0.0005),
    "occupancy": ("participants", "places", 0.0005),
    "exit_to_work_share": ("exits_to_work", "exits", 0.0005),
    "cost_per_participant_pln": ("cost", "participants", 50.0),
    **{f"revenue_share_{source}": (source, "revenue_total_pln", 0.0005) for source in SOURCES},
}
PARTS = (("staff_fte", "staff"), ("staff_risk", "staff"), ("exits", "participants"), ("exits_to_work", "exits"))
OF_UNITS = ("places", "participants", "exits", "exits_to_work", "cost")
QUANTITIES = (
    "staff", "staff_fte", "staff_risk", "volunteers", "revenue_total_pln", "costs_pln", "result_pln", *SOURCES, "cost",
    "places", "participants", "exits", "exits_to_work",
)  # fmt: skip

Key = tuple[str, str, str]
"""Territorial unit ("00" Poland), legal form ("" all), quantity; "public" is the sum of the public sources."""


@dataclass(slots=True)
class Reader:
    """The linear programme of one year, in thousands of PLN and in persons."""

    cells: list[tuple[str, str]]
    number: dict[Key, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    matrix: csr_array | None = None

    def __post_init__(self) -> None:
        for teryt, form in self.cells:
            for quantity in QUANTITIES:
                if quantity not in OF_UNITS or form in UNITS:
                    self.number[teryt, form, quantity] = len(self.number)

    def sum_of(self, key: Key) -> dict[int, float]:
        """Unknowns that add up to a number, with their signs."""
        teryt, form, quantity = key
        if quantity == "public":
            return _joined(self.sum_of((teryt, form, source)) for source in PUBLIC)
        inside = [cell for cell in self.cells if teryt in ("00", cell[0]) and form in ("", cell[1])]
        return {self.number[(*cell, quantity)]: 1.0 for cell in inside if (*cell, quantity) in self.number}

    def at_most(self, terms: dict[int, float], most: float) -> None:
        self.rows.append((terms, most))
        self.matrix = None

    def forget(self, rows: int) -> None:
        """Forget what was learned last."""
        del self.rows[-rows:]
        self.matrix = None

    def between(self, terms: dict[int, float], low: float, high: float) -> None:
        self.at_most(terms, high)
        self.at_most({index: -weight for index, weight in terms.items()}, -low)

    def learn(self, estimates: pd.DataFrame) -> None:
        """Take in the published numbers."""
        for row in estimates.dropna(subset=["value"]).itertuples():
            if row.measure in TOTALS:
                terms, half = self.sum_of((row.teryt, row.legal_form, row.measure)), TOTALS[row.measure] + 1e-6
                unit = unit_of(row.measure)
                self.between(terms, (row.value - half) / unit, (row.value + half) / unit)
            elif row.measure in RATIOS:
                top, bottom, half = RATIOS[row.measure]
                above, below = (self.sum_of((row.teryt, row.legal_form, name)) for name in (top, bottom))
                unit = unit_of(top) / unit_of(bottom)
                for sign in (1.0, -1.0):  # sign * (top - ratio * bottom) <= half * bottom
                    reach = -sign * row.value / unit - (half + 1e-9) / unit
                    self.at_most(_joined([_times(above, sign), _times(below, reach)]), 0.0)
        for cell in self.cells:
            for part, whole in PARTS:
                if (*cell, part) in self.number:
                    self.at_most({self.number[(*cell, part)]: 1.0, self.number[(*cell, whole)]: -1.0}, 1e-9)
            of_sources = {self.number[(*cell, source)]: 1.0 for source in SOURCES}
            self.between({**of_sources, self.number[(*cell, "revenue_total_pln")]: -1.0}, -1e-3, 1e-3)
            account = zip(("revenue_total_pln", "costs_pln", "result_pln"), (1.0, -1.0, -1.0), strict=True)
            self.between({self.number[(*cell, name)]: sign for name, sign in account}, -1e-3, 1e-3)

    def intervals(
        self, keys: list[Key], needed: Mapping[Key, float], *, rng: np.random.Generator
    ) -> dict[Key, tuple[float, float]]:
        """Interval of every key: an inner one if it is as wide as needed, else the exact one."""
        sums = {key: self.sum_of(key) for key in keys}
        low, high = dict.fromkeys(keys, np.inf), dict.fromkeys(keys, -np.inf)
        for _ in range(6):
            signs = {key: rng.choice([-1.0, 1.0]) / max(needed[key], 1e-6) for key in keys}
            direction = _joined(_times(sums[key], sign) for key, sign in signs.items())
            for sign in (1.0, -1.0):
                self._take(self._solve(_times(direction, sign)), sums, low, high)
            keys_left = [key for key in keys if high[key] - low[key] < needed[key]]
            if not keys_left:
                break
            keys = keys_left
        for key in keys:
            if high[key] - low[key] < needed[key]:
                for sign in (1.0, -1.0):
                    self._take(self._solve(_times(sums[key], sign)), {key: sums[key]}, low, high)
        return {key: (low[key], high[key]) for key in sums}

    def _take(
        self, found: np.ndarray, sums: Mapping[Key, dict[int, float]], low: dict[Key, float], high: dict[Key, float]
    ) -> None:
        for key, terms in sums.items():
            value = float(sum(weight * found[index] for index, weight in terms.items()))
            low[key], high[key] = min(low[key], value), max(high[key], value)

    def _solve(self, direction: dict[int, float]) -> np.ndarray:
        cost = np.zeros(len(self.number))
        for index, weight in direction.items():
            cost[index] = -weight
        if self.matrix is None:
            entries = [(r, c, v) for r, (terms, _) in enumerate(self.rows) for c, v in terms.items()]
            rows, columns, values = (np.array(part) for part in zip(*entries, strict=True))
            shape = (len(self.rows), len(self.number))
            self.matrix = csr_array((values, (rows.astype(int), columns.astype(int))), shape=shape)
        signed = {index for key, index in self.number.items() if key[2] == "result_pln"}
        bounds = [(-MOST if index in signed else 0.0, MOST) for index in range(len(self.number))]
        most = np.array([most for _, most in self.rows])
        for method in ("highs-ds", "highs-ipm"):  # either may end without an answer where the other finds one
            found = linprog(cost, A_ub=self.matrix, b_ub=most, bounds=bounds, method=method)
            if found.status == 0:
                break
        assert found.status == 0, found.message
        return np.asarray(found.x)


def read(response: pd.DataFrame, estimates: pd.DataFrame, year: int) -> Reader:
    """Collect what the published tables of one year say."""
    rows = response[(response["year"] == year) & (response["teryt"] != "00") & (response["legal_form"] != "")]
    answered = rows[rows["reason"] != "none"]
    reader = Reader(list(zip(answered["teryt"], answered["legal_form"], strict=True)))
    reader.learn(estimates[estimates["year"] == year])
    return reader


def hidden_keys(estimates: pd.DataFrame, year: int) -> list[Key]:
    """Numbers behind the rows that are hidden for confidentiality."""
    rows = estimates[(estimates["year"] == year) & (estimates["reason"] == "protected")]
    named = {**dict.fromkeys(TOTALS), "public_share": "public", "cost_per_participant_pln": "cost"}
    named |= {f"revenue_share_{source}": source for source in SOURCES}
    return [
        (teryt, form, named[measure] or measure)
        for teryt, form, measure in rows[["teryt", "legal_form", "measure"]].itertuples(index=False)
        if measure in named
    ]


def unit_of(quantity: str) -> float:
    """Amounts are counted in thousands of PLN, so that the solver sees numbers of like size."""
    return 1000.0 if quantity.endswith("_pln") or quantity in ("public", "cost", *SOURCES) else 1.0


def _times(terms: dict[int, float], factor: float) -> dict[int, float]:
    return {index: factor * weight for index, weight in terms.items()}


def _joined(parts: Iterable[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for part in parts:
        for index, weight in part.items():
            total[index] = total.get(index, 0.0) + weight
    return total
