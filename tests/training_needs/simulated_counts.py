"""Counts like those of a real survey of staff: some institution types answer a lot, others hardly at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Typical staff of one institution type in a voivodeship, and the share of it that answers (about 5000 in all).
STAFF = np.array([1500, 250, 700, 2500, 700, 400, 25, 80, 40, 200, 500, 30, 700, 300, 20])
RESPONSE = np.array([0.075, 0.05, 0.08, 0.015, 0.04, 0.04, 0.10, 0.03, 0.06, 0.02, 0.03, 0.10, 0.01, 0.02, 0.30])


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that protection reads; shapes (R, I) and (R, I, K)."""

    staff: NDArray[np.int64]
    respondents: NDArray[np.int64]
    weights: NDArray[np.float64]
    yes: NDArray[np.int64]
    valid: NDArray[np.int64]


def simulate(rng: np.random.Generator, *, regions: int = 16, institutions: int = 15, questions: int = 20) -> Counts:
    """Draw a survey: unequal response, item non-response of 5-10 %, needs between 15 and 75 %."""
    shape = (regions, institutions)
    staff = np.maximum(1, rng.poisson(STAFF[:institutions] * rng.uniform(0.5, 1.8, shape)))
    respondents = rng.binomial(staff, np.clip(RESPONSE[:institutions] * rng.uniform(0.3, 1.7, shape), 0, 1))
    valid = rng.binomial(respondents[:, :, None], rng.uniform(0.90, 0.95, questions))
    level = rng.uniform(0.15, 0.75, questions) + rng.normal(0, 0.08, (institutions, questions))
    yes = rng.binomial(valid, np.clip(level, 0.02, 0.98))
    weights = np.clip(staff / np.maximum(respondents, 1), 1.0, 60.0)
    return Counts(staff, respondents, weights, yes, valid)
