from leads.models.column_choice import ColumnChoice
from leads.models.import_mapping import ImportMapping
from leads.models.import_memory import ImportMemory
from leads.models.import_row import ImportRow
from leads.models.import_run import ImportRun
from leads.models.lead import Lead
from leads.models.saved_view import SavedView, SharedWith

__all__ = [
    "ColumnChoice",
    "ImportMapping",
    "ImportMemory",
    "ImportRow",
    "ImportRun",
    "Lead",
    "SavedView",
    "SharedWith",
]
