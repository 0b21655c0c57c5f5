"""Who answered: staff and respondents by institution type, what weighting did, who the respondents are."""

from __future__ import annotations

from ropsanalysis.present import figures, polish
from ropsanalysis.present.blocks import Column, Figure, Number, Statement, Table
from ropsanalysis.present.training_needs import words
from ropsanalysis.training_needs.view import TrainingNeeds

_TRAITS = ("position", "tenure", "education")


def response_summary(needs: TrainingNeeds) -> Statement:
    """Return how many answered, out of how many."""
    total = needs.total
    if total is None or total.respondents is None:
        return Statement(
            f"Liczby respondentów {needs.region.in_locative} nie podajemy: jest zbyt mała albo jej podanie pozwoliłoby "
            "odtworzyć inne ukryte liczby."
        )
    return Statement.of(
        "Liczba respondentów {where}: {respondents} na {staff} pracowników instytucji objętych badaniem ({rate}). "
        "Odsetek osób, które odpowiedziały, różni się między typami instytucji, dlatego wyniki ważymy: odpowiedzi z "
        "typów słabiej reprezentowanych liczą się bardziej, a z reprezentowanych nadmiernie – mniej.",
        where=needs.region.in_locative,
        respondents=Number(total.respondents),
        staff=Number(total.staff),
        rate=words.percent(total.rate),
    )


def response_figure(needs: TrainingNeeds) -> Figure | Statement:
    """Return the shares of institution types among staff and among respondents."""
    rows = [
        (words.institution(needs, r.institution), r.share_frame, r.share_sample)
        for r in needs.response.values()
        if r.institution and r.share_frame is not None and r.share_sample is not None
    ]
    if len(rows) < 2:
        return Statement("Wykresu struktury respondentów nie pokazujemy: prawie wszystkie jej liczby są ukryte.")
    changes = [figures.Change(name, 100 * frame, 100 * sample) for name, frame, sample in rows]
    most = max(changes, key=lambda c: c.after - c.before)
    least = min(changes, key=lambda c: c.after - c.before)
    return Figure(
        key="response",
        title="Typy instytucji wśród pracowników i wśród respondentów",
        svg=figures.dumbbells(
            changes,
            key="response",
            label="udział (%)",
            digits=0,
            ends=("udział wśród pracowników", "udział wśród respondentów"),
            joint=" i ",
        ),
        alt=f"Udziały {len(rows)} typów instytucji wśród pracowników i wśród respondentów; najbardziej "
        f"nadreprezentowany typ: {most.label}, najbardziej niedoreprezentowany: {least.label}.",
        description="Dla każdego typu instytucji porównano udział wśród pracowników z udziałem wśród respondentów: "
        + "; ".join(f"{c.label} {polish.number(c.before)}% i {polish.number(c.after)}%" for c in changes)
        + ".",
        data=Table(
            key="response_data",
            title="Udział typów instytucji (%)",
            columns=(Column("Typ instytucji", "left"), Column("Wśród pracowników"), Column("Wśród respondentów")),
            rows=tuple((name, words.percent(a, unit=""), words.percent(b, unit="")) for name, a, b in rows),
        ),
        source=words.source(needs),
        note="Różnice wyrównuje ważenie. Typów, których liczba respondentów jest ukryta, na wykresie nie ma.",
    )


