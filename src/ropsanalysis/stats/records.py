"""The published tables as typed records: what a report reads, free of data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar, get_type_hints

import pandas as pd

_Record = TypeVar("_Record", bound=NamedTuple)


class Estimate(NamedTuple):
    """An estimate with the ends of its interval; all three None where it is not shown."""

    value: float | None
    low: float | None
    high: float | None

    @property
    def shown(self) -> bool:
        """Whether there is something to print."""
        return self.value is not None


NO_ESTIMATE: Final = Estimate(None, None, None)


def as_records(
    table: pd.DataFrame, record: type[_Record], *, teryt: str | None = None, inside: str | None = None
) -> tuple[_Record, ...]:
    """Return the rows of a table as records, in their order.

    Parameters
    ----------
    table
        Columns named as the record's fields. The ends of an `Estimate` called x are x_low and x_high; of x_share or
        x_rate also x_low and x_high; of share_x also low_x and high_x; else low and high. A field with a default may
        lack its column.
    record
        The type of record.
    teryt
        Keeps only the rows of this unit.
    inside
        Keeps only the rows of this unit and of those whose code begins with its code.
    """
    if table.empty:
        return ()
    own = table
    if teryt is not None:
        own = own[own["teryt"] == teryt]
    if inside is not None:
        own = own[own["teryt"].str.startswith(inside)]
    kinds = {name: kind for name, kind in get_type_hints(record).items() if name in own.columns}
    return tuple(
        record(**{name: _CONVERSIONS[kind](row, name) for name, kind in kinds.items()})  # type: ignore[call-overload]
        for row in own.to_dict("records")
    )


def _number(row: Mapping[Any, Any], name: str) -> float | None:
    return None if pd.isna(row[name]) else float(row[name])


def _whole(row: Mapping[Any, Any], name: str) -> int | None:
    return None if pd.isna(row[name]) else int(row[name])


def _text(row: Mapping[Any, Any], name: str) -> str:
    return "" if pd.isna(row[name]) else str(row[name])


def _flag(row: Mapping[Any, Any], name: str) -> bool:
    return not pd.isna(row[name]) and bool(row[name])


def _estimate(row: Mapping[Any, Any], name: str) -> Estimate:
    low, high = next(ends for ends in _ends(name) if ends[0] in row)
    return Estimate(_number(row, name), _number(row, low), _number(row, high))


def _ends(name: str) -> Iterator[tuple[str, str]]:
    """Yield what the ends of an interval may be called, the most particular name first."""
    stem = name.removesuffix("_share").removesuffix("_rate")
    last = name.removeprefix("share_")
    yield f"{name}_low", f"{name}_high"
    yield f"{stem}_low", f"{stem}_high"
    yield f"low_{last}", f"high_{last}"
    yield "low", "high"


_CONVERSIONS: Final[Mapping[Any, Callable[[Mapping[Any, Any], str], Any]]] = {
    str: _text,
    bool: _flag,
    int: lambda row, name: int(row[name]),
    float: lambda row, name: float(row[name]),
    float | None: _number,
    int | None: _whole,
    Estimate: _estimate,
}
