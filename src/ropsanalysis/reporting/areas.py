"""Which areas each report is asked for: voivodeships, the country, or gminas and powiats of the list of units."""

from __future__ import annotations

from collections.abc import Sequence

from ropsanalysis.errors import UsageError
from ropsanalysis.io.local_areas import find_areas, read_areas
from ropsanalysis.io.paths import Project
from ropsanalysis.regions import Region
from ropsanalysis.reporting.spec import Area, ReportSpec
from ropsanalysis.units import Level, LocalUnit


def asked(
    project: Project,
    reports: Sequence[ReportSpec],
    regions: Sequence[Region],
    *,
    named: bool,
    level: Level | None = None,
    units: Sequence[str] = (),
) -> list[tuple[Area, ReportSpec]]:
    """Return what is asked for, area by area: voivodeships, then gminas and powiats, the country last.

    Parameters
    ----------
    named
        Whether the reports were named, and not just those there are data for.
    level, units
        Only gminas or only powiats; those of these codes or names.

    Raises
    ------
    UsageError
        A report that was named is not made for any of the areas named, or there is no such gmina or powiat.
    """
    if (level or units) and not any(spec.local for spec in reports):
        raise UsageError("--level and --unit are for reports on gminas and powiats: name one with --report.")
    found: list[tuple[Area, ReportSpec]] = []
    for spec in reports:
        own = _local(project, spec, regions, level, units) if spec.local else spec.areas(regions)
        if named and not own:
            raise UsageError(f"The report '{spec.key}' is made for {_whom(spec)}.")
        found += [(area, spec) for area in own]
    # A stable sort keeps the order of reports; gminas and powiats keep that of their list.
    return sorted(found, key=lambda one: (one[1].country, one[1].local, one[0].teryt[:2]))


def _local(
    project: Project, spec: ReportSpec, regions: Sequence[Region], level: Level | None, units: Sequence[str]
) -> list[LocalUnit]:
    there = [
        area
        for area in read_areas(project.raw)
        if area.level in spec.levels and level in (None, area.level) and (not regions or area.region in regions)
    ]
    return find_areas(units, there) if units else there


def _whom(spec: ReportSpec) -> str:
    if spec.country:
        return "the whole country: name no --region, or polska"
    return "gminas and powiats of single voivodeships" if spec.local else "single voivodeships"
