"""By which code the reports of an edition were made, as far as its manifest tells; a report by itself does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ropsanalysis.io.built import CHOICES
from ropsanalysis.reporting import manifest
from ropsanalysis.reporting.editions.causes import Difference
from ropsanalysis.reporting.editions.reports import Key

#: Code that renders a report and changes none of its numbers.
_RENDERING: Final = ("reporting/", "_papermill")


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
                "notatnik": str(made_from["notebook"]),
                **{name: str(digest) for name, digest in made_from["code"].items() if _computes(name)},
                **{name: str(digest) for name, digest in made_from["files"].items() if _computes(name)},
            }
        except (AttributeError, KeyError, TypeError, ValueError):
            return {}


def differences(old: MadeBy, new: MadeBy, key: Key) -> tuple[Difference, ...]:
    """Return what differs between the code of two editions of a report; nothing where either does not tell."""
    before, after = old.code(key), new.code(key)
    if not before or not after:
        return ()
    return tuple(
        Difference(f"kod: {name}", before.get(name, ""), after.get(name, ""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _computes(name: Any) -> bool:
    """Whether code may change a number; choices of method are compared by their values."""
    return (
        isinstance(name, str)
        and not name.startswith(_RENDERING)
        and not name.endswith((".css", ".j2", ".typ", CHOICES))
    )
