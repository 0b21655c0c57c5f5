"""What a chapter says in place of results where data were not delivered."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present.blocks import Statement

#: What is lacking, what the chapter would have shown, what to deliver.
_WANTED: Final = {
    "pilots": (
        "danych o pilotażach",
        "pilotaży, ich partnerów ani zgodności z minimalną zawartością modelu",
        "data/raw/cooperation_network plik pilots.csv, z jednym wierszem na pilotaż",
    ),
    "partners": (
        "listy partnerów",
        "tego, jakie sektory i szczeble samorządu współpracują w pilotażach",
        "data/raw/cooperation_network plik partners.csv, z jednym wierszem na podmiot pilotażu",
    ),
    "ties": (
        "danych o powiązaniach między podmiotami",
        "sieci współpracy przed wprowadzeniem modelu i po nim ani podmiotów, które w niej pośredniczą",
        "data/raw/cooperation_network plik ties.csv, z jednym wierszem na powiązanie i pomiar",
    ),
    "cases": (
        "danych o sprawach",
        "drogi spraw od sygnału do zakończenia, czasu do kontraktu ani odsetka spraw zakończonych z powodzeniem",
        "data/raw/cooperation_cases plik cases.csv, z jednym wierszem na sprawę",
    ),
    "baskets": (
        "danych o koszykach usług",
        "usług zaplanowanych i dostarczonych według sektorów",
        "data/raw/cooperation_cases plik baskets.csv, z jednym wierszem na usługę w koszyku sprawy",
    ),
    "goals": (
        "oceny osiągania celów",
        "tego, w jakim stopniu osoby i rodziny osiągnęły uzgodnione cele",
        "data/raw/cooperation_cases plik goals.csv, z jednym wierszem na cel sprawy",
    ),
    "coaching": (
        "danych o coachingu",
        "liczby spotkań i godzin coachingu pracowników socjalnych",
        "data/raw/cooperation_effects plik coaching.csv, z jednym wierszem na spotkanie pracownika",
    ),
}


def missing(what: str) -> Statement:
    """Return what a chapter says in place of results where a table that an office may deliver is absent."""
    lacking, chapter, deliver = _WANTED[what]
    return Statement(
        f"Brak {lacking}, dlatego raport nie pokazuje {chapter}. Aby to zmienić, proszę zapisać w folderze {deliver}."
    )
