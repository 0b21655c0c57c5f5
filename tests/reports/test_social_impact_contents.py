"""Every report on social impact claims no more than its evidence allows, and holds what its data files hold.

Numbers are counted anew from the raw files without any of the package's code; words are read in the finished files. An
outsider who has all sixteen reports then tries to tell how few persons stand behind a hidden share.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from report_data import CODES
from report_edition import Edition, squeezed, text_of, texts_of

from ropsanalysis.io.synthetic import impact_truth as truth
from ropsanalysis.regions import find
from support import PROJECT

pytestmark = pytest.mark.slow

#: Fewest persons with a trait, and without it, behind a printed share: `min_count` of impact_parameters.yaml.
FEWEST = 5
#: Shares of persons (`kind: share` of impact_outcomes.yaml) and the column of the panel that each is the share of.
SHARES = {"Praca": "work", "Dochód z pracy": "income_source", "Pomoc społeczna": "assistance"}
WAVES = {"wejście": "entry", "wyjście": "exit", "6 mies. po wyjściu": "m6", "12 mies. po wyjściu": "m12"}
GROUPS = {"uczestnicy": "participant", "grupa porównawcza": "comparison"}
#: Voivodeships whose demo has a comparison group like the participants.
COMPARED = [code for code in CODES if code not in (truth.NO_COMPARISON, truth.NO_OVERLAP, truth.SMALL)]
#: The column of the evidence table that says what would change our mind, and what it says of too few entities.
DOUBTS, FEW_ENTITIES = "Co zmieniłoby nasze zdanie", "pomiar w większej liczbie podmiotów"
RATE = 0.035


@pytest.fixture(scope="module")
def edition(editions: dict[str, Edition]) -> Edition:
    return editions["social_impact"]


@pytest.fixture(params=CODES, ids=lambda code: find(code).slug)
def teryt(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def rows_of(edition: Edition, teryt: str, key: str) -> list[dict[str, Any]]:
    """Return the rows of a table by the words above its columns; numbers as such, a word in place of one as text.

    A report leaves a table out that would hold no number.
    """
    table = edition.tables(teryt).get(key, {"columns": [], "rows": []})
    labels = [column["label"] for column in table["columns"]]
    return [{label: plain(cell) for label, cell in zip(labels, row, strict=True)} for row in table["rows"]]


def plain(cell: str | Mapping[str, Any]) -> Any:
    if isinstance(cell, str) or cell["value"] is None:
        return text_of(cell)
    return cell["value"]


def printed_rows(edition: Edition, teryt: str, key: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in edition.tables(teryt)[key]["rows"]]


def statements(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for element in document["elements"]:
        if element["kind"] == "points":
            yield from element["items"]
        elif element["kind"] == "statement":
            yield element


def chapter(document: Mapping[str, Any], title: str) -> list[dict[str, Any]]:
    """Return what stands between a heading and the next one."""
    elements = document["elements"]
    [start] = [k for k, element in enumerate(elements) if element.get("text") == title and element["kind"] == "heading"]
    ends = (k for k in range(start + 1, len(elements)) if elements[k]["kind"] == "heading")
    return list(elements[start + 1 : next(ends, len(elements))])


def said(elements: Sequence[Mapping[str, Any]]) -> str:
    found = "\n".join(statement["text"] for statement in statements({"elements": elements}))
    return found.replace("\u00a0", " ")


# ---- no causal verb above the grade of its estimate --------------------------------------------------


@cache
def stems() -> tuple[tuple[str, int], ...]:
    """Return each stem with the grade from which on a sentence may use it."""
    path = PROJECT / "src" / "ropsanalysis" / "catalogue" / "evidence_grades.yaml"
    grades = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = tuple((stem, entry["grade"]) for entry in grades for stem in entry["stems"])
    assert {grade for _, grade in found} == {3, 4, 5}
    assert {"wiąże", "przyczyni", "spowodow", "dzięki", "wskutek"} <= {stem for stem, _ in found}
    return found


def used(text: str) -> dict[str, int]:
    """Return the stems of a text with their grades; names in quotation marks are no statement of the report."""
    bare = re.sub(r"„[^”]*”", "„”", text).casefold()
    return {stem: grade for stem, grade in stems() if stem in bare}


#: What sentences call the outcomes of the evidence table, in their first words.
SUBJECTS = {
    "pracujących zarobkowo": "Praca", "godzin pracy": "Godziny pracy", "głównie z pracy": "Dochód z pracy",
    "z pomocy społecznej": "Pomoc społeczna", "wykształcenia": "Wykształcenie", "własnego zdrowia": "Zdrowie",
    "dobrostanu": "Dobrostan", "więzi społecznych": "Więzi", "własnej skuteczności": "Skuteczność",
    "podjęcia pracy": "Czas do pracy", "usług opiekuńczych": "Usługi opiekuńcze", "domów pomocy": "Pobyty w DPS",
    "świadczeniami": "Świadczenia",
}  # fmt: skip
_AMOUNT = re.compile(r"\bo ([\d\s]+(?:,\d+)?)\b.*?\(od ([−\d\s,]+) do ([−\d\s,]+)\)")


def texts(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a report that may make a claim: the scale of grades and the method chapter explain words."""
    explained = [id(element) for element in chapter(document, "Metoda")]
    yield from (text for fact in document["cover"]["facts"] for text in fact)
    for element in document["elements"]:
        if id(element) not in explained and element.get("key") != "grades":
            yield from _words(element)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name not in {"kind", "key", "anchor", "tone", "values", "unit", "align"}:
                yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)


