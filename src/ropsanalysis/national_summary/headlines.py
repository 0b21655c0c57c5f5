"""The headline number of each of the other reports, taken over from the tables that these reports print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

Tables = Mapping[str, pd.DataFrame]
Rows = Iterator[dict[str, Any]]


def headlines(reports: Mapping[str, Tables]) -> list[dict[str, Any]]:
    """Return the rows of `records.Headline`, by report and voivodeship.

    Parameters
    ----------
    reports
        Published tables by report and name; a report may be absent.
    """
    return [{"report": key, **row} for key, make in _HEADLINES.items() if key in reports for row in make(reports[key])]


def _regional_diagnosis(tables: Tables) -> Rows:
    for row in _sorted(tables["index_scores"]):
        yield {
            "teryt": row["teryt"], "measure": "Miejsce według wskaźnika syntetycznego sytuacji społecznej",
            "value": row["rank"], "low": row["rank_low"], "high": row["rank_high"], "unit": "", "digits": 0,
            "place": row["rank"], "detail": "", "reason": "" if pd.notna(row["rank"]) else "no_data",
        }  # fmt: skip


def _training_needs(tables: Tables) -> Rows:
    """Take the competence of the first place; of equal ones the first in the order of the catalogue."""
    names = tables["competences"].set_index("key")["short"]
    order = {key: place for place, key in enumerate(names.index)}
    needs = tables["needs"]
    ranked = needs[needs["rank"].notna() & (needs["teryt"] != "00")]
    ranked = ranked.assign(order=ranked["competence"].map(order)).sort_values(["teryt", "rank", "order"])
    for row in ranked.drop_duplicates("teryt").to_dict("records"):
        yield {
            "teryt": row["teryt"], "measure": "Najsilniejsza potrzeba szkoleniowa (wskaźnik MWDS)",
            "value": row["mwds"], "low": row["mwds_low"], "high": row["mwds_high"], "unit": "", "digits": 2,
            "place": None, "detail": names[row["competence"]], "reason": "",
        }  # fmt: skip


def _social_economy(tables: Tables) -> Rows:
    structure = tables["structure"]
    whole = structure[(structure["legal_form"] == "") & (structure["teryt"].str.len() == 2)]
    for row in _sorted(whole[whole["teryt"] != "00"]):
        yield {
            "teryt": row["teryt"], "measure": "Podmioty ekonomii społecznej na 10 tys. mieszkańców",
            "value": row["per_10k"], "unit": "", "digits": 1, "place": None, "detail": "",
            "reason": "" if pd.notna(row["per_10k"]) else "no_data",
        }  # fmt: skip


def _social_impact(tables: Tables) -> Rows:
    claims = tables["claims"]
    for row in _sorted(claims[(claims["subject"] == "persons") & (claims["outcome"] == "work")]):
        yield {
            "teryt": row["teryt"], "measure": "Praca rok po wsparciu: różnica odsetka pracujących",
            "value": row["effect"], "low": row["effect_low"], "high": row["effect_high"], "unit": "p.p.", "digits": 1,
            "place": None, "detail": f"{row['method']}+{row['grade']}", "reason": row["reason"],
        }  # fmt: skip


def _cooperation(tables: Tables) -> Rows:
    success = tables["success"]
    for row in _sorted(success[success["pilots"] == ""]):
        yield {
            "teryt": row["teryt"], "measure": "Sprawy zakończone pomyślnie",
            "value": row["rate"], "low": row["rate_low"], "high": row["rate_high"], "base": row["ended"],
            "unit": "%", "digits": 1,
            "place": None, "detail": "", "reason": row["reason"],
        }  # fmt: skip


def _sorted(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.sort_values("teryt").to_dict("records")]


_HEADLINES: Final[Mapping[str, Callable[[Tables], Rows]]] = {
    "regional_diagnosis": _regional_diagnosis,
    "training_needs": _training_needs,
    "social_economy": _social_economy,
    "social_impact": _social_impact,
    "cooperation": _cooperation,
}
