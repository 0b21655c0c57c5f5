"""Protection of the survey's tables against attackers that know all of them at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from ropsanalysis.errors import DisclosureError
from ropsanalysis.stats.disclosure_audit import derive_intervals
from ropsanalysis.stats.disclosure_system import with_totals
from ropsanalysis.training_needs.protection import (
    Protected,
    ProtectedShares,
    protect_response,
    protect_shares,
    protect_table,
    refuse_unsafe,
)
from ropsanalysis.training_needs.protection_system import share_system
from training_needs.simulated_counts import Counts, simulate


@dataclass(frozen=True)
class Rules:
    threshold: int = 5
    protection_width: int = 5
    zero_is_disclosive: bool = False
    share_digits: int = 2
    statutory_min_units: int = 3


def protect(counts: Counts, rules: Rules = Rules()) -> tuple[Protected, ProtectedShares]:
    response = protect_response(counts.respondents, staff=counts.staff, parameters=rules)
    questions = counts.yes.shape[2]
    shares = protect_shares(
        counts.yes,
        counts.valid,
        respondents=counts.respondents,
        response=response,
        weights=counts.weights,
        staff=counts.staff,
        prehidden=np.zeros((*response.hidden.shape, questions), dtype=bool),
        names=[f"pytanie {k}" for k in range(questions)],
        parameters=rules,
    )
    return response, shares


def small(seed: int, regions: int, institutions: int, questions: int) -> Counts:
    """Few staff, of whom many answer: some cells are small, some are not."""
    rng = np.random.default_rng(seed)
    staff = rng.integers(4, 40, (regions, institutions))
    respondents = rng.binomial(staff, 0.45)
    valid = rng.binomial(respondents[:, :, None], 0.93, (regions, institutions, questions))
    yes = rng.binomial(valid, 0.45)
    return Counts(staff, respondents, staff / np.maximum(respondents, 1), yes, valid)


@pytest.mark.parametrize("seed", range(5))
def test_everything_sensitive_is_hidden(seed: int) -> None:
    # The rule itself: no count from 1 to 4 stands anywhere, totals included.
    counts = small(seed, 4, 4, 2)
    response, shares = protect(counts)
    shown = with_totals(counts.respondents)[~response.hidden]
    assert not ((shown > 0) & (shown < 5)).any()
    for k in range(2):
        base, yes = with_totals(counts.valid[:, :, k]), with_totals(counts.yes[:, :, k])
        for number in (base, yes, base - yes):
            seen = number[~shares.hidden[:, :, k]]
            assert not ((seen > 0) & (seen < 5)).any()
    assert shares.hidden[response.hidden].all()  # no base where the number of respondents is hidden


class JointAttacker:
    """All tables in one linear programme, written apart from the package: respondents and every question together."""

    def __init__(self, counts: Counts, response: Protected, shares: ProtectedShares) -> None:
        cells, questions = counts.staff.size, counts.yes.shape[2]
        self.cells = cells
        self.total = np.array([with_totals(unit.reshape(counts.staff.shape)).ravel() for unit in np.eye(cells)]).T
        self.size = cells * (1 + 2 * questions)
        equal: list[tuple[np.ndarray, float]] = []
        below: list[np.ndarray] = []
        for place in np.flatnonzero(~response.hidden):
            equal.append((self.row({0: self.total[place]}), self.total[place] @ counts.respondents.ravel()))
        for k in range(questions):
            yes, valid = counts.yes[:, :, k].ravel(), counts.valid[:, :, k].ravel()
            for cell in range(cells):
                unit = np.eye(cells)[cell]
                below.append(self.row({1 + 2 * k: unit, 2 + 2 * k: -unit}))  # yes <= answered
                below.append(self.row({2 + 2 * k: unit, 0: -unit}))  # answered <= respondents
            for place in np.flatnonzero(~shares.hidden[:, :, k]):
                line = self.total[place]
                equal.append((self.row({2 + 2 * k: line}), line @ valid))
                if line.sum() == 1:
                    equal.append((self.row({1 + 2 * k: line}), line @ yes))
                    continue
                weighted = line * counts.weights.ravel()
                share = round(float(weighted @ yes / max(weighted @ valid, 1e-12)), 2)
                below.append(self.row({1 + 2 * k: -weighted, 2 + 2 * k: (share - 0.005 - 1e-9) * weighted}))
                below.append(self.row({1 + 2 * k: weighted, 2 + 2 * k: -(share + 0.005 + 1e-9) * weighted}))
        self.equal = sparse.csr_array(np.array([row for row, _ in equal]).reshape(-1, self.size))
        self.constants = np.array([constant for _, constant in equal])
        self.below = sparse.csr_array(np.array(below))
        self.limits = [(0, top) for top in counts.staff.ravel()] + [(0, None)] * (2 * questions * cells)

    def row(self, blocks: dict[int, NDArray[np.float64]]) -> NDArray[np.float64]:
        row = np.zeros(self.size)
        for block, values in blocks.items():
            row[block * self.cells : (block + 1) * self.cells] = values
        return row

    def interval(self, block: int, place: int) -> tuple[float, float]:
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * self.row({block: self.total[place]}),
                A_eq=self.equal,
                b_eq=self.constants,
                A_ub=self.below,
                b_ub=np.zeros(self.below.shape[0]),
                bounds=self.limits,
            )
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(4))
def test_no_hidden_count_yields_to_an_attacker_who_combines_all_tables(seed: int) -> None:
    # The package proves each question apart, with mixtures of witnesses; here all unknowns stand in one programme.
    counts = small(seed, 3, 4, 2)
    response, shares = protect(counts)
    attacker = JointAttacker(counts, response, shares)
    staff = with_totals(counts.staff).ravel()
    known = np.where(response.hidden, staff.reshape(response.hidden.shape), with_totals(counts.respondents)).ravel()
    for place in np.flatnonzero(response.hidden):
        low, high = attacker.interval(0, place)
        assert high - low >= min(5, staff[place]) - 1e-5
    for k in range(2):
        for place in np.flatnonzero(shares.hidden[:, :, k]):
            for block in (1 + 2 * k, 2 + 2 * k):
                low, high = attacker.interval(block, place)
                # Whole numbers within: the room for at least five persons, or all that the cell can hold.
                assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= min(5, known[place])


@pytest.mark.parametrize("seed", range(12))
def test_enumeration_of_all_counts_finds_no_hidden_one(seed: int) -> None:
    # Brute force over whole numbers of yes and answered of one voivodeship with four institution types.
    rng = np.random.default_rng(seed)
    respondents = np.array([[5, 6, 6, 9]])
    valid = np.maximum(respondents - rng.integers(0, 2, respondents.shape), 0)
    yes = rng.binomial(valid, 0.5)
    weights = rng.uniform(1, 9, respondents.shape)
    staff = respondents * 4
    counts = Counts(staff, respondents, weights, yes[:, :, None], valid[:, :, None])
    response, shares = protect(counts)
    hidden = shares.hidden[0, :, 0]
    base = valid.sum()
    share = round(float((weights * yes).sum() / (weights * valid).sum()), 2)
    choices = [
        [(v, y) for v in range(n + 1) for y in range(v + 1)] if gone else [(v0, y0)]
        for n, v0, y0, gone in zip(respondents[0], valid[0], yes[0], hidden[:-1], strict=True)
    ]
    grid = np.array(np.meshgrid(*(np.arange(len(choice)) for choice in choices), indexing="ij")).reshape(4, -1)
    answered = np.array([np.array(choice)[index, 0] for choice, index in zip(choices, grid, strict=True)])
    said = np.array([np.array(choice)[index, 1] for choice, index in zip(choices, grid, strict=True)])
    fits = np.ones(grid.shape[1], dtype=bool)
    if not hidden[-1]:
        numerator, denominator = weights[0] @ said, weights[0] @ answered
        fits = (answered.sum(axis=0) == base) & (
            np.abs(numerator - share * denominator) <= (0.005 + 1e-9) * denominator
        )
    assert fits.any()
    system = share_system(
        yes,
        valid,
        weights=weights,
        response_hidden=response.hidden[:, :-1],
        witnesses=response.witnesses,
        width=5,
        remainder_width=2,
        digits=2,
    )
    intervals = derive_intervals(system, shares.hidden[:, :, 0].ravel())
    bounds = {
        int(cell): (low, high) for cell, low, high in zip(intervals.cells, intervals.low, intervals.high, strict=True)
    }
    for block, values in ((0, said), (2, answered)):
        for i in np.flatnonzero(hidden[:-1]):
            low, high = values[i][fits].min(), values[i][fits].max()
            assert high > low, "a hidden count is unique"
            assert bounds[block * 5 + int(i)][0] <= low + 1e-6
            assert bounds[block * 5 + int(i)][1] >= high - 1e-6


def test_witnesses_fit_the_published_response_and_vary() -> None:
    # Law: each differs from the truth in hidden cells only, totals stay, and together they span five persons.
    counts = simulate(np.random.default_rng(5), questions=1)
    response = protect_response(counts.respondents, staff=counts.staff, parameters=Rules())
    tables = np.array([with_totals(table) for table in response.witnesses])
    np.testing.assert_allclose(tables[0], with_totals(counts.respondents))
    np.testing.assert_allclose(tables[:, ~response.hidden] - tables[0][~response.hidden], 0.0, atol=1e-5)
    spread = tables.max(axis=0) - tables.min(axis=0)
    needed = np.minimum(5, with_totals(counts.staff))
    assert (spread >= needed - 1e-5)[response.hidden].all()
    assert (tables >= -1e-6).all()
    assert (tables[:, :-1, :-1] <= counts.staff + 1e-6).all()


@pytest.mark.parametrize(("regions", "institutions"), [(1, 5), (6, 1), (1, 1), (3, 4)])
def test_an_axis_of_one_has_no_total(regions: int, institutions: int) -> None:
    counts = small(3, regions, institutions, 2)
    response, shares = protect(counts)
    expected = (regions + (regions > 1), institutions + (institutions > 1))
    assert response.hidden.shape == expected
    assert shares.hidden.shape == (*expected, 2)


def test_shares_by_region_take_the_response_of_the_whole_table() -> None:
    counts = simulate(np.random.default_rng(2), questions=3)
    response = protect_response(counts.respondents, staff=counts.staff, parameters=Rules())
    region = response.by_region()
    assert region.hidden.shape == (17, 1)
    shares = protect_shares(
        counts.yes.sum(axis=1, keepdims=True),
        counts.valid.sum(axis=1, keepdims=True),
        respondents=counts.respondents.sum(axis=1, keepdims=True),
        response=region,
        weights=np.ones((16, 1)),
        staff=counts.staff.sum(axis=1, keepdims=True),
        prehidden=np.zeros((17, 1, 3), dtype=bool),
        names=["a", "b", "c"],
        parameters=Rules(),
    )
    assert shares.hidden.shape == (17, 1, 3)
    assert all(row.verdict == "safe" for row in shares.audit)


def test_a_table_of_answers_and_a_withheld_row() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson([90, 40, 9, 3], (16, 4))
    table = protect_table(counts, upper=counts.sum(axis=1) + 10, name="Staż pracy", parameters=Rules())
    full = with_totals(counts)
    assert table.hidden.shape == (17, 5)
    assert table.hidden[(full > 0) & (full < 5)].all()
    assert not table.hidden[-1, -1]  # Poland's base is the dearest of all
    withheld = np.zeros(17, dtype=bool)
    withheld[6] = True
    without = protect_table(
        counts, upper=counts.sum(axis=1) + 10, name="Staż pracy", parameters=Rules(), withheld=withheld
    )
    assert without.hidden[6].all()
    assert without.audit[0].verdict == "safe"


def test_prehidden_positions_stay_hidden_and_are_protected() -> None:
    counts = small(1, 4, 4, 2)
    response = protect_response(counts.respondents, staff=counts.staff, parameters=Rules())
    prehidden = np.zeros((5, 5, 2), dtype=bool)
    prehidden[0, 4, 0] = prehidden[2, 2, 1] = True
    shares = protect_shares(
        counts.yes,
        counts.valid,
        respondents=counts.respondents,
        response=response,
        weights=counts.weights,
        staff=counts.staff,
        prehidden=prehidden,
        names=["a", "b"],
        parameters=Rules(),
    )
    assert shares.hidden[prehidden].all()
    assert [row.verdict for row in shares.audit] == ["safe", "safe"]


def test_a_response_of_other_counts_is_refused() -> None:
    counts = small(2, 3, 3, 1)
    response = protect_response(counts.respondents, staff=counts.staff, parameters=Rules())
    other = replace(response, witnesses=response.witnesses + 1)
    with pytest.raises(ValueError, match="other numbers of respondents"):
        protect_shares(
            counts.yes,
            counts.valid,
            respondents=counts.respondents,
            response=other,
            weights=counts.weights,
            staff=counts.staff,
            prehidden=np.zeros((4, 4, 1), dtype=bool),
            names=["a"],
            parameters=Rules(),
        )


def test_a_tiny_survey_is_hidden_as_a_whole() -> None:
    # By hand: every count, and every total, lies below the threshold.
    ones = np.ones((2, 2), dtype=np.int64)
    counts = Counts(ones * 9, ones, ones * 9.0, ones[:, :, None], ones[:, :, None])
    response, shares = protect(counts)
    assert response.hidden.all()
    assert shares.hidden.all()
    assert [row.verdict for row in (*response.audit, *shares.audit)] == ["safe", "safe"]


def test_inputs_are_not_changed() -> None:
    counts = small(2, 3, 3, 1)
    copies = [array.copy() for array in (counts.staff, counts.respondents, counts.weights, counts.yes, counts.valid)]
    protect(counts)
    for array, copy in zip(
        (counts.staff, counts.respondents, counts.weights, counts.yes, counts.valid), copies, strict=True
    ):
        np.testing.assert_array_equal(array, copy)


def test_an_unsafe_table_stops_the_build() -> None:
    row = protect_response(np.full((3, 3), 20), staff=np.full((3, 3), 50), parameters=Rules()).audit[0]
    assert refuse_unsafe([row]) == (row,)
    unsafe = replace(row, verdict="unsafe", width_smallest=1.0)
    with pytest.raises(DisclosureError, match="można odtworzyć z dokładnością do 1 os") as stop:
        refuse_unsafe([row, unsafe])
    assert stop.value.exit_code == 4


def test_few_staff_need_only_as_much_protection_as_there_is_doubt() -> None:
    # By hand: of three persons two answered; nobody can be in doubt by five, but all of 0-3 must stay possible.
    few = np.array([[2, 30], [40, 50]])
    protected = protect_response(few, staff=few + 1, parameters=Rules())
    assert protected.hidden[0, 0]
    spread = protected.witnesses[:, 0, 0].max() - protected.witnesses[:, 0, 0].min()
    assert spread == pytest.approx(3.0)
    assert protected.audit[0].width_smallest == 5.0


def test_the_same_counts_give_the_same_tables() -> None:
    counts = small(9, 5, 5, 2)
    first, second = protect(counts), protect(counts)
    np.testing.assert_array_equal(first[1].hidden, second[1].hidden)
    assert first[1].audit == second[1].audit


@pytest.mark.slow
def test_the_full_system_is_solved_within_a_minute_and_nearly_optimal() -> None:
    # The promise: 16 voivodeships x 15 institution types x 20 competences, audit included, one core, under 60 s.
    counts = simulate(np.random.default_rng(1))
    start = time.process_time()
    response, shares = protect(counts)
    assert time.process_time() - start < 60
    assert all(row.verdict == "safe" for row in (*response.audit, *shares.audit))
    assert max(row.gap for row in (*response.audit, *shares.audit)) < 0.05
    assert not shares.hidden[-1, -1].any()
