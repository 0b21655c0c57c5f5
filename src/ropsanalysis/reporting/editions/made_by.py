"""By which code the reports of an edition were made, as far as its manifest tells; a report by itself does not."""

from __future__ import annotations

from pathlib import Path

from ropsanalysis.reporting import cache, manifest
from ropsanalysis.reporting.editions.causes import Difference
from ropsanalysis.reporting.editions.reports import Key


class MadeBy:
    """What the manifest of an edition says of the code of its reports.

    Parameters
    ----------
    place
        The edition's folder; a single file has no manifest.
    """

    def __init__(self, place: Path) -> None:
        self._manifest = manifest.read(place)

    def code(self, key: Key) -> dict[str, str]:
        """Return checksums of what computed a report, by name; empty where the manifest does not tell."""
        try:
            [run] = [run for run in self._manifest["runs"] if (run["report"], run["teryt"]) == key]
            made_from = self._manifest["inputs"][run["files"]["json"]["inputs"]]
            return {
                "obliczenia": str(self._manifest["data"][key[0]]["code"]),
                **cache.computing(made_from),
            }
        except (AttributeError, KeyError, TypeError, ValueError):
            return {}


def differences(old: MadeBy, new: MadeBy, key: Key) -> tuple[Difference, ...]:
    """Return what differs between the code of two editions of a report; nothing where either does not tell.

    A module that just one edition names is no difference: it may serve a format or a chapter that the other has not,
    and a module that computes with it differs itself.
    """
    before, after = old.code(key), new.code(key)
    return tuple(
        Difference(f"kod: {name}", before[name], after[name])
        for name in sorted(before.keys() & after.keys())
        if before[name] != after[name]
    )
