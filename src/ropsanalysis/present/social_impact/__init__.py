"""Social impact in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.social_impact.advice import recommendations
from ropsanalysis.present.social_impact.attribution import (
    balance_figure,
    comparison_summary,
    confounder_table,
    effects_table,
    methods_figure,
)
from ropsanalysis.present.social_impact.centre_figures import (
    centre_levels_figure,
    event_figure,
)
from ropsanalysis.present.social_impact.centres import (
    centre_effects_table,
    centre_groups_table,
    centre_tests_table,
    centres_summary,
    cohorts_table,
)
from ropsanalysis.present.social_impact.costs import (
    cost_per_summary,
    cost_per_table,
    costs_summary,
    costs_table,
    inaction_summary,
    inaction_table,
)
from ropsanalysis.present.social_impact.evidence import (
    evidence_summary,
    evidence_table,
    grades_table,
)
from ropsanalysis.present.social_impact.findings import (
    cover,
    key_findings,
    reading_note,
)
from ropsanalysis.present.social_impact.method import (
    choices_of_method,
    method_notes,
    protection_notes,
    protection_table,
    sources,
    symbols,
)
from ropsanalysis.present.social_impact.outcomes import (
    change_figure,
    change_summary,
    change_table,
    levels_figure,
)
from ropsanalysis.present.social_impact.overlap import balance_summary, overlap_figure
from ropsanalysis.present.social_impact.participation import (
    lost_table,
    participation_summary,
    participation_table,
    reliability_table,
    retention_figure,
)
from ropsanalysis.present.social_impact.theory import (
    theory_figure,
    theory_summary,
)
from ropsanalysis.present.social_impact.uncertainty import (
    break_even_table,
    distribution_figure,
    drivers_table,
    tornado_figure,
    uncertainty_summary,
)
from ropsanalysis.present.social_impact.value import (
    assumptions_table,
    map_table,
    measured_table,
    overclaims,
    stakeholders_figure,
    value_summary,
    value_years_table,
)

__all__ = [
    "assumptions_table",
    "balance_figure",
    "balance_summary",
    "break_even_table",
    "centre_effects_table",
    "centre_groups_table",
    "centre_levels_figure",
    "centre_tests_table",
    "centres_summary",
    "change_figure",
    "change_summary",
    "change_table",
    "choices_of_method",
    "cohorts_table",
    "comparison_summary",
    "confounder_table",
    "cost_per_summary",
    "cost_per_table",
    "costs_summary",
    "costs_table",
    "cover",
    "distribution_figure",
    "drivers_table",
    "effects_table",
    "event_figure",
    "evidence_summary",
    "evidence_table",
    "grades_table",
    "inaction_summary",
    "inaction_table",
    "key_findings",
    "levels_figure",
    "lost_table",
    "map_table",
    "measured_table",
    "method_notes",
    "methods_figure",
    "overclaims",
    "overlap_figure",
    "participation_summary",
    "participation_table",
    "protection_notes",
    "protection_table",
    "reading_note",
    "recommendations",
    "reliability_table",
    "retention_figure",
    "sources",
    "stakeholders_figure",
    "symbols",
    "theory_figure",
    "theory_summary",
    "tornado_figure",
    "uncertainty_summary",
    "value_summary",
    "value_years_table",
]
