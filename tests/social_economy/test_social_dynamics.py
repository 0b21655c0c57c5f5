"""Flows, the log of changes and the status of social enterprise: they add up, and tell one story."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_registers import draw_spells, make_inputs, make_spells, make_status, make_units, spell

from ropsanalysis.social_economy.dynamics import MOVED_AND_CHANGED, UNEXPLAINED, flow_tables
from ropsanalysis.social_economy.parameters import SocialEconomyParameters
from ropsanalysis.social_economy.schema import Inputs

PARAMETERS = SocialEconomyParameters()


def one(table: pd.DataFrame, **keys: object) -> dict[str, object]:
    """Return the one row with these keys."""
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return dict(table.iloc[0])


# --- flows --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn() -> Inputs:
    """Return a register of all voivodeships in which a third moves or changes its form."""
    units = make_units([f"{number:02d}" for number in range(2, 33, 2)])
    rng = np.random.default_rng(11)
    spells = draw_spells(3000, units, rng=rng, moved=0.35)
    entities = spells["entity"].drop_duplicates().to_numpy()[:600]
    since = pd.Timestamp("2022-10-30") + pd.to_timedelta(rng.integers(0, 1100, 600), unit="D")
    until = since + pd.to_timedelta(rng.integers(1, 900, 600), unit="D")
    ended = until.where((until <= pd.Timestamp("2025-12-31")) & (rng.random(600) < 0.7))
    status = pd.DataFrame({"entity": entities, "since": since, "until": ended})
    return make_inputs(units=units, spells=spells, status=status.astype({"since": "M8[s]", "until": "M8[s]"}))


@pytest.fixture(scope="module")
def tables(drawn: Inputs) -> dict[str, pd.DataFrame]:
    return flow_tables(drawn, parameters=PARAMETERS)


def test_forms_and_voivodeships_add_up_but_for_moves_between_them(tables: dict[str, pd.DataFrame]) -> None:
    flows = tables["flows"]
    alike = ["opening", "founded", "closed", "closing"]  # an arrival in a part may be none in the whole
    wide = flows[flows["teryt"].str.len() == 2]
    by_form = wide[wide["legal_form"] != ""].groupby(["teryt", "period"])[alike].sum()
    whole = wide[wide["legal_form"] == ""].set_index(["teryt", "period"])[alike]
    pd.testing.assert_frame_equal(by_form, whole.loc[by_form.index])
    parts = whole.drop("00", level="teryt").groupby("period").sum()
    pd.testing.assert_frame_equal(parts, whole.loc["00"].loc[parts.index])
    poland = wide[(wide["teryt"] == "00") & (wide["legal_form"] == "")]
    assert (poland[["arrived", "left"]] == 0).all(axis=None)


def test_a_unit_without_entities_has_no_rates() -> None:
    flows = flow_tables(make_inputs(spells=make_spells([spell("a")])), parameters=PARAMETERS)["flows"]
    assert pd.isna(one(flows, teryt="14", legal_form="cis", period="2025")["entry_rate"])


# --- the log of changes -------------------------------------------------------------------------------


def test_log_and_flows_of_the_same_year_tell_the_same(drawn: Inputs, tables: dict[str, pd.DataFrame]) -> None:
    events = {"founded": "founded", "closed": "closed", "moved_in": "arrived", "changed_to": "arrived",
              "moved_out": "left", "changed_from": "left"}  # fmt: skip
    log, flows = tables["changes"], tables["flows"]
    logged = drawn.legal_forms.loc[drawn.legal_forms["logged"], "key"]
    own = flows[(flows["period"] == "2025") & (flows["teryt"] != "00") & flows["legal_form"].isin(logged)]
    for kind in ("founded", "arrived", "closed", "left"):
        told = log[log["event"].map(events) == kind].groupby(["teryt", "legal_form"]).size()
        counted = own.set_index(["teryt", "legal_form"])[kind]
        assert counted.sum() > 0
        assert counted[counted > 0].to_dict() == told.to_dict()


def test_log_and_status_tell_the_same_but_for_moves_and_changes_of_form(tables: dict[str, pd.DataFrame]) -> None:
    # Of Poland and all forms there are no moves, so that each gain and loss of 2025 is an event.
    log, table = tables["changes"], tables["social_enterprises"]
    own = table[(table["teryt"] == "00") & (table["legal_form"] == "") & (table["day"] > "2024-12-31")]
    assert (log["event"] == "status_gained").sum() == own["gained"].sum() > 0
    assert (log["event"] == "status_lost").sum() == own["lost"].sum() > 0


def changes(*rows: dict[str, object], status: tuple[tuple[str, str, str | None], ...] = ()) -> list[tuple[str, ...]]:
    inputs = make_inputs(spells=make_spells(rows), status=make_status(status))
    log = flow_tables(inputs, parameters=PARAMETERS)["changes"]
    assert log.notna().all(axis=None)
    columns = ["teryt", "gmina", "day", "legal_form", "event", "reason"]
    return [tuple(row) for row in log[columns].itertuples(index=False)]


def test_a_change_of_form_is_told_of_both_forms_that_are_listed() -> None:
    found = changes(
        spell("a", "cis", end="2025-03-01"), spell("a", "zaz", start="2025-03-01"),
        spell("b", "ngo", end="2025-02-01"), spell("b", "social_cooperative", start="2025-02-01"),
    )  # fmt: skip
    assert [(day, form, event) for _, _, day, form, event, _ in found] == [
        ("2025-03-01", "cis", "changed_from"),
        ("2025-03-01", "zaz", "changed_to"),
        ("2025-02-01", "social_cooperative", "changed_to"),
    ]


def test_who_moves_and_changes_its_form_at_once_is_told_once_in_each_log() -> None:
    found = changes(spell("a", "cis", "140101", end="2025-03-01"), spell("a", "zaz", "260101", start="2025-03-01"))
    assert [(teryt, event, reason) for teryt, _, _, _, event, reason in found] == [
        ("14", "moved_out", MOVED_AND_CHANGED),
        ("26", "moved_in", MOVED_AND_CHANGED),
    ]


def test_the_status_is_told_of_every_form_with_the_reason_of_its_end() -> None:
    found = changes(
        spell("a", "ngo", "140101", end="2025-05-01", end_reason="likwidacja"),
        spell("b", "kgw", "140101", end="2025-04-01"),
        spell("c", "ngo", "140101"),
        spell("d", "ngo", "140101", end="2025-02-01"),  # moves on the day on which it loses the status
        spell("d", "ngo", "140102", start="2025-02-01"),
        status=(("a", "2023-01-01", None), ("b", "2023-01-01", "2025-04-01"), ("c", "2025-01-05", "2025-03-01"),
                ("d", "2023-01-01", "2025-02-01")),
    )  # fmt: skip
    assert [(day, event, reason) for _, _, day, _, event, reason in found] == [
        ("2025-05-01", "status_lost", "likwidacja"),
        ("2025-04-01", "status_lost", UNEXPLAINED["closed"]),
        ("2025-03-01", "status_lost", UNEXPLAINED["status_lost"]),
        ("2025-02-01", "status_lost", UNEXPLAINED["status_lost"]),
        ("2025-01-05", "status_gained", UNEXPLAINED["status_gained"]),
    ]


# --- the status of social enterprise ------------------------------------------------------------------


def test_social_enterprises_of_forms_and_voivodeships_add_up(tables: dict[str, pd.DataFrame]) -> None:
    table = tables["social_enterprises"]
    by_form = table[table["legal_form"] != ""].groupby(["teryt", "day"])["enterprises"].sum()
    whole = table[table["legal_form"] == ""].set_index(["teryt", "day"])["enterprises"]
    assert (by_form == whole.loc[by_form.index]).all()
    assert (whole.drop("00", level="teryt").groupby("day").sum() == whole.loc["00"]).all()


def test_who_changes_its_form_is_no_gain_of_the_voivodeship() -> None:
    inputs = make_inputs(
        spells=make_spells([spell("a", "ngo", end="2025-02-01"), spell("a", "zaz", start="2025-02-01")]),
        status=make_status([("a", "2023-05-05", None)]),
    )
    table = flow_tables(inputs, parameters=PARAMETERS)["social_enterprises"]
    changed = table[(table["teryt"] == "14") & (table["day"] == "2025-03-31")].set_index("legal_form")
    assert changed[["enterprises", "gained", "lost"]].to_numpy().tolist() == [[1, 0, 0], [0, 0, 1], [1, 1, 0]]
    assert list(changed.index) == ["", "ngo", "zaz"]
    # One enterprise among the 40 000 inhabitants of four gminas.
    assert changed.loc["", "per_10k"] == pytest.approx(0.25)


def test_gains_and_losses_within_a_quarter_are_both_counted() -> None:
    inputs = make_inputs(spells=make_spells([spell("a")]), status=make_status([("a", "2025-01-10", "2025-02-10")]))
    table = flow_tables(inputs, parameters=PARAMETERS)["social_enterprises"]
    found = one(table, teryt="14", legal_form="", day="2025-03-31")
    assert (found["enterprises"], found["gained"], found["lost"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        ("2022-10-29", []),
        ("2022-10-30", ["2022-10-30"]),
        ("2023-02-10", ["2022-12-31", "2023-02-10"]),
        ("2023-03-31", ["2022-12-31", "2023-03-31"]),
    ],
)
def test_days_are_ends_of_quarters_and_the_day_of_the_registers(as_of: str, days: list[str]) -> None:
    inputs = make_inputs(spells=make_spells([spell("a")]), status=make_status([("a", "2022-10-30", None)]), as_of=as_of)
    table = flow_tables(inputs, parameters=PARAMETERS)["social_enterprises"]
    assert sorted(table["day"].unique()) == days
