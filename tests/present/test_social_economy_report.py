"""The report on the social economy says what its tables say, in every situation, and marks what is made up."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from ropsanalysis.present import social_economy as show
from ropsanalysis.present.blocks import AnyBlock, Cover, Figure, Number, Points, Statement, Table, cell_text
from ropsanalysis.present.markup import fragment
from ropsanalysis.present.social_economy import words
from ropsanalysis.social_economy.view import SocialEconomy
from ropsanalysis.stats.records import Estimate
from social_economy.economy_tables import OWN, Sector, economy, tables

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "social_economy.ipynb"
SITUATIONS = {
    "all": Sector(),
    "one voivodeship": Sector(poland=False),
    "registers only": Sector(survey=False, support=False, programme=False),
    "open registers": Sector(closures=False, as_of="2025-09-30", empty_gminas=False),
    "real": Sector(synthetic=False),
}
#: Blocks about method or the report itself, which hold no number computed from the data.
ABOUT_ITSELF = {"symbols", "method_notes", "protection_notes", "choices_of_method", "sources"}


def calls() -> list[str]:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    found = [re.fullmatch(r"show\.(\w+)\(economy(?:, shapes)?\)", cell.source) for cell in cells]
    return [match.group(1) for match in found if match]


@cache
def view(situation: str) -> SocialEconomy:
    return economy(sector=SITUATIONS[situation])


@cache
def report(situation: str) -> dict[str, AnyBlock | None]:
    """Return what every cell of the notebook shows."""
    return {name: getattr(show, name)(view(situation)) for name in calls()}


def shown(situation: str) -> list[AnyBlock]:
    return [block for block in report(situation).values() if block is not None]


def all_tables(situation: str) -> list[Table]:
    found = shown(situation)
    return [b for b in found if isinstance(b, Table)] + [b.data for b in found if isinstance(b, Figure)]


def statements(block: AnyBlock | None) -> list[Statement]:
    if isinstance(block, Statement):
        return [block]
    return list(block.items) if isinstance(block, Points) else []


def texts(situation: str) -> list[str]:
    found = [s.text for block in shown(situation) for s in statements(block)]
    found += [text for t in all_tables(situation) for text in (t.note, t.title)]
    return found + [t for b in shown(situation) if isinstance(b, Figure) for t in (b.alt, b.description, b.note)]


def table(situation: str, name: str) -> Table:
    block = report(situation)[name]
    assert isinstance(block, Table)
    return block


def column(found: Table, label: str) -> list[float | None]:
    index = [column.label for column in found.columns].index(label)
    return [cell.value if isinstance(cell, Number) else None for row in found.rows for cell in row[index : index + 1]]


def test_the_notebook_calls_every_function_once() -> None:
    assert sorted(calls()) == sorted(show.__all__)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_block_becomes_html_without_an_empty_word(situation: str) -> None:
    for name, block in report(situation).items():
        if block is not None:
            html = re.sub(r"<svg.*?</svg>", "", fragment(block), flags=re.DOTALL)
            assert not re.search(r"\b(?:None|nan|NaT|inf)\b", html), name
            assert "{" not in html, name


@pytest.mark.parametrize("situation", SITUATIONS)
def test_sentences_end_once_and_have_no_double_spaces(situation: str) -> None:
    wrong = [t for t in texts(situation) if ".." in t or "  " in t or t != t.strip() or " ." in t or ":." in t]
    assert wrong == []


@pytest.mark.parametrize("situation", SITUATIONS)
def test_tables_are_whole_and_name_their_source(situation: str) -> None:
    found = all_tables(situation)
    assert all(len(row) == len(t.columns) for t in found for row in t.rows)
    assert all(t.rows for t in found)
    keys = [t.key for t in found]
    assert len(keys) == len(set(keys))
    without = {b.key for b in shown(situation) if isinstance(b, Table | Figure) and not b.source}
    assert without <= {"choices", "sources"}  # they are about the report itself


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_figure_has_words_and_data(situation: str) -> None:
    for figure in (b for b in shown(situation) if isinstance(b, Figure)):
        assert len(figure.alt) > 40
        assert len(figure.description) > 40
        assert len(figure.svg) < 40_000


# --- what is made up is marked -------------------------------------------------------------------------


@pytest.mark.parametrize("situation", ["all", "registers only"])
def test_official_figures_have_no_mark_and_everything_else_has(situation: str) -> None:
    for name, block in report(situation).items():
        if block is None or name in ABOUT_ITSELF or isinstance(block, Cover):
            continue
        if isinstance(block, Table | Figure):
            assert block.synthetic == (not name.startswith("official")), name
    assert not any(s.synthetic for s in statements(report(situation)["official_summary"]))


def test_key_findings_open_with_official_figures_which_alone_are_unmarked() -> None:
    first, *others = statements(report("all")["key_findings"])
    assert "według GUS" in first.text
    assert not first.synthetic
    assert len(others) >= 8
    assert all(statement.synthetic for statement in others)


def test_numbers_in_marked_reports_stand_in_marked_statements() -> None:
    # What a statement counts comes from the data; numbers of GUS and of the method are the exceptions.
    allowed = {"official_summary", "method_notes", "protection_notes"}
    for name, block in report("all").items():
        for statement in statements(block):
            if statement.values and name not in allowed and not statement.synthetic:
                assert "GUS" in statement.text, (name, statement.text)


def test_real_data_are_marked_nowhere() -> None:
    assert not any(getattr(block, "synthetic", False) for block in shown("real"))
    assert not any(s.synthetic for block in shown("real") for s in statements(block))
    found = report("real")["cover"]
    assert isinstance(found, Cover)
    assert found.banner == ""


def test_the_cover_says_which_data_are_real() -> None:
    found = report("all")["cover"]
    assert isinstance(found, Cover)
    assert found.banner == "DANE SYNTETYCZNE (oprócz danych GUS)"
    mixed = replace(view("all"), synthetic_datasets=frozenset({"es_survey"}))
    assert show.cover(mixed).real == "oprócz danych GUS, rejestrów, ludności gmin, danych OWES i celów programu"
    assert show.structure_table(mixed) is not None
    assert not getattr(show.structure_table(mixed), "synthetic", True)
    assert mixed.made_up("es_register", "es_survey")


# --- numbers are those of the tables -------------------------------------------------------------------


def test_the_official_table_has_the_published_values() -> None:
    # Statistics Poland, regional SDG data: 1.B.7 and 1.E.1 for 2024, 1.B.8 and 1.E.2 for 2023 (data/raw/gus_sdg).
    found = table("all", "official_table")
    assert column(found, "Woj.") == [2.3, 65.0, 33.7, 55.0]
    assert column(found, "Polska") == [3.3, 111.0, 30.2, 46.0]
    assert [cell_text(row[5]) for row in found.rows] == ["−1,0", "−46", "+3,5", "+9"]
    assert [row[6] for row in found.rows] == ["16.", "16.", "3.", "1."]


def test_structure_has_all_forms_with_shares_of_the_whole() -> None:
    found = table("all", "structure_table")
    entities, shares = column(found, "Podmioty"), column(found, "Udział (%)")
    assert len(found.rows) == 13
    assert entities[0] == sum(n or 0 for n in entities[1:])
    assert shares[1:] == pytest.approx([100 * (n or 0) / (entities[0] or 1) for n in entities[1:]], abs=1e-4)
    own = tables(SITUATIONS["all"])["structure"].query(f"teryt == '{OWN}'").set_index("legal_form")
    assert column(found, "Iloraz lokalizacji")[1:] == pytest.approx(list(own["location_quotient"])[1:])


def test_without_poland_nothing_is_compared_with_it() -> None:
    labels = [column.label for column in table("one voivodeship", "structure_table").columns]
    assert "Iloraz lokalizacji" not in labels
    for name in ("structure_summary", "gminas_summary", "survival_summary", "inequality_summary"):
        assert not any("Polsce" in s.text for s in statements(report("one voivodeship")[name]))
    official = report("one voivodeship")["official_table"]
    assert isinstance(official, Table)  # Statistics Poland covers all of it anyway


@pytest.mark.parametrize("situation", ["all", "one voivodeship", "open registers"])
@pytest.mark.parametrize("name", ["flow_table", "flow_series"])
def test_flows_balance_in_every_row(situation: str, name: str) -> None:
    for row in table(situation, name).rows:
        opening, founded, arrived, closed, left, closing = (c.value for c in row[1:7] if isinstance(c, Number))
        assert opening + founded + arrived - closed - left == closing


def test_the_waterfall_ends_where_the_table_ends() -> None:
    figure = report("all")["flow_figure"]
    assert isinstance(figure, Figure)
    amounts = column(figure.data, "Podmioty")
    assert sum(n or 0 for n in amounts[:-1]) == amounts[-1] == column(table("all", "flow_table"), "Na końcu")[0]


def test_a_year_not_yet_over_is_not_the_last_year() -> None:
    assert "w 2024" in table("open registers", "flow_table").title.replace("\u00a0", " ")
    assert "Rok 2025: do 30.09.2025." in table("open registers", "flow_series").note


def test_unknown_closures_are_no_zero() -> None:
    found = table("open registers", "rates_table")
    assert set(column(found, "Zamknięte na 100")) == {None}
    assert "rejestr nie zachowuje wpisów" in found.note
    assert any("zamknięto co najmniej 0" in s.text for s in statements(report("open registers")["flow_summary"]))
    assert report("open registers")["survival_figure"] is None
    assert "nie szacujemy" in statements(report("open registers")["survival_summary"])[0].text


def test_quarters_print_stock_and_what_went_and_came() -> None:
    # MCPS, table of the social economy in Mazowieckie for Q4 2023: CIS 17 (-1, +2), that is 16 - 1 + 2.
    found = table("all", "quarter_table")
    assert [column.label for column in found.columns[1:]] == [f"{q}\u00a0kw. 2025" for q in ("I", "II", "III", "IV")]
    pattern = r"[\d\u00a0]+\u00a0\((?:0|−[\d\u00a0]+|\+[\d\u00a0]+|−[\d\u00a0]+,\u00a0\+[\d\u00a0]+)\)"
    assert all(re.fullmatch(pattern, str(cell)) for row in found.rows for cell in row[1:])
    flows = tables(SITUATIONS["all"])["flows"].query(
        f"teryt == '{OWN}' and legal_form == 'cis' and period == '2025-Q4'"
    )
    assert found.rows[1][-1] == f"{flows['closing'].item()}\u00a0(−1,\u00a0+2)"


def test_the_log_gives_a_reason_for_every_change_and_tells_how_many_are_left_out() -> None:
    found = table("all", "change_log")
    assert len(found.rows) == 40
    assert all(row[5] for row in found.rows)
    assert "nie ma: 13" in found.note  # 53 changes in the table
    days = [str(row[0]).split(".")[::-1] for row in found.rows]
    assert days == sorted(days, reverse=True)
    assert not {str(row[4]) for row in found.rows} & {"founded", "moved_in", "status_lost"}


def test_social_enterprises_balance_and_never_begin_before_the_act() -> None:
    found = table("all", "social_enterprise_table")
    held, gained, lost = (column(found, name) for name in ("Mają status", "Uzyskały", "Utraciły"))
    assert np.diff(held).tolist() == [(g or 0) - (n or 0) for g, n in zip(gained[1:], lost[1:], strict=True)]
    assert str(found.rows[0][0]) == "31.12.2022"  # the first end of a quarter with the status
    assert any("30\u00a0października 2022" in s.text for s in statements(report("all")["social_enterprise_summary"]))


def test_survival_is_told_with_its_interval_and_base() -> None:
    own = view("all").survived()
    assert own is not None
    said = statements(report("all")["survival_summary"])[0]
    assert said.values["three"].value == pytest.approx(100 * (own.at_3.value or 0))
    assert {"three_low", "three_high", "n", "events"} <= set(said.values)
    rows = {str(row[0]): row for row in table("all", "survival_table").rows}
    assert set(rows) >= {"Wszystkie podmioty", "Spółdzielnie", "założone 2015–2019"}
    assert cell_text(rows["Spółdzielnie"][-1]) == "6,3"  # log(2) / 0.11 years, as the made-up curve falls
    assert rows["Wszystkie podmioty"][-1] == "ponad\u00a010"


def test_groups_without_a_curve_are_named() -> None:
    assert any("koła gospodyń wiejskich" in s.text for s in statements(report("all")["survival_summary"]))


def test_the_model_says_where_its_assumption_fails() -> None:
    note = table("all", "hazards_table").note
    assert "założenie to odrzucono (p = 0,040)" in note
    assert "W wierszach: spółki non profit" in note  # their p of 0.02 is below alpha, that of cooperatives is not


def test_gminas_without_entities_are_listed_by_name() -> None:
    found = table("all", "gminas_table")
    named = {str(row[0]): str(row[-1]) for row in found.rows}
    assert named["miński"] == "Pustki"
    assert named["Ostrołęka"] == "–"
    assert "Gminy bez żadnego podmiotu" not in [c.label for c in table("open registers", "gminas_table").columns]
    same = [g for g in view("all").gminas if g.name == "Nowa Wieś" and g.parent == "1412"]
    assert [words.gmina(g, same) for g in same] == ["Nowa Wieś (miasto)", "Nowa Wieś (gm. wiejska)"]


def test_powiats_are_ranked_bars_or_a_map() -> None:
    bars = report("all")["powiat_figure"]
    assert isinstance(bars, Figure)
    assert bars.label == "Wykres"
    densities = [n or 0 for n in column(bars.data, "Na 10 tys. mieszk.")]
    assert densities == sorted(densities, reverse=True)
    squares = {
        unit.teryt: [np.array([[i, 0], [i + 1, 0], [i + 1, 1], [i, 1]], dtype=float)]
        for i, unit in enumerate(view("all").powiats())
    }
    drawn = show.powiat_figure(view("all"), squares)
    assert drawn is not None
    assert drawn.label == "Mapa"
    assert drawn.data == bars.data
    fewer = dict(list(squares.items())[1:])
    assert getattr(show.powiat_figure(view("all"), fewer), "label", "") == "Wykres"


# --- findings and recommendations ----------------------------------------------------------------------


def test_recommendations_follow_from_numbers() -> None:
    said = " ".join(s.text for s in statements(report("all")["recommendations"]))
    assert "gmin bez żadnego podmiotu" in said
    assert "Zwiększać dostęp do CIS, ZAZ i WTZ" in said  # 2,3 against 3,3 in Poland
    assert "OWES A" in said  # far below the limits
    assert "Uzupełnić dane" not in said
    assert all(
        any(c.isdigit() for c in s.text) or "OWES" in s.text for s in statements(report("all")["recommendations"])
    )


def test_what_is_not_so_is_not_recommended() -> None:
    own = view("all")
    position = own.position("1.B.7")
    assert position is not None
    better = replace(own, positions={**own.positions, ("1.B.7", OWN): position._replace(value=3.4)})
    assert "Zwiększać dostęp" not in " ".join(s.text for s in show.recommendations(better).items)
    assert "gmin bez żadnego" not in " ".join(s.text for s in statements(report("open registers")["recommendations"]))


def test_only_clearly_more_closures_than_foundings_are_asked_about() -> None:
    own = view("all")
    whole = own.years("work_cooperative")[-1]._replace(opening=100, founded=1, arrived=0, closed=30, left=0, closing=71)
    apart = whole._replace(entry_rate=Estimate(0.01, 0.0, 0.07), exit_rate=Estimate(0.35, 0.24, 0.5))
    touching = apart._replace(exit_rate=Estimate(0.35, 0.06, 0.8))
    for flow, asked in ((apart, True), (touching, False)):
        changed = replace(own, flows={**own.flows, (OWN, "work_cooperative"): (flow,)})
        said = [s.text for s in show.recommendations(changed).items]
        assert any("spółdzielnie pracy (zamknięto 30, założono 1)" in text for text in said) == asked


def test_missing_data_are_asked_for() -> None:
    said = statements(report("registers only")["recommendations"])[-1].text
    assert said == (
        "Uzupełnić dane do następnej edycji: badanie podmiotów (praca, reintegracja, finanse), dane o wsparciu OWES i "
        "cele programu regionalnego."
    )
    for name, folder in (
        ("work_summary", "es_survey"),
        ("owes_summary", "owes_support"),
        ("targets_summary", "es_programme"),
    ):
        assert f"data/raw/{folder}" in statements(report("registers only")[name])[0].text


def test_reading_selects_one_voivodeship_and_changes_nothing() -> None:
    given = tables(SITUATIONS["all"])
    before = {name: frame.copy() for name, frame in given.items()}
    own, other = view("all"), economy("26")
    assert own.structured() != other.structured()
    assert {gmina.teryt[:2] for gmina in other.gminas} == {"26"}
    assert {row.teryt for row in other.owes} == {"26"}
    assert all(given[name].equals(before[name]) for name in given)
    with pytest.raises(KeyError):
        own.choice("no such choice")
