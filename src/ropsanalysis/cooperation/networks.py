"""How the entities of a pilot work together before and after the model, and whether that changed beyond chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from ropsanalysis.cooperation.parameters import CooperationParameters
from ropsanalysis.cooperation.protection import P_DIGITS, SHARE_DIGITS
from ropsanalysis.cooperation.published import Row, as_table
from ropsanalysis.cooperation.schema import LEVELS, SECTORS, WAVES, Inputs
from ropsanalysis.stats.comparison import adjust
from ropsanalysis.stats.network import (
    Network,
    PairedTest,
    betweenness,
    brokered_paths,
    circle_layout,
    measures,
    paired_permutations,
)
from ropsanalysis.stats.network_measures import MEASURES
from ropsanalysis.stats.published import rounded
from ropsanalysis.stats.vocabulary import IntVector

LOCAL: Final[Mapping[str, int]] = {"gmina": 0, "powiat": 1}
"""Levels of local government; ties between them are what the minimum content asks for. Entities of the region, the
inspirer first of all, are in no part of that share."""


class PilotNetwork(NamedTuple):
    """Entities of a pilot and their ties.

    Attributes
    ----------
    entities
        Rows of the partners, by sector, level and key: the order of the networks' nodes.
    strength
        Wave -> strength of the tie of each two entities, shape (n, n), 0 where there is none or one weaker than
        `min_strength`.
    waves
        Waves in which ties were recorded; of another one nothing is known.
    """

    teryt: str
    pilot: str
    entities: pd.DataFrame
    strength: Mapping[str, IntVector]
    waves: tuple[str, ...]

    def network(self, wave: str) -> Network:
        """Return a wave's network."""
        animators = np.flatnonzero(self.entities["role"] == "animator")
        return Network(
            self.strength[wave] > 0,
            _codes(self.entities["sector"], SECTORS),
            np.array([LOCAL.get(level, -1) for level in self.entities["level"]], dtype=np.int64),
            int(animators[0]) if animators.size else None,
        )


def read_networks(inputs: Inputs, *, parameters: CooperationParameters) -> list[PilotNetwork]:
    """Return the networks of all pilots with partners, by voivodeship and pilot.

    Notes
    -----
    Each entity that ever took part stands in both waves, so that these can be compared. Of several animators the first
    in order counts as the one whose brokerage is measured.
    """
    found = []
    for teryt, pilot in sorted(zip(inputs.pilots["teryt"], inputs.pilots["pilot"], strict=True)):
        own = inputs.partners[inputs.partners["pilot"] == pilot]
        if own.empty:
            continue
        ranks = own.assign(first=_codes(own["sector"], SECTORS), second=_codes(own["level"], LEVELS))
        entities = ranks.sort_values(["first", "second", "entity"], ignore_index=True)
        places = {entity: place for place, entity in enumerate(entities["entity"])}
        ties = inputs.ties[inputs.ties["pilot"] == pilot]
        strength = {wave: np.zeros((len(entities), len(entities)), dtype=np.int64) for wave in WAVES}
        for tie in ties[ties["strength"] >= parameters.min_strength].itertuples():
            one, other = places[tie.source], places[tie.target]
            strength[str(tie.wave)][[one, other], [other, one]] = tie.strength
        waves = tuple(wave for wave in WAVES if (ties["wave"] == wave).any())
        found.append(PilotNetwork(teryt, pilot, entities, strength, waves))
    return found


