"""The models of leads and their imports."""

from leads.models.first_contact import FirstContact
from leads.models.import_mapping import ImportMapping
from leads.models.import_memory import ImportMemory
from leads.models.import_row import ImportRow
from leads.models.import_run import ImportRun
from leads.models.lead import Lead

__all__ = [
    "FirstContact",
    "ImportMapping",
    "ImportMemory",
    "ImportRow",
    "ImportRun",
    "Lead",
]
