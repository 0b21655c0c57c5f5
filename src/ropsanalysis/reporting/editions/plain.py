"""A comparison of two editions as plain data: the same comparison gives the same text."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from ropsanalysis.present.blocks import Cover, Number
from ropsanalysis.reporting.editions.causes import Evidence
from ropsanalysis.reporting.editions.cautions import Caution
from ropsanalysis.reporting.editions.changes import Change, Comparison

#: Raised when the structure changes in a way a reader of older files would notice.
FORMAT: Final = 1


def text(data: object) -> str:
    """Return JSON text as all of the package's files have it."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def to_dict(found: Comparison, cautions: Sequence[Caution]) -> dict[str, Any]:
    """Return a comparison and its cautions as JSON-ready values."""
    return {
        "format": FORMAT,
        "report": found.new.report,
        "teryt": found.new.teryt,
        "region": found.new.region,
        "title": found.new.title,
        "old": _edition(found.old),
        "new": _edition(found.new),
        "counts": counts(found, cautions),
        "origin": _origin(found.evidence),
        "cautions": [asdict(caution) for caution in cautions],
        "changes": [_change(change) for change in found.changes],
        "missing": [_change(change) for change in found.missing],
        "units": [_change(change) for change in found.units],
        "added": [asdict(part) for part in found.added],
        "gone": [asdict(part) for part in found.gone],
        "renamed": [asdict(one) for one in found.renamed],
        "texts": [asdict(one) for one in found.texts],
    }


def counts(found: Comparison, cautions: Sequence[Caution]) -> dict[str, int]:
    """Return how much of each kind a comparison found."""
    return {
        "compared": found.compared,
        "changed": len(found.changes),
        "below_rounding": found.below,
        "missing": len(found.missing),
        "units": len(found.units),
        "added": len(found.added),
        "gone": len(found.gone),
        "renamed": len(found.renamed),
        "texts": len(found.texts),
        "cautions": len(cautions),
    }


def _edition(cover: Cover) -> dict[str, Any]:
    return {"edition": cover.edition, "synthetic": cover.synthetic, "real": cover.real}


def _origin(found: Evidence) -> dict[str, Any]:
    return {
        "recorded": found.recorded,
        "separable": found.separable,
        "data": {name: [asdict(file) for file in files] for name, files in found.files.items()},
        "method": [asdict(choice) for choice in found.method],
        "code": [asdict(part) for part in found.code],
    }


def _change(change: Change) -> dict[str, Any]:
    relative = change.relative
    return {
        "place": asdict(change.place),
        "old": _number(change.old),
        "new": _number(change.new),
        "difference": change.difference,
        "relative": None if relative is None or math.isinf(relative) else relative,
        "causes": [asdict(cause) for cause in change.causes],
        "own": change.own,
        "finding": change.finding,
        "made_up": list(change.made_up),
    }


def _number(number: Number) -> dict[str, Any]:
    return {"value": number.value, "text": number.text, "digits": number.digits, "unit": number.unit}
