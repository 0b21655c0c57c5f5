"""The diagnosis of a gmina or powiat in words, figures and tables: what the notebook shows, in its order."""

from ropsanalysis.present.local_diagnosis.findings import (
    cover,
    key_findings,
    place_figure,
    reading_note,
    strengths,
    weaknesses,
)
from ropsanalysis.present.local_diagnosis.method import choices_of_method, definitions, method_notes, sources
from ropsanalysis.present.local_diagnosis.tables import (
    course_figure,
    gaps_note,
    peers_table,
    section_table,
    small_numbers,
)

__all__ = [
    "choices_of_method",
    "course_figure",
    "cover",
    "definitions",
    "gaps_note",
    "key_findings",
    "method_notes",
    "peers_table",
    "place_figure",
    "reading_note",
    "section_table",
    "small_numbers",
    "sources",
    "strengths",
    "weaknesses",
]