def evidence_of(document: Mapping[str, Any]) -> list[list[str]]:
    [table] = [element for element in document["elements"] if element.get("key") == "evidence"]
    return [[text_of(cell) for cell in row] for row in table["rows"]]


def grade_of(text: str, evidence: Sequence[Sequence[str]]) -> int | None:
    """Return the grade printed in a sentence, or else that of the one estimate it states; None without either.

    An estimate is known by its name, amount and interval, in which the sentence leaves out signs.
    """
    found = _stated(text, evidence)
    told = re.search(r"stopień\s(\d)(?:–(\d))?\sz\s5", text)
    if told is None:
        return found
    grade = int(told[1])
    assert found in (None, grade), f"the grade of the estimate is {found}: {text}"
    return grade


def _stated(text: str, evidence: Sequence[Sequence[str]]) -> int | None:
    amount = _AMOUNT.search(text)
    if amount is None:
        return None
    names = {name for words, name in SUBJECTS.items() if words in text[: amount.start()]}
    subject = (
        "gminy, Polska" if re.match(r"W (?:całej )?Polsce:", text) else "gminy" if "centr" in text else "uczestnicy"
    )
    value, *interval = ("".join(part.split()) for part in amount.groups())
    rows = [
        row for row in evidence
        if row[0] in {f"{name} ({subject})" for name in names}
        and row[1].lstrip("+−") == value and {end.lstrip("+−") for end in row[2:4]} == {e.lstrip("−") for e in interval}
    ]  # fmt: skip
    assert len(rows) <= 1, text
    return int(rows[0][6]) if rows else None


def too_strong(document: Mapping[str, Any]) -> list[str]:
    """Return the sentences with a stem of a higher grade than their estimate has."""
    evidence, found = evidence_of(document), []
    for text in texts(document):
        strongest = max(used(text).values(), default=0)
        if strongest and strongest > (grade_of(text, evidence) or 0):
            found.append(text)
    return found


def unexplained(words: str, document: Mapping[str, Any]) -> set[str]:
    """Return the stems that a page uses besides the sentences of the JSON; no text has line breaks."""
    for text in sorted(set(_words([document["cover"], document["elements"]])), key=len, reverse=True):
        if any(stem in text.casefold() for stem, _ in stems()):
            words = words.replace(squeezed(text), "")
    return {stem for stem, _ in stems() if squeezed(stem) in words.casefold()}


def test_no_sentence_is_stronger_than_the_evidence_of_its_estimate(edition: Edition, teryt: str) -> None:
    assert too_strong(edition.document(teryt)) == []


def test_every_finding_on_persons_or_gminas_prints_the_grade_of_its_estimate(edition: Edition, teryt: str) -> None:
    document = edition.document(teryt)
    evidence = evidence_of(document)
    findings = said(chapter(document, "Najważniejsze ustalenia")).splitlines()
    stated = [text for text in findings if _AMOUNT.search(text)]
    assert len(stated) >= 1
    for text in stated:
        assert grade_of(text, evidence) == _stated(text, evidence) is not None, text
        assert "Siła dowodu:" in text
    chapters = ("Porównanie z osobami bez wsparcia", "Centra usług społecznych w gminach")
    for text in "\n".join(said(chapter(document, title)) for title in chapters).splitlines():
        assert _stated(text, evidence) is not None or not used(text), text


def test_pages_use_strong_words_only_in_these_sentences(
    edition: Edition, pdf_text: Callable[[Path], str], teryt: str
) -> None:
    document, formats = edition.document(teryt), texts_of(edition, pdf_text, teryt)
    assert unexplained(formats["html"], document) == set()
    for stem, _ in stems():  # a page may end within a sentence: of the PDF they are counted
        shown = formats["pdf"].casefold().count(squeezed(stem))
        assert shown <= formats["html"].casefold().count(squeezed(stem)), stem
    assert "przyczyni" in formats["pdf"]


def test_strong_words_are_found_wherever_somebody_puts_them(edition: Edition, pdf_text: Callable[[Path], str]) -> None:
    # Without this the tests above might read nothing at all.
    code = "12"  # differences of grade 4
    clean = edition.document(code)
    assert too_strong(clean) == []

    def doctored(change: Callable[[dict[str, Any]], None]) -> list[str]:
        document = copy.deepcopy(clean)
        change(document)
        return too_strong(document)

    def reword(old: str, new: str) -> Callable[[dict[str, Any]], None]:
        def change(document: dict[str, Any]) -> None:
            statement = next(one for one in statements(document) if old in one["text"])
            statement["text"] = statement["text"].replace(old, new)

        return change

    def lower(document: dict[str, Any]) -> None:
        table = next(element for element in document["elements"] if element.get("key") == "evidence")
        for row in table["rows"]:
            row[6]["value"] = min(row[6]["value"], 2)
        for statement in statements(document):
            statement["text"] = re.sub(r"stopień\s4", "stopień\u00a02", statement["text"])

    def in_figure(field: str) -> Callable[[dict[str, Any]], None]:
        def change(document: dict[str, Any]) -> None:
            figure = next(element for element in document["elements"] if element["kind"] == "figure")
            figure[field] += " Poprawa dzięki wsparciu."

        return change

    def in_cell(document: dict[str, Any]) -> None:
        next(e for e in document["elements"] if e["kind"] == "table")["rows"][0][0] = "Skutkowało pracą"

    assert doctored(reword("prawdopodobnie przyczyniła się do tego", "spowodowała"))
    assert doctored(reword("Sama zmiana w czasie może mylić.", "Zmiana nastąpiła wskutek wsparcia."))
    assert doctored(lower)
    assert all(doctored(in_figure(field)) for field in ("alt", "description", "note", "title"))
    assert doctored(in_cell)
    assert doctored(reword("Sama zmiana w czasie", "Wskaźnik „dzięki pracy”")) == []  # a name says nothing
    before_after = copy.deepcopy(edition.document(truth.NO_COMPARISON))
    reword("Reintegracji towarzyszyła zmiana", "Reintegracja wiązała się ze zmianą")(before_after)
    assert len(too_strong(before_after)) == 1
    html = texts_of(edition, pdf_text, code)["html"]
    assert unexplained(html + squeezed("Pracę mają dzięki wsparciu."), clean) == {"dzięki"}


