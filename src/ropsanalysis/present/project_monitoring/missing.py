"""What a chapter says in place of results where a dataset was not delivered: what it would show, what to deliver."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present.blocks import Statement

_WANTED: Final = {
    "project_card": (
        "karty projektu",
        "okresu, wartości i celów projektu",
        "data/raw/project_card plik cards.csv lub cards.xlsx, z jednym wierszem na projekt",
    ),
    "project_participants": (
        "ewidencji uczestników",
        (
            "liczby pracowników objętych wsparciem i tych, którzy podnieśli kwalifikacje, postępu wobec celu, prognozy "
            "ani gmin, do których wsparcie nie dotarło"
        ),
        (
            "data/raw/project_participants plik participants.csv lub participants.xlsx, z jednym wierszem na osobę i "
            "formę wsparcia"
        ),
    ),
    "lpdi": (
        "wykazu lokalnych planów deinstytucjonalizacji (LPDI)",
        "odsetka samorządów z planem ani zawartości planów",
        "data/raw/lpdi plik plans.csv lub plans.xlsx, z jednym wierszem na plan",
    ),
    "cus": (
        "wykazu centrów usług społecznych",
        "centrów ani gmin, które obsługują",
        "data/raw/cus plik centres.csv lub centres.xlsx, z jednym wierszem na centrum",
    ),
    "foster_care": (
        "danych o pieczy zastępczej w województwie",
        "udziału rodzinnej pieczy zastępczej w województwie",
        "data/raw/foster_care plik foster_care.csv lub foster_care.xlsx, z jednym wierszem na rok",
    ),
    "project_activities": (
        "rejestru działań",
        "wykonania 16 działań programu, opóźnień, produktów ani pracy zespołów",
        (
            "data/raw/project_activities plik activities.csv lub activities.xlsx, z jednym wierszem na szkolenie, "
            "spotkanie lub inne działanie"
        ),
    ),
    "project_budget": (
        "budżetu projektu",
        "wydatków wobec planu, wartości wypracowanej ani prognozy niewykorzystanych środków",
        "data/raw/project_budget plik budget.csv lub budget.xlsx, z jednym wierszem na linię budżetu i kwartał",
    ),
    "project_payments": (
        "rejestru wydatków",
        "wydatków projektu ani kosztu na osobę",
        "data/raw/project_payments plik payments.csv lub payments.xlsx, z jednym wierszem na wydatek",
    ),
}


def missing(dataset: str, shown: str = "") -> Statement:
    """Return what a chapter says in place of results where a dataset that an office may deliver is absent.

    Parameters
    ----------
    shown
        What the chapter would show, in the genitive; by default all that the dataset is needed for.
    """
    what, chapter, deliver = _WANTED[dataset]
    return Statement(
        f"Brak {what}, dlatego raport nie opisuje {shown or chapter}. Aby to zmienić, proszę zapisać w folderze "
        f"{deliver}."
    )
