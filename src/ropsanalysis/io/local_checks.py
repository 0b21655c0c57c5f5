"""Checks of the values of gminas and powiats against each other: repeated, impossible, missing, not adding up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.findings import Finding, Severity
from ropsanalysis.io.local_catalogue import LocalIndicator, LocalVariable
from ropsanalysis.regions import by_teryt

_LISTED: Final = 12
"""So many units are named in one finding; the rest is counted."""
_KEY: Final = ["teryt", "variable", "year"]


def one_value_each(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one value for each unit, variable and year, with a blocking finding where two differ.

    Parameters
    ----------
    cells
        Columns file, row, teryt, variable, year, value, flag.

    Notes
    -----
    A gmina whose kind changed stands in an export twice, each time without values for the years of the other code: a
    number goes before a gap. The same number twice is no fault.
    """
    known = cells.loc[cells["value"].notna()]
    spread = known.groupby(_KEY, sort=True)["value"].agg(["nunique", "size"])
    double = spread.index[spread["nunique"] > 1]
    findings = []
    if len(double):
        for file, group in known.set_index(_KEY).loc[double].reset_index().groupby("file", sort=True):
            first = group.iloc[0]
            findings.append(
                _finding(
                    "LD-14", str(file), int(first["row"]), str(first["variable"]),
                    f"różne wartości dla jednostki {first['teryt']} i roku {first['year']}; takich przypadków: "
                    f"{group[_KEY].drop_duplicates().shape[0]}",
                    "jedna wartość dla jednostki, zmiennej i roku",
                    "Proszę zostawić wiersz z poprawną wartością, a pozostałe usunąć.",
                    severity="blocking",
                )
            )  # fmt: skip
    ordered = cells.assign(gap=cells["value"].isna()).sort_values(["gap", "file", "row"], kind="stable")
    return ordered.drop_duplicates(_KEY).drop(columns="gap").sort_values(_KEY, ignore_index=True), findings


