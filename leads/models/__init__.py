from leads.models.flaw import Flaw
from leads.models.import_run import ImportRun
from leads.models.lead import Lead

__all__ = ["Flaw", "ImportRun", "Lead"]
