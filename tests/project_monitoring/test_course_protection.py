"""The course of persons by quarters tells of no few persons, also to somebody who knows the rule by which it hides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from monitoring_inputs import make_inputs

from ropsanalysis.project_monitoring.assess import assess
from ropsanalysis.project_monitoring.course_protection import Point, told_points
from ropsanalysis.project_monitoring.parameters import MonitoringParameters

USUAL = MonitoringParameters(draws=50)
FEW = USUAL.min_count


def paths(quarters: int, most: int, before: tuple[Point, ...] = ()) -> Iterator[tuple[Point, ...]]:
    """Yield every course of persons supported and qualified that ends with at most so many supported."""
    if len(before) == quarters:
        yield before
        return
    supported, qualified = before[-1] if before else (0, 0)
    for s in range(supported, most + 1):
        for q in range(qualified, s + 1):
            yield from paths(quarters, most, (*before, (s, q)))


def leaks(rule: Callable[[Sequence[Point]], list[bool]], *, few: int) -> int:
    """Count what of 3 quarters is known to be 1 to few - 1 persons, of all courses that look the same."""
    seen: dict[tuple[Point | None, ...], list[tuple[Point, ...]]] = defaultdict(list)
    for path in paths(3, 10):
        seen[tuple(point if told else None for point, told in zip(path, rule(path), strict=True))].append(path)
    found = 0
    for same in seen.values():
        values: dict[tuple[int, str], set[int]] = defaultdict(set)
        for path in same:
            for place, ((s, q), (before_s, before_q)) in enumerate(zip(path, ((0, 0), *path), strict=False)):
                values[place, "supported more"].add(s - before_s)
                values[place, "qualified more"].add(q - before_q)
                if place < len(path) - 1:  # the day of the data is published as it is
                    for name, value in (("supported", s), ("qualified", q), ("not qualified", s - q)):
                        values[place, name].add(value)
        found += sum(len(of) == 1 and 0 < min(of) < few for of in values.values())
    return found


def test_no_small_number_of_a_quarter_can_be_worked_out() -> None:
    assert leaks(lambda path: told_points(path, fewest=3), few=3) == 0


def test_the_search_finds_what_a_careless_course_gives_away() -> None:
    assert leaks(lambda path: [True] * len(path), few=3) > 1_000

    def each_for_itself(path: Sequence[Point]) -> list[bool]:
        return [all(n == 0 or n >= 3 for n in point) for point in path[:-1]] + [True]

    assert leaks(each_for_itself, few=3) > 100


def project(seed: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(int(rng.integers(6, 90))):
        day = pd.Timestamp("2024-01-05") + pd.Timedelta(days=int(720 * rng.beta(2, 1)))
        exam = day + pd.Timedelta(days=int(rng.integers(5, 200)))
        rows.append({
            "person": f"p{person}", "started": f"{day:%Y-%m-%d}", "evidence_day": f"{exam:%Y-%m-%d}",
            "evidence": str(rng.choice(["state_diploma", "attendance"], p=[0.6, 0.4])),
        })  # fmt: skip
    return rows


@pytest.mark.parametrize("seed", range(10))
def test_what_the_tables_tell_of_persons_in_time_is_none_or_many(seed: int) -> None:
    found = assess(make_inputs(participants=project(seed)), parameters=USUAL)
    now = found["indicators"].set_index("indicator")
    course = found["progress"].set_index(["indicator", "quarter"])["reached"].unstack(0)[:8]  # noqa: PD010
    reasons = found["progress"].set_index(["indicator", "quarter"])["reason"].unstack(0)[:8]  # noqa: PD010
    assert (course["supported"].isna() == course["qualified"].isna()).all()
    for name in ("supported", "qualified"):
        assert ((reasons[name] == "few") == course[name].isna()).all()
        assert course.loc["2025-Q4", name] == now.loc[name, "value"]
        if not pd.isna(now.loc[name, "recent_per_month"]):  # what came in twelve months tells what there was before
            at_year_end = now.loc[name, "value"] - 12 * now.loc[name, "recent_per_month"]
            assert course.loc["2024-Q4", name] == pytest.approx(at_year_end)
        elif not course[name][:4].isna().all():
            assert pd.isna(course.loc["2024-Q4", name])
    told = course.dropna()
    told = told.assign(rest=told["supported"] - told["qualified"]).astype("int64")
    changes = told.diff().fillna(told) if len(told) > 1 else told[:0]
    for table in (told[:-1], changes):
        assert ((table == 0) | (table.abs() >= FEW)).to_numpy().all()


def test_a_first_quarter_of_four_persons_is_told_with_the_next() -> None:
    rows = [{"person": f"a{n}", "started": "2024-02-01"} for n in range(4)]
    rows += [{"person": f"b{n}", "started": "2024-05-01"} for n in range(9)]
    course = assess(make_inputs(participants=rows), parameters=USUAL)["progress"].set_index(["indicator", "quarter"])
    assert course.loc[("supported", "2024-Q1"), "reason"] == "few"
    assert pd.isna(course.loc[("supported", "2024-Q1"), "reached"])
    assert course.loc[("supported", "2024-Q2"), ["reached", "reason"]].tolist() == [13, ""]
    assert set(course.loc["plans", "reason"]) == {""}


@pytest.mark.parametrize(("recent", "known"), [(4, False), (5, True), (0, True)])
def test_there_is_no_forecast_from_few_persons(recent: int, known: bool) -> None:
    rows = [{"person": f"a{n}", "started": "2024-06-01"} for n in range(50)]
    rows += [{"person": f"b{n}", "started": "2025-05-01"} for n in range(recent)]
    found = assess(make_inputs(participants=rows), parameters=USUAL)
    row = found["indicators"].set_index("indicator").loc["supported"]
    assert [bool(pd.notna(row[name])) for name in ("forecast", "probability", "recent_per_month")] == [known] * 3
    assert found["progress"].set_index("indicator").loc["supported", "forecast"].notna().any() == known
