"""What an impact map may claim too much of; `overclaims` finds it."""

from __future__ import annotations

from typing import Final

CHECKS: Final = ("no_source", "counted_twice", "no_deadweight", "too_long", "one_line", "no_range", "unmeasured")
"""no_source: a proxy without source; counted_twice: one outcome of one stakeholder in two lines, or one measured
outcome valued twice; no_deadweight: nobody said what would have happened anyway; too_long: it lasts longer than
anybody observed; one_line: the ratio rests on one line; no_range: no lowest and highest value, so that nothing is
known of the ratio's uncertainty; unmeasured: a line that claims to be measured names no measured outcome, or one whose
effect is of grade 2 or less."""
