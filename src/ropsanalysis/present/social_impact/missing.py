"""What a chapter says in place of results where data were not delivered or cannot answer its question."""

from __future__ import annotations

from typing import Final

from ropsanalysis.present.blocks import Statement

_WANTED: Final = {
    "impact_panel": (
        "pomiarów u osób",
        "zmian u uczestników",
        "data/raw/impact_panel plik panel.csv lub panel.xlsx, z jednym wierszem na osobę i pomiar",
    ),
    "jst_panel": (
        "danych o gminach w kolejnych latach",
        "gmin z centrami usług społecznych",
        "data/raw/jst_panel plik jst.csv lub jst.xlsx, z jednym wierszem na gminę i rok",
    ),
    "impact_map": (
        "mapy oddziaływania",
        "wartości rezultatów",
        "data/raw/impact_map plik map.csv lub map.xlsx, z jednym wierszem na rezultat",
    ),
}


def missing(dataset: str) -> Statement:
    """Return what a chapter says in place of results where a dataset that an office may deliver is absent."""
    what, chapter, deliver = _WANTED[dataset]
    return Statement(
        f"Brak {what}, dlatego raport nie opisuje {chapter}. Aby to zmienić, proszę zapisać w folderze {deliver}."
    )
