"""What is told of a batch while it runs: in a terminal, and in a log."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from ropsanalysis.reporting import progress
from ropsanalysis.reporting.job import Job, Outcome
from ropsanalysis.reporting.progress import Progress


def job(teryt: str = "28") -> Job:
    return Job("regional_diagnosis", teryt, "2025", Path("n"), Path("p"), Path("t"), ("html",), {})


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> io.StringIO:
    """Return what is written to stderr, a terminal or not."""
    text = io.StringIO()
    console = Console(file=text, force_terminal=request.param == "terminal", width=120)
    monkeypatch.setattr(progress, "Console", lambda **_: console)
    return text


def tell(shown: Progress) -> None:
    failed = Outcome(job("02"), "failed", cause="cell 3 failed with [bold]ValueError")
    shown.tell(failed, Path("diagnostics") / "2025" / ("a" * 200 + ".txt"))


@pytest.mark.parametrize("shown", ["terminal"], indirect=True)
def test_a_terminal_shows_what_is_done_what_runs_what_failed_and_the_time_left(shown: io.StringIO) -> None:
    with Progress() as bar:
        bar.begin(3)
        bar.show(0, [job(), job("14")])
        tell(bar)
        bar.show(1, [job()])
    text = shown.getvalue()
    for words in ("Reports", "1/3", "1 failed", "warm.-maz.", "0:00:0", "-:--:--", "FAILED regional_diagnosis 02"):
        assert words in text, words


@pytest.mark.parametrize("shown", ["log"], indirect=True)
def test_a_log_has_one_line_for_a_failure_and_one_now_and_then(
    shown: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Progress() as bar:
        bar.begin(12)
        bar.show(0, [job()])
        tell(bar)
        bar.show(3, [job(), job("14")])
        begun = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: begun + 60)
        bar.show(3, [job(), job("14")])
        bar.show(4, [job()])
    failure, line = shown.getvalue().splitlines()
    assert failure.startswith(
        "FAILED regional_diagnosis 02 dolnośląskie: cell 3 failed with [bold]ValueError. Details: diagnostics"
    )
    assert failure.endswith("aaa.txt")
    assert line == "3 of 12 reports finished, 1 of them failed, 2 running, about 3 min left"
    assert "\x1b" not in shown.getvalue()
