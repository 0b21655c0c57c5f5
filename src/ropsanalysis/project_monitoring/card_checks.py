"""The project's card: what the office delivered, what was published, and whether its figures fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from ropsanalysis.project_monitoring.amounts import GROSZE, pln
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.published import as_table, day_text
from ropsanalysis.project_monitoring.schema import CARD_COLUMNS, Inputs

_DAYS: Final = ("start", "end", "as_of")
_MONEY: Final = {"value": "value_pln", "eu": "eu_pln", "national": "national_pln"}
_NUMBERS: Final = {name: name for name in ("target_supported", "target_qualified", "target_plan_share")} | _MONEY
_TEXTS: Final = ("title", "number", "leader", "start", "end")


def card_tables(inputs: Inputs, *, parameters: MonitoringParameters) -> dict[str, pd.DataFrame]:
    """Return the tables ``cards``, ``published`` and ``card_checks``."""
    cards = inputs.cards.sort_values("teryt").to_dict("records")
    checks = [row for card in cards for row in _checks(card, inputs.budget, parameters)]
    return {
        "cards": as_table("cards", [_card(card) for card in cards]),
        "published": as_table("published", list(_published(inputs))),
        "card_checks": as_table("card_checks", checks),
    }


def _card(card: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: day_text(card[name]) if name in _DAYS else card[name] for name in CARD_COLUMNS}


# --- figures that must fit -----------------------------------------------------------------------------


def _checks(
    card: Mapping[Any, Any], budget: pd.DataFrame, parameters: MonitoringParameters
) -> Iterator[dict[str, Any]]:
    """Yield the checks of one card; one whose figures are not known is not passed, with the reason.

    Notes
    -----
    ``parts_add_up``: EU and national part make the value, to the grosz. ``eu_share``: the EU's share of the value is
    `eu_share`. ``result_target``: the target of qualified is `result_to_product` of that of supported, less than one
    person away, since nobody published how it is rounded. ``budget_total``, ``eu_total``: budget lines make the value
    and its EU part, to the grosz.
    """
    value, eu, national = (_grosze(card[name]) for name in _MONEY.values())
    own = budget[budget["teryt"] == card["teryt"]]
    lines = int(own[["eu_grosz", "national_grosz"]].to_numpy().sum()) if len(own) else None
    eu_lines = int(own["eu_grosz"].sum()) if len(own) else None
    supported, qualified = (_number(card[name]) for name in ("target_supported", "target_qualified"))
    parts = None if eu is None or national is None else eu + national
    share = eu / value if eu is not None and value else None
    wanted = None if supported is None else parameters.result_to_product * supported
    no_lines = "no_budget" if lines is None else "no_data"
    rows = (
        ("parts_add_up", _pln(value), _pln(parts), value == parts, "no_data"),
        ("eu_share", parameters.eu_share, share,
         share is not None and abs(share - parameters.eu_share) <= parameters.eu_share_tolerance, "no_data"),
        ("result_target", wanted, qualified,
         wanted is not None and qualified is not None and abs(qualified - wanted) < 1, "no_target"),
        ("budget_total", _pln(value), _pln(lines), value == lines, no_lines),
        ("eu_total", _pln(eu), _pln(eu_lines), eu == eu_lines, no_lines),
    )  # fmt: skip
    for check, expected, found, passed, reason in rows:
        missing = expected is None or found is None
        yield {
            "teryt": card["teryt"], "check": check, "expected": expected, "found": found,
            "passed": passed and not missing, "reason": reason if missing else "",
        }  # fmt: skip


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _grosze(value: float) -> int | None:
    return None if pd.isna(value) else round(value * GROSZE)


def _pln(grosze: int | None) -> float | None:
    return None if grosze is None else pln(grosze)


# --- what was published ---------------------------------------------------------------------------------


def _published(inputs: Inputs) -> Iterator[dict[str, Any]]:
    """Yield every published figure beside what the office's card says; amounts in euro are not compared."""
    cards = {str(card["teryt"]): card for card in inputs.cards.to_dict("records")}
    for row in inputs.published.sort_values(["teryt", "field"], kind="stable").to_dict("records"):
        card = cards.get(str(row["teryt"]))
        own, agrees = _compared(row, card) if card is not None else ("", True)
        number = None if pd.isna(row["number"]) else float(row["number"])
        yield {**{str(name): cell for name, cell in row.items()}, "number": number, "own": own, "agrees": agrees}


def _compared(row: Mapping[Any, Any], card: Mapping[Any, Any]) -> tuple[str, bool]:
    """Return what the card says of a published figure, and whether both say the same."""
    field = str(row["field"])
    if field in _TEXTS:
        own = day_text(card[field]) if field in _DAYS else str(card[field])
        return own, not own or not row["text"] or _words(own) == _words(str(row["text"]))
    if field not in _NUMBERS or row["unit"] == "EUR" or pd.isna(card[_NUMBERS[field]]):
        return "", True
    number = float(card[_NUMBERS[field]])
    own = f"{number:.2f}" if field in _MONEY else f"{number:g}"
    if pd.isna(row["number"]):
        return own, True
    printed = float(row["number"])
    half = 0.5 / GROSZE**2 if field == "target_plan_share" else float(row["step"]) / 2
    return own, abs(number - printed) <= half


def _words(text: str) -> str:
    return " ".join(text.replace("„", "").replace("”", "").split()).casefold()
