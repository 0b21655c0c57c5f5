"""Screens the data of social impact: persons over time, gminas over time, impact maps, costs, prices.

All findings come at once. Each dataset may be absent; the report then says what it would have shown. Persons, gminas
or an impact map there must be, else there is nothing to report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from ropsanalysis.io import catalogue, identifiers, impact_money, social_places
from ropsanalysis.io.built import TOPICS
from ropsanalysis.io.dataset_origin import read_origin
from ropsanalysis.io.findings import Finding
from ropsanalysis.io.impact_centres import empty_centres, read_centres
from ropsanalysis.io.impact_panel import empty_panel, read_panel
from ropsanalysis.io.provenance import FileRecord
from ropsanalysis.io.row_notes import REJECTED
from ropsanalysis.io.social_tables import TableRead
from ropsanalysis.social_impact.schema import (
    COST_COLUMNS,
    DATASETS,
    INACTION_COLUMNS,
    MAP_COLUMNS,
    PRICE_COLUMNS,
    Inputs,
    validate,
)

CORE: Final = TOPICS["social_impact"].core
"""Datasets of which at least one must be there."""

_PANEL, _JST, _MAP, _COSTS, _PRICES = DATASETS


@dataclass(frozen=True, slots=True)
class ImpactScreening:
    """What screening let through, what it refused, and why.

    Attributes
    ----------
    inputs
        What the report is computed from; None where a finding is blocking.
    findings
        All findings, dataset by dataset.
    rejected
        Columns file, row, code, reason, record; the record of a person's answers is empty, because the row's number
        leads to them.
    files
        Provenance of the files that were read.
    synthetic
        Whether any delivered dataset was made up for demonstration.
    sources
        Who published each dataset, as its ``provenance.json`` says.
    """

    inputs: Inputs | None
    findings: tuple[Finding, ...]
    rejected: pd.DataFrame
    files: tuple[FileRecord, ...]
    synthetic: bool
    sources: Mapping[str, str]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that stop the build."""
        return tuple(finding for finding in self.findings if finding.severity == "blocking")


def present(raw: Path) -> bool:
    """Return whether the folder of raw data holds persons, gminas or an impact map."""
    return any((raw / name).is_dir() for name in CORE)


def screen_social_impact(raw: Path) -> ImpactScreening:
    """Screen the datasets below the folder of raw data.

    Parameters
    ----------
    raw
        Usually ``data/raw``.

    Notes
    -----
    Bad data never raise here: they become findings.
    """
    return _Screener(raw).screen()


