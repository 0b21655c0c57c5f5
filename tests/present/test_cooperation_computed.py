"""The funnel and the advice on tables that the topic computed: what is drawn is what the tables say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from cooperation.cooperation_tables import CHOICES
from cooperation.small_pilots import USUAL, inputs, pilot, with_outcomes
from ropsanalysis.cooperation.assess import assess
from ropsanalysis.cooperation.view import Cooperation
from ropsanalysis.present import cooperation as show
from ropsanalysis.present import funnels
from ropsanalysis.regions import find


def computed(**tables: Any) -> Cooperation:
    """Return the view of voivodeship 04 on tables computed from these rows."""
    found = assess(inputs(**tables), parameters=USUAL)
    return Cooperation.read(
        find("04"), found, edition="2024", choices=CHOICES, files=(), synthetic=False, synthetic_datasets=frozenset(),
        sources={},
    )  # fmt: skip


def test_the_funnel_draws_the_limits_of_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    # Far more unlike than by chance: limits widened by the dispersion of the four would hold 10 of 50.
    outcomes = {"a": (45, 50), "b": (10, 50), "c": (45, 50), "d": (9, 12)}
    models = computed(
        pilots=[pilot(f"04-{key}") for key in outcomes],
        cases=[
            c for key, (good, all_) in outcomes.items() for c in with_outcomes(f"04-{key}", success=good, ended=all_)
        ],
    )
    drawn: list[funnels.Limits] = []

    def draw(units: Sequence[funnels.Unit], limits: Sequence[funnels.Limits], **rest: Any) -> str:
        drawn.extend(limits)
        return ""

    monkeypatch.setattr(funnels, "funnel", draw)
    figure = show.funnel_figure(models)
    assert figure is not None
    at = {limit.base: limit for limit in drawn}
    assert len(models.rates()) == 4
    for row in models.rates():
        assert row.ended is not None
        limit = at[float(row.ended)]
        of_table = (row.inner_low, row.inner_high, row.outer_low, row.outer_high)
        assert [*limit.inner, *limit.outer] == pytest.approx([100 * (x or 0.0) for x in of_table], abs=0.06)
        outside = not limit.outer[0] <= 100 * (row.rate.value or 0.0) <= limit.outer[1]
        assert outside == (row.zone in {"low", "high"})
    assert "poszerz" not in figure.note
