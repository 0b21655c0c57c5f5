"""How much plain text of a cell goes into a report: a report tells of data and is no log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

#: Characters that one cell may print, and that the text of one result may have.
MOST_PRINTED: Final = 20_000
#: What stands in the report for the rest.
CUT: Final = "\n[…] (dalszą część wydruku pominięto)\n"


def shortened(outputs: Iterable[Any]) -> list[Any]:
    """Return a cell's outputs with plain text cut after `MOST_PRINTED` characters; all else stays."""
    room, kept = MOST_PRINTED, []
    for output in outputs:
        if output.output_type != "stream":
            text = output.get("data", {}).get("text/plain", "")
            if len(text) > MOST_PRINTED:
                output.data["text/plain"] = text[:MOST_PRINTED] + CUT
            kept.append(output)
        elif room >= 0:
            if len(output.text) > room:
                output.text = output.text[:room] + CUT
                room = -1
            else:
                room -= len(output.text)
            kept.append(output)
    return kept
