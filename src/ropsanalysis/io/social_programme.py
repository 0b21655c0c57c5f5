"""Reads the targets of regional programmes of the social economy: a row per target."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from ropsanalysis.io.answers import normalise
from ropsanalysis.io.findings import suggest
from ropsanalysis.io.social_tables import (
    TableRead,
    choice_of,
    finished,
    number_of,
    read_table,
    text_of,
    voivodeship,
    year,
)
from ropsanalysis.social_economy.schema import PROGRAMME_COLUMNS
from ropsanalysis.social_economy.targets import MEASURES

DIRECTIONS: Final = {
    "higher": "higher", "wzrost": "higher", "rosnie": "higher", "wiecej": "higher", "wyzej": "higher",
    "lower": "lower", "spadek": "lower", "maleje": "lower", "mniej": "lower", "nizej": "lower",
}  # fmt: skip
"""What words, normalised, say of the direction in which a target lies."""

_NUMBERS: Final = ("digits", "baseline", "baseline_year", "target", "target_year")
_KEY: Final = ("teryt", "area", "name", "target_year")


def read_programme(folder: Path, *, label: str) -> TableRead:
    """Read ``programme.csv`` or ``programme.xlsx``.

    Parameters
    ----------
    label
        Path of the folder inside the project, for findings.

    Returns
    -------
    TableRead
        Table with the columns `PROGRAMME_COLUMNS`; digits and years are int64, baseline and target float64; a measure
        that is not known is empty, so that nothing is said of its target.
    """
    parse = {
        "teryt": voivodeship,
        "area": text_of(required=True),
        "name": text_of(required=True),
        "measure": text_of(required=False),
        "unit": text_of(required=False),
        "digits": number_of(low=0, high=6, whole=True),
        "direction": choice_of(DIRECTIONS, code="ES-28"),
        "baseline": number_of(),
        "baseline_year": year,
        "target": number_of(),
        "target_year": year,
    }
    read = read_table(folder, "programme", label=label, parse=parse, numbers=_NUMBERS)
    read = read.without_repeated(_KEY, expected="jeden wiersz na cel")
    read = read.refuse(
        read.table["baseline_year"] >= read.table["target_year"], "ES-32", ["baseline_year", "target_year"],
        "rok celu nie jest późniejszy niż rok bazowy", expected="rok bazowy przed rokiem celu",
        remedy="Proszę sprawdzić oba lata.",
    )  # fmt: skip
    sign = np.where(read.table["direction"] == "higher", 1.0, -1.0)
    read = read.refuse(
        (read.table["target"] - read.table["baseline"]) * sign < 0, "ES-32", ["direction", "baseline", "target"],
        "cel leży po złej stronie wartości bazowej", expected="wzrost: cel nie mniejszy niż wartość bazowa; spadek: "
        "nie większy", remedy="Proszę sprawdzić kierunek i obie wartości.",
    )  # fmt: skip
    measures = list(MEASURES)
    given = {normalise(word): key for key, measure in MEASURES.items() for word in (key, measure.label)}
    known = read.table["measure"].map(lambda text: given.get(normalise(text), ""))
    for text in read.table.loc[(known == "") & (read.table["measure"] != ""), "measure"].unique():
        read.doubt(
            read.table["measure"] == text, "ES-31", ["measure"], f"„{text[:60]}”",
            expected=f"jedna z miar: {', '.join(measures)}",
            remedy=f"Cel zostaje w raporcie, ale bez oceny. {suggest(text, measures)}".strip(),
        )  # fmt: skip
    table = read.table.assign(measure=known.astype("str"))[list(PROGRAMME_COLUMNS)]
    return finished(read, table.astype({"digits": "int64", "baseline_year": "int64", "target_year": "int64"}))
