from crm.web.models.column_choice import ColumnChoice
from crm.web.models.saved_view import SavedView, SharedWith

__all__ = ["ColumnChoice", "SavedView", "SharedWith"]
