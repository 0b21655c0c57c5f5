"""Somebody who has all published reports, wants to know how few answered, and can solve linear programmes.

Nothing here uses the package: tables are read as a reader gets them, and the attack is SciPy's. What is asked for
each hidden count is the interval of values that fit everything printed. Reports print no sums over voivodeships, so
each is attacked by itself; the weights are not printed either, and only the package's own audit grants them.
Counts are attacked as real numbers, so an interval found here can only be wider than that of whole numbers by less
than one at either end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import numpy as np
import openpyxl
from scipy.optimize import linprog
from scipy.sparse import csr_array

#: A table as a reader has it: rows of cells, a number where a number stands, else a text.
Rows = list[list[str | float]]

ALL = "Wszystkie typy"
NOBODY = "brak odpowiedzi"


def tables_of_json(path: Path) -> dict[str, Rows]:
    """Return the tables of a report by title, those behind figures among them."""
    found: dict[str, Rows] = {}
    for element in json.loads(path.read_text(encoding="utf-8"))["elements"]:
        table = element["data"] if element["kind"] == "figure" else element
        if "rows" in table:
            found[element["title"]] = [[_cell(cell) for cell in row] for row in table["rows"]]
    return found


def _cell(cell: str | Mapping[str, object]) -> str | float:
    if isinstance(cell, str):
        return cell
    return cell["value"] if cell["value"] is not None else cell.get("missing", "–") or "–"  # type: ignore[return-value]


def tables_of_html(path: Path) -> dict[str, Rows]:
    """Return the tables of a page by title."""
    page = lxml.html.fromstring(path.read_text(encoding="utf-8"))
    found: dict[str, Rows] = {}
    for table in page.xpath("//table"):
        captions = table.xpath("caption | ancestor::figure[1]//figcaption | ancestor::figure[1]//p[@class='caption']")
        title = " ".join("".join(c.text_content() for c in captions[:1]).split())
        found[title] = [[_number(cell.text_content()) for cell in row] for row in table.xpath("./tbody/tr")]
    return found


def _number(text: str) -> str | float:
    plain = text.replace("\u00a0", "").replace("\u2212", "-").replace("+", "").replace(",", ".").strip()
    try:
        return float(plain)
    except ValueError:
        return text.strip()


def tables_of_xlsx(path: Path) -> dict[str, Rows]:
    """Return the sheets of a workbook by the title in their first cell: the widest rows, without the first of them."""
    book = openpyxl.load_workbook(path, read_only=True)
    found: dict[str, Rows] = {}
    for sheet in book.worksheets:
        rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        widest = max(map(len, rows))
        found[str(rows[0][0])] = [row for row in rows if len(row) == widest][1:]  # type: ignore[misc]
    book.close()
    return found


@dataclass(slots=True)
class Program:
    """Counts with bounds, and sums of counts that were printed."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    sums: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def count(self, low: float, high: float) -> int:
        """Add a count and return its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add(self, terms: Mapping[int, float], low: float, high: float) -> None:
        """Add a printed combination of counts."""
        self.sums.append((dict(terms), low, high))

    def push(self, direction: Mapping[int, float]) -> np.ndarray:
        """Return counts that fit everything printed and are as large as can be in a direction."""
        matrix, bounds = self._matrix()
        cost = np.zeros(len(self.low))
        for index, weight in direction.items():
            cost[index] = -weight
        result = linprog(
            cost, A_ub=matrix, b_ub=bounds, bounds=np.column_stack([self.low, self.high]), method="highs-ds"
        )
        assert result.status == 0, result.message
        return np.asarray(result.x)

    def _matrix(self) -> tuple[csr_array, np.ndarray]:
        values, rows, columns, bounds = [], [], [], []
        for terms, low, high in self.sums:
            for sign, bound in ((1.0, high), (-1.0, -low)):
                if np.isfinite(bound):
                    rows += [len(bounds)] * len(terms)
                    columns += list(terms)
                    values += [sign * weight for weight in terms.values()]
                    bounds.append(bound)
        shape = (len(bounds), len(self.low))
        return csr_array((values, (rows, columns)), shape=shape), np.asarray(bounds)


@dataclass(slots=True)
class Report:
    """What one voivodeship's report says of counts: the programme, and which counts it hides.

    Attributes
    ----------
    respondents
        Number of each institution type's count of respondents.
    answers, gaps
        Number of the counts of those who rated, and of those with a gap, by institution type and competence.
    hidden
        Hidden counts with the interval that everybody knows without the report: the staff.
    """

    program: Program
    respondents: dict[str, int]
    answers: dict[tuple[str, str], int]
    gaps: dict[tuple[str, str], int]
    hidden: dict[int, float]


def read_report(tables: Mapping[str, Rows], find: Callable[[str], str]) -> Report:
    """Turn the printed tables into what an attacker knows.

    Parameters
    ----------
    find
        Returns the title of a table from its beginning.
    """
    program, hidden = Program(), {}
    response, needs = tables[find("Pracownicy i respondenci")], tables[find("Osoby z luką kompetencyjną")]
    heat = tables[find("Odsetek osób z luką")]
    staff = {str(row[0]): float(row[1]) for row in response}
    respondents = {}
    for name, _, count, *_ in response:
        if name == ALL:
            continue
        respondents[str(name)] = _known(program, hidden, count, ceiling=staff[str(name)])
    total = next(row[2] for row in response if row[0] == ALL)
    if isinstance(total, (int, float)):
        program.add(dict.fromkeys(respondents.values(), 1.0), total, total)
    shown = {(str(row[0]), str(row[1])): row for row in heat if isinstance(row[2], (int, float))}
    answers, gaps = {}, {}
    for competence, *_, base, _, _, _ in ((row[0], *row[1:]) for row in needs):
        for name, who in respondents.items():
            key = (name, str(competence))
            row = shown.get(key)
            if row is None:
                ceiling = program.high[who]
                answers[key], gaps[key] = program.count(0, ceiling), program.count(0, ceiling)
                if ceiling > 0:  # where nobody answered, which is printed, nothing is hidden
                    hidden[answers[key]] = hidden[gaps[key]] = staff[name]
                program.add({who: 1, answers[key]: -1}, 0, np.inf)
                program.add({answers[key]: 1, gaps[key]: -1}, 0, np.inf)
            else:
                share, count = float(row[2]) / 100, float(row[5])  # type: ignore[arg-type]
                answers[key] = program.count(count, count)
                gaps[key] = program.count((share - 0.005) * count, (share + 0.005) * count)
                program.add({who: 1, answers[key]: -1}, 0, np.inf)
        if isinstance(base, (int, float)):
            program.add({answers[name, str(competence)]: 1.0 for name in respondents}, base, base)
    return Report(program, respondents, answers, gaps, hidden)


def _known(program: Program, hidden: dict[int, float], count: str | float, *, ceiling: float) -> int:
    if isinstance(count, (int, float)):
        return program.count(count, count)
    if count == NOBODY:
        return program.count(0, 0)
    index = program.count(0, ceiling)
    hidden[index] = ceiling
    return index


def narrowest(report: Report, *, required: float) -> Iterator[tuple[int, float, float]]:
    """Yield each hidden count with an interval an attacker cannot get below; exact where that is narrow.

    Many counts are pushed at once, which gives an inner interval. Only where that is narrower than `required` is
    the count pushed alone.
    """
    size = len(report.program.low)
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    by_type: dict[str, list[int]] = {name: [index] for name, index in report.respondents.items()}
    for counts in (report.answers, report.gaps):
        for (name, _), index in counts.items():
            by_type[name].append(index)
    groups = [
        [index for index in group if index in report.hidden and (index in set(kind.values()))]
        for group in by_type.values()
        for kind in (report.respondents, report.answers, report.gaps)
    ]
    for group in filter(None, groups):
        for sign in (1.0, -1.0):
            found = report.program.push(dict.fromkeys(group, sign))
            low, high = np.minimum(low, found), np.maximum(high, found)
    for index, ceiling in report.hidden.items():
        if high[index] - low[index] < min(required, ceiling) - 1e-6:
            high[index] = report.program.push({index: 1.0})[index]
            low[index] = report.program.push({index: -1.0})[index]
        yield index, float(low[index]), float(high[index])