# ---- the evidence table ------------------------------------------------------------------------------


def test_every_claim_has_a_grade_and_says_what_would_change_it(edition: Edition, teryt: str) -> None:
    rows = rows_of(edition, teryt, "evidence")
    assert len(rows) == 10 + 3 + 3 + 1  # outcomes of persons; of gminas, here and in Poland; value
    for row in rows:
        assert row["Stopień"] in range(5), row
        if isinstance(row["Wynik"], str):  # nothing is estimated: a word says why, and the note what it means
            assert row["Stopień"] == 0
            assert f"„{row['Wynik']}” – " in edition.tables(teryt)["evidence"]["note"]
        else:
            assert row["Stopień"] >= 1, row
            assert row[DOUBTS].strip(" –"), row


def test_every_estimate_has_an_interval_around_it_or_too_few_entities(edition: Edition, teryt: str) -> None:
    without = set()
    for row in rows_of(edition, teryt, "evidence"):
        if isinstance(row["Wynik"], str):
            continue
        if isinstance(row["od"], str):
            assert FEW_ENTITIES in row[DOUBTS], row
            without.add(row["Czego dotyczy"])
        else:
            assert row["od"] <= row["Wynik"] <= row["do"], row
    few = truth.SIZES[teryt][2] < 5  # entities of the demo, and `min_clusters`
    assert bool(without) == few
    assert few == (teryt == truth.SMALL)


def test_no_grade_is_above_what_its_design_allows(edition: Edition, teryt: str) -> None:
    limits = {"przed i po": 2, "różnica w różnicach": 3}
    for row in rows_of(edition, teryt, "effects") if "effects" in edition.tables(teryt) else []:
        assert row["Stopień"] == "–" or row["Stopień"] <= limits.get(row["Metoda"], 4), row
    graded = {row["Czego dotyczy"]: row["Stopień"] for row in rows_of(edition, teryt, "evidence")}
    persons = {grade for name, grade in graded.items() if name.endswith("(uczestnicy)")}
    assert max(persons) <= (4 if teryt in COMPARED else 2)
    assert graded["Wartość na 1\u00a0zł nakładów"] == 1


# ---- persons -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def panel(edition: Edition) -> pd.DataFrame:
    path = edition.project / "data" / "raw" / "impact_panel" / "panel.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def answers(panel: pd.DataFrame, teryt: str, group: str, outcome: str) -> pd.DataFrame:
    """Return 0 and 1 of who answered a question at all four waves: a row per person, a column per wave."""
    rows = panel[(panel["teryt"] == teryt) & (panel["group"] == group)]
    wide = rows.pivot_table(index="person", columns="wave", values=SHARES[outcome], aggfunc="first").reindex(
        columns=list(WAVES.values())
    )
    complete = wide[(wide.notna() & (wide != "")).all(axis=1)]
    return (complete == ("work" if outcome == "Dochód z pracy" else "1")).astype(int)


def test_persons_and_entities_are_those_of_the_panel(edition: Edition, panel: pd.DataFrame, teryt: str) -> None:
    entries = panel[(panel["teryt"] == teryt) & (panel["wave"] == "entry")]
    table = {row["Forma wsparcia"]: (row["Osoby"], row["Podmioty"]) for row in rows_of(edition, teryt, "participation")}
    for name, group in (("Razem", "participant"), ("Grupa porównawcza", "comparison")):
        own = entries[entries["group"] == group]
        expected = (own["person"].nunique(), own["entity"].nunique()) if len(own) else None
        assert table.pop(name, None) == expected
    own = entries[entries["group"] == "participant"]
    kinds = own["kind"].value_counts()
    assert sum(persons for persons, _ in table.values()) == len(own) == truth.SIZES[teryt][0]
    for name, (persons, _) in table.items():  # "Centra … (CIS) i kluby … (KIS)"
        assert persons == sum(kinds[kind.lower()] for kind in re.findall(r"\((\w+)\)", name)) >= 10
    [finding] = [s for s in statements(edition.document(teryt)) if s["text"].startswith("Zmierzyliśmy")]
    assert finding["values"]["n"]["value"] == len(own)


def test_shares_seen_again_are_those_of_the_panel(edition: Edition, panel: pd.DataFrame, teryt: str) -> None:
    for label, group in (("Uczestnicy (%)", "participant"), ("Grupa porównawcza (%)", "comparison")):
        rows = panel[(panel["teryt"] == teryt) & (panel["group"] == group)]
        seen = rows.groupby("wave")["person"].nunique()
        shares = [100 * seen[wave] / seen["entry"] for wave in WAVES.values()] if len(rows) else []
        shares += [100 * (rows.groupby("person")["wave"].nunique() == 4).mean()] if len(rows) else []
        told = [row[label] for row in rows_of(edition, teryt, "retention_data") if label in row]
        assert len(told) == len(shares)
        assert np.abs(np.array(told) - shares).max(initial=0) <= 0.5 + 1e-9
        assert all(share == round(share) for share in told)


