"""Finds the entity of the registers that a row of the survey is about.

A unit of reintegration often has the NIP of the organisation that runs it, so one number may lead to several
entities; the row's other answers then decide, and where they do not, nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ropsanalysis.io import entity_numbers

KINDS: Final = (*entity_numbers.KINDS, "id")
"""Kinds of number by which an entity is found."""
UNKNOWN: Final = -1
"""No entity has these numbers."""
CONTRADICTORY: Final = -2
"""The numbers belong to different entities."""
SEVERAL: Final = -3
"""The numbers belong to several entities, and nothing tells which is meant."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the entities of the registers.

    Attributes
    ----------
    spells
        As `schema.Inputs.spells`.
    identifiers
        Columns entity, kind, value; NIP and KRS of ten digits, REGON of nine.
    reintegration
        Legal forms of units of reintegration.
    last_year
        Last year that the registers describe.
    """

    spells: pd.DataFrame
    identifiers: pd.DataFrame
    reintegration: frozenset[str]
    last_year: int


def standard(kind: str, text: str) -> str:
    """Return an identifier as it is compared, or an empty text if there is none or it is wrong.

    Examples
    --------
    >>> standard("nip", "526-10-40-828"), standard("krs", "22306"), standard("id", " ZAZ/ 7"), standard("nip", "1")
    ('5261040828', '0000022306', 'zaz/ 7', '')
    """
    for official in entity_numbers.KINDS:
        if kind == official:
            return entity_numbers.read(official, text).value
    return " ".join(text.casefold().split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows of the survey say of the entity they are about; one element per row.

    Attributes
    ----------
    numbers
        For each kind given, the identifiers as `standard` returns them; empty where none is given.
    legal_form
        Key of the legal form; empty where not given.
    year
        Year of the answers.
    reintegrates
        Whether the row has answers that only units of reintegration give.
    """

    numbers: Mapping[str, NDArray[np.object_]]
    legal_form: NDArray[np.object_]
    year: NDArray[np.int64]
    reintegrates: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Matched:
    """Entity of each row.

    Attributes
    ----------
    position
        Position in `entities`, or one of `UNKNOWN`, `CONTRADICTORY`, `SEVERAL`.
    entities
        Identifiers of entities.
    open
        Whether the entity was open on any day of the row's year.
    reintegration
        Whether it was a unit of reintegration in that year.
    """

    position: NDArray[np.int64]
    entities: NDArray[np.object_]
    open: NDArray[np.bool_]
    reintegration: NDArray[np.bool_]


def match(asked: Asked, known: Known) -> Matched:
    """Find the entity of each row.

    Notes
    -----
    Candidates are the entities that have all of the row's NIP, REGON and KRS that any register knows. The number of
    an entry (id) counts only between them, or where there is none of those: numbers of entries of different registers
    may be alike. Then a legal form that is given, being open in the year and answers about reintegration decide, one
    after another, as far as they leave a candidate.
    """
    entities = known.spells["entity"].drop_duplicates().to_numpy(dtype=object)
    found = {kind: _candidates(kind, texts, known, entities) for kind, texts in asked.numbers.items()}
    count = len(asked.year)
    official = [found[kind] for kind in KINDS if kind != "id" and kind in found]
    pairs, contradictory = _common(official)
    if "id" in found:
        without = found["id"][~found["id"]["row"].isin(pd.concat([pairs["row"], contradictory]))]
        pairs = _prefer(pairs, _is_among(pairs, found["id"]))
        pairs = pd.concat([pairs, without], ignore_index=True)
    pairs = _described(pairs, asked, known, entities)
    pairs = _prefer(pairs, pairs["form_fits"])
    pairs = _prefer(pairs, pairs["open"])
    pairs = _prefer(pairs, pairs["reintegration"] == asked.reintegrates[pairs["row"]])

    position = np.full(count, UNKNOWN, dtype=np.int64)
    position[contradictory.to_numpy(dtype=np.int64)] = CONTRADICTORY
    position[pairs["row"].to_numpy()] = pairs["entity"].to_numpy()
    position[pairs.loc[pairs["row"].duplicated(), "row"].to_numpy()] = SEVERAL
    is_open, reintegration = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    is_open[pairs["row"].to_numpy()] = pairs["open"].to_numpy()
    reintegration[pairs["row"].to_numpy()] = pairs["reintegration"].to_numpy()
    return Matched(position, entities, is_open, reintegration)


