"""The made-up activities of the coordination projects: what was planned, what was done, what is late."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ropsanalysis.io import project_catalogue
from ropsanalysis.io.synthetic import project_truth as truth
from ropsanalysis.io.synthetic.project_persons import as_texts
from ropsanalysis.io.synthetic.social_chance import days, happens, pick_from
from ropsanalysis.project_monitoring.schema import ACTIVITY_COLUMNS

LAST_PLANNED: Final = 2026

_HOURS: Final = {"study": 0, "document": 0, "promotion": 8, "conference": 8, "study_visit": 24}
_PRODUCTS: Final = {"study": "raport z badania", "document": "rekomendacje", "conference": "materiały pokonferencyjne"}
_QUARTERS: Final = ("I", "II", "III", "IV")


def draw_activities(cards: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a row per activity, as delivered."""
    actions = project_catalogue.action_frame()
    labels = project_catalogue.labels("activity_kind")
    rows: list[tuple[object, ...]] = []
    for card in cards.to_dict("records"):
        for action in actions.to_dict("records"):
            rows += _of_action(card, action, labels, rng)
    return pd.DataFrame(rows, columns=list(ACTIVITY_COLUMNS))


def _of_action(
    card: dict[Any, Any], action: dict[Any, Any], labels: dict[str, str], rng: np.random.Generator
) -> list[tuple[object, ...]]:
    teryt, end = str(card["teryt"]), days(truth.AS_OF)
    planned = np.sort(np.concatenate([_in_year(year, card, rng) for year in range(2023, LAST_PLANNED + 1)]))
    count = len(planned)
    kinds = pick_from(truth.KINDS[action["team"]], count, rng)
    delays = np.where(happens(300, count, rng), rng.integers(1, 45, size=count), 0)
    done = np.where(happens(truth.PROJECTS[teryt].late, count, rng), np.datetime64("NaT", "D"), planned + delays)
    done = np.where(done <= end, done, np.datetime64("NaT", "D"))
    hours, crowd = rng.integers(2, 17, size=count), rng.integers(8, 45, size=count)
    advised = teryt in truth.SUBREGIONS and action["team"] == "social_services"
    places = pick_from(dict.fromkeys(truth.SUBREGION_NAMES, 1), count, rng)
    rows: list[tuple[object, ...]] = []
    for number, (kind, was_done) in enumerate(zip(kinds, ~np.isnat(done), strict=True)):
        day, meeting = as_texts(planned[number : number + 1])[0], _HOURS.get(kind, 1) > 0
        long = _HOURS.get(kind) or int(hours[number])
        rows.append(
            (
                teryt,
                f"{action['key']:02}-{number + 1:02}",
                action["key"],
                action["team"],
                kind,
                f"{labels[kind]}: {action['short']} ({day[:4]}, kw. {_QUARTERS[(int(day[5:7]) - 1) // 3]})",
                day,
                as_texts(done[number : number + 1])[0],
                long if was_done and meeting else "",
                int(crowd[number]) if was_done and meeting else "",
                _PRODUCTS.get(kind, "") if was_done else "",
                places[number] if advised else "",
            )
        )
    return rows


def _in_year(year: int, card: dict[Any, Any], rng: np.random.Generator) -> Any:
    """Return the planned days of an action in a year, none before the project has begun."""
    count = int(rng.integers(*truth.PER_YEAR))
    found = days(f"{year}-01-01") + rng.integers(360, size=count)
    return found[found >= days(card["start"]) + 20]
