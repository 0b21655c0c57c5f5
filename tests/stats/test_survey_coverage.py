"""Do 95% intervals hold what they promise: a fixed population, sampled and answering unequally, 1000 times."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from ropsanalysis.stats.survey import Design, domain_means, domain_shares
from ropsanalysis.stats.weighting import Margin, post_stratify, rake

pytestmark = pytest.mark.slow

DRAWS = 1000
SIZES = np.array([1800, 900, 700, 500, 400, 350, 300, 250, 250, 200, 200, 150])
"""People per stratum (institution type), 6000 in all."""

RESPONSE = np.array([0.5, 0.7, 0.4, 0.6, 0.8, 0.5, 0.6, 0.7, 0.6, 0.5, 0.4, 0.8])
POSITION_RESPONSE = np.array([1.0, 0.8, 0.9, 0.7])


@dataclass(frozen=True)
class Population:
    """A rating of 1-5 and answers given by 40%, 10% and 3% of all; both differ by stratum and position."""

    stratum: np.ndarray
    position: np.ndarray
    answers: np.ndarray  # (people, 4)

    @classmethod
    def make(cls) -> Population:
        rng = np.random.default_rng(7)
        stratum = np.repeat(np.arange(len(SIZES)), SIZES)
        position = rng.choice(4, size=len(stratum), p=[0.15, 0.45, 0.25, 0.15])
        rating = np.clip(np.rint(3 + 0.1 * (stratum - 6) + 0.3 * (position == 0) + rng.normal(size=len(stratum))), 1, 5)
        columns = [rating]
        for target in (0.40, 0.10, 0.03):
            leaning = 0.15 * stratum + 0.4 * (position == 1) + rng.logistic(size=len(stratum))
            columns.append((leaning >= np.quantile(leaning, 1 - target)).astype(float))
        return cls(stratum, position, np.column_stack(columns))


@dataclass
class Hits:
    """How many intervals covered the truth."""

    mean: list[bool] = field(default_factory=list)
    shares: list[np.ndarray] = field(default_factory=list)
    plain: list[bool] = field(default_factory=list)  # t interval of the share near 0.03


def respondents(people: Population, rng: np.random.Generator, *, by_position: bool) -> np.ndarray:
    """Draw a stratified sample with unequal rates, of which unequal parts answer; about 330 or 280 do."""
    drawn = np.rint(570 * np.sqrt(SIZES) / np.sqrt(SIZES).sum()).astype(int)
    rows = np.concatenate(
        [rng.choice(np.flatnonzero(people.stratum == h), size, replace=False) for h, size in enumerate(drawn)]
    )
    chance = RESPONSE[people.stratum[rows]] * (POSITION_RESPONSE[people.position[rows]] if by_position else 1)
    return rows[rng.random(len(rows)) < chance]


def design_of(people: Population, rows: np.ndarray, *, raked: bool) -> Design:
    stratum = people.stratum[rows]
    base = post_stratify(stratum, SIZES)
    if not raked:
        return Design(base, strata=stratum, population=SIZES[stratum])
    positions = np.bincount(people.position).astype(float)
    margins = [Margin(stratum, SIZES.astype(float)), Margin(people.position[rows], positions)]
    weights = rake(margins, base=base).weights
    return Design(weights, strata=stratum, population=SIZES[stratum], margins=margins, base=base)


def simulate(*, raked: bool) -> Hits:
    people, hits, rng = Population.make(), Hits(), np.random.default_rng(11)
    truth = people.answers.mean(axis=0)
    for _ in range(DRAWS):
        rows = respondents(people, rng, by_position=raked)
        design, everybody = design_of(people, rows, raked=raked), np.zeros(len(rows), dtype=int)
        t = domain_means(people.answers[rows][:, [0, 3]], design, everybody, 1)
        mean_hit, plain_hit = ((t.low <= truth[[0, 3]]) & (truth[[0, 3]] <= t.high))[0]
        shares = domain_shares(people.answers[rows, 1:], design, everybody, 1)
        hits.mean.append(mean_hit)
        hits.plain.append(plain_hit)
        hits.shares.append(((shares.low <= truth[1:]) & (truth[1:] <= shares.high))[0])
    return hits


@pytest.mark.parametrize("raked", [False, True])
def test_intervals_cover_what_they_promise(raked: bool) -> None:
    # With 1000 draws an interval that covers 95% is seen to cover 93-97% in 99.6% of simulations (sd 0.7 points).
    hits = simulate(raked=raked)
    assert 0.93 <= np.mean(hits.mean) <= 0.97
    for covered in np.mean(hits.shares, axis=0):  # 40%, 10%, 3%
        assert 0.93 <= covered <= 0.97
    # Why shares have intervals of their own: the symmetric one misses a share of 3% about one time in ten.
    assert np.mean(hits.plain) < 0.93
