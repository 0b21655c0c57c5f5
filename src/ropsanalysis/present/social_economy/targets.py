"""The targets of the regional programme: how far they are, and whether the present course leads there."""

from __future__ import annotations

from collections import Counter
from math import nan
from typing import Any, Final

from ropsanalysis.present import polish, tracks
from ropsanalysis.present.blocks import Column, Figure, Note, Number, Statement, Table
from ropsanalysis.present.social_economy import words
from ropsanalysis.social_economy.records import Target
from ropsanalysis.social_economy.view import SocialEconomy

VERDICT: Final = {
    "reached": "osiągnięty",
    "on_track": "na dobrej drodze",
    "off_track": "zagrożony",
    "missed": "nieosiągnięty",
    "cannot_say": "nie można ocenić",
}
#: What follows the number of targets with a verdict, for one, two and five of them.
_COUNTED: Final = {
    "reached": ("osiągnięto", "osiągnięto", "osiągnięto"),
    "on_track": ("jest na dobrej drodze", "są na dobrej drodze", "jest na dobrej drodze"),
    "off_track": ("jest zagrożony", "są zagrożone", "jest zagrożonych"),
    "missed": ("nie osiągnięto w terminie", "nie osiągnięto w terminie", "nie osiągnięto w terminie"),
    "cannot_say": ("nie można ocenić", "nie można ocenić", "nie można ocenić"),
}
#: Longest line of a target's name beside its track, in characters.
_LINE: Final = 40


def verdict(target: Target) -> str:
    """Return the verdict, where a target whose year has passed is not "off_track" but "missed"."""
    latest, due = target.latest_year, target.target_year
    over = latest is not None and due is not None and latest >= due
    return "missed" if target.verdict == "off_track" and over else target.verdict


def counted(economy: SocialEconomy) -> tuple[str, dict[str, Any]]:
    """Return a sentence without its full stop, and its numbers: how many targets have each verdict."""
    counts = Counter(map(verdict, economy.targets))
    told = [f"{{{key}}} {polish.plural_form(counts[key], *forms)}" for key, forms in _COUNTED.items() if counts[key]]
    number = len(economy.targets)
    parts: dict[str, Any] = {key: Number(counts[key]) for key in _COUNTED}
    parts["n"] = Number(number, unit=polish.plural_form(number, "celu", "celów", "celów"))
    return f"Spośród {{n}} programu regionalnego {', a '.join(filter(None, (', '.join(told[:-1]), told[-1])))}", parts


def targets_summary(economy: SocialEconomy) -> Statement:
    """Return how many targets are reached, on track, off track and cannot be judged."""
    if not economy.targets:
        return words.missing("es_programme")
    told, parts = counted(economy)
    return words.say(
        economy,
        words.PROGRAMME,
        told + ". Piszemy, że cel jest na dobrej drodze albo zagrożony, tylko wtedy, gdy cały przedział prognozy leży "
        "po jednej stronie wartości docelowej.",
        **parts,
    )


