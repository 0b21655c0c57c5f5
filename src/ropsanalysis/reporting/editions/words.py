"""How a comparison of editions is told in Polish: causes, counts, what stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ropsanalysis.present import polish
from ropsanalysis.present.blocks import SYNTHETIC_MARK, Cell, Number
from ropsanalysis.reporting.editions.causes import Cause, CauseKind, Difference, Evidence
from ropsanalysis.reporting.editions.changes import Change, Comparison, Place

_CAUSES: Final[dict[CauseKind, str]] = {
    "data": "dane",
    "method": "metoda",
    "code": "program",
    "unrecorded": "pochodzenia nie zapisano",
    "unexplained": "nieznana: zapisane pochodzenie jest takie samo",
    "period": "inny okres",
    "new_unit": "nowa pozycja",
    "unit_gone": "pozycji już nie ma",
    "hidden": "liczby już nie podano",
    "shown": "liczbę podano",
    "synthetic": "dane syntetyczne w miejsce dostarczonych",
    "real": "dane dostarczone w miejsce syntetycznych",
}
#: Causes whose detail only repeats what stands beside them.
_PLAIN: Final = frozenset({"hidden", "shown"})

#: Most parts of the program that are named.
_MOST: Final = 8
#: A relative change below this, in per cent, is printed with one digit more.
_SMALL: Final = 0.1
#: Letters of a sentence shown before and after a number.
_BEFORE, _AFTER = 70, 40


def causes(found: Sequence[Cause]) -> str:
    """Return possible causes as one text."""
    return "; ".join(
        f"{_CAUSES[cause.kind]} ({cause.detail})" if cause.detail and cause.kind not in _PLAIN else _CAUSES[cause.kind]
        for cause in found
    )


def origins(found: Evidence) -> Iterator[str]:
    """Yield a sentence on each thing that differs between the recorded origins, and what follows from it."""
    for name, files in found.files.items():
        yield f"Dane ({name}): {'; '.join(map(_file, files))}."
    for choice in found.method:
        yield f"Metoda: {polish.lower_first(choice.name)}: {_step(choice)}."
    for part in found.code[:_MOST]:
        yield f"Program: {part.name}: {_step(part)}."
    if more := found.code[_MOST:]:
        yield f"Program: inne części, których zapis się różni – {len(more)}."
    if not found.recorded:
        yield (
            "Co najmniej jedna z edycji nie zapisuje pochodzenia liczb (plików, ustaleń metody i wersji), dlatego "
            "przyczyn zmian nie da się ustalić w całości."
        )
    elif not (found.files or found.method or found.code):
        yield "Zapisane pochodzenie obu edycji jest takie samo: te same pliki, ustalenia metody i wersje."
    if not found.separable:
        yield (
            "Zmieniło się więcej niż jedno z trzech: dane, metoda, program. Ich skutków nie da się rozdzielić, dlatego "
            "przy każdej liczbie podajemy wszystkie możliwe przyczyny."
        )


def _file(file: Difference) -> str:
    state = "nowy plik" if not file.old else "pliku już nie ma" if not file.new else "zmieniona treść"
    return f"{file.name} – {state}"


def _step(found: Difference) -> str:
    return f"{_short(found.old) or 'brak'} → {_short(found.new) or 'brak'}"


def _short(text: str) -> str:
    """Return the start of a checksum, and any other text whole."""
    return text[:12] if re.fullmatch(r"[0-9a-f]{16,64}", text) else text


def name(change: Change) -> str:
    """Return what a number is: its row and column, or its sentence around it."""
    return spot(change.place, change.new.text)


def spot(place: Place, text: str) -> str:
    """Return the row and column of a place, or what stands around a number in its sentence."""
    return f"{place.row} – {place.column}" if place.block else excerpt(place.row, text)


def mixed(found: Comparison) -> bool:
    """Whether only some of the numbers are made up, so that these need marks of their own."""
    return bool(found.old.real or found.new.real or found.old.synthetic != found.new.synthetic)


def named(changes: Sequence[Change], *, mixed: bool) -> tuple[list[str], bool]:
    """Return what each number is, with the mark of made-up numbers, or whether all of them share the mark."""
    made_up = [mixed and any(change.made_up) for change in changes]
    shared = bool(changes) and all(made_up)
    marks = (f" [{SYNTHETIC_MARK}]" if one and not shared else "" for one in made_up)
    return [f"{name(change)}{mark}" for change, mark in zip(changes, marks, strict=True)], shared


def excerpt(sentence: str, number: str) -> str:
    """Return the part of a sentence around a number, in whole words.

    Examples
    --------
    >>> excerpt("W 2025 r. ze świadczeń korzystało w województwie 377,6 osoby na 10 tys. mieszkańców.", "377,6")
    'W 2025 r. ze świadczeń korzystało w województwie 377,6 osoby na 10 tys. mieszkańców.'
    """
    found = re.search(rf"(?<![\d,]){re.escape(number)}(?![\d,])", sentence)
    first, last = found.span() if found else (0, _BEFORE)
    start = 0 if first <= _BEFORE else sentence.find(" ", first - _BEFORE, first) + 1 or first
    end = len(sentence) if len(sentence) - last <= _AFTER else sentence.rfind(" ", last, last + _AFTER)
    end = max(end, last)
    return f"{'…' if start else ''}{sentence[start:end]}{'…' if end < len(sentence) else ''}"


def where(place: Place) -> str:
    """Return where something stands: chapter, and the title of the table or figure."""
    return ": ".join(filter(None, (place.chapter, place.caption))) or "strona tytułowa"


def difference(change: Change) -> Number:
    """Return the difference as it is printed; that of percentages is in percentage points."""
    unit = "p.p." if change.new.unit == "%" else change.new.unit
    return Number(change.difference, digits=max(change.old.digits, change.new.digits), unit=unit, signed=True)


def relative(change: Change) -> Number:
    """Return the difference as a percentage of the older value; there is none from zero."""
    if change.difference is None or not change.old.value:
        return Number(None, missing="od zera")
    value = change.difference / abs(change.old.value) * 100
    return Number(value, digits=1 if abs(value) >= _SMALL else 2, unit="%", signed=True)


def values(change: Change) -> tuple[Cell, ...]:
    """Return older value, newer value, difference and relative change."""
    return (change.old, change.new, difference(change), relative(change))
