"""The command `diff`: reports of two editions found, compared one by one, and written as pages and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ropsanalysis.errors import UsageError
from ropsanalysis.io import atomic
from ropsanalysis.present.blocks import SYNTHETIC_BANNER
from ropsanalysis.regions import Region
from ropsanalysis.reporting import html
from ropsanalysis.reporting.editions import compare as comparing
from ropsanalysis.reporting.editions import page, plain
from ropsanalysis.reporting.editions.causes import Difference
from ropsanalysis.reporting.editions.cautions import cautions
from ropsanalysis.reporting.editions.changes import Comparison
from ropsanalysis.reporting.editions.made_by import MadeBy, differences
from ropsanalysis.reporting.editions.reports import COMPARISON, Key, find, read
from ropsanalysis.reporting.spec import REPORTS, ReportSpec

#: Page and JSON that lead to the others.
INDEX_PAGE, INDEX_JSON = "diff.html", "diff.json"
_PAGE: Final = ".diff.html"

#: What the list counts, in this order: in the summary, and above its columns.
_TOTALS: Final = (
    ("changed", "Zmienione liczby", "Zmienione"),
    ("below_rounding", "Zmiany mniejsze niż zaokrąglenie", "Pod zaokrągl."),
    ("missing", "Liczby, które zaczęto albo przestano podawać", "Podanie"),
    ("units", "Liczby w innych jednostkach", "Jednostki"),
    ("added", "Nowe części", "Nowe"),
    ("gone", "Usunięte części", "Usunięte"),
    ("texts", "Zmienione teksty", "Teksty"),
    ("cautions", "Zmiany, które mogą wskazać osobę", "Ostrożnie"),
)

#: Counts of a report of which any but 0 says that it is not the same.
_DIFFERENT: Final = ("changed", "missing", "units", "added", "gone", "renamed", "texts")


@dataclass(frozen=True, slots=True)
class Row:
    """One report compared: what the list says of it.

    Attributes
    ----------
    page
        Its page, relative to the list.
    counts
        How much of each kind was found, by the names of `plain.counts`.
    """

    report: str
    teryt: str
    title: str
    subtitle: str
    page: str
    old: str
    new: str
    synthetic: bool
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run compared and wrote.

    Attributes
    ----------
    only_old, only_new
        Reports that just one of the editions has, as key and code.
    """

    page: Path
    rows: tuple[Row, ...]
    only_old: tuple[Key, ...]
    only_new: tuple[Key, ...]

    def total(self, kind: str) -> int:
        """Return how much of a kind all reports have together."""
        return sum(row.counts[kind] for row in self.rows)


def write(
    old: Path, new: Path, *, reports: Sequence[ReportSpec], regions: Sequence[Region], tolerance: float, out: Path
) -> Result:
    """Compare two editions and write a page and a JSON for each report, and the list of them.

    Parameters
    ----------
    old, new
        Folders of editions, or the JSON of single reports.
    reports, regions
        What to compare; none named means all that both editions have.
    out
        Folder for the pages; files of the same names are replaced.

    Raises
    ------
    UsageError
        A place is wrong, or the editions have no report in common.
    RopsError
        A file cannot be written.
    """
    before, after = _sides(old, new)
    wanted = {key for key in (*before, *after) if _chosen(key, reports, regions)}
    both = sorted((key for key in wanted if key in before and key in after), key=lambda key: (key[1], key[0]))
    if not both:
        raise UsageError(f"{old} and {new} have no report for the same region in common; nothing can be compared.")
    made_by = MadeBy(old), MadeBy(new)
    rows = []
    for key in both:
        code = differences(*made_by, key)
        found = compare(before[key], read(after[key]), tolerance=tolerance, code=code)
        rows.append(_write_one(found, out, folder=after[key].parent.name if new.is_dir() else ""))
    result = Result(
        page=out / INDEX_PAGE,
        rows=tuple(rows),
        only_old=tuple(sorted(wanted - after.keys())),
        only_new=tuple(sorted(wanted - before.keys())),
    )
    atomic.write_text(out / INDEX_JSON, plain.text(as_json(result)))
    atomic.write_text(result.page, _index(result))
    return result


