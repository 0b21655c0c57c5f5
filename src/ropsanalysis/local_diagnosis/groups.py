"""Whom a gmina or powiat is compared with: units of its kind, in the voivodeship or, where few, in the country."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.local_diagnosis.parameters import LocalParameters

SCOPES: Final = ("kind_in_voivodeship", "kind_in_country", "voivodeship")
"""The groups that a unit may be compared with, the first one that is large enough before the others."""


def group_keys(units: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Return for each scope the name of the group that each unit of one level belongs to."""
    return {
        "kind_in_voivodeship": units["voivodeship"] + " " + units["kind"],
        "kind_in_country": units["kind"],
        "voivodeship": units["voivodeship"],
    }


def scopes(units: pd.DataFrame, *, parameters: LocalParameters) -> pd.DataFrame:
    """Return the scope of each unit's group and its number of units, the unit itself among them.

    Parameters
    ----------
    units
        Units of one level.

    Returns
    -------
    DataFrame
        Columns scope and group_size, in the order of `units`.

    Notes
    -----
    Units of a kind in the voivodeship if there are enough of them, else those of the whole country, else all units of
    the level in the voivodeship.
    """
    sizes = {scope: key.map(key.value_counts()) for scope, key in group_keys(units).items()}
    near, country = (sizes[scope] >= parameters.min_group for scope in SCOPES[:2])
    scope = np.select([near, country], SCOPES[:2], default=SCOPES[2])
    size = np.select([near, country], [sizes[name] for name in SCOPES[:2]], default=sizes[SCOPES[2]])
    return pd.DataFrame({"scope": scope, "group_size": size.astype("int64")}, index=units.index)


def nearest_in_size(units: pd.DataFrame, population: np.ndarray, *, parameters: LocalParameters) -> pd.DataFrame:
    """Return for each unit those of its group with the nearest number of inhabitants.

    Parameters
    ----------
    units
        Units of one level with the column scope.
    population
        Newest number of inhabitants, in the order of `units`; units without one are nobody's neighbours.

    Returns
    -------
    DataFrame
        Columns teryt, order (from 1), peer, peer_name, peer_kind, peer_voivodeship, population.
    """
    size = np.log(population)
    parts = []
    for scope, key in group_keys(units).items():
        for _, members in units.groupby(key.to_numpy(), sort=True).groups.items():
            place = units.index.get_indexer(members)
            known = place[~np.isnan(size[place])]
            asking = known[(units["scope"].to_numpy() == scope)[known]]
            if not len(asking) or len(known) < 2:
                continue
            away = np.abs(size[asking][:, None] - size[known][None, :])
            away[asking[:, None] == known[None, :]] = np.inf
            near = np.argsort(away, axis=1, kind="stable")[:, : min(parameters.n_peers, len(known) - 1)]
            peer = known[near]
            parts.append(
                pd.DataFrame(
                    {
                        "teryt": np.repeat(units["teryt"].to_numpy()[asking], peer.shape[1]),
                        "order": np.tile(np.arange(1, peer.shape[1] + 1), len(asking)),
                        "peer": units["teryt"].to_numpy()[peer.ravel()],
                        "peer_name": units["name"].to_numpy()[peer.ravel()],
                        "peer_kind": units["kind"].to_numpy()[peer.ravel()],
                        "peer_voivodeship": units["voivodeship"].to_numpy()[peer.ravel()],
                        "population": population[peer.ravel()],
                    }
                )
            )
    columns = ["teryt", "order", "peer", "peer_name", "peer_kind", "peer_voivodeship", "population"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.sort_values(["teryt", "order"], ignore_index=True)
