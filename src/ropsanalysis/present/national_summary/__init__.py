"""The national summary in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.national_summary.actions import actions_figure, actions_summary, actions_table
from ropsanalysis.present.national_summary.findings import cover, key_findings, reading_note
from ropsanalysis.present.national_summary.headlines import headlines_summary, headlines_table
from ropsanalysis.present.national_summary.indicators import (
    indicator_table,
    indicators_figure,
    indicators_summary,
    outlook_table,
)
from ropsanalysis.present.national_summary.method import method_notes, sources_table, symbols
from ropsanalysis.present.national_summary.money import money_figure, money_summary, money_table

__all__ = [
    "actions_figure",
    "actions_summary",
    "actions_table",
    "cover",
    "headlines_summary",
    "headlines_table",
    "indicator_table",
    "indicators_figure",
    "indicators_summary",
    "key_findings",
    "method_notes",
    "money_figure",
    "money_summary",
    "money_table",
    "outlook_table",
    "reading_note",
    "sources_table",
    "symbols",
]