def as_json(result: Result) -> dict[str, Any]:
    """Return the list of compared reports as JSON-ready values; paths are relative to the list."""
    return {
        "format": plain.FORMAT,
        "reports": [
            {
                "report": row.report,
                "teryt": row.teryt,
                "old": row.old,
                "new": row.new,
                "page": row.page,
                "json": row.page.removesuffix(_PAGE) + COMPARISON,
                "counts": dict(row.counts),
            }
            for row in result.rows
        ],
        "only_old": [{"report": report, "teryt": teryt} for report, teryt in result.only_old],
        "only_new": [{"report": report, "teryt": teryt} for report, teryt in result.only_new],
    }


def _sides(old: Path, new: Path) -> tuple[dict[Key, Path], dict[Key, Path]]:
    """Return the files of both sides; where one side is a single report, those of that report.

    Raises
    ------
    UsageError
        A place is wrong, or a single report has no counterpart.
    """
    before, after = find(old), find(new)
    for single, other in ((old, after), (new, before)):
        key = next(iter(before if single is old else after))
        if single.is_file() and key not in other:
            raise UsageError(
                f"{single} is the report {key[0]} for {key[1]}, which {new if single is old else old} is not or has "
                "not; compare editions of one report for one region."
            )
    if old.is_file() or new.is_file():
        shared = before.keys() & after.keys()
        return {key: before[key] for key in shared}, {key: after[key] for key in shared}
    return before, after


def _chosen(key: Key, reports: Sequence[ReportSpec], regions: Sequence[Region]) -> bool:
    return (not reports or key[0] in {spec.key for spec in reports}) and (
        not regions or key[1][:2] in {region.teryt for region in regions}
    )


def _write_one(found: Comparison, out: Path, *, folder: str) -> Row:
    """Write what was found of one report."""
    warned = cautions(found)
    name = "/".join(filter(None, (folder, found.new.report)))
    atomic.write_text(out / f"{name}{COMPARISON}", plain.text(plain.to_dict(found, warned)))
    atomic.write_text(out / f"{name}{_PAGE}", page.render(found, warned))
    return Row(
        report=found.new.report,
        teryt=found.new.teryt,
        title=found.new.title,
        subtitle=found.new.subtitle,
        page=f"{name}{_PAGE}",
        old=found.old.edition,
        new=found.new.edition,
        synthetic=found.old.synthetic or found.new.synthetic,
        counts=plain.counts(found, warned),
    )


def compare(old: Path, new: object, *, tolerance: float = 0, code: Sequence[Difference] = ()) -> Comparison:
    """Compare the JSON of a report with that of an earlier edition in a file; see `editions.compare`.

    Raises
    ------
    UsageError
        The file is missing or damaged, or of another report or region; the message names it.
    """
    data = read(old)
    try:
        return comparing.compare(data, new, tolerance=tolerance, code=code)
    except UsageError as error:
        raise UsageError(f"{old}: {error}.") from error


def _index(result: Result) -> str:
    only = (("Raporty tylko w starszej edycji", result.only_old), ("Raporty tylko w nowszej edycji", result.only_new))
    template = html.environment().get_template("editions.html.j2")
    return template.render(
        rows=result.rows,
        totals=_TOTALS,
        result=result,
        unchanged=sum(not any(n for kind, n in row.counts.items() if kind in _DIFFERENT) for row in result.rows),
        banner=SYNTHETIC_BANNER if all(row.synthetic for row in result.rows) else "",
        only=[(title, list(_names(keys))) for title, keys in only if keys],
        data=INDEX_JSON,
    )


def _names(keys: Sequence[Key]) -> Iterator[str]:
    for report, teryt in keys:
        title = REPORTS[report].title if report in REPORTS else report
        yield f"{title}, kod TERYT {teryt}"
