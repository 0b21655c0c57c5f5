"""The training needs in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.training_needs.audience import (
    audience_summary,
    differences_summary,
    differences_table,
    drivers_summary,
    drivers_table,
    heat_map,
    pooled_table,
    staff_table,
)
from ropsanalysis.present.training_needs.delivery import (
    delivery_figure,
    delivery_summary,
)
from ropsanalysis.present.training_needs.findings import (
    cover,
    key_findings,
    recommendations,
)
from ropsanalysis.present.training_needs.method import (
    choices_of_method,
    method_notes,
    protection_notes,
    protection_table,
    scales_table,
    sources,
    symbols,
)
from ropsanalysis.present.training_needs.plan import (
    conflicts_table,
    coverage_table,
    curve_figure,
    limits_table,
    offer_gaps,
    plan_note,
    plan_summary,
    plan_table,
)
from ropsanalysis.present.training_needs.profiles import (
    profile_figure,
    profile_summary,
    profile_table,
)
from ropsanalysis.present.training_needs.ranking import (
    need_figure,
    need_summary,
    need_table,
    quadrant_figure,
    quadrant_points,
)
from ropsanalysis.present.training_needs.respondents import (
    response_figure,
    response_summary,
    response_table,
    structure_table,
    weights_summary,
)
from ropsanalysis.present.training_needs.wishes import (
    agreement_table,
    wish_figure,
    wish_summary,
)

__all__ = [
    "agreement_table",
    "audience_summary",
    "choices_of_method",
    "conflicts_table",
    "cover",
    "coverage_table",
    "curve_figure",
    "delivery_figure",
    "delivery_summary",
    "differences_summary",
    "differences_table",
    "drivers_summary",
    "drivers_table",
    "heat_map",
    "key_findings",
    "limits_table",
    "method_notes",
    "need_figure",
    "need_summary",
    "need_table",
    "offer_gaps",
    "plan_note",
    "plan_summary",
    "plan_table",
    "pooled_table",
    "profile_figure",
    "profile_summary",
    "profile_table",
    "protection_notes",
    "protection_table",
    "quadrant_figure",
    "quadrant_points",
    "recommendations",
    "response_figure",
    "response_summary",
    "response_table",
    "scales_table",
    "sources",
    "staff_table",
    "structure_table",
    "symbols",
    "weights_summary",
    "wish_figure",
    "wish_summary",
]