def test_shares_with_an_outcome_are_those_of_who_answered_throughout(
    edition: Edition, panel: pd.DataFrame, teryt: str
) -> None:
    # Weights for the lost move them a little (where nobody is lost, not at all: `test_own_impact`); nothing else may.
    rows = rows_of(edition, teryt, "levels_data")
    shown = 0
    for row in (row for row in rows if row["Wskaźnik"] in SHARES and not isinstance(row["Poziom"], str)):
        own = answers(panel, teryt, GROUPS[row["Grupa"]], row["Wskaźnik"])
        assert row["n"] == len(own)
        assert abs(row["Poziom"] - 100 * own[WAVES[row["Pomiar"]]].mean()) <= 5, row
        assert row["od"] < row["Poziom"] < row["do"]
        shown += 1
    groups = 2 if teryt in COMPARED else 0 if teryt == truth.SMALL else 1
    assert shown in ({2 * 4 * groups, 3 * 4 * groups})  # two of the shares may be as good as the same
    changes = {row["Wskaźnik"]: row["Zmiana"] for row in rows_of(edition, teryt, "change_table")}
    for name in {row["Wskaźnik"] for row in rows if not isinstance(row["Poziom"], str)} & set(SHARES):
        own_levels = [row for row in rows if (row["Wskaźnik"], row["Grupa"]) == (name, "uczestnicy")]
        assert changes[name] == pytest.approx(own_levels[3]["Poziom"] - own_levels[0]["Poziom"], abs=0.15)


def test_weights_bring_levels_at_entry_near_those_of_all_who_began(edition: Edition, panel: pd.DataFrame) -> None:
    gaps = []
    for code in CODES:
        for row in rows_of(edition, code, "levels_data"):
            name, group = row["Wskaźnik"], GROUPS[row["Grupa"]]
            if name in SHARES and row["Pomiar"] == "wejście" and not isinstance(row["Poziom"], str):
                entries = panel[(panel["teryt"] == code) & (panel["group"] == group) & (panel["wave"] == "entry")]
                told = entries.loc[entries[SHARES[name]] != "", SHARES[name]]
                began = 100 * told.isin({"work", "1"}).mean()
                seen = 100 * answers(panel, code, group, name)["entry"].mean()
                gaps.append((abs(seen - began), abs(row["Poziom"] - began)))
    without, weighted = np.mean(gaps, axis=0)
    assert len(gaps) >= 2 * (2 * len(COMPARED) + 2)
    assert weighted < 0.7 * without


def test_comparison_is_nearer_to_the_truth_than_before_and_after(edition: Edition, panel: pd.DataFrame) -> None:
    # The demo is made so that participants would have done better anyway.
    misses, errors = [], []
    for code in COMPARED:
        own = panel[(panel["teryt"] == code) & (panel["wave"] == "entry") & (panel["group"] == "participant")]
        expected = own["kind"].map(lambda kind: truth.WORK_EFFECT[kind][2]).mean() / 10
        effects = {row["Metoda"]: row for row in rows_of(edition, code, "effects") if row["Wskaźnik"] == "Praca"}
        plain_change, weighted = effects["przed i po"], effects["wagi równoważące"]
        assert plain_change["Wynik"] > expected
        errors.append((plain_change["Wynik"] - expected, weighted["Wynik"] - expected))
        misses.append(not weighted["od"] <= expected <= weighted["do"])
    naive, compared = np.array(errors).T
    assert abs(compared.mean()) < 3 < 10 < naive.mean()
    # Of 13 intervals of 95 % three or more miss with a probability of 2.5 %.
    assert sum(misses) <= 2


# ---- gminas ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def openings(edition: Edition) -> pd.DataFrame:
    """Return a row per gmina: the year in which its centre opened, "" for none."""
    path = edition.project / "data" / "raw" / "jst_panel" / "jst.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert not table.duplicated(["teryt", "year"]).any()
    return table.groupby("teryt", as_index=False)["opened"].first()


def test_gminas_with_a_centre_are_those_of_the_panel(edition: Edition, openings: pd.DataFrame, teryt: str) -> None:
    table = {row["Rok otwarcia"]: row for row in rows_of(edition, teryt, "centre_cohorts")}
    for label, own in (("Województwo", openings[openings["teryt"].str[:2] == teryt]), ("Polska", openings)):
        expected = {year or "Bez centrum": count for year, count in own["opened"].value_counts().items()}
        assert {year: row[label] for year, row in table.items() if row[label]} == expected
    assert sum(row["Polska"] for row in table.values()) == len(openings) > 2400


def test_effects_of_centres_in_poland_cover_the_truth(edition: Edition, openings: pd.DataFrame) -> None:
    opened = openings["opened"][openings["opened"] != ""].astype(int)
    names = {"Usługi opiekuńcze": "home_care_per_10k", "Pobyty w DPS": "residential_per_10k",
             "Świadczenia": "assistance_per_10k"}  # fmt: skip
    for row in rows_of(edition, "14", "events_data"):
        if row["Obszar"] == "Polska":
            since = row["Rok od otwarcia"]
            expected = truth.CENTRE_EFFECT[names[row["Wskaźnik"]]][since] / 10 if since >= 0 else 0.0
            assert row["Pas od"] <= expected <= row["Pas do"], row  # the band covers all years at once
    effects = {
        row["Wskaźnik"]: row for row in rows_of(edition, "14", "centre_effects")
        if (row["Obszar"], row["Porównanie z"]) == ("Polska", "gminy bez centrum")
    }  # fmt: skip
    assert list(effects) == list(names)
    for name, row in effects.items():
        years = [truth.CENTRE_EFFECT[names[name]][: truth.YEARS[-1] - year + 1] for year in opened]
        expected = sum(map(sum, years)) / sum(map(len, years)) / 10  # each gmina and year counts the same
        assert row["Gminy"] == len(opened)
        assert row["od"] <= expected <= row["do"], (name, expected)
    assert effects["Usługi opiekuńcze"]["od"] > 3  # far from nothing, and surely more than in the first year


