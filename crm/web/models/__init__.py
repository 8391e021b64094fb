from crm.web.models.column_choice import ColumnChoice
from crm.web.models.export_run import ExportRun
from crm.web.models.saved_view import SavedView, SharedWith

__all__ = ["ColumnChoice", "ExportRun", "SavedView", "SharedWith"]
