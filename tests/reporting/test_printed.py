"""A cell may print much; a report takes little of it, the same little with each engine."""

from __future__ import annotations

import nbformat

from ropsanalysis.reporting.printed import CUT, MOST_PRINTED, shortened

output = nbformat.v4.new_output


def stream(text: str) -> nbformat.NotebookNode:
    return output("stream", name="stdout", text=text)


def test_what_is_short_stays_as_it_is() -> None:
    outputs = [stream("a" * (MOST_PRINTED - 1)), output("display_data", data={"text/html": "b"}), stream("c")]
    assert shortened(outputs) == outputs
    assert shortened([]) == []


def test_what_is_printed_after_the_most_is_left_out_once() -> None:
    shown = output("display_data", data={"text/html": "x" * 10**5})
    found = shortened([stream("a" * MOST_PRINTED), shown, stream("b"), stream("c"), shown])
    assert [one.get("text", "") for one in found] == ["a" * MOST_PRINTED, "", CUT, ""]
    assert found[1] == found[3] == shown
