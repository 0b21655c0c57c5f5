"""Cooperation models in words, figures and tables: what the notebook shows, in the order it shows it."""

from ropsanalysis.present.cooperation.advice import (
    advice_table,
    recommendations,
)
from ropsanalysis.present.cooperation.baskets import (
    basket_figure,
    basket_summary,
    basket_table,
)
from ropsanalysis.present.cooperation.cases import (
    cases_summary,
    durations_figure,
    flow_figure,
)
from ropsanalysis.present.cooperation.coaching import (
    coaching_summary,
    coaching_table,
)
from ropsanalysis.present.cooperation.drawing import (
    brokers_table,
    entities_table,
    network_figure,
)
from ropsanalysis.present.cooperation.effects import (
    effects_figure,
    effects_summary,
    effects_table,
)
from ropsanalysis.present.cooperation.fidelity import (
    fidelity_figure,
    fidelity_summary,
)
from ropsanalysis.present.cooperation.findings import (
    cover,
    key_findings,
    reading_note,
)
from ropsanalysis.present.cooperation.goals import (
    goals_figure,
    goals_summary,
    goals_table,
)
from ropsanalysis.present.cooperation.method import (
    choices_of_method,
    method_notes,
    protection_notes,
    sources,
    symbols,
)
from ropsanalysis.present.cooperation.network import (
    measures_figure,
    measures_table,
    network_summary,
    pilots_network_table,
    sectors_figure,
)
from ropsanalysis.present.cooperation.pilots import (
    partners_figure,
    partners_table,
    pilots_summary,
    pilots_table,
)
from ropsanalysis.present.cooperation.projects import (
    project_cards,
    projects_summary,
)
from ropsanalysis.present.cooperation.success import (
    funnel_figure,
    success_figure,
    success_summary,
)

__all__ = [
    "advice_table",
    "basket_figure",
    "basket_summary",
    "basket_table",
    "brokers_table",
    "cases_summary",
    "choices_of_method",
    "coaching_summary",
    "coaching_table",
    "cover",
    "durations_figure",
    "effects_figure",
    "effects_summary",
    "effects_table",
    "entities_table",
    "fidelity_figure",
    "fidelity_summary",
    "flow_figure",
    "funnel_figure",
    "goals_figure",
    "goals_summary",
    "goals_table",
    "key_findings",
    "measures_figure",
    "measures_table",
    "method_notes",
    "network_figure",
    "network_summary",
    "partners_figure",
    "partners_table",
    "pilots_network_table",
    "pilots_summary",
    "pilots_table",
    "project_cards",
    "projects_summary",
    "protection_notes",
    "reading_note",
    "recommendations",
    "sectors_figure",
    "sources",
    "success_figure",
    "success_summary",
    "symbols",
]