@dataclass(slots=True)
class _Screener:
    raw: Path
    findings: list[Finding] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)
    about: dict[str, Mapping[str, object]] = field(default_factory=dict)
    refused: dict[str, Counter[str]] = field(default_factory=dict)

    def screen(self) -> ImpactScreening:
        self._check_present()
        for dataset in DATASETS:
            self.about[dataset] = self._provenance(dataset)
        self._check_mixture()
        units = social_places.read_units(self.raw)
        # A list of units that is broken is told as the social economy tells it.
        self._keep(units.findings, units.rejected, units.files)
        panel, measured = self._panel()
        jst = self._centres(units.table)
        prices = self._optional(_PRICES, PRICE_COLUMNS, impact_money.read_prices)
        costs = self._optional(_COSTS, COST_COLUMNS, impact_money.read_costs, prices=prices)
        price_year = impact_money.price_year_of(costs, prices)
        impact_map = self._optional(_MAP, MAP_COLUMNS, impact_money.read_map, prices=prices, price_year=price_year)
        map_refused = dict(self.refused.get(_MAP, {}))
        inaction = self._inaction(prices, price_year)
        if len(impact_map):
            file = f"{self._label(_COSTS)}/costs.csv"
            self.findings += impact_money.without_ratio(impact_map, costs, file=file)
            file = f"{self._label(_MAP)}/map.csv"
            self.findings += impact_money.too_many_persons(impact_map, costs, file=file)
        year = self._year((_last(jst), _last(costs), measured), price_year or _last(impact_map, "price_year"))
        inputs = None
        if year is not None and not self._blocked():
            inputs = validate(
                Inputs(
                    panel=panel,
                    jst=jst,
                    impact_map=impact_map,
                    map_refused=map_refused,
                    costs=costs,
                    inaction=inaction,
                    prices=prices,
                    price_year=price_year,
                    units=units.table,
                    outcomes=catalogue.impact_outcome_frame(),
                    year=year,
                )
            )
        return ImpactScreening(
            inputs=inputs,
            findings=tuple(self.findings),
            rejected=self._all_rejected(),
            files=tuple(self._with_source(file) for file in self.files),
            synthetic=any(about.get("synthetic") is True for about in self.about.values()),
            sources={name: str(about["source"]) for name, about in self.about.items() if about.get("source")},
        )

    # --- datasets as such --------------------------------------------------------------------------------

    def _label(self, dataset: str) -> str:
        return f"{self.raw.parent.name}/{self.raw.name}/{dataset}"

    def _keep(
        self,
        findings: Sequence[Finding],
        rejected: pd.DataFrame,
        files: Sequence[FileRecord],
        *,
        redact: Callable[[str], str] = identifiers.redact_person,
    ) -> None:
        self.findings.extend(finding.redacted(redact) for finding in findings)
        self.rejected.append(rejected)
        self.files.extend(files)

    def _check_present(self) -> None:
        if not present(self.raw):
            self.findings.append(
                Finding("IM-07", "blocking", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        "brak danych o osobach, gminach i mapie oddziaływania",
                        f"co najmniej jeden ze zbiorów: {', '.join(CORE)}",
                        "Proszę dostarczyć jeden z tych zbiorów. Brakującego zbioru nie uzupełniamy danymi pokazowymi, "
                        "bo wyniki mieszałyby dane prawdziwe ze zmyślonymi.")
            )  # fmt: skip

    def _provenance(self, dataset: str) -> Mapping[str, object]:
        about, findings = read_origin(
            self.raw / dataset, label=self._label(dataset), prefix="IM", fields="source, synthetic, year"
        )
        self.findings.extend(findings)
        return about

    def _check_mixture(self) -> None:
        there = [name for name in DATASETS if (self.raw / name).is_dir()]
        made_up = [name for name in there if self.about[name].get("synthetic") is True]
        if made_up and len(made_up) < len(there):
            self.findings.append(
                Finding("IM-34", "warning", f"{self.raw.parent.name}/{self.raw.name}", None, "",
                        f"zbiory pokazowe: {', '.join(made_up)}", "wszystkie zbiory prawdziwe albo wszystkie pokazowe",
                        "Raport i każda jego część z danych pokazowych będą tak oznaczone. Proszę dostarczyć prawdziwe "
                        "zbiory w miejsce pokazowych.")
            )  # fmt: skip

    def _with_source(self, file: FileRecord) -> FileRecord:
        told = str(self.about.get(Path(file.path).parent.name, {}).get("source", ""))
        return replace(file, path=identifiers.redact(file.path), source=told or file.source)

    def _all_rejected(self) -> pd.DataFrame:
        parts = [part for part in self.rejected if len(part)]
        if not parts:
            return pd.DataFrame(columns=list(REJECTED))
        return pd.concat(parts, ignore_index=True)[list(REJECTED)]

    def _blocked(self) -> bool:
        return any(finding.severity == "blocking" for finding in self.findings)

    # --- the parts ---------------------------------------------------------------------------------------

    def _panel(self) -> tuple[pd.DataFrame, int | None]:
        """Return the panel of persons and the last year in which somebody was measured."""
        if not (self.raw / _PANEL).is_dir():
            return empty_panel(), None
        read = read_panel(self.raw / _PANEL, label=self._label(_PANEL), project=self.raw.parent.parent)
        self._keep(read.findings, read.rejected, read.files, redact=identifiers.redact)
        told = self.about[_PANEL].get("year")
        return read.table, read.year or (told if isinstance(told, int) else None)

    def _centres(self, units: pd.DataFrame) -> pd.DataFrame:
        if units.empty or not (self.raw / _JST).is_dir():
            return empty_centres()
        return self._kept(read_centres(self.raw / _JST, label=self._label(_JST), units=units))

    def _optional(
        self, dataset: str, columns: Sequence[str], read: Callable[..., TableRead], **about: object
    ) -> pd.DataFrame:
        if not (self.raw / dataset).is_dir():
            return impact_money.empty_table(columns)
        found = read(self.raw / dataset, label=self._label(dataset), **about)
        self.refused[dataset] = Counter(found.refused_in)
        return self._kept(found)

    def _inaction(self, prices: pd.DataFrame, price_year: int | None) -> pd.DataFrame:
        there = any((self.raw / _COSTS / f"inaction.{ending}").is_file() for ending in ("csv", "xlsx"))
        if not there:
            return impact_money.empty_table(INACTION_COLUMNS)
        return self._optional(
            _COSTS, INACTION_COLUMNS, impact_money.read_inaction, prices=prices, price_year=price_year
        )

    def _kept(self, read: TableRead) -> pd.DataFrame:
        self._keep(read.findings, read.rejected, read.files)
        return read.table

    def _year(self, measured: Sequence[int | None], priced: int | None) -> int | None:
        """Return the last year that the data describe: of measurements and costs, else of prices."""
        year = max((found for found in measured if found is not None), default=priced)
        if year is None and not self._blocked():
            self.findings.append(
                Finding("IM-48", "blocking", self._label(_PANEL), None, "", "nie wiadomo, z którego roku są dane",
                        "rok ostatniego pomiaru",
                        "Proszę dodać kolumnę „date” z dniem pomiaru albo plik provenance.json z polem „year”.")
            )  # fmt: skip
        return year


def _last(table: pd.DataFrame, name: str = "year") -> int | None:
    return int(table[name].max()) if len(table) else None