# ---- value -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def costs(edition: Edition) -> pd.DataFrame:
    """Return the costs with the amount in prices of their last year, by the chain of the index."""
    raw = edition.project / "data" / "raw"
    table = pd.read_csv(raw / "impact_costs" / "costs.csv", dtype={"teryt": str})
    index = pd.read_csv(raw / "price_index" / "prices.csv").set_index("year")["index"]
    last = int(table["year"].max())
    factors = {year: prod(index[step] / 100 for step in range(year + 1, last + 1)) for year in table["year"].unique()}
    assert factors[last] == 1 < factors[2022]
    return table.assign(indexed=table["amount_pln"] * table["year"].map(factors))


def test_costs_are_those_delivered_in_prices_of_the_last_year(
    edition: Edition, costs: pd.DataFrame, teryt: str
) -> None:
    own = costs[costs["teryt"] == teryt]
    found = {(row["Rok"], row["Płatnik"]): row for row in rows_of(edition, teryt, "costs")}
    assert len(found) == len(own)
    for cost in own.itertuples():
        row = found[str(cost.year), cost.payer]
        assert row["Wydano (tys. zł)"] == pytest.approx(cost.amount_pln / 1000)
        assert row["Po zmianie cen (tys. zł)"] == pytest.approx(cost.indexed / 1000, abs=1e-3)
        assert row["Uczestnicy"] == cost.participants
    [total] = [s for s in statements(edition.document(teryt)) if s["text"].startswith("Nakłady (lata")]
    assert total["values"]["total"]["value"] == pytest.approx(own["indexed"].sum() / 1000, abs=1e-3)
    by_payer = own.groupby("payer")["indexed"].sum()
    assert by_payer.idxmax() in total["text"]
    assert total["values"]["share"]["value"] == pytest.approx(100 * by_payer.max() / by_payer.sum(), abs=1e-3)


def present_values(edition: Edition, teryt: str) -> list[float]:
    """Return the discounted value of each printed line of the map, year by year in a loop; 0 where it has none."""
    found = []
    pairs = zip(printed_rows(edition, teryt, "map"), printed_rows(edition, teryt, "assumptions"), strict=True)
    for (_, _, quantity, _, _, price, years, *_), (_, *shares, _, _) in pairs:
        if "nie podano" in shares:
            found.append(0.0)
            continue
        deadweight, displacement, others, drop_off = (number(share) / 100 for share in shares)
        value = number(quantity) * number(price) * (1 - deadweight) * (1 - displacement) * (1 - others)
        total = 0.0
        for year in range(1, int(number(years)) + 1):
            total += value / (1 + RATE) ** year
            value *= 1 - drop_off
        found.append(total)
    return found