def possible(values: pd.DataFrame, variables: Sequence[LocalVariable]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the values without zeros where none can be, with a blocking finding on negative ones."""
    findings = []
    kept = values.copy()
    for variable in variables:
        own = kept["variable"] == variable.key
        negative = own & (kept["value"] < 0)
        if not variable.signed and negative.any():
            findings.append(
                _about(
                    "LD-28", kept[negative], variable.key, "wartości ujemne", "liczba od zera wzwyż",
                    "Proszę poprawić wartość.", severity="blocking",
                )
            )  # fmt: skip
        zero = own & (kept["value"] == 0)
        if variable.zero == "missing" and zero.any():
            findings.append(
                _about(
                    "LD-18", kept[zero], variable.key, "zero", "liczba większa od zera albo brak danych",
                    "Zero potraktowano jako brak danych. Proszę sprawdzić wartość w źródle.",
                )
            )  # fmt: skip
            kept.loc[zero, "value"] = np.nan
            kept.loc[zero, "flag"] = "zero_means_missing"
    return kept, findings


def parts_within(values: pd.DataFrame, indicators: Sequence[LocalIndicator]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the values without parts that exceed their whole, with a finding on each such variable."""
    kept, findings = values, []
    for indicator in indicators:
        if not indicator.part:
            continue
        whole = kept.loc[kept["variable"] == indicator.denominator].set_index(["teryt", "year"])["value"]
        own = kept.loc[kept["variable"] == indicator.numerator]
        against = whole.reindex(pd.MultiIndex.from_frame(own[["teryt", "year"]])).to_numpy()
        over = own.index[own["value"].to_numpy() > against]
        if len(over):
            findings.append(
                _about(
                    "LD-17", kept.loc[over], indicator.numerator, f"{indicator.short}: więcej niż całość",
                    "część nie większa niż całość", "Wartość pominięto. Proszę sprawdzić licznik i mianownik w źródle.",
                )
            )  # fmt: skip
            kept = kept.copy()
            kept.loc[over, "value"] = np.nan
            kept.loc[over, "flag"] = "not_published"
    return kept, findings


def sums(
    values: pd.DataFrame, units: pd.DataFrame, variables: Sequence[LocalVariable], *, tolerance: float
) -> list[Finding]:
    """Return findings where gminas do not add up to their powiat, or powiats to their voivodeship.

    Only wholes of which every part is known are compared.

    Parameters
    ----------
    tolerance
        Largest difference, as a share of the whole; a difference of one is never told.
    """
    found = []
    additive = [variable for variable in variables if variable.additive]
    table = values.pivot_table(index="teryt", columns=["variable", "year"], values="value", aggfunc="first")
    for code, level, parent in (("LD-15", "gmina", "powiat"), ("LD-16", "powiat", "voivodeship")):
        below = units.loc[units["level"] == level]
        parts = table.reindex(below["teryt"])
        groups = below[parent].to_numpy()
        total = parts.groupby(groups).sum(min_count=1)
        whole = table.reindex(total.index)
        complete = parts.notna().groupby(groups).all()
        off = (total - whole).abs()
        wrong = complete & whole.notna() & (off > np.maximum(1.0, tolerance * whole.abs()))
        for variable in additive:
            if variable.key not in table.columns.get_level_values(0):
                continue
            bad = np.argwhere(wrong[variable.key].to_numpy())
            if not len(bad):
                continue
            teryt, year = wrong.index[bad[0, 0]], wrong[variable.key].columns[bad[0, 1]]
            rows = values.loc[(values["variable"] == variable.key) & (values["teryt"] == teryt)]
            found.append(
                _finding(
                    code, str(rows["file"].iloc[0]), int(rows["row"].iloc[0]), variable.key,
                    f"{teryt} w {year} r.: suma {total.loc[teryt, (variable.key, year)]:.15g}, podano "
                    f"{whole.loc[teryt, (variable.key, year)]:.15g}; takich przypadków: {len(bad)}",
                    "suma części równa całości",
                    "Proszę sprawdzić, czy eksport zawiera wszystkie jednostki i czy żadna nie występuje dwa razy.",
                )
            )  # fmt: skip
    return found


def missing_units(values: pd.DataFrame, units: pd.DataFrame, file: str) -> list[Finding]:
    """Return a finding for each voivodeship with some units of a level and without others."""
    there = set(values.loc[values["value"].notna(), "teryt"])
    found = []
    for code, level, words in (("LD-19", "gmina", "gmin"), ("LD-22", "powiat", "powiatów")):
        for voivodeship, own in units.loc[units["level"] == level].groupby("voivodeship", sort=True):
            absent = own.loc[~own["teryt"].isin(there)]
            if absent.empty or len(absent) == len(own):
                continue
            named = ", ".join(f"{teryt} {name}" for teryt, name in zip(absent["teryt"], absent["name"], strict=True))
            if len(absent) > _LISTED:
                first = absent.head(_LISTED)
                named = ", ".join(f"{teryt} {name}" for teryt, name in zip(first["teryt"], first["name"], strict=True))
                named += f" i {len(absent) - _LISTED} innych"
            found.append(
                _finding(
                    code, file, None, "", f"województwo {by_teryt(str(voivodeship)).name}: brak {named}",
                    f"wszystkie {len(own)} {words} województwa",
                    "Proszę pobrać z BDL brakujące jednostki; do tego czasu ich raporty nie mają wartości.",
                )
            )  # fmt: skip
    return found


def missing_variables(values: pd.DataFrame, variables: Sequence[LocalVariable], file: str) -> list[Finding]:
    """Return a finding on each variable that no file has."""
    there = set(values.loc[values["value"].notna(), "variable"])
    return [
        _finding(
            "LD-26", file, None, variable.key, f"brak zmiennej „{variable.bdl_name}”", variable.name,
            "Wskaźniki, które jej wymagają, nie mają wartości. Proszę pobrać zmienną albo podać jej nazwę w pliku "
            "variables.yaml.",
        )
        for variable in variables
        if variable.key not in there
    ]  # fmt: skip


def _about(
    code: str, rows: pd.DataFrame, column: str, what: str, expected: str, remedy: str, *, severity: Severity = "warning"
) -> Finding:
    """Return one finding on all rows of one cause, at the first of them."""
    first = rows.sort_values(["file", "row"]).iloc[0]
    where = f"{first['teryt']} w {first['year']} r."
    found = f"{what}: {where}; takich wartości: {len(rows)}"
    return _finding(code, str(first["file"]), int(first["row"]), column, found, expected, remedy, severity=severity)


def _finding(
    code: str,
    file: str,
    row: int | None,
    column: str,
    found: str,
    expected: str,
    remedy: str,
    *,
    severity: Severity = "warning",
) -> Finding:
    return Finding(code, severity, file, row, column, found, expected, remedy)
