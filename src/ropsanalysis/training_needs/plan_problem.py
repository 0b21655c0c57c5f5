"""One voivodeship's training plan as an allocation problem, made from published tables only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ropsanalysis.stats.allocation import Problem
from ropsanalysis.training_needs.schema import Inputs


@dataclass(frozen=True, slots=True)
class RegionProblem:
    """An allocation problem with the keys of its rows.

    Attributes
    ----------
    problem
        Subjects are competences, audiences institution types.
    competences, institutions
        Keys of the problem's subjects and audiences, in the order of the catalogue.
    offer
        Rows of the offer that the problem uses, in its order.
    without_offer
        Competences in need that no offer teaches; they count in the whole need.
    without_estimate
        Competences whose need is not published for the voivodeship; they are left out.
    """

    problem: Problem
    competences: tuple[str, ...]
    institutions: tuple[str, ...]
    offer: pd.DataFrame
    without_offer: tuple[str, ...]
    without_estimate: tuple[str, ...]


def region_problem(
    inputs: Inputs,
    needs: pd.DataFrame,
    needs_by_institution: pd.DataFrame,
    pooled: pd.DataFrame,
    target: pd.Series,
    *,
    min_filling: float,
    max_trainings: int,
) -> RegionProblem | None:
    r"""Set up the plan of one voivodeship; None where no need is published or nobody works there.

    Parameters
    ----------
    inputs
        Frame, offer and catalogues; the survey itself is not read.
    needs, needs_by_institution, pooled
        Published tables.
    target
        The voivodeship's row of the targets.
    min_filling
        Share of a group's places that must be taken: a group that is mostly empty costs as much as a full one.
    max_trainings
        Most trainings per person: the work of an office must go on, and places should reach many.

    Notes
    -----
    Persons in need of a cell: the published number where it is shown; else the published share of the cell, else
    that of the voivodeship, times the staff of the frame. One of them weighs mean importance times mean gap
    (Borich's weighted discrepancy): the gap is the model's for the institution type where that is shown, else the
    voivodeship's; a negative one weighs nothing.
    """
    teryt = target["teryt"]
    own = needs[needs["teryt"] == teryt].set_index("competence")
    staff = inputs.frame[inputs.frame["teryt"] == teryt].set_index("institution")["staff"]
    institutions = [key for key in inputs.institutions["key"] if key in staff.index]
    known = own.index[own["share"].notna() & own["mwds"].notna()]
    catalogue = list(inputs.competences["key"])
    competences = [key for key in catalogue if key in known]
    if not competences or not institutions:
        return None
    persons = staff.loc[institutions].to_numpy(dtype=np.int64)
    cells = needs_by_institution[needs_by_institution["teryt"] == teryt]
    need = _need(own.loc[competences], cells, institutions, persons)
    weight = _weight(own.loc[competences], pooled[pooled["teryt"] == teryt], institutions)
    rows = {key: row for row, key in enumerate(competences)}
    keys = ["competence", "form", "group_size", "hours", "cost_pln"]
    offer = inputs.offer[inputs.offer["competence"].isin(competences)]
    offer = offer.sort_values(keys, key=lambda column: column.map(rows) if column.name == "competence" else column)
    size = offer["group_size"].to_numpy(dtype=np.int64)
    problem = Problem(
        subject=offer["competence"].map(rows).to_numpy(dtype=np.int64),
        size=size,
        fewest=np.ceil(min_filling * size - 1e-9).astype(np.int64),
        cost=offer["cost_pln"].to_numpy(dtype=float),
        capacity=offer["capacity_groups"].to_numpy(dtype=np.int64),
        need=need,
        weight=weight,
        staff=persons,
        budget=float(target["budget_pln"]),
        trainings_per_person=max_trainings,
        minimum_persons=np.ceil(float(target["minimum_coverage"]) * persons - 1e-9).astype(np.int64),
        persons_target=int(target["persons_supported"]),
        qualified_target=0 if pd.isna(target["persons_qualified"]) else int(target["persons_qualified"]),
        qualified_rate=float(target["qualification_rate"]),
    )
    needed = (weight * need).sum(axis=1) > 0
    taught = set(offer["competence"])
    return RegionProblem(
        problem=problem,
        competences=tuple(competences),
        institutions=tuple(institutions),
        offer=offer,
        without_offer=tuple(
            key for key, is_needed in zip(competences, needed, strict=True) if is_needed and key not in taught
        ),
        without_estimate=tuple(key for key in catalogue if key not in competences),
    )


def _grid(table: pd.DataFrame, column: str, competences: pd.Index, institutions: list[str]) -> np.ndarray:
    """Return a published column as competences x institutions, NaN where it is not shown."""
    shown = table[table["reason"] == ""]
    values = shown.set_index(["competence", "institution"])[column]
    grid = values.reindex(pd.MultiIndex.from_product([competences, institutions]))
    return grid.to_numpy(dtype=float, na_value=np.nan).reshape(len(competences), len(institutions))


def _need(own: pd.DataFrame, cells: pd.DataFrame, institutions: list[str], staff: np.ndarray) -> np.ndarray:
    total = _grid(cells, "staff", own.index, institutions)
    share = _grid(cells, "share", own.index, institutions)
    share = np.where(np.isnan(share), own["share"].to_numpy(dtype=float)[:, None], share)
    estimate = np.where(np.isnan(total), share * staff, total)
    return np.clip(np.floor(estimate + 0.5), 0, staff).astype(np.int64)


def _weight(own: pd.DataFrame, pooled: pd.DataFrame, institutions: list[str]) -> np.ndarray:
    gap = _grid(pooled, "gap", own.index, institutions)
    weighted = own["importance"].to_numpy(dtype=float, na_value=np.nan)[:, None] * gap
    mean = own["mwds"].to_numpy(dtype=float)[:, None]
    return np.maximum(np.where(np.isnan(weighted), mean, weighted), 0.0)
