"""Flows, the log of changes and the status of social enterprise, with the published case of Mazowieckie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from small_registers import (
    copied,
    draw_spells,
    make_inputs,
    make_population,
    make_spells,
    make_status,
    make_units,
    shuffled,
    spell,
)

from ropsanalysis.social_economy.dynamics import CHANGE_COLUMNS, ENTERPRISE_COLUMNS, FLOW_COLUMNS, flow_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs

PARAMETERS = SocialEconomyParameters()

# Stan na III i IV kwartał 2023 r. w województwie mazowieckim i zmiany w IV kwartale: MCPS, "Poznaj ekonomię społeczną",
# https://mcps.com.pl/statystyki-i-analizy/ekonomia-spoleczna/poznaj-es/
# Form: opening (end of Q3), closed and founded in Q4, closing. Where only the balance of a form is published, it is
# taken as all founded or all closed.
MAZOWIECKIE = {
    "cis": (16, 1, 2, 17),
    "kis": (19, 0, 0, 19),
    "kgw": (1928, 0, 48, 1976),
    "disabled_cooperative": (12, 0, 0, 12),
    "work_cooperative": (61, 1, 0, 60),
    "social_cooperative": (155, 0, 2, 157),
    "nonprofit_company": (23, 0, 6, 29),
    "wtz": (87, 0, 0, 87),
    "zaz": (10, 0, 0, 10),
}
ENTERPRISES = (20, 28, 48)
KGW_GAINED_IN_Q3 = 214
ALL_OPENING = sum(opening for opening, *_ in MAZOWIECKIE.values())


def mazowieckie() -> Inputs:
    """Return a register and statuses that come to the published table."""
    rows = []
    for form, (opening, closed, founded, _) in MAZOWIECKIE.items():
        for k in range(opening):
            of_q3 = form == "kgw" and k < KGW_GAINED_IN_Q3
            end = "2023-11-15" if k < closed else None
            rows.append(
                spell(
                    f"{form}{k}", form, f"1401{1 + k % 2:02d}", "2023-08-01" if of_q3 else "2019-03-01", end,
                    end_reason="wygaśnięcie statusu CIS" if end and form == "cis" else "",
                )
            )  # fmt: skip
        rows += [spell(f"{form}+{k}", form, start="2023-10-02", start_reason="") for k in range(founded)]
    before, gained, _ = ENTERPRISES
    status = [(f"kgw{k}", "2023-07-10" if k < before else "2023-12-01", None) for k in range(before + gained)]
    return make_inputs(
        units=make_units(["14"]), spells=make_spells(rows), status=make_status(status), as_of="2023-12-31"
    )


@pytest.fixture(scope="module")
def es_b() -> dict[str, pd.DataFrame]:
    return flow_tables(mazowieckie(), parameters=PARAMETERS)


def row(flows: pd.DataFrame, teryt: str, form: str, period: str) -> dict[str, Any]:
    found = flows[(flows["teryt"] == teryt) & (flows["legal_form"] == form) & (flows["period"] == period)]
    assert len(found) == 1
    return dict(found.iloc[0])


def small(*rows: dict[str, Any], **others: Any) -> dict[str, pd.DataFrame]:
    return flow_tables(make_inputs(spells=make_spells(rows), **others), parameters=PARAMETERS)


# --- case ES-B ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", MAZOWIECKIE)
def test_the_published_quarter_of_mazowieckie(es_b: dict[str, pd.DataFrame], form: str) -> None:
    opening, closed, founded, closing = MAZOWIECKIE[form]
    found = row(es_b["flows"], "14", form, "2023-Q4")
    assert (found["opening"], found["closed"], found["founded"], found["closing"]) == (
        opening,
        closed,
        founded,
        closing,
    )
    assert (found["arrived"], found["left"]) == (0, 0)
    assert (found["first_day"], found["last_day"]) == ("2023-10-01", "2023-12-31")


def test_the_published_forms_together(es_b: dict[str, pd.DataFrame]) -> None:
    found = row(es_b["flows"], "14", "", "2023-Q4")
    assert found["opening"] == ALL_OPENING == 2311
    assert found["closing"] == sum(closing for *_, closing in MAZOWIECKIE.values()) == 2367


def test_the_quarter_before_closes_where_this_one_opens(es_b: dict[str, pd.DataFrame]) -> None:
    # MCPS: III kw. 2023, KGW 1928 (+214).
    found = row(es_b["flows"], "14", "kgw", "2023-Q3")
    assert (found["opening"], found["founded"], found["closing"]) == (1928 - 214, 214, 1928)


def test_the_published_social_enterprises(es_b: dict[str, pd.DataFrame]) -> None:
    # MCPS: przedsiębiorstwa społeczne 20 w III kw., 48 (+28) w IV kw. 2023.
    table = es_b["social_enterprises"]
    whole = table[(table["teryt"] == "14") & (table["legal_form"] == "")].set_index("day")
    assert whole.loc["2023-09-30", "enterprises"] == 20
    assert tuple(whole.loc["2023-12-31", ["enterprises", "gained", "lost"]]) == (48, 28, 0)


def test_the_published_changes_stand_in_the_log_one_by_one(es_b: dict[str, pd.DataFrame]) -> None:
    log = es_b["changes"]
    q4 = log[log["day"] >= "2023-10-01"]
    counts = q4.groupby(["legal_form", "event"]).size().to_dict()
    # KGW are not logged but for their status; 2 + 1 CIS, 1 work cooperative, 2 social cooperatives, 6 companies.
    assert counts == {
        ("cis", "founded"): 2, ("cis", "closed"): 1, ("work_cooperative", "closed"): 1,
        ("social_cooperative", "founded"): 2, ("nonprofit_company", "founded"): 6, ("kgw", "status_gained"): 28,
    }  # fmt: skip
    closed = q4[q4["event"] == "closed"].set_index("legal_form")["reason"]
    assert closed["cis"] == "wygaśnięcie statusu CIS"
    assert closed["work_cooperative"] == "wykreślenie z rejestru, powodu nie podano"


# --- flows --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn() -> Inputs:
    units = make_units(["02", "14", "26"], powiats=3, gminas=2)
    spells = draw_spells(900, units, rng=np.random.default_rng(11), moved=0.4)
    entities = spells["entity"].unique()
    status = [(e, "2023-03-01", None if k % 3 else "2025-02-01") for k, e in enumerate(entities[:90])]
    return make_inputs(units=units, spells=spells, status=make_status(status))


def test_every_row_balances(drawn: Inputs) -> None:
    flows = flow_tables(drawn, parameters=PARAMETERS)["flows"]
    closing = flows["opening"] + flows["founded"] + flows["arrived"] - flows["closed"] - flows["left"]
    assert (closing == flows["closing"]).all()
    assert flows[["arrived", "left"]].to_numpy().sum() > 50  # moves and changes of form are in it
    assert dict(flows.dtypes.astype(str)) == FLOW_COLUMNS


def test_each_year_opens_where_the_one_before_closed(drawn: Inputs) -> None:
    flows = flow_tables(drawn, parameters=PARAMETERS)["flows"]
    years = flows[flows["period"].str.len() == 4].sort_values(["teryt", "legal_form", "period"])
    assert sorted(set(years["period"])) == [str(year) for year in range(2016, 2026)]
    for _, own in years.groupby(["teryt", "legal_form"]):
        assert own["opening"].tolist()[1:] == own["closing"].tolist()[:-1]


def test_four_quarters_make_a_year(drawn: Inputs) -> None:
    flows = flow_tables(drawn, parameters=PARAMETERS)["flows"].set_index(["teryt", "legal_form", "period"]).sort_index()
    for name in ("founded", "arrived", "closed", "left"):
        quarters = sum(flows.xs(f"2025-Q{q}", level="period")[name] for q in (1, 2, 3, 4))
        assert (quarters == flows.xs("2025", level="period")[name]).all()


def test_powiats_have_all_forms_together_only(drawn: Inputs) -> None:
    flows = flow_tables(drawn, parameters=PARAMETERS)["flows"]
    assert set(flows.loc[flows["teryt"].str.len() == 4, "legal_form"]) == {""}
    assert "" in set(flows["legal_form"])
    assert len(set(flows.loc[flows["teryt"] == "14", "legal_form"])) == 13


def test_poland_is_there_only_if_all_voivodeships_are(drawn: Inputs) -> None:
    from ropsanalysis.regions import REGIONS

    assert "00" not in set(flow_tables(drawn, parameters=PARAMETERS)["flows"]["teryt"])
    codes = [region.teryt for region in REGIONS]
    units = make_units(codes, powiats=1, gminas=1)
    spells = make_spells([spell(f"e{code}", "ngo", f"{code}0101", "2020-01-01") for code in codes])
    flows = flow_tables(make_inputs(units=units, spells=spells), parameters=PARAMETERS)["flows"]
    assert row(flows, "00", "", "2025")["closing"] == 16


def test_rates_are_per_entity_and_year_with_exact_intervals() -> None:
    founded = [spell(f"n{k}", start="2025-05-01") for k in range(3)]
    old = [spell(f"o{k}", start="2015-01-01", end="2025-03-01" if k < 2 else None) for k in range(19)]
    found = row(small(*old, *founded)["flows"], "14", "", "2025")
    # 19 at the opening, 20 at the closing: 3 founded and 2 closed of 19.5.
    assert found["entry_rate"] == pytest.approx(3 / 19.5)
    assert found["exit_rate"] == pytest.approx(2 / 19.5)
    # Garwood (1936): chi-square quantiles with 2k and 2k + 2 degrees of freedom, halved.
    assert found["entry_low"] == pytest.approx(chi2.ppf(0.025, 6) / 2 / 19.5)
    assert found["entry_high"] == pytest.approx(chi2.ppf(0.975, 8) / 2 / 19.5)
    assert found["exit_low"] == pytest.approx(chi2.ppf(0.025, 4) / 2 / 19.5)


def test_a_leap_year_is_a_year() -> None:
    old = [spell(f"o{k}", start="2015-01-01") for k in range(9)]
    flows = small(*old, spell("n", start="2024-02-29"))["flows"]
    assert row(flows, "14", "", "2024")["entry_rate"] == pytest.approx(1 / 9.5)


def test_a_register_that_drops_closed_entities_has_no_exit_rate() -> None:
    rows = [spell("a", "ngo", closures_known=False), spell("b", "ngo"), spell("c", "cis"), spell("d", "ngo", "260101")]
    flows = small(*rows)["flows"]
    exits = ["exit_rate", "exit_low", "exit_high"]
    for form, known in (("", False), ("ngo", False), ("cis", True)):
        found = row(flows, "14", form, "2025")
        assert found["exits_known"] == known
        assert pd.isna(found["exit_rate"]) != known
    assert row(flows, "26", "ngo", "2025")["exits_known"]
    assert flows.loc[~flows["exits_known"], exits].isna().all(axis=None)
    assert flows.loc[(flows["closing"] > 0), "entry_rate"].notna().all()


def test_exits_before_a_register_began_to_list_them_are_not_known() -> None:
    # A register that lists closures since the middle of 2020: those of 2020 are known in part only.
    flows = small(spell("a", start="2010-01-01", observed_from="2020-06-01"))["flows"]
    known = {period: row(flows, "14", "", period)["exits_known"] for period in ("2019", "2020", "2021", "2025")}
    assert known == {"2019": False, "2020": False, "2021": True, "2025": True}


def test_the_last_period_ends_on_the_day_of_the_registers() -> None:
    flows = small(spell("a", end="2025-08-20"), as_of="2025-08-15")["flows"]
    assert row(flows, "14", "", "2025")["last_day"] == "2025-08-15"
    assert row(flows, "14", "", "2025-Q3")["last_day"] == "2025-08-15"
    assert row(flows, "14", "", "2025")["closing"] == 1


# --- the log of changes -------------------------------------------------------------------------------


def events(log: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    return sorted(zip(log["teryt"], log["event"], log["legal_form"], log["day"], strict=True))


def test_a_move_to_another_voivodeship_stands_in_both_logs() -> None:
    log = small(spell("a", "cis", "140101", "2020-01-01", "2025-04-01"), spell("a", "cis", "260101", "2025-04-01"))[
        "changes"
    ]
    assert events(log) == [("14", "moved_out", "cis", "2025-04-01"), ("26", "moved_in", "cis", "2025-04-01")]
    assert set(log["gmina"]) == {"140101", "260101"}
    assert (log["reason"] == "przeniesienie siedziby").all()


def test_a_move_within_a_voivodeship_is_not_called_one_between_voivodeships() -> None:
    # The report words these events as moves between voivodeships, and the voivodeship's flows do not count them.
    log = small(spell("a", "cis", "140101", "2020-01-01", "2025-04-01"), spell("a", "cis", "140201", "2025-04-01"))[
        "changes"
    ]
    assert not set(log["event"]) & {"moved_in", "moved_out"}


def test_a_change_of_form_is_logged_where_a_form_is() -> None:
    log = small(
        spell("a", "ngo", "140101", "2020-01-01", "2025-04-01", end_reason="uchwała"),
        spell("a", "nonprofit_company", "140101", "2025-04-01"),
    )["changes"]
    assert events(log) == [("14", "changed_to", "nonprofit_company", "2025-04-01")]
    assert log["reason"].tolist() == ["zmiana formy prawnej"]


def test_the_log_goes_back_so_many_months_and_holds_logged_forms_only() -> None:
    log = small(
        spell("old", "cis", start="2024-12-31"), spell("new", "cis", start="2025-01-01"),
        spell("ngo", "ngo", start="2025-05-01"), spell("kgw", "kgw", start="2025-05-01", end="2025-09-01"),
    )["changes"]  # fmt: skip
    assert events(log) == [("14", "founded", "cis", "2025-01-01")]
    assert dict(log.dtypes.astype(str)) == CHANGE_COLUMNS


def test_the_log_of_a_voivodeship_adds_up_to_its_flows(drawn: Inputs) -> None:
    tables = flow_tables(drawn, parameters=PARAMETERS)
    logged = drawn.legal_forms.loc[drawn.legal_forms["logged"], "key"]
    counts = tables["changes"].groupby(["teryt", "legal_form", "event"]).size()
    for teryt in ("02", "14", "26"):
        for form in logged:
            flow = row(tables["flows"], teryt, form, "2025")
            own = {event: int(counts.get((teryt, form, event), 0)) for event in ("founded", "closed")}
            assert own == {"founded": flow["founded"], "closed": flow["closed"]}


def test_no_change_is_without_a_reason_or_a_source(drawn: Inputs) -> None:
    log = flow_tables(drawn, parameters=PARAMETERS)["changes"]
    assert len(log) > 100
    assert (log[["reason", "source", "name", "day"]] != "").all(axis=None)


# --- the status of social enterprise ------------------------------------------------------------------


def enterprises(tables: dict[str, pd.DataFrame], form: str = "") -> pd.DataFrame:
    table = tables["social_enterprises"]
    return table[(table["teryt"] == "14") & (table["legal_form"] == form)].set_index("day")


def test_there_is_no_row_before_the_status_existed() -> None:
    # Act of 5.08.2022: the status exists since 30.10.2022.
    found = enterprises(small(spell("a"), status=make_status([("a", "2022-10-30", None)])))
    assert found.index[0] == "2022-12-31"
    assert len(found) == 1 + 4 * 3
    assert found.iloc[0][["enterprises", "gained", "lost"]].tolist() == [1, 1, 0]


def test_registers_of_an_earlier_day_have_no_series() -> None:
    status = make_status([("a", "2022-11-01", None)])
    table = small(spell("a"), status=status, as_of="2022-10-15")["social_enterprises"]
    assert table.empty
    assert dict(table.dtypes.astype(str)) == ENTERPRISE_COLUMNS


def test_without_status_the_table_is_empty_with_its_columns() -> None:
    table = small(spell("a"))["social_enterprises"]
    assert table.empty
    assert dict(table.dtypes.astype(str)) == ENTERPRISE_COLUMNS


def test_an_entity_that_closes_loses_its_status_and_the_log_says_so() -> None:
    tables = small(
        spell("a", end="2025-05-10", end_reason="likwidacja"), spell("b"),
        status=make_status([("a", "2023-01-01", None), ("b", "2023-01-01", None)]),
    )  # fmt: skip
    found = enterprises(tables)
    assert found.loc["2025-06-30", ["enterprises", "gained", "lost"]].tolist() == [1, 0, 1]
    log = tables["changes"]
    assert events(log) == [("14", "status_lost", "ngo", "2025-05-10")]
    assert log["reason"].tolist() == ["likwidacja"]


def test_enterprises_balance_in_every_row(drawn: Inputs) -> None:
    table = flow_tables(drawn, parameters=PARAMETERS)["social_enterprises"]
    assert (table["enterprises"] > 0).sum() > 50
    for _, own in table.sort_values("day").groupby(["teryt", "legal_form"]):
        before = own["enterprises"].shift(1).fillna(0)
        assert (before + own["gained"] - own["lost"] == own["enterprises"]).all()


def test_density_of_enterprises_takes_the_inhabitants_of_the_year() -> None:
    units = make_units(["14"])
    population = pd.concat([make_population(units, [2022], each=10_000), make_population(units, [2025], each=20_000)])
    found = enterprises(
        small(spell("a"), units=units, population=population, status=make_status([("a", "2022-11-01", None)]))
    )
    assert found.loc["2024-12-31", "per_10k"] == pytest.approx(1 / 4)  # 40 thousand in 2022, the year before
    assert found.loc["2025-12-31", "per_10k"] == pytest.approx(1 / 8)


# --- all ----------------------------------------------------------------------------------------------


def test_rows_may_stand_in_any_order_and_stay_as_they_are(drawn: Inputs) -> None:
    before, expected = copied(drawn), flow_tables(drawn, parameters=PARAMETERS)
    for name, table in copied(drawn).items():
        pd.testing.assert_frame_equal(table, before[name])
    for name, table in flow_tables(shuffled(drawn, seed=3), parameters=PARAMETERS).items():
        pd.testing.assert_frame_equal(table, expected[name])
