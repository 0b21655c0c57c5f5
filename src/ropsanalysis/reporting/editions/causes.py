"""Why numbers of two editions may differ, read from what each report's JSON says of its origin.

Data, method and code are recorded for a report as a whole. Where more than one of them changed, nothing in
the record tells their effects apart, so each change names them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ropsanalysis.present.blocks import cell_text
from ropsanalysis.reporting.editions.parts import Grid, Report

#: Of the report as a whole: the first four; then of the number itself.
CauseKind = Literal[
    "data", "method", "code", "unrecorded", "unexplained",
    "period", "new_unit", "unit_gone", "hidden", "shown", "synthetic", "real",
]  # fmt: skip
#: Causes whose effects cannot be told apart where there are several.
GENERAL: Final = ("data", "method", "code")

#: Table in which each report prints its choices of method.
_CHOICES: Final = "choices"


@dataclass(frozen=True, slots=True)
class Cause:
    """One possible cause of a change; `detail` names the datasets, the periods or what else there is to say."""

    kind: CauseKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that a report records of itself, in the older and in the newer edition; empty where it had none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What differs between the recorded origins of two editions of a report.

    Attributes
    ----------
    recorded
        Whether both editions record their origin; without it, only printed choices can be compared.
    files
        Files that changed, came or went, by dataset.
    sources
        How each of these datasets is cited under tables and figures, where known.
    method
        Choices of method that differ.
    code
        Versions of package and libraries, and checksums of code, that differ.
    """

    recorded: bool
    files: Mapping[str, tuple[Difference, ...]]
    sources: Mapping[str, tuple[str, ...]]
    method: tuple[Difference, ...]
    code: tuple[Difference, ...]

    @property
    def separable(self) -> bool:
        """Whether at most one of data, method and code changed."""
        return sum(map(bool, (self.files, self.method, self.code))) < 2

    def causes(self, source: str = "") -> tuple[Cause, ...]:
        """Return the possible causes of a change in a block that cites this source.

        Where several datasets changed, those that the source does not cite are named only where nothing else could
        have changed the number: tables cite what they show, not always what weighs or ranks it.
        """
        general = [*([Cause("method")] if self.method else []), *([Cause("code")] if self.code else [])]
        cited = self._cited(source)
        if named := cited or (() if general else tuple(self.files)):
            general.insert(0, Cause("data", ", ".join(named) if len(self.files) > 1 else ""))
        if not self.recorded:
            return (*general, Cause("unrecorded"))
        return tuple(general) or (Cause("unexplained"),)

    def _cited(self, source: str) -> tuple[str, ...]:
        """Return the changed datasets that a source line may stand for."""
        known = {text for texts in self.sources.values() for text in texts}
        if not any(text in source for text in known):
            return tuple(self.files)
        return tuple(
            name
            for name in self.files
            if not self.sources.get(name) or any(text in source for text in self.sources[name])
        )


def evidence(old: Report, new: Report, code: Sequence[Difference] = ()) -> Evidence:
    """Compare the recorded origins of two editions of a report.

    Parameters
    ----------
    code
        What is known besides of the code of the two editions.
    """
    before, after = old.provenance, new.provenance
    recorded = bool(before and after)
    return Evidence(
        recorded=recorded,
        files=_files(before, after) if recorded else {},
        sources=_sources(before, after) if recorded else {},
        method=_choices(before, after) if recorded else _printed(old, new),
        code=(*(_code(before, after) if recorded else ()), *code),
    )


def recorded_choices(report: Report) -> dict[str, Any]:
    """Return the values of the choices that a report records, by name."""
    return {name: choice["value"] for name, choice in report.provenance.get("choices", {}).items()}


def _files(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Difference, ...]]:
    old, new = (record["datasets"] for record in (before, after))
    found = {
        name: _differences(old.get(name, {}).get("files", {}), new.get(name, {}).get("files", {}))
        for name in sorted({*old, *new})
    }
    return {name: files for name, files in found.items() if files}


def _sources(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return how each dataset is cited in either edition; nothing for one of which neither says it."""
    sources: dict[str, list[str]] = {}
    for record in (before, after):
        for name, dataset in record["datasets"].items():
            sources.setdefault(name, []).extend(text for text in dataset["sources"] if text)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in sources.items()}


def _choices(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    old, new = (record["choices"] for record in (before, after))
    return tuple(
        Difference(
            (new.get(name) or old[name])["description"].rstrip(".") or name,
            _value(old[name]) if name in old else "",
            _value(new[name]) if name in new else "",
        )
        for name in dict.fromkeys((*old, *new))
        if old.get(name, {}).get("value") != new.get(name, {}).get("value")
    )


def _value(choice: Mapping[str, Any]) -> str:
    value = choice["value"]
    if isinstance(value, bool):
        return "tak" if value else "nie"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _printed(old: Report, new: Report) -> tuple[Difference, ...]:
    """Return the choices that differ in the tables that both editions print of them."""
    before, after = (_choices_table(report) for report in (old, new))
    if before is None or after is None:
        return ()
    return _differences(
        *({cell_text(row[0]): cell_text(row[1]) for row in grid.table.rows} for grid in (before, after))
    )


def _choices_table(report: Report) -> Grid | None:
    return next((grid for grid in report.grids if (grid.kind, grid.key) == ("table", _CHOICES)), None)


def _code(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    return _differences(
        *(
            {
                "wersja pakietu ropsanalysis": record["package_version"],
                "kod raportu (suma kontrolna)": record["code"],
                **{f"biblioteka {name}": version for name, version in record["libraries"].items()},
            }
            for record in (before, after)
        )
    )


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )
