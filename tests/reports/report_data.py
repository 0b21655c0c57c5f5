"""The figures as the project's own data files hold them, read without any of the package's code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CODES = [f"{code:02d}" for code in range(2, 33, 2)]
POLAND = "00"
#: A comparison needs a value of so many of the sixteen voivodeships (parameter of the diagnosis).
MIN_REGIONS = 14


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator: its row of `indicators.csv`, values as text and flags by (code, year)."""

    about: Mapping[str, str]
    values: Mapping[tuple[str, int], str]
    flags: Mapping[tuple[str, int], str]

    @property
    def digits(self) -> int:
        return int(self.about["digits"])

    @property
    def comparable(self) -> bool:
        return self.about["comparable"] == "true"

    def value(self, teryt: str, year: int) -> Decimal | None:
        text = self.values.get((teryt, year), "")
        return Decimal(text) if text else None

    def regions(self, year: int) -> dict[str, Decimal]:
        """Return the values of all voivodeships that have one in a year."""
        found = {code: self.value(code, year) for code in CODES}
        return {code: value for code, value in found.items() if value is not None}

    def years(self, teryt: str) -> list[int]:
        """Return the years in which a unit has a value."""
        return sorted(year for code, year in self.values if code == teryt and self.values[code, year])

    def latest_common_year(self) -> int:
        return max(year for year in self.years(POLAND) if len(self.regions(year)) >= MIN_REGIONS)

    def best(self, year: int) -> Decimal:
        """Return the most favourable value, the highest where no direction is better."""
        values = self.regions(year).values()
        return min(values) if self.about["direction"] == "lower" else max(values)

    def rank(self, teryt: str, year: int) -> str:
        """Return the place as it is printed, by counting who is better and who is equal."""
        values = self.regions(year)
        if teryt not in values:
            return "–"
        lower = self.about["direction"] == "lower"
        better = sum(value < values[teryt] if lower else value > values[teryt] for value in values.values())
        first, last = better + 1, better + list(values.values()).count(values[teryt])
        return f"{first}." if first == last else f"{first}.–{last}."


def read_series(project: Path) -> dict[str, Series]:
    """Return all indicators that reports use, by their short name."""
    folder = project / "data" / "raw" / "gus_sdg"
    values: dict[str, dict[tuple[str, int], str]] = {}
    flags: dict[str, dict[tuple[str, int], str]] = {}
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = (row["teryt"], int(row["year"]))
            values.setdefault(row["indicator"], {})[place] = row["value"]
            flags.setdefault(row["indicator"], {})[place] = row["flag"]
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as file:
        used = [row for row in csv.DictReader(file) if row["status"] == "used"]
    return {row["short"]: Series(row, values[row["indicator"]], flags[row["indicator"]]) for row in used}


def printed(value: Decimal | float, digits: int, *, signed: bool = False) -> str:
    """Return a number as a Polish reader expects it, without the package's own formatting."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", "\u00a0")
    sign = "\u2212" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + whole + ("," + part if part else "")