def _candidates(kind: str, texts: NDArray[np.object_], known: Known, entities: NDArray[np.object_]) -> pd.DataFrame:
    """Return each pair of a row and an entity that has its number: columns row, entity (a position)."""
    own = known.identifiers[known.identifiers["kind"] == kind]
    has = pd.DataFrame(
        {
            # Official numbers are digits already; numbers of entries are as written.
            "value": np.array([standard(kind, text) if kind == "id" else text for text in own["value"]], dtype=object),
            "entity": pd.Index(entities).get_indexer(pd.Index(own["entity"])),
        }
    )
    has = has[(has["value"] != "") & (has["entity"] >= 0)].drop_duplicates()
    asked = pd.DataFrame({"value": texts, "row": np.arange(len(texts))})
    pairs = asked[asked["value"] != ""].merge(has, on="value")
    return pairs[["row", "entity"]].astype("int64")


def _common(found: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.Series[int]]:
    """Return the pairs that every known number of a row agrees on, and the rows without any such pair."""
    if not found:
        return pd.DataFrame({"row": [], "entity": []}, dtype="int64"), pd.Series(dtype="int64")
    together = pd.concat(found, ignore_index=True)
    kinds = pd.concat([pairs["row"].drop_duplicates() for pairs in found]).value_counts()
    agreed = together.groupby(["row", "entity"], as_index=False).size()
    common = agreed.loc[agreed["size"].to_numpy() == kinds.reindex(agreed["row"]).to_numpy(), ["row", "entity"]]
    without = kinds.index[~kinds.index.isin(common["row"])]
    return common.reset_index(drop=True), pd.Series(without, dtype="int64")


def _is_among(pairs: pd.DataFrame, others: pd.DataFrame) -> pd.Series[bool]:
    return pd.Series(pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(others)), index=pairs.index)


def _prefer(pairs: pd.DataFrame, fits: pd.Series[bool]) -> pd.DataFrame:
    """Keep the pairs that fit; of a row where none does, all of them."""
    any_fits = fits.groupby(pairs["row"]).transform("any").astype(bool)
    return pairs[fits | ~any_fits].reset_index(drop=True)


def _described(pairs: pd.DataFrame, asked: Asked, known: Known, entities: NDArray[np.object_]) -> pd.DataFrame:
    """Add what the registers say of the entity in the row's year: open, reintegration, form_fits."""
    spells = pd.DataFrame(
        {
            "entity": pd.Index(entities).get_indexer(pd.Index(known.spells["entity"])),
            "legal_form": known.spells["legal_form"].to_numpy(),
            "first": known.spells["start"].dt.year.to_numpy(dtype=float),
            # A spell that ends on the first day of a year does not hold on any day of it.
            "last": (known.spells["end"] - pd.Timedelta(days=1)).dt.year.fillna(np.inf).to_numpy(dtype=float),
        }
    )
    asked_of = pairs.assign(
        pair=np.arange(len(pairs)),
        year=asked.year[pairs["row"]],
        wanted=asked.legal_form[pairs["row"]],
    )
    joined = asked_of.merge(spells, on="entity")
    joined["open"] = joined["year"].between(joined["first"], joined["last"])
    holds = joined["open"] | ~joined.groupby("pair")["open"].transform("any")  # if closed, what it was at all
    joined["reintegration"] = joined["legal_form"].isin(known.reintegration) & holds
    joined["form_fits"] = (joined["legal_form"] == joined["wanted"]) & holds
    told = joined.groupby("pair")[["open", "reintegration", "form_fits"]].any()
    return pairs.join(told.reindex(range(len(pairs)), fill_value=False))