def response_table(needs: TrainingNeeds) -> Table:
    """Return staff and respondents by institution type."""
    rows = sorted(needs.response.values(), key=lambda r: r.institution != "")
    return Table(
        key="response",
        title=f"Pracownicy i respondenci według typu instytucji {needs.region.in_locative}",
        columns=(
            Column("Typ instytucji", "left"),
            Column("Pracownicy"),
            Column("Respondenci (n)"),
            Column("Odsetek odp. (%)"),
            Column("Wśród prac. (%)"),
            Column("Wśród resp. (%)"),
            Column("Po ważeniu (%)"),
        ),
        rows=tuple(
            (
                words.institution(needs, row.institution),
                Number(row.staff),
                words.count(row.respondents, reason=row.reason),
                words.percent(row.rate, reason=row.reason, unit=""),
                words.percent(row.share_frame, unit=""),
                words.percent(row.share_sample, reason=row.reason, unit=""),
                words.percent(row.share_weighted, reason=row.reason, unit=""),
            )
            for row in rows
        ),
        source=words.source(needs),
        note="Odsetek odp.: respondenci jako odsetek pracowników. Dalej udział typu instytucji wśród pracowników, "
        "wśród respondentów i wśród respondentów po ważeniu."
        + (" Kreska: udziału po ważeniu nie podajemy, aby chronić inne liczby." if _dashed(needs) else "")
        + words.explained(row.reason for row in rows),
        highlight=(0,) if rows and not rows[0].institution else (),
    )


def _dashed(needs: TrainingNeeds) -> bool:
    """Return whether a weighted share is withheld without a word in its place."""
    return any(row.share_weighted is None and not row.reason for row in needs.response.values())


def weights_summary(needs: TrainingNeeds) -> Statement:
    """Return what weighting did to the sample."""
    quality = needs.quality
    if quality is None or quality.deff is None or quality.n_effective is None:
        return Statement("Odpowiedzi jest zbyt mało, aby ocenić jakość wag.")
    trimmed = "" if not quality.n_trimmed else " Liczba wag przyciętych do największej dopuszczalnej: {trimmed}."
    settled = "" if quality.converged else " Ważenie nie osiągnęło pełnej zgodności ze strukturą zatrudnienia."
    return Statement.of(
        "Największa różnica między strukturą respondentów a strukturą zatrudnienia: {before} przed ważeniem i {after} "
        "po ważeniu. Ceną ważenia jest mniejsza dokładność: efekt schematu wynosi {deff}, czyli odpowiedzi mówią tyle, "
        "ile prosta próba losowa licząca {effective}. Wagi, w stosunku do średniej równej 1, wynoszą od {least} do "
        "{most} (w typach instytucji, których udział po ważeniu podajemy)." + trimmed + settled,
        before=_points(quality.difference_before),
        after=_points(quality.difference_after),
        deff=Number(quality.deff, digits=1),
        effective=Number(
            quality.n_effective, unit=polish.plural_form(round(quality.n_effective), "osobę", "osoby", "osób")
        ),
        least=Number(quality.weight_min, digits=1),
        most=Number(quality.weight_max, digits=1),
        trimmed=Number(quality.n_trimmed),
    )


def _points(share: float | None) -> Number:
    return Number(None if share is None else round(100 * share, 6), digits=1, unit="p.p.")


def structure_table(needs: TrainingNeeds) -> Table | Statement:
    """Return the position, tenure and education of staff, as estimated from the answers."""
    rows = [(question, answer) for question in _TRAITS for answer in needs.answered(question)]
    if not any(answer.share.shown for _, answer in rows):
        return Statement(
            "Struktury stanowisk, stażu i wykształcenia nie podajemy: nie pytano o nie albo liczby są ukryte."
        )
    return Table(
        key="structure",
        title="Stanowisko, staż i wykształcenie",
        columns=(
            Column("Cecha", "left"),
            Column("Odpowiedź", "left"),
            Column("Udział (%)"),
            Column("od"),
            Column("do"),
            Column("n"),
        ),
        rows=tuple(
            (
                words.QUESTION[question],
                needs.label(answer),
                *words.percent_cells(answer.share, reason=answer.reason),
                words.count(answer.base, reason=answer.reason),
            )
            for question, answer in rows
        ),
        source=words.source(needs),
        note=f"„od” i „do”: granice przedziału {words.confidence(needs)}; n: liczba odpowiedzi na pytanie."
        + words.explained(answer.reason for _, answer in rows),
    )
