"""The regional diagnosis in words, figures and tables: what its notebook shows, in the order it shows it."""

from ropsanalysis.present.regional_diagnosis.chapters import (
    chapter_counts,
    chapter_figure,
    chapter_gaps,
    chapter_overview,
    chapter_table,
    indicator_map,
)
from ropsanalysis.present.regional_diagnosis.findings import (
    cover,
    falling_behind,
    key_findings,
    peer_group,
    spine_chart,
    strengths_and_weaknesses,
    watch_list,
    watch_list_summary,
)
from ropsanalysis.present.regional_diagnosis.method import (
    choices_of_method,
    indicator_catalogue,
    method_notes,
    sources,
)
from ropsanalysis.present.regional_diagnosis.outlook import (
    convergence_summary,
    convergence_table,
    dispersion_figure,
    forecast_figure,
    forecast_summary,
    forecast_table,
    index_figure,
    index_summary,
    index_table,
)

__all__ = [
    "chapter_counts",
    "chapter_figure",
    "chapter_gaps",
    "chapter_overview",
    "chapter_table",
    "choices_of_method",
    "convergence_summary",
    "convergence_table",
    "cover",
    "dispersion_figure",
    "falling_behind",
    "forecast_figure",
    "forecast_summary",
    "forecast_table",
    "index_figure",
    "index_summary",
    "index_table",
    "indicator_catalogue",
    "indicator_map",
    "key_findings",
    "method_notes",
    "peer_group",
    "sources",
    "spine_chart",
    "strengths_and_weaknesses",
    "watch_list",
    "watch_list_summary",
]