def number(text: str) -> float:
    return float(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def test_value_and_ratio_follow_from_the_printed_map(edition: Edition, costs: pd.DataFrame, teryt: str) -> None:
    lines = present_values(edition, teryt)
    inputs = costs.loc[costs["teryt"] == teryt, "indexed"].sum()
    [told] = [s for s in statements(edition.document(teryt)) if s["text"].startswith("Z rachunku wynika")]
    values = told["values"]
    assert values["rate"]["value"] == pytest.approx(100 * RATE)
    assert values["ratio"]["value"] == pytest.approx(sum(lines) / inputs, rel=3e-4)  # prices are printed in whole złoty
    assert values["value"]["value"] == pytest.approx(sum(lines) / 1000, rel=3e-4)
    [ratio] = [row for row in rows_of(edition, teryt, "evidence") if row["Czego dotyczy"].startswith("Wartość")]
    assert ratio["Wynik"] == pytest.approx(sum(lines) / inputs, rel=3e-4)
    for row, value in zip(rows_of(edition, teryt, "map"), lines, strict=True):
        if value:
            assert row["Razem (tys. zł)"] == pytest.approx(value / 1000, rel=1e-3)
            assert row["Udział (%)"] == pytest.approx(100 * value / sum(lines), abs=0.05)
    without = [row["Rezultat"] for row, value in zip(rows_of(edition, teryt, "map"), lines, strict=True) if not value]
    assert len(without) == (teryt == truth.NO_DEADWEIGHT)


def test_the_map_is_that_delivered(edition: Edition, teryt: str) -> None:
    raw = edition.project / "data" / "raw"
    table = pd.read_csv(raw / "impact_map" / "map.csv", dtype=str, keep_default_na=False)
    index = pd.read_csv(raw / "price_index" / "prices.csv").set_index("year")["index"]
    own = table[table["teryt"] == teryt]
    rows, assumed = rows_of(edition, teryt, "map"), rows_of(edition, teryt, "assumptions")
    assert [row["Rezultat"] for row in rows] == [row["Rezultat"] for row in assumed] == own["outcome"].tolist()
    for line, row, shares in zip(own.to_dict("records"), rows, assumed, strict=True):
        _, _, quantity, price, year, _, years, *_ = row.values()
        assert (quantity, price, years) == tuple(
            float(line[name]) for name in ("quantity", "proxy_value", "duration_years")
        )
        assert line["price_year"] == year == str(truth.PRICE_YEAR)
        assert row["Po zmianie cen (zł)"] == pytest.approx(float(line["proxy_value"]) * index[2025] / 100)
        for label, name in (("Efekt jałowy (%)", "deadweight"), ("Wyparcie (%)", "displacement"),
                            ("Wkład innych (%)", "attribution"), ("Zanikanie (%)", "drop_off")):  # fmt: skip
            expected = 100 * float(line[name]) if line[name] else "nie podano"
            assert shares[label] == pytest.approx(expected)


def test_stakeholders_share_the_whole_value(edition: Edition, teryt: str) -> None:
    rows = rows_of(edition, teryt, "stakeholders_data")
    values = pd.Series(present_values(edition, teryt)).groupby(
        [row["Dla kogo"].casefold() for row in rows_of(edition, teryt, "map")]
    ).sum()  # fmt: skip
    assert {row["Dla kogo"].casefold() for row in rows} == set(values[values > 0].index)
    assert sum(row["Udział (%)"] for row in rows) == pytest.approx(100, abs=1e-3)
    for row in rows:
        assert row["Udział (%)"] == pytest.approx(100 * values[row["Dla kogo"].casefold()] / values.sum(), abs=0.05)


def test_overclaims_of_the_demo_are_told(edition: Edition) -> None:
    remarks = {code: said(chapter(edition.document(code), "Wartość")) for code in CODES}
    expected = {
        "Cena bez źródła": {truth.NO_DEADWEIGHT},
        "Nie podano, ile zmieniłoby się bez wsparcia": {truth.NO_DEADWEIGHT},
        "Rezultat policzony więcej niż raz": {truth.TOO_MUCH},
        "Czas trwania dłuższy, niż ktokolwiek obserwował": {truth.TOO_MUCH},
    }
    for remark, codes in expected.items():
        assert {code for code, text in remarks.items() if remark in text} == codes, remark


# ---- voivodeships of which little can be said ----------------------------------------------------------


def test_without_a_comparison_group_only_changes_in_time_are_told(edition: Edition) -> None:
    document, tables = edition.document(truth.NO_COMPARISON), edition.tables(truth.NO_COMPARISON)
    told = said(chapter(document, "Porównanie z osobami bez wsparcia"))
    assert "Nie ma grupy porównawczej, dlatego nie da się oszacować" in told
    assert only_changes_in_time(edition, truth.NO_COMPARISON)
    assert not {"balance_data", "overlap_data"} & set(tables)
    [row] = [r for r in rows_of(edition, truth.NO_COMPARISON, "evidence") if r["Czego dotyczy"].startswith("Czas do")]
    assert (row["Wynik"], row["Stopień"]) == ("brak porównania", 0)  # a time from the exit on has no before
    assert dict(document["cover"]["facts"])["Grupa porównawcza"] == "brak porównania"


def only_changes_in_time(edition: Edition, teryt: str) -> bool:
    """Return whether a report estimates no difference to other persons, and says so in its first lines."""
    tables, document = edition.tables(teryt), edition.document(teryt)
    assert not {"effects", "methods_data", "confounder"} & set(tables)
    changes = {row["Wskaźnik"]: row["Zmiana"] for row in rows_of(edition, teryt, "change_table")}
    for row in rows_of(edition, teryt, "evidence"):
        name, _, subject = row["Czego dotyczy"].partition(" (")
        if subject == "uczestnicy)" and not isinstance(row["Wynik"], str):
            assert row["Stopień"] == 2
            assert row["Wynik"] == pytest.approx(changes[name], abs=1e-6)
    for row in rows_of(edition, teryt, "cost_per"):
        assert isinstance(row["Nakłady (zł)"], str) or row["Kogo policzono"].startswith("wszystkie osoby")
    findings = said(chapter(document, "Najważniejsze ustalenia"))
    assert "Zmian w czasie nie należy przypisywać wsparciu." in findings
    return "Nie wiadomo, ile ze zmian u uczestników zaszłoby bez wsparcia" in findings


def test_a_comparison_group_that_is_too_different_gives_no_effects(edition: Edition) -> None:
    document = edition.document(truth.NO_OVERLAP)
    told = said(chapter(document, "Porównanie z osobami bez wsparcia"))
    assert "Grupa porównawcza zbyt różni się od uczestników" in told
    assert "Dlatego różnic nie szacujemy" in told
    assert only_changes_in_time(edition, truth.NO_OVERLAP)
    groups = {row["Grupa"] for row in rows_of(edition, truth.NO_OVERLAP, "levels_data")}
    assert groups == {"uczestnicy"}  # side by side they would invite the comparison
    assert "grupa porównawcza" in rows_of(edition, "14", "levels_data")[4]["Grupa"]


def test_hidden_results_say_so_and_no_share_of_few_persons_is_printed(edition: Edition, panel: pd.DataFrame) -> None:
    code = truth.SMALL
    assert only_changes_in_time(edition, code)
    hidden = set(SHARES)
    for name in hidden:  # of one group: its share and an effect would tell that of the other
        assert any(rare(answers(panel, code, group, name)) for group in GROUPS.values()), name
    for row in rows_of(edition, code, "change_table"):
        assert (row["Zmiana"] == "ukryto") == (row["Wskaźnik"] in {*hidden, "Godziny pracy"}), row
        assert row["Zmiana"] != "ukryto" or row["n"] == row["od"] == row["do"] == "–"
    assert "„ukryto” – zbyt mało osób" in edition.tables(code)["change_table"]["note"]
    assert not [row for row in rows_of(edition, code, "levels_data") if row["Wskaźnik"] in hidden and row["n"] != "–"]
    findings = said(chapter(edition.document(code), "Najważniejsze ustalenia"))
    assert re.search(
        r"Wyniku nie podajemy dla wskaźników: praca, godziny pracy, dochód z pracy, pomoc społeczna", findings
    )
    assert numbers_on(edition, code, hidden) == []
    [row] = [r for r in rows_of(edition, code, "protection") if r["Zestaw wyników"] == "Poziom wskaźników"]
    assert 0 < row["Ukryte"] < row["Wyniki"]


def rare(own: pd.DataFrame) -> list[str]:
    """Return the waves at which fewer than five persons have the trait, or lack it; at entry all may be alike."""
    found = []
    for label, wave in WAVES.items():
        having = int(own[wave].sum())
        few = min(having, len(own) - having)
        if few < FEWEST and not (label == "wejście" and few == 0):
            found.append(label)
    return found


def numbers_on(edition: Edition, teryt: str, names: set[str]) -> list[tuple[str, list[Any]]]:
    """Return rows on these outcomes that hold a number, in tables on persons; traits of all who began are others."""
    found = []
    for key in edition.tables(teryt):
        if key in {"balance_data", "lost", "grades", "choices", "centre_cohorts"}:
            continue
        for row in rows_of(edition, teryt, key):
            name, *cells = row.values()
            name = cells[0] if key == "theory_data" else str(name).partition(" (")[0]
            numbers = [c for label, c in row.items() if not isinstance(c, str)
                       and label not in {"Stopień", "Na uczestnika (zł)"}]  # fmt: skip
            if name in names and numbers:
                found.append((key, numbers))
    return found


def test_centres_opened_in_one_year_are_compared_with_gminas_without(edition: Edition) -> None:
    code = truth.ONE_YEAR
    opened = {row["Rok otwarcia"]: row["Województwo"] for row in rows_of(edition, code, "centre_cohorts")}
    assert {year for year, count in opened.items() if count} == {str(truth.OPENED_AT_ONCE), "Bez centrum"}
    told = said(chapter(edition.document(code), "Centra usług społecznych w gminach"))
    assert f"(otwarcia: {truth.OPENED_AT_ONCE}); w {opened['Bez centrum']} gminach centrum nie ma" in told
    by_year = [
        row["Rok"] for row in rows_of(edition, code, "centre_groups")
        if (row["Według"], row["Wskaźnik"]) == ("rok otwarcia", "Usługi opiekuńcze")
    ]  # fmt: skip
    assert by_year == [str(truth.OPENED_AT_ONCE)]
    rows = [row for row in rows_of(edition, code, "centre_effects") if row["Obszar"] == "województwo"]
    assert {row["Gminy"] for row in rows} == {opened[str(truth.OPENED_AT_ONCE)]}
    assert re.search(r"niż wynikałoby ze zmian w (?:podobnych )?gminach bez centrum", told)


def test_without_any_centre_only_poland_is_told(edition: Edition) -> None:
    code = truth.NO_OVERLAP  # its gminas opened none, either
    told = said(chapter(edition.document(code), "Centra usług społecznych w gminach"))
    assert "żadna gmina nie otworzyła jeszcze centrum." in told
    assert "Dla województwa różnicy po otwarciu centrów nie szacujemy: centrum otworzyły mniej niż 3 gminy." in told
    assert "W Polsce:" in told
    assert not [line for line in told.splitlines() if re.match(r"W województwie\b[^:]*:", line)]
    rows = [row for row in rows_of(edition, code, "evidence") if row["Czego dotyczy"].endswith("(gminy)")]
    assert {(row["Wynik"], row["Stopień"]) for row in rows} == {("za mało gmin", 0)}
    for key in ("centre_effects", "events_data", "centre_tests", "centre_groups"):
        own = [row for row in rows_of(edition, code, key) if row["Obszar"] == "województwo"]
        assert all(isinstance(row.get("Różnica", row.get("Wynik")), str) for row in own), key


# ---- what is made up is marked ---------------------------------------------------------------------------


def test_every_block_of_made_up_data_is_marked(edition: Edition, teryt: str) -> None:
    document, tables = edition.document(teryt), edition.tables(teryt)
    assert document["cover"]["synthetic"] is True
    about_itself = {"choices", "sources", "grades"}
    assert {key for key, table in tables.items() if not table["synthetic"]} == about_itself
    explaining = [
        id(s) for title in ("Ochrona danych", "Metoda") for s in statements({"elements": chapter(document, title)})
    ]
    unmarked = [
        s["text"] for s in statements(document) if s["values"] and not s["synthetic"] and id(s) not in explaining
    ]
    assert unmarked == []
    page = squeezed(edition.path(teryt, "html").read_text(encoding="utf-8"))
    assert page.count(squeezed("dane syntetyczne")) >= len(tables) - len(about_itself)


# ---- an outsider with all sixteen reports -----------------------------------------------------------------


def counts(n: float, percent: float) -> list[int]:
    """Return how many of n persons may have the trait when nobody was lost, so that all weigh the same."""
    return [k for k in range(int(n) + 1) if abs(100 * k / n - percent) <= 0.05 + 1e-9]


def exposed(levels: Mapping[str, float], n: float) -> list[str]:
    """Return the waves of which an outsider knows that fewer than five persons have the trait, or lack it.

    That nobody has it at entry is told by the rules of admission.
    """
    found = []
    for wave, level in levels.items():
        possible = counts(n, level)
        if wave == "wejście" and level in (0, 100):
            continue
        few = [k for k in possible if min(k, n - k) < FEWEST]
        if possible and len(few) == len(possible):
            found.append(wave)
    return found


@pytest.fixture(scope="module")
def levels(edition: Edition) -> dict[tuple[str, str, str], tuple[dict[str, float], float]]:
    """Return the printed shares at the waves and the number of persons, by voivodeship, group and outcome."""
    found: dict[tuple[str, str, str], tuple[dict[str, float], float]] = {}
    for code in CODES:
        for row in rows_of(edition, code, "levels_data"):
            if row["Wskaźnik"] in SHARES and not isinstance(row["Poziom"], str):
                waves, n = found.setdefault((code, row["Grupa"], row["Wskaźnik"]), ({}, row["n"]))
                waves[row["Pomiar"]] = row["Poziom"]
                assert row["n"] == n
    return found


Levels = Mapping[tuple[str, str, str], tuple[dict[str, float], float]]


def test_no_printed_share_stands_for_fewer_than_five_persons(levels: Levels) -> None:
    for name in ("Praca", "Pomoc społeczna"):
        assert sum(outcome == name for _, _, outcome in levels) == 2 * len(COMPARED) + 2
    for key, (shares, n) in levels.items():
        assert list(shares) == list(WAVES), key  # all waves or none: a missing one would be known from the change
        assert n >= 10
        assert exposed(shares, n) == [], key


def test_printed_shares_hide_few_persons_in_the_data_too(levels: Levels, panel: pd.DataFrame) -> None:
    for code, group, name in levels:
        assert rare(answers(panel, code, GROUPS[group], name)) == []


def test_few_persons_are_found_where_protection_is_undone(panel: pd.DataFrame) -> None:
    code, undone = truth.SMALL, 0
    for name in SHARES:
        for group in GROUPS.values():
            own = answers(panel, code, group, name)
            shares = {label: round(100 * own[wave].mean(), 1) for label, wave in WAVES.items()}
            assert exposed(shares, len(own)) == rare(own), (name, group)
            undone += bool(rare(own))
    assert undone >= len(SHARES)


def test_hidden_shares_are_in_no_other_table(edition: Edition, levels: Levels) -> None:
    for code in CODES:
        hidden = {name for name in SHARES if (code, "uczestnicy", name) not in levels}
        assert hidden == set(SHARES) if code == truth.SMALL else hidden <= {"Dochód z pracy"}
        assert numbers_on(edition, code, hidden) == []


#: Traits of two values at entry: column of the panel, and the value that is counted.
TRAITS = {
    "Praca": ("work", "1"), "Dochód z pracy": ("income_source", "work"), "Pomoc społeczna": ("assistance", "1"),
    "Kobiety": ("sex", "female"), "Niepełnosprawność": ("disability", "1"),
}  # fmt: skip


def test_traits_at_entry_of_few_persons_are_left_out(edition: Edition, panel: pd.DataFrame, teryt: str) -> None:
    tables = edition.tables(teryt)
    own = panel[panel["teryt"] == teryt]
    entries = own[own["wave"] == "entry"].set_index("person")
    throughout = own.groupby("person")["wave"].nunique() == 4
    sets = {
        (group, seen): entries[(entries["group"] == group) & (throughout.reindex(entries.index) == seen)]
        for group in GROUPS.values()
        for seen in (True, False)
    }

    def few(name: str, group: str, seen: bool) -> bool:
        column, value = TRAITS[name]
        known = sets[group, seen].loc[lambda rows: rows[column] != "", column]
        having = int((known == value).sum())
        return min(having, len(known) - having) < FEWEST

    for row in rows_of(edition, teryt, "balance_data") if "balance_data" in tables else []:
        name, *cells = row.values()
        if name in TRAITS and any(few(name, group, True) for group in GROUPS.values()):
            assert all(isinstance(cell, str) for cell in cells), row
    for row in rows_of(edition, teryt, "lost") if "lost" in tables else []:
        name = row["Cecha na wejściu"]
        for label, group in (("Uczestnicy", "participant"), ("Grupa porówn.", "comparison")):
            cells = [cell for column, cell in row.items() if column.startswith(label)]
            if name in TRAITS and cells and (few(name, group, True) or few(name, group, False)):
                assert all(isinstance(cell, str) for cell in cells), row


def test_numbers_on_persons_are_no_more_precise_than_printed(edition: Edition, teryt: str) -> None:
    # More decimals in the JSON would narrow the number of persons behind a share.
    for key in ("levels_data", "retention_data", "participation", "reliability", "overlap_data"):
        for row in edition.tables(teryt).get(key, {"rows": []})["rows"]:
            for cell in (cell for cell in row if isinstance(cell, dict) and cell["value"] is not None):
                assert cell["value"] == pytest.approx(round(cell["value"], cell.get("digits", 0)), abs=1e-9), (key, row)
    changes = edition.tables(teryt)["change_table"]
    place = [column["label"] for column in changes["columns"]].index("Zmiana")
    for row in changes["rows"]:
        cell = row[place]
        assert cell["value"] is None or cell["value"] == pytest.approx(round(cell["value"], cell["digits"]), abs=1e-9)
    shown = {row["Wskaźnik"]: row["Poziom"] for row in rows_of(edition, teryt, "levels_data")
             if (row["Grupa"], row["Pomiar"]) == ("uczestnicy", "12 mies. po wyjściu")}  # fmt: skip
    for row in rows_of(edition, teryt, "cost_per"):
        if row["Kogo policzono"].startswith("wszystkie") and not isinstance(row["Nakłady (zł)"], str):
            share = 100 * row["Na uczestnika (zł)"] / row["Nakłady (zł)"]
            assert share == pytest.approx(shown[row["Rezultat"]], abs=1e-4)  # the printed share, and nothing behind it
