"""Typical profiles of need: what each lacks, how common it is, how firm the division is."""

from __future__ import annotations

from math import nan

import numpy as np

from ropsanalysis.present import heatmap, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.profiles import STABLE
from ropsanalysis.training_needs.records import ProfileGap
from ropsanalysis.training_needs.view import TrainingNeeds

#: A profile is named by so many competences in which it stands out.
_NAMED = 3
_EDGES = (0, 0.5, 1, 1.5)
_CLASSES = ("poniżej 0", "0–0,49", "0,5–0,99", "1–1,49", "1,5 i więcej")


def _profiles(needs: TrainingNeeds) -> list[int]:
    return sorted({gap.profile for gap in needs.profiles})


def _standing_out(needs: TrainingNeeds, profile: int) -> list[ProfileGap]:
    own = [g for g in needs.profiles if g.profile == profile and g.centred is not None]
    return sorted(own, key=lambda g: -(g.centred or 0.0))[:_NAMED]


def profile_summary(needs: TrainingNeeds) -> Statement:
    """Return how many profiles there are and how firm they are."""
    quality, profiles = needs.profile_quality, _profiles(needs)
    if quality is None or len(profiles) < 2:
        return Statement("Typowych profili potrzeb nie wyodrębniono: odpowiedzi nie układają się w wyraźne grupy.")
    firm = quality.stability is not None and quality.stability >= STABLE
    return Statement.of(
        "Profil to grupa osób, którym brakuje podobnych kompetencji. Wyodrębniono {k} na podstawie odpowiedzi {n} osób "
        "z całego badania. Podział powtórzono na losowo dobranych odpowiedziach: średnia zgodność z pierwotnym "
        "wynosi {stability} (skorygowany indeks Randa; 1 oznacza ten sam podział): " + (
            "podział jest trwały." if firm else "podział jest niepewny i służy tylko jako ilustracja."
        ),
        k=polish.plural(len(profiles), "profil potrzeb", "profile potrzeb", "profili potrzeb"),
        n=Number(quality.n),
        stability=words.score(quality.stability),
    )  # fmt: skip


def profile_figure(needs: TrainingNeeds) -> Figure | None:
    """Return the mean gaps of the profiles; None where there are none."""
    profiles = _profiles(needs)
    if len(profiles) < 2:
        return None
    gaps = {(g.profile, g.competence): g.gap for g in needs.profiles}
    order = [*(need.competence for need in needs.ranked()), *needs.competences]
    keys = [key for key in dict.fromkeys(order) if any((p, key) in gaps for p in profiles)]
    values = [[gaps.get((profile, key)) for profile in profiles] for key in keys]
    grid = np.array([[nan if value is None else value for value in row] for row in values])
    told = [f"profil {p}: {_names(needs, p)}" for p in profiles]
    return Figure(
        key="profiles",
        title="Profile potrzeb: średnia luka w kompetencjach",
        svg=heatmap.heatmap(
            grid,
            rows=[words.competence(needs, key) for key in keys],
            columns=[f"Profil {profile}" for profile in profiles],
            edges=_EDGES,
            classes=_CLASSES,
            key="profiles",
            digits=2,
        ),
        alt=f"Średnia luka w {len(keys)} kompetencjach dla {len(profiles)} profili; wyróżniają je: {'; '.join(told)}.",
        description=f"Każda kolumna to profil osób o podobnych potrzebach. Co wyróżnia profile: {'; '.join(told)}.",
        data=Table(
            key="profiles_data",
            title="Średnia luka w profilach (punkty skali)",
            columns=(Column("Kompetencja", "left"), *(Column(f"Profil {profile}") for profile in profiles)),
            rows=tuple(
                (words.competence(needs, key), *(words.score(value) for value in row))
                for key, row in zip(keys, values, strict=True)
            ),
        ),
        source=words.source(needs),
        note="Luka: średnia ważność minus średnie opanowanie, w punktach skali. Profile i ich luki dotyczą całego "
        "badania, a nie tylko województwa.",
    )


def _names(needs: TrainingNeeds, profile: int) -> str:
    return polish.listing([words.quoted(needs, gap.competence) for gap in _standing_out(needs, profile)])


def profile_table(needs: TrainingNeeds) -> Table | None:
    """Return how common each profile is in the voivodeship."""
    if len(_profiles(needs)) < 2 or not needs.profile_shares:
        return None
    return Table(
        key="profiles",
        title=f"Udział profili {needs.region.in_locative}",
        columns=(Column("Profil", "left"), Column("Co go wyróżnia", "left"), Column("Udział (%)"), Column("n")),
        rows=tuple(
            (
                f"Profil {row.profile}",
                _names(needs, row.profile),
                words.percent(row.share, reason=row.reason, unit=""),
                words.count(row.base, reason=row.reason),
            )
            for row in needs.profile_shares
        ),
        source=words.source(needs),
        note="Co go wyróżnia: kompetencje, w których luka, po odjęciu przeciętnej luki każdej osoby, najbardziej "
        "przewyższa średnią wszystkich profili. n: respondenci z województwa przypisani do któregoś profilu."
        + words.explained(row.reason for row in needs.profile_shares),
    )
