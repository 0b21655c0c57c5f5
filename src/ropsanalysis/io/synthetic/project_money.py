"""The made-up budgets and payments of the coordination projects; a budget adds up to its card to the grosz."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.io import project_catalogue
from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.io.synthetic.project_cards import as_amount
from ropsanalysis.io.synthetic.social_chance import allot, days
from ropsanalysis.project_monitoring.schema import NO_ACTION

_SECOND: Final = {
    "research": "services", "social_services": "travel", "training": "training", "social_economy": "promotion",
}  # fmt: skip
"""What a team spends money on besides its staff."""
_WEIGHTS: Final = {
    1: 5, 2: 4, 3: 6, 4: 9, 5: 3, 6: 16, 7: 7, 8: 4, 9: 4, 10: 3, 11: 4, 12: 4, 13: 2, 14: 3, 15: 5, 16: 4,
}  # fmt: skip
"""Weight of each action in the budget."""
_MANAGEMENT: Final = (
    (NO_ACTION, "", "staff", "Zarządzanie projektem", 9),
    (NO_ACTION, "", "indirect", "Koszty pośrednie", 8),
)


def draw_money(cards: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the tables budget and payments, as delivered; amounts are texts with two decimals."""
    budgets, payments = [], []
    for card in cards.to_dict("records"):
        cells = _cells(card, rng)
        budgets.append(cells)
        payments.append(_payments(card, cells, rng))
    return {"budget": _in_pln(pd.concat(budgets)), "payments": _in_pln(pd.concat(payments))}


def _lines() -> list[tuple[int, str, str, str, int]]:
    """Return action, team, category, task and weight of each line."""
    teams = project_catalogue.labels("team")
    lines = []
    for action in project_catalogue.action_frame().to_dict("records"):
        team, weight = str(action["team"]), _WEIGHTS[int(action["key"])]
        for category, part in (("staff", 2), (_SECOND[team], 3)):
            lines.append((int(action["key"]), team, category, teams[team], weight * part))
    return [*lines, *((*line[:4], 5 * line[4]) for line in _MANAGEMENT)]


def _cells(card: dict[Any, Any], rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per line and quarter with grosze; the lines share the quarters' ups and downs."""
    quarters = pd.period_range(card["start"], card["end"], freq="Q")
    shape = np.array([2 + min(position, 4) for position in range(len(quarters))], dtype=np.int64)
    lines = _lines()
    weights = np.array([line[4] for line in lines], dtype=np.int64)[:, None] * shape
    weights = weights * rng.integers(70, 131, size=weights.shape)
    flat = [int(weight) for weight in weights.ravel()]
    eu, national = (allot(round(100 * float(card[name])), flat) for name in ("eu_pln", "national_pln"))
    rows = [
        (card["teryt"], f"{number + 1:02}", line[3], line[0], line[1], line[2], f"{quarter.year}-Q{quarter.quarter}")
        for number, line in enumerate(lines)
        for quarter in quarters
    ]
    table = pd.DataFrame(rows, columns=["teryt", "line", "task", "action", "team", "category", "quarter"])
    return table.assign(eu=eu, national=national)


def _payments(card: dict[Any, Any], cells: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a payment for each cell whose bill came by the day of the data, parts in the cell's proportion."""
    begin = days(card["start"])
    first = days([f"{text[:4]}-{3 * int(text[6:]) - 2:02}-01" for text in cells["quarter"]])
    day = days(np.where(first < begin, begin, first)) + rng.integers(25, 140, size=len(cells))
    teryt = str(card["teryt"])
    rate = truth.PROJECTS[teryt].spending * rng.integers(880, 1081, size=len(cells)) // 1000
    table = pd.DataFrame(
        {
            "teryt": teryt,
            "line": cells["line"].to_numpy(),
            "day": np.datetime_as_string(day),
            "eu": cells["eu"].to_numpy() * rate // 1000,
            "national": cells["national"].to_numpy() * rate // 1000,
        }
    )[day <= days(truth.AS_OF)].sort_values(["day", "line"], ignore_index=True)
    table.insert(1, "payment", [f"p{number + 1:04}" for number in range(len(table))])
    return table


def _in_pln(table: pd.DataFrame) -> pd.DataFrame:
    told = {f"{name}_pln": [as_amount(int(cell)) for cell in table[name]] for name in ("eu", "national")}
    return table.drop(columns=["eu", "national"]).assign(**told)
