"""Writes the lists that overlap with the registers: social enterprises, and the database of the support centres.

Both spell names as somebody else would. Some rows of the database have a name only, and a few of those names are
misspelt, so that somebody has to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic.social_chance import days, happens, pick_apart, pick_from, skewed
from ropsanalysis.io.synthetic.social_identifiers import draw_nips
from ropsanalysis.io.synthetic.social_tables import Columns, Files, as_dates, as_texts, write_list
from ropsanalysis.io.synthetic.social_truth import AS_OF, STATUS_SINCE, WORDS
from ropsanalysis.io.tabular import to_csv

KNOWN_TWICE: Final = 1200
"""Entities of the court register that stand in the database of the support centres as well."""
KNOWN_ONCE: Final = 140
"""Associations that stand in the database only."""
MISSPELT: Final = 8
"""Entities whose name is misspelt in the database, which has no identifier of them."""
DECIDED: Final = 5
"""Of these, those of which somebody has decided that they are the same; the others are still to be reviewed."""
DATABASE_FROM: Final = "2012-01-01"

_DATABASE: Final = "owes_baza"

_FORM_WORDS: Final = {
    "social_cooperative": "spółdzielnia socjalna", "work_cooperative": "spółdzielnia pracy",
    "disabled_cooperative": "spółdzielnia inwalidów i niewidomych", "farm_cooperative": "RSP",
    "nonprofit_company": "spółka non-profit", "ngo": "NGO",
}  # fmt: skip


def list_social_enterprises(records: pd.DataFrame, rng: np.random.Generator) -> Files:
    """Return the list of social enterprises, which tells the status and nothing of form or beginning."""
    mine = records[records["since"].notna() & records["current"]].sort_values(["since", "entity"])
    columns: Columns = {
        "Lp.": range(1, len(mine) + 1),
        "Nazwa podmiotu": _respelt(mine["name"], rng),
        "NIP": mine["nip"],
        "TERYT siedziby": mine["teryt"],
        "Data uzyskania statusu": as_dates(mine["since"]),
        "Data utraty statusu": as_dates(mine["until"]),
    }
    return write_list(
        "przedsiebiorstwa_spoleczne",
        columns,
        roles="- name nip teryt status_since status_until",
        layout="workbook",
        source="Wykaz przedsiębiorstw społecznych 16 wojewodów (przykład)",
        covers_from=STATUS_SINCE,
    )


def list_support_database(records: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> Files:
    """Return the database of the support centres: known entities, some by name only, and some that nobody else has.

    With it come the decisions on some of its misspelt names.
    """
    unchanged = records["register"].eq("krs") & records["end"].isna() & records["changed"].isna()
    able = unchanged & records["nip"].ne("")
    likely = able.to_numpy() * np.where(records["legal_form"].isin(["ngo", "farm_cooperative"]), 1, 6)
    known = records.iloc[rng.permutation(pick_apart(likely, KNOWN_TWICE + MISSPELT, rng))].reset_index(drop=True)
    known["name"] = [*map(_misspelt, known["name"][:MISSPELT]), *_respelt(known["name"][MISSPELT:], rng)]
    known["misspelt"] = np.arange(len(known)) < MISSPELT
    nameless = happens(150, len(known), rng) | known["misspelt"].to_numpy()
    by_regon = ~nameless & happens(180, len(known), rng)
    known.loc[nameless | by_regon, "nip"] = ""
    known.loc[nameless | ~by_regon, "regon"] = ""
    table = pd.concat([known, _only_here(records, gminas, rng)], ignore_index=True)
    table = table.sort_values(["teryt", "start", "name"], kind="stable", ignore_index=True)
    asked = np.maximum(days(AS_OF) - rng.integers(3, 500, size=len(table)), table["start"].to_numpy())
    columns: Columns = {
        "Nazwa podmiotu": table["name"],
        "Rodzaj": table["legal_form"].map(_FORM_WORDS),
        "NIP": ["-".join((nip[:3], nip[3:6], nip[6:8], nip[8:])) if nip else "" for nip in table["nip"]],
        "REGON": table["regon"],
        "Gmina TERYT": table["teryt"],
        "Początek działalności": as_texts(table["start"]),
        "Zakończenie działalności": as_texts(table["end"]),
        "Osoby zatrudnione": table["staff"],
        "Ostatni kontakt": as_texts(pd.Series(asked).where(table["end"].isna())),
        "Uwagi": [""] * len(table),
    }
    return _decisions(table) | write_list(
        _DATABASE,
        columns,
        roles="name legal_form nip regon teryt start end staff verified -",
        layout="comma with mark",
        source="Baza ośrodków wsparcia ekonomii społecznej (przykład)",
        covers_from=DATABASE_FROM,
    )


def _decisions(table: pd.DataFrame) -> Files:
    """Return the decisions on pairs of records: the entity's number in the court register, and the database's row."""
    decided = np.flatnonzero(table["misspelt"])[:DECIDED]
    rows = [(f"KRS {table['krs'][row]}", f"{_DATABASE}.csv:{row + 2}", "same") for row in decided]
    return {"links.csv": (to_csv(("record_a", "record_b", "decision"), rows).encode("utf-8"), len(rows))}


def _only_here(records: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return associations without a number in the court register; half of them have no identifier at all."""
    n = KNOWN_ONCE
    place = pick_apart(np.where(gminas["deserted"], 0, gminas["population"]), n, rng)
    start = days(DATABASE_FROM) + rng.integers(100, 4800, size=n)
    closed = happens(100, n, rng) & (start < days("2023-06-01"))
    taken = set(records["nip"])
    nips = [nip for nip in draw_nips(n + 500, rng) if nip not in taken][:n]
    word = pick_from(dict.fromkeys(WORDS, 1), n, rng)
    return pd.DataFrame(
        {
            "name": [f"Stowarzyszenie Zwykłe {one} {chr(65 + k % 23)}{k:03}" for k, one in enumerate(word)],
            "legal_form": "ngo",
            "misspelt": False,
            "nip": np.where(happens(500, n, rng), np.array(nips, dtype=object), ""),
            "regon": "",
            "teryt": gminas["teryt"].to_numpy()[place],
            "start": start,
            "end": np.where(closed, start + rng.integers(200, 900, size=n), np.datetime64("NaT", "D")),
            "staff": skewed(0, 4, n, rng, power=4),
        }
    )


# --- spelling -------------------------------------------------------------------------------------------

_SPELLINGS: Final[tuple[Callable[[str, str], str], ...]] = (
    lambda form, own: f"{form} {own}",
    lambda form, own: f"{form} „{own}”".upper(),
    lambda form, own: f'{form} "{own}"',
    lambda form, own: f"{own}  {form.lower()}",
)


def _respelt(names: pd.Series[str], rng: np.random.Generator) -> list[str]:
    """Return the names as somebody else writes them: capitals, quotation marks, the legal form behind."""
    spelling = rng.integers(len(_SPELLINGS), size=len(names))
    return [_SPELLINGS[which](*_apart(name)) for which, name in zip(spelling, names, strict=True)]


def _misspelt(name: str) -> str:
    """Return the name with two letters of its word swapped."""
    form, own = _apart(name)
    return f"{form} {own[0]}{own[2]}{own[1]}{own[3:]}"


def _apart(name: str) -> tuple[str, str]:
    """Return the words of the legal form, and the name proper with its number."""
    form, word, number = name.rsplit(" ", 2)
    return form, f"{word} {number}"
