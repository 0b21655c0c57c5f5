"""The survey of entities as arrays, one sample for each year: who there was, who answered, and what.

The population of a year are the entities open at its end. Their legal form and voivodeship come from the registers,
never from the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.regions import POLAND, REGIONS
from ropsanalysis.social_economy.accounts import complete_accounts
from ropsanalysis.social_economy.schema import SIZE_CLASSES, SURVEY_COLUMNS, Inputs
from ropsanalysis.stats.vocabulary import FloatVector

Codes = NDArray[np.int64]
Counts = NDArray[np.int64]

ANSWERS: Final = tuple(name for name in SURVEY_COLUMNS if name not in ("entity", "year"))
SIZES: Final = ("", *SIZE_CLASSES)
"""Classes of staff in ascending order; "" where the register does not tell, beside the small ones it mostly is."""


@dataclass(frozen=True, slots=True)
class Axes:
    """What the rows and columns of all tables stand for.

    Attributes
    ----------
    regions
        TERYT codes of the r voivodeships in the registers, ascending.
    forms
        Keys of the f legal forms, in the order of the catalogue.
    reintegration
        Shape (f,): whether the form is a kind of reintegration unit.
    """

    regions: tuple[str, ...]
    forms: tuple[str, ...]
    reintegration: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """Voivodeships and legal forms."""
        return len(self.regions), len(self.forms)

    @property
    def complete(self) -> bool:
        """Whether all voivodeships are there, so that Poland may be spoken of."""
        return set(self.regions) == {region.teryt for region in REGIONS}

    @property
    def units(self) -> tuple[str, ...]:
        """TERYT codes along the rows of tables with totals: the voivodeships, then "00" if there are several."""
        return (*self.regions, POLAND.teryt) if len(self.regions) > 1 else self.regions

    @property
    def columns(self) -> tuple[str, ...]:
        """Legal forms along the columns of tables with totals, "" (all forms) last."""
        return (*self.forms, "") if len(self.forms) > 1 else self.forms


@dataclass(frozen=True, slots=True)
class Sample:
    """Answers of one year, sorted by entity.

    Attributes
    ----------
    year
        Year that the answers are about.
    axes
        Voivodeships and legal forms.
    register
        Shape (r, f, s): entities open at the end of the year by size class, see `SIZES`.
    by_powiat
        Powiat (four digits) -> entities open at the end of the year, and reintegration units among them.
    region, form, size
        Shape (n,): indices of the entities that answered.
    powiat
        Shape (n,): TERYT code, four digits.
    answers
        Column of the survey -> shape (n,), NaN where not answered or not applicable.
    """

    year: int
    axes: Axes
    register: Counts
    by_powiat: dict[str, tuple[int, int]]
    region: Codes
    form: Codes
    size: Codes
    powiat: NDArray[np.str_]
    answers: dict[str, FloatVector]

    def __len__(self) -> int:
        return self.region.size

    @property
    def cell(self) -> Codes:
        """Shape (n,): cell of voivodeship and legal form, voivodeship by voivodeship."""
        return self.region * len(self.axes.forms) + self.form

    @property
    def respondents(self) -> Counts:
        """Shape (r, f): entities that answered."""
        counts = np.bincount(self.cell, minlength=int(np.prod(self.axes.shape)))
        return counts.reshape(self.axes.shape).astype(np.int64)

    @property
    def of_reintegration(self) -> NDArray[np.bool_]:
        """Shape (n,): whether the entity is a reintegration unit."""
        return np.asarray(self.axes.reintegration[self.form])

    def levels(self) -> Iterator[tuple[Codes, int, tuple[slice | int, slice | int]]]:
        """Yield the four ways to sort entities: codes (n,), number of domains, place in a table with totals.

        Notes
        -----
        As in `disclosure_system.with_totals` an axis of length 1 has no total, so some ways may be missing.
        """
        r, f = self.axes.shape
        yield self.cell, r * f, (slice(0, r), slice(0, f))
        if f > 1:
            yield self.region, r, (slice(0, r), -1)
        if r > 1:
            yield self.form, f, (-1, slice(0, f))
        if f > 1 and r > 1:
            yield np.zeros(len(self), dtype=np.int64), 1, (-1, -1)


def read_axes(inputs: Inputs) -> Axes:
    """Voivodeships of the registers and legal forms of the catalogue."""
    forms = inputs.legal_forms
    return Axes(
        regions=tuple(sorted(set(inputs.spells["teryt"].str[:2]))),
        forms=tuple(forms["key"]),
        reintegration=forms["reintegration"].to_numpy(dtype=np.bool_),
    )


def open_on(spells: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Spells that hold on a day, at most one for each entity (the one begun last), sorted by entity."""
    held = spells[(spells["start"] <= day) & ~(spells["end"] <= day)]
    return held.sort_values(["entity", "start", "legal_form", "teryt"]).drop_duplicates("entity", keep="last")


def read_samples(inputs: Inputs) -> tuple[Sample, ...]:
    """One sample for each year of the survey that the registers reach, ascending.

    Notes
    -----
    Answers of entities that were not open at the end of the year are left out: nobody in the population is known
    for whom they could speak.
    """
    axes = read_axes(inputs)
    years = sorted(int(year) for year in set(inputs.survey["year"]))
    samples = (_read_year(inputs, axes, year) for year in years)
    return tuple(sample for sample in samples if len(sample))


def _read_year(inputs: Inputs, axes: Axes, year: int) -> Sample:
    held = open_on(inputs.spells, min(pd.Timestamp(year=year, month=12, day=31), inputs.as_of))
    held = held[held["legal_form"].isin(axes.forms)]
    size = held["size_class"].astype("object").where(held["size_class"].isin(SIZE_CLASSES), "")
    place = {
        "region": _codes(held["teryt"].str[:2], axes.regions),
        "form": _codes(held["legal_form"], axes.forms),
        "size": _codes(size, SIZES),
    }
    register = np.zeros((*axes.shape, len(SIZES)), dtype=np.int64)
    np.add.at(register, tuple(place.values()), 1)
    powiats = held.assign(units=axes.reintegration[place["form"]]).groupby(held["teryt"].str[:4])["units"]
    by_powiat = {str(code): (int(units.size), int(units.sum())) for code, units in powiats}
    frame = held[["entity", "teryt"]].assign(**place)
    survey = inputs.survey[inputs.survey["year"] == year].sort_values("entity").drop_duplicates("entity")
    rows = frame.merge(survey, on="entity", how="inner").sort_values("entity")
    return Sample(
        year=year,
        axes=axes,
        register=register,
        by_powiat=by_powiat,
        region=rows["region"].to_numpy(dtype=np.int64),
        form=rows["form"].to_numpy(dtype=np.int64),
        size=rows["size"].to_numpy(dtype=np.int64),
        powiat=rows["teryt"].str[:4].to_numpy(dtype=np.str_),
        answers=complete_accounts({name: rows[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ANSWERS}),
    )


def _codes(column: pd.Series[str], keys: tuple[str, ...]) -> Codes:
    return np.asarray(pd.Index(keys).get_indexer(pd.Index(column)), dtype=np.int64)
