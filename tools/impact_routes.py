"""Results of the social impact by other routes: loops as one writes them without this package.

Effects by year of opening and year: a regression with statsmodels, or a difference of means with numpy, for each, and
a bootstrap that draws clusters with replacement and does all of them again. The social return of an impact map: plain
Python draw by draw, and numpy with arrays of draws and a loop over years.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm

Vector = np.ndarray[Any, Any]
Matrix = np.ndarray[Any, Any]
Cells = dict[tuple[int, int], float]
#: Low, central and high assumptions of an outcome: quantity, proxy, four shares, duration.
Outcome = list[tuple[float, float, float]]


def loop_cells(panel: pd.DataFrame) -> Cells:
    """Return the effect on each group in each year, beside gminas that never opened a centre.

    Parameters
    ----------
    panel
        Columns teryt, year, opened (NaN for none) and rate; a row per gmina and year, without gaps.
    """
    years = sorted(panel["year"].unique())
    wide = panel.pivot_table(index="teryt", columns="year", values="rate")
    opened = panel.groupby("teryt")["opened"].first()
    found = {}
    for group in sorted(opened.dropna().unique()):
        for now in years[1:]:
            base = now - 1 if now < group else group - 1
            chosen = (opened == group) | opened.isna()
            frame = pd.DataFrame({"change": wide[now] - wide[base], "treated": (opened == group).astype(float)})[chosen]
            fit = sm.OLS(frame["change"], sm.add_constant(frame["treated"])).fit()
            found[int(group), int(now)] = float(fit.params["treated"])
    return found


def loop_bootstrap(panel: pd.DataFrame, draws: int, rng: np.random.Generator) -> list[Cells]:
    """Return the effects of so many samples of clusters (powiats), drawn with replacement."""
    clusters = dict(iter(panel.groupby(panel["teryt"].str[:4])))
    names = list(clusters)
    drawn = []
    for _ in range(draws):
        chosen = rng.choice(names, len(names))
        parts = [clusters[name].assign(teryt=lambda t, n=n: t["teryt"] + f"-{n}") for n, name in enumerate(chosen)]
        drawn.append(loop_cells(pd.concat(parts, ignore_index=True)))
    return drawn


def array_cells(rates: Matrix, years: Vector, opened: Vector) -> Cells:
    """Return the same effects as differences of means, from a table of gminas by years; opened is NaN for none."""
    never = np.isnan(opened)
    found = {}
    for group in np.unique(opened[~never]):
        treated = opened == group
        for now in range(1, years.size):
            base = now - 1 if years[now] < group else int(np.searchsorted(years, group)) - 1
            change = rates[:, now] - rates[:, base]
            found[int(group), int(years[now])] = float(change[treated].mean() - change[never].mean())
    return found


def array_bootstrap(
    rates: Matrix, years: Vector, opened: Vector, clusters: Vector, draws: int, rng: np.random.Generator
) -> list[Cells]:
    """Return the effects of so many samples of clusters, as differences of means."""
    members = [np.flatnonzero(clusters == name) for name in np.unique(clusters)]
    drawn = []
    for _ in range(draws):
        chosen = np.concatenate([members[place] for place in rng.integers(0, len(members), len(members))])
        drawn.append(array_cells(rates[chosen], years, opened[chosen]))
    return drawn


def csdid_event(panel: pd.DataFrame, *, draws: int) -> None:
    """Make the event study of the same effects with csdid, in clusters of powiats, with simultaneous bands."""
    from csdid.att_gt import ATTgt  # not a dependency: only where somebody installed it

    data = panel.assign(
        powiat=panel["teryt"].str[:4].astype(int), gmina=panel["teryt"].astype(int), group=panel["opened"].fillna(0)
    )
    found = ATTgt(
        yname="rate", tname="year", idname="gmina", gname="group", data=data, control_group="nevertreated",
        clustervar="powiat", biters=draws, cband=True, xformla="rate~1",
    )  # fmt: skip
    found.fit(est_method="reg")
    found.aggte("dynamic")


def loop_ratios(outcomes: list[Outcome], *, inputs: float, rate: float, draws: int, seed: int) -> list[float]:
    """Return the ratio of each draw, in plain Python; assumptions are triangular."""
    chance = random.Random(seed)  # noqa: S311
    ratios = []
    for _ in range(draws):
        total = 0.0
        for outcome in outcomes:
            quantity, proxy, deadweight, displacement, attribution, drop_off, duration = (
                chance.triangular(low, high, central) for low, central, high in outcome
            )
            value = quantity * proxy * (1 - deadweight) * (1 - displacement) * (1 - attribution)
            year = 1
            while duration > 0:
                total += value * min(duration, 1.0) / (1 + rate) ** year
                value *= 1 - drop_off
                duration -= 1
                year += 1
        ratios.append(total / inputs)
    return ratios


def array_ratios(
    outcomes: list[Outcome], *, inputs: float, rate: float, draws: int, rng: np.random.Generator, chunk: int = 10_000
) -> Vector:
    """Return the ratio of each draw, with numpy's own triangular draws and a loop over years."""
    low, central, high = np.moveaxis(np.array(outcomes), 2, 0)
    ratios = []
    for start in range(0, draws, chunk):
        size = min(chunk, draws - start)
        table = rng.triangular(low[..., None], central[..., None], high[..., None], size=(*low.shape, size))
        quantity, proxy, deadweight, displacement, attribution, drop_off, duration = np.moveaxis(table, 1, 0)
        value = quantity * proxy * (1 - deadweight) * (1 - displacement) * (1 - attribution)
        total = np.zeros(size)
        for year in range(int(np.ceil(duration.max()))):
            part = np.clip(duration - year, 0.0, 1.0)
            total += (value * (1 - drop_off) ** year * part).sum(axis=0) / (1 + rate) ** (year + 1)
        ratios.append(total / inputs)
    return np.concatenate(ratios)
