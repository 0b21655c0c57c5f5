"""The made-up entities: where and when they were founded, how long they lasted, whom they employ, what they are called.

One row is one entity as the world knows it; what registers tell of it is written in `social_lists`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropsanalysis.io.synthetic import social_identifiers as identifiers
from ropsanalysis.io.synthetic.social_chance import (
    Whole,
    days,
    happens,
    pick,
    pick_apart,
    pick_from,
    skewed,
)
from ropsanalysis.io.synthetic.social_places import KINDS
from ropsanalysis.io.synthetic.social_tables import SIZE_LIMITS
from ropsanalysis.io.synthetic.social_truth import (
    AS_OF,
    CHANGE_YEARS,
    END_REASONS,
    END_REASONS_UNITS,
    FORMS,
    HARD_COHORT,
    MOVED,
    MOVES,
    POPULATION,
    PUBLISHED,
    REGISTER_FROM,
    SETTLED_AGE,
    STATUS_LOST,
    STATUS_QUARTERS,
    TRANSFORMED,
    TRANSFORMED_WORDS,
    WORDS,
    Form,
)

UNITS: Final = ("cis", "kis", "zaz", "wtz")
"""Units of reintegration; they are run under the identifiers of somebody else."""

Days = npt.NDArray[np.datetime64]

_LAST: Final = days(AS_OF)
_NEVER: Final = np.datetime64("NaT", "D")
_YEAR: Final = 365
_RECENT: Final = 700  # days; the report counts those verified within 24 months


def draw_entities(gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return all entities that stand in any list.

    Parameters
    ----------
    gminas
        As `social_places.draw_gminas` gives them.

    Returns
    -------
    pandas.DataFrame
        Columns legal_form; place (position in `gminas`); start, end (days, NaT while it lasts); staff (persons, as
        the registers have it); name; id (number in a register of its own, else ""); nip, regon, krs ("" if it has
        none; of units of reintegration those of who runs them); start_reason, end_reason; verified (day or NaT);
        since, until (status of social enterprise, or NaT); changed (day of a move or change of form, or NaT), with
        place_before, form_before and change_reason_before, change_reason_after.
    """
    parts = [_draw_form(key, form, gminas, rng) for key, form in FORMS.items()]
    entities = pd.concat(parts, ignore_index=True)
    entities["name"] = _names(entities, rng)
    entities = pd.concat([entities, _identifiers(entities, rng)], axis=1)
    entities["verified"] = _verified(entities, gminas, rng)
    entities = pd.concat([entities, _changes(entities, gminas, rng)], axis=1)
    return pd.concat([entities, _statuses(entities, rng)], axis=1)


