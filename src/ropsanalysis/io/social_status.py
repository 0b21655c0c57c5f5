"""Gives entities their spells as social enterprises, from lists of entities and from lists of the status alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.entity_numbers import KINDS
from ropsanalysis.io.social_lists import ListRead
from ropsanalysis.social_economy.schema import STATUS_COLUMNS

ATTACHED_COLUMNS: Final = ("list", "row", "teryt", "entity")

_NAT: Final = np.datetime64("NaT", "s")


def attach_status(
    lists: Sequence[ListRead],
    records: pd.DataFrame,
    entity: npt.NDArray[np.object_],
    spells: pd.DataFrame,
    *,
    units: npt.NDArray[np.bool_],
    as_of: pd.Timestamp,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the spells of the status, and which rows of lists of the status alone were attached.

    Parameters
    ----------
    lists
        All lists; what is wrong with rows is added to their notes.
    records
        Rows in use of lists that name entities.
    entity, units
        Entity of each record; whether it is a unit of reintegration.
    spells
        As `schema.Inputs.spells`.
    as_of
        Day that the registers describe; what comes later is left out.

    Returns
    -------
    tuple
        Columns `STATUS_COLUMNS`, without overlaps, sorted; and columns `ATTACHED_COLUMNS`.

    Notes
    -----
    A row of a list of the status alone belongs to the entity outside reintegration that has its NIP, REGON or KRS,
    else to the one of its name in its gmina. The status ends with the entity.
    """
    known: _Known | None = None
    own = records["since"].notna().to_numpy()
    found = [pd.DataFrame({"entity": entity[own], "since": records["since"][own], "until": records["until"][own]})]
    attached: list[tuple[int, int, str, str]] = []
    last_gmina = spells.drop_duplicates("entity", keep="last").set_index("entity")["teryt"]
    for one in lists:
        if not one.mapping.attaches or one.records is None:
            continue
        rows = one.records
        known = known or _Known(records[~units], entity[~units])
        names = rows["name"].to_numpy(dtype=object)
        ids = np.array(
            [known.find(*row) for row in zip(*(rows[kind] for kind in (*KINDS, "core", "teryt")), strict=True)]
        )
        missing = [(int(row), f"„{name}”") for row, name in zip(rows["row"][ids == ""], names[ids == ""], strict=True)]
        one.notes.add(
            "ES-27", one.mapping.columns.get("name", ""), missing, "podmiot z innej listy, z tym samym numerem",
            "Wiersz pominięto. Proszę dostarczyć rejestr, w którym jest ten podmiot, albo sprawdzić numer.",
            refuse=True,
        )  # fmt: skip
        kept = rows[ids != ""]
        owners = ids[ids != ""]
        attached.extend(
            zip(kept["list"].tolist(), kept["row"].tolist(), last_gmina.loc[owners].str[:2], owners, strict=True)
        )
        dated = kept["since"].notna().to_numpy()
        found.append(
            pd.DataFrame({"entity": owners[dated], "since": kept["since"][dated], "until": kept["until"][dated]})
        )
    table = pd.concat(found, ignore_index=True)
    table = table[~(table["since"] > as_of)]
    table = _within(table.assign(until=table["until"].where(~(table["until"] > as_of))), spells)
    return _without_overlap(table), pd.DataFrame(attached, columns=list(ATTACHED_COLUMNS))


class _Known:
    """Finds an entity outside reintegration by what a list of the status says of it."""

    def __init__(self, records: pd.DataFrame, entity: npt.NDArray[np.object_]) -> None:
        self._numbers: dict[str, dict[str, str]] = {
            kind: {value: str(one) for value, one in zip(records[kind], entity, strict=True) if value} for kind in KINDS
        }
        self._names: dict[tuple[str, str], set[str]] = {}
        for core, teryt, one in zip(records["core"], records["teryt"], entity, strict=True):
            self._names.setdefault((core, teryt), set()).add(str(one))

    def find(self, nip: str, regon: str, krs: str, core: str, teryt: str) -> str:
        """Return the entity, or an empty text if there is none or the numbers lead to several."""
        given = {"krs": krs, "nip": nip, "regon": regon}
        found = {self._numbers[kind][value] for kind, value in given.items() if value in self._numbers[kind]}
        if not found and core and teryt:
            found = self._names.get((core, teryt), set())
        return next(iter(found)) if len(found) == 1 else ""


def _within(table: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Return the status for as long as the entity lasts."""
    open_ = spells["end"].isna().groupby(spells["entity"]).any()
    last = spells.groupby("entity")["end"].max().where(~open_)
    ends = table["entity"].map(last)
    until = table["until"].where(table["until"].notna() & ~(table["until"] > ends), ends)
    return table.assign(until=until)[~(table["since"] >= ends)]


def _without_overlap(table: pd.DataFrame) -> pd.DataFrame:
    """Return spells of the status joined where they overlap or meet."""
    table = table.sort_values(["entity", "since", "until"], ignore_index=True)
    lines: list[tuple[str, np.datetime64, np.datetime64]] = []
    for entity, since, until in _rows(table):
        if lines and lines[-1][0] == entity and (np.isnat(lines[-1][2]) or since <= lines[-1][2]):
            _, first, last = lines.pop()
            longer = last if np.isnat(last) or until <= last else until
            lines.append((entity, first, longer))
        else:
            lines.append((entity, since, until))
    result = pd.DataFrame(lines, columns=list(STATUS_COLUMNS))
    return result.astype({"entity": "str", "since": "datetime64[s]", "until": "datetime64[s]"})


def _rows(table: pd.DataFrame) -> Iterable[tuple[str, np.datetime64, np.datetime64]]:
    since = table["since"].to_numpy(dtype="datetime64[s]")
    until = table["until"].to_numpy(dtype="datetime64[s]")
    return zip(table["entity"], since, until, strict=True)
