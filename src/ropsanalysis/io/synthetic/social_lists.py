"""Writes the made-up entities as the lists that offices hold: seven of them, no two laid out alike, each described.

Units of reintegration carry the identifiers of whoever runs them, so that one number stands for several entities.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ropsanalysis.io.synthetic.social_overlaps import list_social_enterprises, list_support_database
from ropsanalysis.io.synthetic.social_tables import Columns, Files, as_dates, as_texts, size_classes, write_list
from ropsanalysis.io.synthetic.social_truth import FORMS, REGISTER_FROM

_FORM_WORDS: Final = {
    "social_cooperative": "Spółdzielnia socjalna", "work_cooperative": "Spółdzielnia pracy",
    "disabled_cooperative": "Spółdzielnia inwalidów lub niewidomych",
    "farm_cooperative": "Rolnicza spółdzielnia produkcyjna", "nonprofit_company": "Spółka z o.o. (non profit)",
}  # fmt: skip
_REINTEGRATION_WORDS: Final = {"zaz": "Zakład aktywności zawodowej", "wtz": "Warsztat terapii zajęciowej"}


def write_lists(entities: pd.DataFrame, gminas: pd.DataFrame, rng: np.random.Generator) -> Files:
    """Return the lists and their descriptions.

    Parameters
    ----------
    entities, gminas
        As `social_registers.draw_entities` and `social_places.draw_gminas` give them.
    """
    records = _records(entities, gminas)
    writers = {
        "krs": _court_register,
        "cis_kis": _reintegration_table,
        "zaz_wtz": _reintegration_workbook,
        "kgw": _housewives,
        "church": _church,
    }
    files: Files = {}
    for register, write in writers.items():
        files |= write(records[records["register"] == register])
    files |= list_social_enterprises(records, rng)
    files |= list_support_database(records, gminas, rng)
    return dict(sorted(files.items()))


def _records(entities: pd.DataFrame, gminas: pd.DataFrame) -> pd.DataFrame:
    """Return a row per entity, form and gmina, in the order in which registers enter them.

    Adds entity (a number), teryt (six digits), code (seven), register, current (bool: the last row).
    """
    current = entities.assign(current=True)
    changed = entities["changed"].notna()
    before = entities[changed].assign(
        place=entities["place_before"],
        legal_form=entities["form_before"],
        end=entities["changed"],
        end_reason=entities["change_reason_before"],
        verified=np.datetime64("NaT", "s"),
        current=False,
    )
    current.loc[changed, "start"] = entities["changed"]
    current["verified"] = entities["verified"].mask(changed & (entities["verified"] < entities["changed"]))
    current.loc[changed, "start_reason"] = entities["change_reason_after"]
    records = pd.concat([before, current]).rename_axis("entity").reset_index()
    records["teryt"] = gminas["teryt"].to_numpy()[records["place"]]
    records["code"] = gminas["code"].to_numpy()[records["place"]]
    records["register"] = records["legal_form"].map({key: form.register for key, form in FORMS.items()})
    return records.sort_values(["start", "entity"], kind="stable", ignore_index=True)


def _court_register(records: pd.DataFrame) -> Files:
    words = records["legal_form"].map(_FORM_WORDS)
    words = words.fillna(records["name"].str.split().str[0])  # Fundacja, Stowarzyszenie
    columns: Columns = {
        "Numer KRS": records["krs"],
        "Nazwa": records["name"],
        "Forma prawna": words,
        "NIP": records["nip"],
        "REGON": records["regon"],
        "TERYT siedziby": records["teryt"],
        "Data wpisu": as_texts(records["start"], "{2}.{1}.{0}"),
        "Podstawa wpisu": records["start_reason"],
        "Data wykreślenia": as_texts(records["end"], "{2}.{1}.{0}"),
        "Podstawa wykreślenia": records["end_reason"],
        "Klasa wielkości": size_classes(records["staff"]),
        "Ostatnia weryfikacja": as_texts(records["verified"], "{2}.{1}.{0}"),
    }
    return write_list(
        "krs",
        columns,
        roles="krs name legal_form nip regon teryt start start_reason end end_reason size_class verified",
        layout="semicolon",
        source="Rejestr sądowy (przykład)",
        covers_from=REGISTER_FROM["krs"],
        about={
            "legal_forms": {"Fundacja": "ngo", "Stowarzyszenie": "ngo"}
            | {words: key for key, words in _FORM_WORDS.items()}
        },
    )


def _reintegration_table(records: pd.DataFrame) -> Files:
    columns: Columns = {
        "Lp.": range(1, len(records) + 1),
        "Rodzaj": records["legal_form"].str.upper(),
        "Nazwa jednostki": records["name"],
        "Nr w rejestrze wojewody": records["id"],
        "Kod gminy": records["teryt"],
        "NIP podmiotu prowadzącego": records["nip"],
        "Utworzenie": as_texts(records["start"]),
        "Likwidacja": as_texts(records["end"]),
        "Przyczyna likwidacji": records["end_reason"],
        "Zatrudnienie": records["staff"],
        "Sprawozdanie z dnia": as_texts(records["verified"]),
    }
    return write_list(
        "cis_kis",
        columns,
        roles="- legal_form name id teryt nip start end end_reason staff verified",
        layout="comma",
        source="Rejestr centrów i klubów integracji społecznej (przykład)",
        covers_from=REGISTER_FROM["cis_kis"],
    )


def _reintegration_workbook(records: pd.DataFrame) -> Files:
    columns: Columns = {
        "Nr placówki": records["id"],
        "Placówka": records["legal_form"].map(_REINTEGRATION_WORDS),
        "Nazwa": records["name"],
        "TERYT gminy": records["teryt"],
        "NIP organizatora": records["nip"],
        "REGON organizatora": records["regon"],
        "Data rozpoczęcia": as_dates(records["start"]),
        "Data zakończenia": as_dates(records["end"]),
        "Liczba pracowników": records["staff"],
        "Data ostatniej kontroli": as_dates(records["verified"]),
    }
    return write_list(
        "zaz_wtz",
        columns,
        roles="id legal_form name teryt nip regon start end staff verified",
        layout="workbook",
        source="Wykaz zakładów aktywności zawodowej i warsztatów terapii zajęciowej (przykład)",
        covers_from=REGISTER_FROM["zaz_wtz"],
    )


def _housewives(records: pd.DataFrame) -> Files:
    columns: Columns = {
        "TERYT": records["code"],
        "NR_W_REJESTRZE": records["id"],
        "NAZWA_KOLA": records["name"],
        "DATA_WPISU": as_texts(records["start"], "{2}-{1}-{0}"),
        "DATA_WYKRESLENIA": as_texts(records["end"], "{2}-{1}-{0}"),
        "PRZYCZYNA": records["end_reason"],
        "NIP": records["nip"],
        "REGON": records["regon"],
        "OSTATNIA_AKTUALIZACJA": as_texts(records["verified"], "{2}-{1}-{0}"),
    }
    return write_list(
        "kgw",
        columns,
        roles="teryt id name start end end_reason nip regon verified",
        layout="semicolon",
        source="Krajowy rejestr kół gospodyń wiejskich (przykład)",
        covers_from=REGISTER_FROM["kgw"],
        about={"legal_form": "kgw"},
    )


def _church(records: pd.DataFrame) -> Files:
    columns: Columns = {
        "Nazwa": records["name"],
        "NIP": records["nip"],
        "REGON": records["regon"],
        "Gmina (kod)": records["teryt"],
        "Od": as_texts(records["start"], "{2}.{1}.{0}"),
        "Do": as_texts(records["end"], "{2}.{1}.{0}"),
        "Pracownicy": records["staff"],
        "Stan potwierdzony": as_texts(records["verified"], "{2}.{1}.{0}"),
    }
    return write_list(
        "koscielne_osoby_prawne",
        columns,
        roles="name nip regon teryt start end staff verified",
        layout="tab",
        source="Wykaz kościelnych osób prawnych (przykład)",
        covers_from=REGISTER_FROM["church"],
        about={"legal_form": "church_entity"},
    )
