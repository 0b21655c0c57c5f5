"""The catalogue's parameters are those of the code, and impossible ones are refused."""

from __future__ import annotations

import pytest

from ropsanalysis.errors import UsageError
from ropsanalysis.io.catalogue import parameter_values, parameters
from ropsanalysis.training_needs.parameters import TrainingParameters


def test_catalogue_and_code_agree() -> None:
    assert TrainingParameters(**parameter_values("training_parameters")) == TrainingParameters()  # type: ignore[arg-type]


def test_every_parameter_says_why() -> None:
    assert all(entry.description and entry.reason for entry in parameters("training_parameters"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("confidence", 1.0), ("quadrant_cut", "median"), ("threshold", 1), ("bootstrap_draws", 0), ("alpha", 0.0)],
)
def test_impossible_values_are_refused(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        TrainingParameters(**{name: value})  # type: ignore[arg-type]
