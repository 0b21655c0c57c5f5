"""The coordination project in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.project_monitoring.actions import (
    actions_heatmap,
    actions_summary,
    actions_table,
    late_table,
    products_table,
    serves_table,
)
from ropsanalysis.present.project_monitoring.advice import recommendations
from ropsanalysis.present.project_monitoring.budget import (
    budget_summary,
    earned_value_note,
    earned_value_table,
    forecast_table,
    spending_figure,
)
from ropsanalysis.present.project_monitoring.card import card_checks_table, card_summary, card_table
from ropsanalysis.present.project_monitoring.costs import (
    action_money_table,
    categories_table,
    split_summary,
    split_table,
    unit_cost_summary,
    unit_cost_table,
)
from ropsanalysis.present.project_monitoring.counting import counting_rules, reasons_summary, reasons_table
from ropsanalysis.present.project_monitoring.findings import cover, key_findings, reading_note
from ropsanalysis.present.project_monitoring.foster import foster_poland_table, foster_summary, foster_table
from ropsanalysis.present.project_monitoring.indicators import (
    indicators_summary,
    indicators_table,
    plans_figure,
    qualified_figure,
    supported_figure,
)
from ropsanalysis.present.project_monitoring.method import (
    choices_of_method,
    method_notes,
    protection_notes,
    sources,
    symbols,
)
from ropsanalysis.present.project_monitoring.parts import (
    entities_table,
    first_action_table,
    institution_figure,
    institution_table,
    parts_summary,
    subregion_table,
)
from ropsanalysis.present.project_monitoring.reach import reach_figure, reach_summary, unreached_table
from ropsanalysis.present.project_monitoring.services import (
    centres_summary,
    centres_table,
    plan_units_table,
    plans_summary,
    plans_table,
    sections_table,
)
from ropsanalysis.present.project_monitoring.teams import advisers_table, teams_summary, teams_table

__all__ = [
    "action_money_table",
    "actions_heatmap",
    "actions_summary",
    "actions_table",
    "advisers_table",
    "budget_summary",
    "card_checks_table",
    "card_summary",
    "card_table",
    "categories_table",
    "centres_summary",
    "centres_table",
    "choices_of_method",
    "counting_rules",
    "cover",
    "earned_value_note",
    "earned_value_table",
    "entities_table",
    "first_action_table",
    "forecast_table",
    "foster_poland_table",
    "foster_summary",
    "foster_table",
    "indicators_summary",
    "indicators_table",
    "institution_figure",
    "institution_table",
    "key_findings",
    "late_table",
    "method_notes",
    "parts_summary",
    "plan_units_table",
    "plans_figure",
    "plans_summary",
    "plans_table",
    "products_table",
    "protection_notes",
    "qualified_figure",
    "reach_figure",
    "reach_summary",
    "reading_note",
    "reasons_summary",
    "reasons_table",
    "recommendations",
    "sections_table",
    "serves_table",
    "sources",
    "spending_figure",
    "split_summary",
    "split_table",
    "subregion_table",
    "supported_figure",
    "symbols",
    "teams_summary",
    "teams_table",
    "unit_cost_summary",
    "unit_cost_table",
    "unreached_table",
]