def network_table(networks: Sequence[PilotNetwork], *, parameters: CooperationParameters) -> pd.DataFrame:
    """Return the measures of each pilot before and after, and their mean over the pilots of a voivodeship.

    Notes
    -----
    p is that of the permutation test (`stats.network.paired_permutations`), Holm's correction runs over the measures of
    one pilot, or of the mean. The mean is of the pilots in which both waves have the measure. Brokerage is a share of
    paths, of which there may be one or hundreds: below `min_paths` it is not told, and instead of a mean that of the
    paths of all pilots together stands, without a test (that would be one of the mean).
    """
    rows: list[Row] = []
    for teryt in sorted({one.teryt for one in networks}):
        own = [one for one in networks if one.teryt == teryt]
        both = [one for one in own if one.waves == WAVES]
        before, after = ([one.network(wave) for one in both] for wave in WAVES)
        rngs = [np.random.default_rng([parameters.seed, crc32(f"{teryt}/{one.pilot}".encode())]) for one in both]
        tests = paired_permutations(before, after, rngs=rngs, draws=parameters.permutations)
        found = [(measures(first), measures(last)) for first, last in zip(before, after, strict=True)]
        whole = _rows(teryt, "", both, found, tests.mean, "" if both else _reason(own))
        rows += [
            row | _brokerage(both, parameters, pooled=True) if row["measure"] == "brokerage" else row for row in whole
        ]
        places = {one.pilot: place for place, one in enumerate(both)}
        for one in own:
            if (place := places.get(one.pilot)) is not None:
                told = _rows(teryt, one.pilot, [one], [found[place]], tests.each[place], "")
            else:
                told = _without_test(one)
            rows += [row | _brokerage([one], parameters) if row["measure"] == "brokerage" else row for row in told]
    return as_table("network", rows)


def _reason(networks: Sequence[PilotNetwork]) -> str:
    """Return why the waves of none of the networks can be compared."""
    return "one_wave" if any(one.waves for one in networks) else "no_ties"


def _rows(
    teryt: str,
    pilot: str,
    networks: Sequence[PilotNetwork],
    found: Sequence[tuple[Mapping[str, float], Mapping[str, float]]],
    tests: Mapping[str, PairedTest],
    reason: str,
) -> list[Row]:
    """Return the rows of one pilot, or of the mean over several, from the measures of each before and after."""
    untested = {"brokerage"} if not pilot else set()
    adjusted = adjust([np.nan if name in untested else tests[name].p for name in MEASURES], method="holm")
    rows = []
    for place, name in enumerate(MEASURES):
        pairs = np.array([(first[name], last[name]) for first, last in found]).reshape(-1, 2)
        row: Row = {"teryt": teryt, "pilot": pilot, "measure": name}
        row["entities"] = sum(len(one.entities) for one in networks)
        rows.append(row | _numbers(pairs, tests[name], float(adjusted[place]), reason))
    return rows


def _numbers(pairs: np.ndarray, test: PairedTest, adjusted: float, reason: str) -> Row:
    known = pairs[~np.isnan(pairs).any(axis=1)]
    if not len(known):
        return {"reason": reason or "no_ties"}
    before, after = known.mean(axis=0)
    return {
        "before": rounded(before, SHARE_DIGITS),
        "after": rounded(after, SHARE_DIGITS),
        "difference": rounded(test.difference, SHARE_DIGITS),
        "p": rounded(test.p, P_DIGITS),
        "p_adjusted": rounded(adjusted, P_DIGITS),
        "reason": "",
    }


def _brokerage(networks: Sequence[PilotNetwork], parameters: CooperationParameters, *, pooled: bool = False) -> Row:
    """Return what a row on brokerage has of its own: paths, and no share or test where there are too few of them.

    Parameters
    ----------
    pooled
        Whether the row is that of all pilots together: the paths of those with an animator are one number.
    """
    row: Row = {}
    shares: dict[str, float] = {}
    for wave in WAVES:
        counts = [brokered_paths(one.network(wave)) for one in networks if wave in one.waves]
        known = np.array([pair for pair in counts if not np.isnan(pair[0])]).reshape(-1, 2)
        through, paths = known.sum(axis=0)
        if not len(known):
            continue
        row[f"paths_{wave}"] = int(paths)
        if paths >= parameters.min_paths:
            shares[wave] = through / paths
        else:
            row["reason"] = "few_paths"
    row |= {wave: rounded(shares[wave], SHARE_DIGITS) if wave in shares else None for wave in WAVES}
    if shares.keys() != set(WAVES):
        return row | {"difference": None, "p": None, "p_adjusted": None}
    if pooled:
        row |= {"difference": rounded(shares["after"] - shares["before"], SHARE_DIGITS), "p": None, "p_adjusted": None}
        row["reason"] = ""
    return row


