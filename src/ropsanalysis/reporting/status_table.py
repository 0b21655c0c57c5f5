"""How the reports of an edition stand, as a table of regions by reports with the reasons below it, or for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from ropsanalysis.reporting.status import Standing

_STYLES = {"fresh": "green", "stale": "yellow", "missing": "cyan", "failed": "bold red"}
#: Wide enough for a line of every report, where there is no terminal that says how wide it is.
_WIDTH = 240
#: So many codes of areas are named for one reason; there may be thousands of gminas.
_NAMED = 20


def show(standings: Sequence[Standing], folder: Path) -> None:
    """Print the table, the reasons and a summary to stdout: in colours on a terminal, in plain columns elsewhere."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDTH)
    console.print(_table(standings, boxed=console.is_terminal))
    for line in reasons(standings):
        console.print(line, markup=False, soft_wrap=True)
    counts: Counter[str] = Counter(one.state for one in standings)
    summary = ", ".join(f"{counts[state]} {state}" for state in _STYLES)
    console.print(f"{summary}: {folder}", markup=False, soft_wrap=True)


def reasons(standings: Sequence[Standing]) -> list[str]:
    """Return a line for each reason, with the reports that it holds for and the codes of their regions."""
    everywhere = Counter(one.job.report for one in standings)
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in standings:
        for reason in one.reasons:
            groups.setdefault((one.state, reason), {}).setdefault(one.job.report, []).append(one.job.teryt)
    lines = []
    for (state, reason), reports in groups.items():
        whom = (
            f"{report} ({'all' if 1 < len(codes) == everywhere[report] else _listed(codes)})"
            for report, codes in reports.items()
        )
        lines.append(f"{state}, {reason}: {'; '.join(whom)}")
    return lines


def _listed(codes: Sequence[str]) -> str:
    rest = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return f"{', '.join(codes[:_NAMED])}{rest}"


def as_json(standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """Return the standings as JSON-ready values."""
    return [
        {
            "report": one.job.report,
            "teryt": one.job.teryt,
            "region": one.job.called,
            "state": one.state,
            "reasons": list(one.reasons),
        }
        for one in standings
    ]


def _table(standings: Sequence[Standing], *, boxed: bool) -> Table:
    states = {(one.job.teryt, one.job.report): one.state for one in standings}
    reports = list(dict.fromkeys(one.job.report for one in standings))
    table = Table("region", *reports, box=box.SIMPLE if boxed else None, pad_edge=False)
    for code, called in {one.job.teryt: one.job.called for one in standings}.items():
        cells = [states.get((code, report)) for report in reports]
        words = ["-" if state is None else f"[{_STYLES[state]}]{state}[/]" for state in cells]
        table.add_row(f"{code} {called}", *words)
    return table
