"""Whether each pilot keeps the minimum content of a model of cooperation, element by element."""

from __future__ import annotations

from typing import Any

from ropsanalysis.cooperation.records import Fidelity
from ropsanalysis.cooperation.schema import ELEMENTS
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import matrices, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.cooperation import names, words

#: Pilots that have room in a figure on one page; the table holds all.
_MOST = 20


def fidelity_summary(models: Cooperation) -> Statement:
    """Return how many pilots keep all elements, and which elements are missing most often."""
    if not models.fidelity:
        return Statement(
            "Bez danych o pilotażach raport nie pokazuje, które z ośmiu elementów minimalnej zawartości modelu "
            "zachowują."
        )
    return in_brief(models)


def in_brief(models: Cooperation) -> Statement:
    """Return in one or two sentences how complete the models of the pilots are."""
    pilots = list(dict.fromkeys(row.pilot for row in models.fidelity))
    missing = {key: sum(1 for pilot in pilots if _state(models.element(pilot, key)) == "no") for key in ELEMENTS}
    without = sum(1 for pilot in pilots if any(_state(models.element(pilot, key)) == "no" for key in ELEMENTS))
    unknown = [row for row in models.fidelity if not row.known]
    most = max(missing.values())
    parts: dict[str, Any] = {"n": _pilots_of(len(pilots)), "without": Number(without)}
    if most:
        text = "Co najmniej jednego z ośmiu elementów minimalnej zawartości modelu brakuje w {without} z {n}; "
        text += "najczęściej brakuje: {which} ({most} z {n})."
        parts |= {
            "which": polish.listing(names.ELEMENT[key] for key in ELEMENTS if missing[key] == most),
            "most": Number(most),
        }
    else:
        text = "W żadnym z {n} nie stwierdzono braku któregoś z ośmiu elementów minimalnej zawartości modelu."
    if unknown:
        few = sum(1 for row in unknown if row.reason == "few")
        text += " W {unknown} z {cells} pól nie podajemy, czy element jest obecny"
        text += ", bo spraw jest zbyt mało." if few == len(unknown) else ": brak danych albo za mało spraw."
        parts |= {"unknown": Number(len(unknown)), "cells": Number(len(pilots) * len(ELEMENTS))}
    row = models.step("undiagnosed")
    if row is not None and row.cases and row.of:
        text += (
            " Bez zapisanej diagnozy zawarto {skipped} z {contracts} kontraktów, choć diagnoza powinna je poprzedzać."
        )
        parts |= {"skipped": words.count(row.cases), "contracts": words.count(row.of)}
    return words.say(models, words.PILOTS, text, **parts)


def _pilots_of(number: int) -> Number:
    return Number(number, unit="pilotażu" if number == 1 else "pilotaży")


def _state(row: Fidelity | None) -> matrices.State:
    if row is None or not row.known:
        return "unknown"
    return "yes" if row.kept else "no"


def fidelity_figure(models: Cooperation) -> Figure | None:
    """Return the matrix of pilots and elements; None without pilots."""
    pilots = list(dict.fromkeys(row.pilot for row in models.fidelity))
    if not pilots:
        return None
    shown = pilots[:_MOST]
    cells = [[_cell(models.element(pilot, key)) for key in ELEMENTS] for pilot in shown]
    told = " ".join(_in_words(models, pilot) for pilot in pilots)
    more = (
        ""
        if len(shown) == len(pilots)
        else f" Rysunek pokazuje {len(shown)} z {len(pilots)} pilotaży, dane – wszystkie."
    )
    least = words.percent(models.choice("min_element_share"), digits=0)
    return Figure(
        key="fidelity",
        title="Elementy minimalnej zawartości modelu w pilotażach",
        svg=matrices.matrix(
            cells,
            rows=[names.pilot(models, pilot) for pilot in shown],
            columns=[names.SHORT_ELEMENT[key] for key in ELEMENTS],
            key="fidelity",
        ),
        alt=f"Tablica pilotaży ({len(shown)}) i ośmiu elementów: tak, nie albo brak odpowiedzi. {told}",
        description=told,
        data=_data(models, pilots),
        source=words.source(models, *words.PILOTS),
        note="tak – element jest; nie – elementu brak; ? – nie podajemy („ukryto”: "
        "z powodu ochrony osób; „brak”: nie ma danych). Odsetek pod słowem: część spraw pilotażu z "
        f"danym elementem; diagnozę, kontrakt i koszyk uznajemy za obecne od {least.text} spraw.{more}",
    )


def _cell(row: Fidelity | None) -> matrices.Cell:
    if row is None or not row.known:
        return matrices.Cell("unknown", "ukryto" if row is not None and row.reason == "few" else "brak")
    return matrices.Cell(_state(row), "" if row.share is None else words.percent(row.share, digits=0).text)


def _in_words(models: Cooperation, pilot: str) -> str:
    lacking = [names.ELEMENT[key] for key in ELEMENTS if _state(models.element(pilot, key)) == "no"]
    unknown = [names.ELEMENT[key] for key in ELEMENTS if _state(models.element(pilot, key)) == "unknown"]
    told = f"brak: {polish.listing(lacking)}" if lacking else "żadnego elementu nie brakuje"
    return f"{names.pilot(models, pilot)} – {told}" + (
        f"; nie podajemy: {polish.listing(unknown)}." if unknown else "."
    )


def _data(models: Cooperation, pilots: list[str]) -> Table:
    words_of = {"yes": "tak", "no": "nie", "unknown": "nie podajemy"}
    rows = [models.element(pilot, key) for pilot in pilots for key in ELEMENTS]
    return Table(
        key="fidelity_data",
        title="Elementy minimalnej zawartości modelu",
        columns=(
            Column("Pilotaż", "left"), Column("Element", "left"), Column("Obecny", "left"),
            Column("Sprawy z elementem (%)"), Column("Podstawa", "left"),
        ),
        rows=tuple(
            (
                names.pilot(models, row.pilot), polish.capital(names.ELEMENT[row.element]), words_of[_state(row)],
                words.percent(row.share, unit="", reason=row.reason), names.BASIS.get(row.basis, polish.DASH),
            )
            for row in rows
            if row is not None
        ),
        note=words.note("", (row.reason for row in rows if row is not None)),
        synthetic=models.made_up(*words.PILOTS),
    )  # fmt: skip
