"""Effects that the published project promised, against what was achieved: counted or stated, whole or incomplete."""

from __future__ import annotations

from typing import Any, Final

from ropsanalysis.cooperation.records import Effect
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import bars, lettering, polish
from ropsanalysis.present.blocks import Cell, Column, Figure, Number, Points, Statement, Table
from ropsanalysis.present.cooperation import words

BASIS: Final = {"counted": "policzono z danych", "stated": "podał ośrodek"}
#: What to know of results that are not of the whole project.
_PARTIAL: Final = {
    "counted": "Danych nie dostarczyły wszystkie województwa projektu, dlatego policzone wielkości są najmniejszymi "
    "możliwymi: część efektów mogła powstać tam, skąd danych brak.",
    "stated": "Niektóre efekty podały tylko niektóre ośrodki projektu; w całym projekcie może być ich więcej.",
}
_LABEL = 120.0


def effects_summary(models: Cooperation) -> Points | None:
    """Return how far the promises were kept; None outside the published projects."""
    if not models.effects:
        return None
    found = in_brief(models)
    partial = [row for row in models.effects if row.achieved is not None and not row.complete]
    for basis, text in _PARTIAL.items():
        if any(row.basis == basis for row in partial):
            found.append(words.say(models, words.ALL, text, tone="bad"))
    found.append(
        Statement(
            "Efekty „policzono z danych” wynikają wprost z dostarczonych tabel; efekty „podał ośrodek” są "
            "oświadczeniem, którego raport nie sprawdza."
        )
    )
    return Points(tuple(found))


def in_brief(models: Cooperation) -> list[Statement]:
    """Return in one sentence how many promises were reached, as far as this is known."""
    numbered = [row for row in models.effects if row.promised is not None]
    if not numbered:
        return []
    known = [row for row in numbered if row.share is not None]
    if not known:
        return [
            words.say(
                models, words.ALL, "Osiągnięcia efektów obiecanych w projekcie nie da się podać (liczba efektów: {n}).",
                n=Number(len(numbered)),
            )
        ]  # fmt: skip
    reached = [row for row in known if (row.share or 0.0) >= 1]
    text = (
        "Osiągnięcie da się podać dla {known} z {all} efektów, które projekt obiecał liczbą; obiecaną wielkość "
        "osiągnięto w przypadku {reached}"
    )
    parts: dict[str, Any] = {
        "known": Number(len(known)),
        "all": Number(len(numbered)),
        "reached": Number(len(reached)) if reached else "żadnego",
    }
    least = min(known, key=lambda row: row.share or 0.0)
    if least.share is not None and least.share < 1:
        text += ". Najdalej od obietnicy: {least} ({achieved} z {promised}, czyli {share})"
        parts |= {
            "least": polish.lower_first(least.name),
            "achieved": words.count(least.achieved),
            "promised": words.count(least.promised),
            "share": words.percent(least.share),
        }
    return [words.say(models, words.ALL, f"{text}.", **parts)]


def effects_figure(models: Cooperation) -> Figure | None:
    """Return the shares of the promises achieved; None where none is known."""
    known = [row for row in models.effects if row.share is not None]
    if not known:
        return None
    labels = ["\n".join(lettering.wrapped(_label(row), _LABEL, 7.6)) for row in known]
    told = "; ".join(f"{_label(row)}: {words.percent(row.share, digits=0).text}" for row in known)
    return Figure(
        key="effects",
        title="Osiągnięta część obiecanych efektów całego projektu",
        svg=bars.ranked(
            [bars.Bar(label, 100 * (row.share or 0.0)) for label, row in zip(labels, known, strict=True)],
            key="effects",
            label="% wielkości obiecanej",
            digits=0,
            marks=[bars.Mark("obiecano (%)", 100.0, "poland")],
            tall=5.0 + 9.0 * max(label.count("\n") + 1 for label in labels),
        ),
        alt=f"Wykres słupkowy, linia na poziomie 100%. {polish.capital(told)}.",
        description=f"Osiągnięta część obietnicy: {told}. Linia przy 100% oznacza wielkość obiecaną.",
        data=_data(models, known),
        source=_source(models),
        note="(o) – wielkość podał ośrodek, (d) – policzono z danych; * – dane nie ze wszystkich województw projektu.",
    )


def _label(row: Effect) -> str:
    mark = "(d)" if row.basis == "counted" else "(o)"
    return f"{row.name} {mark}{'' if row.complete else '*'}"


def _data(models: Cooperation, known: list[Effect]) -> Table:
    return Table(
        key="effects_data",
        title="Osiągnięta część obiecanych efektów (%)",
        columns=(Column("Efekt", "left"), Column("Obiecano"), Column("Osiągnięto"), Column("Część (%)")),
        rows=tuple(
            (_label(row), _size(row.promised), _size(row.achieved), words.percent(row.share, unit="")) for row in known
        ),
        synthetic=models.made_up(*words.ALL),
    )


def _size(value: float | None, *, reason: str = "") -> Number:
    digits = 0 if value is None or float(value).is_integer() else 1
    return Number(value, digits=digits, missing=words.HIDDEN.get(reason, ""))


def effects_table(models: Cooperation) -> Table | None:
    """Return every promised effect with what was achieved and where both come from; None outside the projects."""
    if not models.effects:
        return None
    return Table(
        key="effects_all",
        title="Efekty obiecane i osiągnięte",
        columns=(
            Column("Efekt", "left"), Column("Obiecano"), Column("Osiągnięto"), Column("Część (%)"),
            Column("W tym województwo"), Column("Skąd wynik", "left"),
        ),
        rows=tuple(_row(row) for row in models.effects),
        note=words.note(
            "Obiecano i osiągnięto: w całym projekcie; podstawą części (%) jest wielkość obiecana. Kreska w kolumnie "
            "„Obiecano”: produkt obiecany bez liczby. Podmioty współpracujące: partnerzy pilotaży, każdy raz, bez "
            "animatorów i inspiratorów. Powiaty: te, które same prowadzą pilotaż.",
            (row.reason for row in models.effects),
        ),
        source=_source(models),
        synthetic=models.made_up(*words.ALL),
    )  # fmt: skip


def _source(models: Cooperation) -> str:
    promised = "; ".join(dict.fromkeys(row.source for row in models.effects))
    return f"obietnice: {promised}; osiągnięcia: {words.source(models, *words.ALL)}"


def _row(row: Effect) -> tuple[Cell, ...]:
    basis = BASIS.get(row.basis, polish.DASH) if row.achieved is not None else polish.DASH
    if row.achieved is not None and not row.complete:
        basis += "; dane niepełne"
    return (
        f"{row.name} ({row.unit})" if row.unit else row.name,
        _size(row.promised),
        _size(row.achieved, reason=row.reason),
        words.percent(row.share, unit=""),
        _size(row.own),
        basis,
    )