def _draw_form(key: str, form: Form, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = _founded(form)
    place = _places(key, form, gminas, n, rng)
    n = len(place)
    year = _founding_years(form, n, rng)
    start = days([f"{one}-01-01" for one in year]) + rng.integers(_YEAR, size=n)
    first = days(REGISTER_FROM[form.register])
    if form.register == "kgw":  # whoever was there before was entered in the first weeks
        start = np.where(start < first, first + rng.integers(32, size=n), start)
    end = _ends(key, form, start, year, gminas["teryt"].str[:2].to_numpy()[place], rng)
    reasons = END_REASONS_UNITS if key in UNITS else END_REASONS
    start_reason = np.where(happens(800, n, rng), "utworzenie", "")
    entities = pd.DataFrame(
        {
            "legal_form": key,
            "place": place,
            "start": start,
            "end": end,
            "staff": _staff(form, n, rng),
            "start_reason": start_reason,
            "end_reason": np.where(np.isnat(end), "", pick_from(reasons, n, rng)),
        }
    )
    listed = np.isnat(end) | (end > first)
    return entities[listed].reset_index(drop=True)


def _founded(form: Form) -> int:
    """Return how many have to be founded for about `form.open` to exist at the end."""
    last = int(AS_OF[:4])
    lasting = [1.0]  # share that exists at each age
    for age in range(last - form.founding[0][0]):
        lasting.append(lasting[-1] * (1000 - (form.young if age < SETTLED_AGE else form.settled)) / 1000)
    cohorts = [(year, weight) for first, final, weight in form.founding for year in range(first, final + 1)]
    there = sum(weight * lasting[last - year] for year, weight in cohorts)
    return round(form.open * sum(weight for _, weight in cohorts) / there)


def _founding_years(form: Form, n: int, rng: np.random.Generator) -> Whole:
    years = [year for first, final, _ in form.founding for year in range(first, final + 1)]
    weights = [weight for first, final, weight in form.founding for _ in range(first, final + 1)]
    return np.array(years, dtype=np.int64)[pick(weights, n, rng)]


def _places(key: str, form: Form, gminas: pd.DataFrame, n: int, rng: np.random.Generator) -> Whole:
    """Return the gmina of each entity as a position: by inhabitants, kind, readiness of gmina and voivodeship."""
    ready = dict(zip(KINDS, form.places, strict=True))
    region = {teryt: int(rng.integers(650, 1450)) for teryt in POPULATION}
    region = PUBLISHED.get(form.like, region)
    # Some gminas have six times the entities of others of their size; no city has few.
    mood = np.maximum(rng.integers(1, 7, size=len(gminas)), np.where(gminas["kind"].eq("city"), 4, 1))
    weight = (
        gminas["population"].to_numpy()
        * gminas["kind"].map(ready).to_numpy()
        * gminas["teryt"].str[:2].map(region).to_numpy()
        * gminas["spirit"].to_numpy()
        * mood
        // 100
    )
    weight = np.where(gminas["deserted"], 0, weight)
    if key not in UNITS:
        return pick(weight, n, rng)
    few, many = form.most
    slots = np.repeat(np.arange(len(gminas)), np.where(gminas["kind"].eq("city"), many, few))
    return np.asarray(rng.permutation(slots[pick_apart(weight[slots], n, rng)]))


def _ends(
    key: str,
    form: Form,
    start: Days,
    year: Whole,
    region: npt.NDArray[np.object_],
    rng: np.random.Generator,
) -> Days:
    """Return the day on which each entity was closed, NaT if it was not by `AS_OF`."""
    n, ages = len(start), int(AS_OF[:4]) - int(year.min()) + 1
    hazard = np.where(np.arange(ages) < SETTLED_AGE, form.young, form.settled)[None, :]
    local = {teryt: int(rng.integers(800, 1250)) for teryt in POPULATION}
    factor = np.array([local[teryt] for teryt in region], dtype=np.int64)
    hard, first, final, more = HARD_COHORT
    if key == hard:
        factor = np.where((year >= first) & (year <= final), factor * more // 1000, factor)
    closing = rng.integers(1_000_000, size=(n, ages)) < hazard * factor[:, None]
    age = closing.argmax(axis=1)
    end = start + age * _YEAR + rng.integers(30, _YEAR, size=n)
    return np.where(closing.any(axis=1) & (end <= _LAST), end, _NEVER)


def _staff(form: Form, n: int, rng: np.random.Generator) -> Whole:
    size = pick(form.sizes, n, rng)
    low = np.array(SIZE_LIMITS)[size]
    high = np.array([0, 9, 49, max(form.largest, 50)])[size]
    return skewed(low, np.minimum(high, max(form.largest, 1)).clip(low), n, rng)


def _names(entities: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Return names of which no two in a gmina look alike: the word changes from one to the next."""
    begins = np.empty(len(entities), dtype=object)
    for key, form in FORMS.items():
        mine = entities["legal_form"].eq(key).to_numpy()
        begins[mine] = pick_from(form.names, int(mine.sum()), rng)
    turn = entities.groupby("place").cumcount().to_numpy()
    offset = rng.integers(len(WORDS), size=int(entities["place"].max()) + 1)[entities["place"]]
    number = rng.permutation(max(99_999, len(entities)))[: len(entities)] + 1
    words = np.array(WORDS, dtype=object)[(turn + offset) % len(WORDS)]
    return [f"{begin} {word} {count:05}" for begin, word, count in zip(begins, words, number, strict=True)]


def _identifiers(entities: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(entities)
    form = entities["legal_form"].to_numpy()
    found = pd.DataFrame(
        {
            "id": "",
            "nip": identifiers.draw_nips(n, rng),
            "regon": identifiers.draw_regons(n, rng),
            "krs": identifiers.draw_krs(n, rng),
        }
    )
    for key in (*UNITS, "kgw"):
        mine = np.flatnonzero(form == key)
        found.loc[mine, "id"] = [f"{key.upper()}/{number:04}" for number in range(1, len(mine) + 1)]
    register = np.array([FORMS[key].register for key in form])
    found.loc[register != "krs", "krs"] = ""
    found.loc[(form == "ngo") & happens(80, n, rng), "nip"] = ""
    found.loc[(form == "kgw") & happens(420, n, rng), "nip"] = ""
    found.loc[(form == "kgw") & happens(300, n, rng), "regon"] = ""
    # Most units of reintegration are run by an organisation that stands in the court register itself.
    run = np.flatnonzero(np.isin(form, UNITS) & happens(560, n, rng))
    last = entities["end"].isna().to_numpy()
    runners = np.flatnonzero((form == "ngo") & last & found["nip"].ne("").to_numpy())
    found.loc[run, ["nip", "regon"]] = found.loc[
        rng.choice(runners, size=len(run), replace=False), ["nip", "regon"]
    ].to_numpy()
    return found


def _verified(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> Days:
    """Return the day on which each open entity was last seen to be active; NaT for some and for the closed."""
    n = len(entities)
    care = {teryt: int(rng.integers(-90, 60)) for teryt in POPULATION}
    region = gminas["teryt"].str[:2].to_numpy()[entities["place"]]
    chance = entities["legal_form"].map({key: form.verified for key, form in FORMS.items()}).to_numpy()
    recent = happens(chance + np.array([care[teryt] for teryt in region]), n, rng)
    ago = np.where(recent, rng.integers(5, _RECENT, size=n), rng.integers(760, 2600, size=n))
    day = np.maximum(_LAST - ago, entities["start"].to_numpy().astype("datetime64[D]"))
    never = ~recent & happens(150, n, rng)
    return np.where(entities["end"].notna() | never, _NEVER, day)


def _changes(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the moves and changes of form: what an entity was before, and the day on which that changed."""
    n = len(entities)
    found = pd.DataFrame(
        {
            "changed": np.full(n, _NEVER),
            "place_before": entities["place"],
            "form_before": entities["legal_form"],
            "change_reason_before": "",
            "change_reason_after": "",
        }
    )
    end = np.where(entities["end"].isna(), _LAST, entities["end"].to_numpy().astype("datetime64[D]"))
    start = entities["start"].to_numpy().astype("datetime64[D]")
    first = np.maximum(start + _YEAR, _LAST - CHANGE_YEARS * _YEAR)
    room = (end - _YEAR // 2 - first).astype(np.int64)
    day = first + np.maximum(room, 1) * rng.integers(1000, size=n) // 1000
    in_krs = np.array([FORMS[key].register == "krs" for key in entities["legal_form"]])
    small = np.where(entities["legal_form"] == "ngo", 1, 5)  # of the many NGOs few move
    movers = pick_apart(in_krs * (room > 0) * small, MOVES, rng)
    found.loc[movers, "changed"] = day[movers]
    found.loc[movers, "place_before"] = _neighbours(entities["place"].to_numpy()[movers], gminas, rng)
    found.loc[movers, ["change_reason_before", "change_reason_after"]] = MOVED
    before, after, number = TRANSFORMED
    old = entities["legal_form"].eq(after).to_numpy() & (room > 0) & found["changed"].isna().to_numpy()
    transformed = pick_apart(old, number, rng)
    found.loc[transformed, "changed"] = day[transformed]
    found.loc[transformed, "form_before"] = before
    found.loc[transformed, ["change_reason_before", "change_reason_after"]] = TRANSFORMED_WORDS
    return found


def _neighbours(places: Whole, gminas: pd.DataFrame, rng: np.random.Generator) -> list[int]:
    """Return another gmina for each: mostly of the same voivodeship, now and then anywhere."""
    weight = np.where(gminas["deserted"], 0, gminas["population"])
    region = gminas["teryt"].str[:2].to_numpy()
    found = []
    for place, far in zip(places, happens(250, len(places), rng), strict=True):
        allowed = weight * (np.arange(len(weight)) != place) * (far | (region == region[place]))
        found.append(int(pick(allowed, 1, rng)[0]))
    return found


def _statuses(entities: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return since and until of the status of social enterprise."""
    n = len(entities)
    quarter = days(list(STATUS_QUARTERS))
    since = quarter[pick(list(STATUS_QUARTERS.values()), n, rng)] + rng.integers(60, size=n)
    start = entities["start"].to_numpy().astype("datetime64[D]")
    end = entities["end"].to_numpy().astype("datetime64[D]")
    chance = entities["legal_form"].map({key: form.status for key, form in FORMS.items()}).to_numpy()
    has = happens(chance, n, rng) & (entities["nip"] != "").to_numpy() & (since > start + 30) & (since <= _LAST)
    has &= np.isnat(end) | (since + 30 < end)
    lost = since + rng.integers(150, 800, size=n)
    until = np.where(happens(STATUS_LOST, n, rng) & (lost <= _LAST), lost, _NEVER)
    until = np.where(~np.isnat(end) & (np.isnat(until) | (end < until)), end, until)
    return pd.DataFrame({"since": np.where(has, since, _NEVER), "until": np.where(has, until, _NEVER)})
