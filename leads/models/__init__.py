from crm.jobs.models.bulk_run import BulkRun
from crm.jobs.models.flaw import Flaw
from leads.models.import_mapping import ImportMapping
from leads.models.import_memory import ImportMemory
from leads.models.import_row import ImportRow
from leads.models.import_run import ImportRun
from leads.models.lead import Lead

__all__ = [
    "BulkRun",
    "Flaw",
    "ImportMapping",
    "ImportMemory",
    "ImportRow",
    "ImportRun",
    "Lead",
]
