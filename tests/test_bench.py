"""The benchmark sums up and words its figures rightly; the timing itself takes minutes and is not run here."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from support import load_tool

bench = load_tool("bench")

# Chosen so that the ratio of the medians (60 / 10) differs from the median of the ratios (5) and from the
# ratio of the means (70 / 13.3).
RESULTS = bench.Results(
    regions=2,
    jobs=2,
    plain=(
        bench.Round(50.0, 400.0, (600_000, 700_000)),
        bench.Round(60.0, 410.0, (600_000, 700_000)),
        bench.Round(100.0, 390.0, (600_000, 700_000)),
    ),
    ours=(
        bench.Round(10.0, 200.0, (300_000, 350_000)),
        bench.Round(10.0, 205.0, (300_000, 350_000)),
        bench.Round(20.0, 190.0, (300_000, 350_000)),
    ),
    pdf_seconds=(0.5, 0.7),
    machine=bench.Machine(2, 23.6, "Debian", "3.11.7", {"papermill": "2.7.0"}),
)


def row(text: str, start: str) -> list[str]:
    """Return the cells of the table row whose first cell starts so."""
    lines = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    assert len(lines) == 1
    return [cell.strip() for cell in lines[0].strip("|").split("|")][1:]


def test_spread_is_middle_and_ends() -> None:
    found = bench.spread([3.0, 1.0, 2.0, 10.0])
    assert (found.median, found.low, found.high) == (2.5, 1.0, 10.0)  # by hand
    assert found.text() == "2.5 (1.0–10.0)"


def test_nothing_measured_is_an_error_and_not_a_zero() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        bench.spread([])


def test_the_headline_is_the_ratio_of_the_medians() -> None:
    assert bench.speed_up(RESULTS) == 6.0


def test_the_table_shows_time_size_memory_and_pdf() -> None:
    text = bench.table(RESULTS)
    assert row(text, "2 reports as HTML") == ["60.0 (50.0–100.0)", "10.0 (10.0–20.0)", "**6.0**"]
    assert row(text, "one report") == ["30.00", "5.00", ""]
    assert row(text, "HTML file, kB: median") == ["650", "325", "2.0"]
    assert row(text, "HTML file, kB: largest") == ["700", "350", "2.0"]
    assert row(text, "largest process") == ["410", "205", "2.0"]
    assert row(text, "PDF of one report") == ["not made", "0.60 (0.50–0.70)", ""]
    assert len({line.count("|") for line in text.splitlines()}) == 1  # a table, not a heap


def test_unknown_memory_is_called_unknown() -> None:
    silent = replace(RESULTS, plain=tuple(replace(one, peak_mib=None) for one in RESULTS.plain))
    assert row(bench.table(silent), "largest process") == ["unknown", "unknown", ""]


def test_the_page_holds_command_machine_and_every_round() -> None:
    text = bench.page(RESULTS)
    assert "tools/bench.py --regions 2 --repeats 3 --jobs 2`" in text
    assert "2 cores, 24 GiB memory, Debian, Python 3.11.7; papermill 2.7.0." in text
    assert bench.table(RESULTS) in text
    assert row(text, "3 |") == ["100.0", "20.0", "5.0"]
    assert "{" not in text


def test_settings_that_slow_one_route_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    environment = bench.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["SOMETHING_ELSE"] == "1"


def test_a_partial_run_keeps_the_published_page() -> None:
    assert bench.arguments([]).write
    assert not bench.arguments(["--regions", "2"]).write
    assert bench.arguments(["--regions", "2", "--write"]).write
    assert not bench.arguments(["--no-write"]).write


@pytest.mark.parametrize("words", [["--regions", "17"], ["--repeats", "0"], ["--jobs", "-1"], ["--region", "x"]])
def test_a_wrong_option_ends_with_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        bench.arguments(words)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_failing_command_ends_the_benchmark_with_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with code 3.*no such region"):
        bench.run(sys.executable, "-c", "import sys; print('no such region'); sys.exit(3)", cwd=tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a child's peak memory this way")
def test_memory_of_a_command_includes_its_children() -> None:
    # The system counts a child's peak from that of its parent, so a small process does the measuring, not pytest.
    child = "data = bytearray(512 * 2**20)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measure = (
        "import sys; from pathlib import Path; import bench; "
        f"used = [bench.run(sys.executable, '-c', code, cwd=Path('.')) for code in ('pass', {parent!r})]; "
        "print(used[1].peak_mib - used[0].peak_mib, used[1].seconds)"
    )
    found = subprocess.run(
        [sys.executable, "-c", measure], cwd=Path(bench.__file__).parent, capture_output=True, text=True, check=True
    )
    more_mib, seconds = map(float, found.stdout.split())
    assert more_mib > 100
    assert seconds > 0


def test_a_missing_report_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("x")
    assert bench._sizes(tmp_path, 1) == (1,)
    with pytest.raises(SystemExit, match="1 HTML files instead of 2"):
        bench._sizes(tmp_path, 2)