def _without_test(one: PilotNetwork) -> list[Row]:
    """Return the rows of a pilot of which one wave is known, or none."""
    common: Row = {"teryt": one.teryt, "pilot": one.pilot, "entities": len(one.entities), "reason": _reason([one])}
    known = {wave: measures(one.network(wave)) for wave in one.waves}
    return [
        common | {"measure": name} | {wave: rounded(found[name], SHARE_DIGITS) for wave, found in known.items()}
        for name in MEASURES
    ]


def brokers(networks: Sequence[PilotNetwork]) -> pd.DataFrame:
    """Return each entity's place among the others, and where it is drawn (see `stats.network.circle_layout`).

    Notes
    -----
    degree: ties of all possible ones; sectors: how many sectors its ties reach, its own included if one of them does.
    Without ties recorded after the model there are neither.
    """
    rows: list[Row] = []
    for one in networks:
        network = one.network("after")
        places = circle_layout(network.sector, network.animator)
        between = betweenness(network)
        others = max(len(one.entities) - 1, 1)
        for place, entity in enumerate(one.entities.to_dict("records")):
            row: Row = {name: entity[name] for name in ("entity", "name", "sector", "level", "role")}
            row |= {"teryt": one.teryt, "pilot": one.pilot}
            row["sectors"] = int(np.unique(network.sector[network.adjacency[place]]).size)
            row |= {axis: rounded(number, SHARE_DIGITS) for axis, number in zip("xy", places[place], strict=True)}
            for wave, name in zip(WAVES, ("degree_before", "degree"), strict=True):
                degree = float((one.strength[wave][place] > 0).sum()) / others
                row[name] = rounded(degree, SHARE_DIGITS) if wave in one.waves else None
            row["betweenness"] = rounded(between[place], SHARE_DIGITS) if "after" in one.waves else None
            rows.append(row)
    return as_table("brokers", rows)


def ties(networks: Sequence[PilotNetwork]) -> pd.DataFrame:
    """Return the ties of each pilot, of the strength that the measures count."""
    rows: list[Row] = []
    for one in networks:
        before, after = (one.strength[wave] for wave in WAVES)
        entities = one.entities["entity"].tolist()
        for first, second in np.argwhere(np.triu(before + after) > 0).tolist():
            source, target = sorted((entities[first], entities[second]))
            rows.append(
                {
                    "teryt": one.teryt, "pilot": one.pilot, "source": source, "target": target,
                    "before": int(before[first, second]), "after": int(after[first, second]),
                }
            )  # fmt: skip
    return as_table("ties", rows)


def sector_ties(networks: Sequence[PilotNetwork]) -> pd.DataFrame:
    """Count ties between each two sectors, and within each, over the pilots of which both waves are known."""
    counts: defaultdict[tuple[str, int, int], IntVector] = defaultdict(lambda: np.zeros(3, dtype=np.int64))
    for one in networks:
        if one.waves != WAVES:
            continue
        sector = one.network("after").sector
        for first, second in zip(*np.triu_indices(len(sector), k=1), strict=True):
            lower, upper = sorted((int(sector[first]), int(sector[second])))
            tied = [one.strength[wave][first, second] > 0 for wave in WAVES]
            counts[one.teryt, lower, upper] += np.array([*tied, True], dtype=np.int64)
    rows = [
        {"teryt": teryt, "first": SECTORS[first], "second": SECTORS[second]}
        | dict(zip(("before", "after", "possible"), numbers.tolist(), strict=True))
        for (teryt, first, second), numbers in sorted(counts.items())
    ]
    return as_table("sector_ties", rows)


def _codes(values: pd.Series[str], vocabulary: Sequence[str]) -> IntVector:
    return np.array([vocabulary.index(value) for value in values], dtype=np.int64)
