"""Words and records that the whole package shares: flags of missing values, kinds of indicators, files and choices.

They stand here, on the ground floor, because readers, schemas and topics must agree on them to the letter.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["rate", "percent", "amount", "count", "index"]
Direction = Literal["lower", "higher", "neutral"]
Measurement = Literal["register", "survey"]
Status = Literal["used", "excluded"]
ZeroRule = Literal["real", "missing", "unclear"]

KINDS: Final[tuple[Kind, ...]] = ("rate", "percent", "amount", "count", "index")
DIRECTIONS: Final[tuple[Direction, ...]] = ("lower", "higher", "neutral")
MEASUREMENTS: Final[tuple[Measurement, ...]] = ("register", "survey")
STATUSES: Final[tuple[Status, ...]] = ("used", "excluded")
ZERO_RULES: Final[tuple[ZeroRule, ...]] = ("real", "missing", "unclear")

PUBLISHED: Final = ""

MISSING_FLAGS: Final[dict[str, str]] = {
    "not_published": "nieopublikowane",
    "withheld": "utajnione lub brak informacji w źródle (znak „x”)",
    "zero_means_missing": "źródło podaje 0, które oznacza brak danych",
    "unclear_zero": "źródło podaje 0; nie wiadomo, czy to zero rzeczywiste, czy brak danych",
}
"""Why a value is null; each with the words a reader sees."""

VALUE_FLAGS: Final[dict[str, str]] = {
    "incomplete": "agregat może być niekompletny",
    "preliminary": "szacunek wstępny",
    "low_precision": "dane o niskiej precyzji",
    "below_format": "wartość mniejsza niż przyjęty format prezentacji",
    "method_change": "zmiana metodologiczna",
    "balance_zero": "zero jako wynik bilansu wartości niezerowych",
    "joint": "łącznie dla powiatu i miasta na prawach powiatu",
}
"""What to know about a value that is there; used by the Local Data Bank."""

FLAGS: Final[tuple[str, ...]] = (PUBLISHED, *MISSING_FLAGS, *VALUE_FLAGS)


class SourceFile(NamedTuple):
    """A data file a report was computed from; `sha256` in hexadecimal, `size` in bytes.

    Rows are None for a file about persons: a report must not tell how many answered where that is hidden.
    """

    path: str
    sha256: str
    size: int
    rows_in: int | None
    rows_out: int | None
    source: str


class Choice(NamedTuple):
    """A choice of method with its Polish description, as the catalogue gives it."""

    name: str
    value: bool | float | str
    unit: str
    description: str
