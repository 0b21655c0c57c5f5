"""The panel as arrays: waves, scales, waiting times, traits, and an order that no pseudonym decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from simulated_persons import catalogue, hand_panel, make_inputs, make_panel, only

from ropsanalysis.social_impact.persons import AT_ONCE, Persons, measured, read_persons
from ropsanalysis.social_impact.schema import KINDS

NO = np.nan


def _read(panel: pd.DataFrame) -> Persons:
    (found,) = read_persons(make_inputs(panel))
    return found


def test_answers_stand_by_person_and_wave_and_a_wave_that_was_missed_is_nan() -> None:
    panel = hand_panel({"a": {"work": (0, 1, 1, 0)}, "b": {"work": (1, 0, NO, 1)}}, age={"a": 20, "b": 30})
    panel = panel[~((panel["person"] == "a") & (panel["wave"] == "m6"))]
    found = _read(panel)
    by_age = np.argsort(found.traits[:, found.trait_names.index("age")])
    np.testing.assert_array_equal(found.answers["work"][by_age], [[0, 1, NO, 0], [1, 0, NO, 1]])
    np.testing.assert_array_equal(found.seen[by_age], [[True, True, False, True], [True] * 4])
    np.testing.assert_array_equal(found.throughout[by_age], [False, True])


def test_a_scale_is_the_mean_of_its_items_unless_more_than_half_are_missing() -> None:
    five = {"wb_1": (1, 1, NO, NO), "wb_2": (2, 2, NO, NO), "wb_3": (3, 3, 3, NO), "wb_4": (4, NO, 4, 5)}
    four = {"st_1": (1, 1, NO, NO), "st_2": (2, NO, NO, NO), "st_3": (3, NO, 4, NO), "st_4": (4, 4, 5, NO)}
    found = _read(hand_panel({"a": {**five, "wb_5": (5, NO, 5, NO), **four}}))
    np.testing.assert_array_equal(found.answers["wellbeing"], [[3, 2, 4, NO]])
    np.testing.assert_array_equal(found.answers["ties"], [[2.5, 2.5, 4.5, NO]])


def test_income_is_from_work_only_where_work_is_the_main_source() -> None:
    panel = hand_panel({"a": {}})
    panel["income_source"] = ["work", "benefit", "", None]
    np.testing.assert_array_equal(_read(panel).answers["income_work"], [[1, 0, NO, NO]])


def test_a_wait_ends_at_the_first_job_and_is_cut_after_a_year() -> None:
    months = {
        "a": {"months_to_work": (NO, NO, 4, 4)},
        "b": {"months_to_work": (NO, NO, NO, 9)},
        "c": {"months_to_work": (NO, NO, NO, NO)},
        "d": {"months_to_work": (NO, NO, 3, NO)},
        "e": {"months_to_work": (NO, NO, NO, 15)},
        "f": {"months_to_work": (NO, NO, 0, 0)},
    }
    inputs = make_inputs(hand_panel(months, age={name: 20 + k for k, name in enumerate(months)}))
    (found,) = read_persons(inputs)
    (outcome,) = [o for o in measured(inputs) if o.kind == "duration"]
    time, event = found.waiting(outcome)
    by_age = np.argsort(found.traits[:, found.trait_names.index("age")])
    np.testing.assert_array_equal(time[by_age], [4, 9, 12, 3, 12, AT_ONCE])
    np.testing.assert_array_equal(event[by_age], [True, True, False, True, False, True])
    assert found.base(outcome).all()


def test_traits_are_those_at_entry_and_hold_the_outcomes_at_entry() -> None:
    fixed = {"age": 40, "disability": 1, "months_out_of_work": 18}
    panel = hand_panel({"a": {"work": (0, 1, 1, 1), "education": (2, 3, 3, 3)}}).assign(**fixed, sex="male")
    found = _read(panel)
    told = dict(zip(found.trait_names, found.traits[0], strict=True))
    assert {"female": 0, "age": 40, "disability": 1, "months_out_of_work": 18, "work": 0, "education": 2}.items() <= (
        told.items()
    )
    assert np.isnan(told["wellbeing"])
    assert "months_to_work" not in told


def test_bases_hold_those_who_answered_at_all_waves() -> None:
    panel = hand_panel({"a": {"work": (0, 0, 1, 1)}, "b": {"work": (0, NO, 1, 1)}})
    (work,) = measured(only(make_inputs(panel), "work"))
    assert _read(panel).base(work).sum() == 1


def test_neither_the_order_of_rows_nor_pseudonyms_change_anything() -> None:
    panel = make_panel(40, 30, missing=0.1)
    names = panel["person"].unique()
    renamed = dict(zip(names, np.random.default_rng(3).permutation([f"x{k}" for k in range(names.size)]), strict=True))
    other = panel.assign(person=panel["person"].map(renamed)).sample(frac=1.0, random_state=4)
    first, second = _read(panel), _read(other)
    for name in ("participant", "kind", "cluster", "seen", "traits"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    for key, answers in first.answers.items():
        np.testing.assert_array_equal(answers, second.answers[key])


def test_voivodeships_come_apart_in_the_order_of_their_codes() -> None:
    panel = pd.concat([make_panel(12, 5, teryt="14"), make_panel(7, 3, teryt="02")], ignore_index=True)
    found = read_persons(make_inputs(panel))
    assert [(one.teryt, len(one), int(one.participant.sum())) for one in found] == [("02", 10, 7), ("14", 17, 12)]


def test_a_participant_without_a_kind_counts_as_other() -> None:
    found = _read(hand_panel({"a": {}, "b": {}}, kind={"a": "", "b": ""}, group={"b": "comparison"}))
    assert found.kind.tolist() == [KINDS.index("other"), -1]


def test_no_panel_gives_no_persons() -> None:
    assert read_persons(make_inputs()) == ()


def test_an_outcome_of_the_catalogue_that_the_panel_cannot_hold_is_left_out() -> None:
    new = catalogue().iloc[[0]].assign(key="skating")
    inputs = make_inputs(make_panel(5, 5), outcomes=pd.concat([catalogue(), new], ignore_index=True))
    assert "skating" not in {outcome.key for outcome in measured(inputs)}
