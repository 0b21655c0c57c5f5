"""The social economy in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.social_economy.condition import (
    condition_figure,
    condition_summary,
    condition_table,
    parts_table,
    powiat_condition_figure,
    powiat_condition_summary,
)
from ropsanalysis.present.social_economy.dynamics import (
    change_log,
    flow_figure,
    flow_series,
    flow_summary,
    flow_table,
    quarter_table,
    rates_table,
)
from ropsanalysis.present.social_economy.enterprises import (
    social_enterprise_figure,
    social_enterprise_summary,
    social_enterprise_table,
)
from ropsanalysis.present.social_economy.finances import (
    finances_summary,
    finances_table,
    revenue_figure,
    revenue_table,
    spread_table,
)
from ropsanalysis.present.social_economy.findings import (
    cover,
    key_findings,
    recommendations,
)
from ropsanalysis.present.social_economy.method import (
    choices_of_method,
    method_notes,
    protection_notes,
    protection_table,
    register_table,
    sources,
    symbols,
)
from ropsanalysis.present.social_economy.official import (
    official_figure,
    official_summary,
    official_table,
)
from ropsanalysis.present.social_economy.owes import (
    owes_funnel_figure,
    owes_lasting_table,
    owes_note,
    owes_summary,
    owes_table,
)
from ropsanalysis.present.social_economy.places import (
    gminas_summary,
    gminas_table,
    inequality_summary,
    inequality_table,
    powiat_figure,
    powiat_table,
)
from ropsanalysis.present.social_economy.structure import (
    forms_figure,
    structure_summary,
    structure_table,
)
from ropsanalysis.present.social_economy.survey import bases_table
from ropsanalysis.present.social_economy.survival import (
    hazards_table,
    survival_figure,
    survival_summary,
    survival_table,
    survival_tests,
)
from ropsanalysis.present.social_economy.targets import (
    targets_figure,
    targets_reasons,
    targets_summary,
    targets_table,
)
from ropsanalysis.present.social_economy.work import (
    reintegration_figure,
    reintegration_summary,
    reintegration_table,
    work_figure,
    work_summary,
    work_table,
    work_years_table,
)

__all__ = [
    "bases_table",
    "change_log",
    "choices_of_method",
    "condition_figure",
    "condition_summary",
    "condition_table",
    "cover",
    "finances_summary",
    "finances_table",
    "flow_figure",
    "flow_series",
    "flow_summary",
    "flow_table",
    "forms_figure",
    "gminas_summary",
    "gminas_table",
    "hazards_table",
    "inequality_summary",
    "inequality_table",
    "key_findings",
    "method_notes",
    "official_figure",
    "official_summary",
    "official_table",
    "owes_funnel_figure",
    "owes_lasting_table",
    "owes_note",
    "owes_summary",
    "owes_table",
    "parts_table",
    "powiat_condition_figure",
    "powiat_condition_summary",
    "powiat_figure",
    "powiat_table",
    "protection_notes",
    "protection_table",
    "quarter_table",
    "rates_table",
    "recommendations",
    "register_table",
    "reintegration_figure",
    "reintegration_summary",
    "reintegration_table",
    "revenue_figure",
    "revenue_table",
    "social_enterprise_figure",
    "social_enterprise_summary",
    "social_enterprise_table",
    "sources",
    "spread_table",
    "structure_summary",
    "structure_table",
    "survival_figure",
    "survival_summary",
    "survival_table",
    "survival_tests",
    "symbols",
    "targets_figure",
    "targets_reasons",
    "targets_summary",
    "targets_table",
    "work_figure",
    "work_summary",
    "work_table",
    "work_years_table",
]