def targets_figure(economy: SocialEconomy) -> Figure | None:
    """Return the way to each target; None where no target can be measured."""
    measured = [target for target in economy.targets if _position(target, target.latest) is not None]
    if not measured:
        return None
    rows = [
        tracks.Track(
            label=_folded(target.name),
            latest=_or_nan(_position(target, target.latest)),
            expected=_or_nan(_position(target, target.on_path)),
            low=_or_nan(_position(target, target.forecast.low)),
            high=_or_nan(_position(target, target.forecast.high)),
            note=VERDICT[verdict(target)],
        )
        for target in measured
    ]
    told = [
        f"{target.name}: {_percent(_position(target, target.latest)).text} drogi ({target.latest_year}), "
        f"{VERDICT[verdict(target)]}"
        for target in measured
    ]
    return Figure(
        key="targets_figure",
        title="Droga do celów programu regionalnego",
        svg=tracks.tracks(
            rows, key="targets_figure",
            names=("ostatnia wartość", "równe tempo", "prognoza na rok docelowy, przedział 80%"),
        ),
        alt=f"Położenie {len(measured)} celów na drodze od wartości bazowej do celu. "
        + polish.listing(f"{target.name}: {VERDICT[verdict(target)]}" for target in measured)
        + ".",
        description="Część drogi od wartości bazowej do celu: " + "; ".join(told) + ".",
        data=Table(
            key="targets_figure_data",
            title="Część drogi od wartości bazowej do celu",
            columns=(
                Column("Cel", "left"),
                Column("Rok"),
                Column("Osiągnięto (%)"),
                Column("Równe tempo (%)"),
                Column("Prognoza od (%)"),
                Column("Prognoza do (%)"),
            ),
            rows=tuple(
                (
                    target.name,
                    str(target.latest_year),
                    *(
                        _percent(_position(target, value), unit="")
                        for value in (target.latest, target.on_path, target.forecast.low, target.forecast.high)
                    ),
                )
                for target in measured
            ),
            synthetic=economy.made_up(*words.PROGRAMME),
        ),
        source=words.source(economy, *words.PROGRAMME),
        note="Równe tempo: gdzie wskaźnik byłby, gdyby co roku zmieniał się o tyle samo. Wartości, które nie mieszczą "
        "się na osi, narysowano na jej końcu.",
    )  # fmt: skip


def targets_table(economy: SocialEconomy) -> Table | None:
    """Return all targets with baseline, latest value, forecast and verdict; None without a programme."""
    if not economy.targets:
        return None
    return Table(
        key="targets",
        title="Cele programu regionalnego",
        columns=(
            Column("Cel (obszar)", "left"),
            Column("Wartość bazowa"),
            Column("Ostatnia wartość"),
            Column("Równe tempo"),
            Column("Cel"),
            Column("Prognoza od"),
            Column("Prognoza do"),
            Column("Ocena", "left"),
        ),
        rows=tuple(
            (
                f"{target.name}, {target.unit} ({polish.lower_first(target.area)}; {_years(target)})",
                *(
                    Number(value, digits=target.digits)
                    for value in (
                        target.baseline, target.latest, target.on_path, target.target, target.forecast.low,
                        target.forecast.high,
                    )
                ),
                VERDICT[verdict(target)],
            )
            for target in economy.targets
        ),
        note="W nawiasie: obszar oraz rok wartości bazowej, ostatniej wartości i celu. Równe tempo: wartość, jaką "
        "wskaźnik miałby w roku ostatniej wartości, gdyby co roku zmieniał się o tyle samo. Prognoza: przedział 80% na "
        "rok docelowy.",
        **words.origin(economy, *words.PROGRAMME),
    )  # fmt: skip


def targets_reasons(economy: SocialEconomy) -> Note | None:
    """Return why some targets cannot be judged; None where all can."""
    unsure = [target for target in economy.targets if target.verdict == "cannot_say"]
    if not unsure:
        return None
    return Note(
        title="Dlaczego niektórych celów nie można ocenić.",
        text="",
        items=tuple(f"{target.name}: {polish.lower_first(target.reason.rstrip('.'))}." for target in unsure),
    )


def _position(target: Target, value: float | None) -> float | None:
    """Return how far a value lies on the way from baseline to target, in percent."""
    if value is None or target.baseline is None or target.target is None or target.baseline == target.target:
        return None
    return 100 * (value - target.baseline) / (target.target - target.baseline)


def _or_nan(position: float | None) -> float:
    return nan if position is None else position


def _percent(position: float | None, *, unit: str = "%") -> Number:
    return Number(position, unit=unit)


def _years(target: Target) -> str:
    years = (target.baseline_year, target.latest_year, target.target_year)
    return ", ".join(polish.DASH if year is None else str(year) for year in years)


def _folded(name: str) -> str:
    """Return a name over at most two lines."""
    if len(name) <= _LINE:
        return name
    cut = name.rfind(" ", 0, _LINE)
    rest = name[cut + 1 :]
    return f"{name[:cut]}\n{rest if len(rest) <= _LINE else rest[: _LINE - 1].rstrip() + '…'}"
