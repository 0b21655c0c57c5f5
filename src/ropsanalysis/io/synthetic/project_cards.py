"""The made-up cards of the coordination projects, with the figures that were published, and what offices planned."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io import project_catalogue
from ropsanalysis.io.project_cards import MONEY
from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.project_monitoring.parameters import MonitoringParameters
from ropsanalysis.project_monitoring.schema import CARD_COLUMNS, INDICATORS, PLAN_COLUMNS, SUBREGION_COLUMNS
from ropsanalysis.regions import by_teryt

_RULES: Final = MonitoringParameters()
_EU: Final = round(10_000 * _RULES.eu_share)
_RESULT: Final = round(100 * _RULES.result_to_product)


def draw_cards() -> pd.DataFrame:
    """Return a card per project, columns `CARD_COLUMNS` as delivered; amounts are texts with two decimals."""
    return pd.DataFrame([_card(teryt) for teryt in truth.PROJECTS], columns=list(CARD_COLUMNS))


def _card(teryt: str) -> dict[str, object]:
    [published] = [card for card in project_catalogue.published_cards() if card.teryt == teryt]
    known = {figure.field: figure for figure in published.figures}
    texts: dict[str, object] = {
        name: known[name].text for name in ("title", "number", "leader", "start", "end") if name in known
    }
    money = {name: f"{name}_pln" for name in ("value", "eu", "national")}
    grosze = {
        column: round(100 * (known[name].number or 0))
        for name, column in money.items()
        if name in known and known[name].unit == "PLN" and known[name].step <= 0.01
    }
    if "value_pln" not in grosze and "value" in known and known["value"].unit == "PLN":
        grosze["value_pln"] = round(100 * (known["value"].number or 0))  # published in millions
    own = truth.PROJECTS[teryt]
    value = grosze.get("value_pln", 100 * own.value)
    eu = grosze.get("eu_pln", (value * _EU + 5_000) // 10_000)
    supported = round(known["target_supported"].number or 0) if "target_supported" in known else own.supported
    qualified = (
        round(known["target_qualified"].number or 0)
        if "target_qualified" in known
        else (supported * _RESULT + 50) // 100
    )
    amounts = dict(zip(MONEY, (value, eu, value - eu), strict=True))
    return {
        "teryt": teryt,
        "title": "Projekt koordynacyjny (przykład)",
        "number": f"przykład-{teryt}",
        "leader": by_teryt(teryt).centre,
        "start": truth.START,
        "end": truth.END,
        **texts,
        "as_of": truth.AS_OF,
        **{name: as_amount(amount) for name, amount in amounts.items()},
        "target_supported": supported,
        "target_qualified": qualified,
        "target_plan_share": "0.5",
        "source": _source([*texts, *grosze, *(name for name in known if name in CARD_COLUMNS[10:13])]),
    }


def _source(taken: list[str]) -> str:
    """Return which columns of a card were published, in words."""
    labels = project_catalogue.labels("field")
    names = [labels[name.removesuffix("_pln")] for name in dict.fromkeys(taken)]
    if not names:
        return "przykład: wszystkie dane zmyślone"
    told = "; ".join(name[0].lower() + name[1:] for name in names)
    return f"przykład, według opublikowanych źródeł tylko: {told}; pozostałe dane zmyślone"


def draw_plan(cards: pd.DataFrame) -> pd.DataFrame:
    """Return what offices planned to have reached, columns `PLAN_COLUMNS`."""
    rows = []
    for card in cards[cards["teryt"].isin(truth.PLANNED)].to_dict("records"):
        targets = (card["target_supported"], card["target_qualified"], 500)  # 500 thousandths of the units
        for indicator, target in zip(INDICATORS, targets, strict=True):
            for day, part in truth.PLAN_DAYS.items():
                if day < str(card["start"]):
                    continue
                reached = int(target) * part // 1000
                rows.append((card["teryt"], indicator, day, f"0.{reached:03}" if indicator == "plans" else reached))
    return pd.DataFrame(rows, columns=list(PLAN_COLUMNS))


def draw_subregions(powiats: list[str]) -> pd.DataFrame:
    """Return the sub-region of each powiat of the voivodeships that have sub-regions.

    Parameters
    ----------
    powiats
        Codes of all powiats, sorted.
    """
    rows = []
    for teryt in truth.SUBREGIONS:
        own = [code for code in powiats if code.startswith(teryt)]
        for name, part in zip(truth.SUBREGION_NAMES, np.array_split(own, len(truth.SUBREGION_NAMES)), strict=True):
            rows += [(str(code), name) for code in part]
    return pd.DataFrame(sorted(rows), columns=list(SUBREGION_COLUMNS))


def as_amount(grosze: int) -> str:
    """Return an amount as files hold it.

    Examples
    --------
    >>> as_amount(1003252040), as_amount(5)
    ('10032520.40', '0.05')
    """
    return f"{grosze // 100}.{grosze % 100:02}"
