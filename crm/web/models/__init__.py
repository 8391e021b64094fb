from crm.web.models.column_choice import ColumnChoice
from crm.web.models.export_run import ExportRun
from crm.web.models.notice import Notice, NoticeMute, NoticePreference, Way
from crm.web.models.saved_view import SavedView, SharedWith

__all__ = [
    "ColumnChoice",
    "ExportRun",
    "Notice",
    "NoticeMute",
    "NoticePreference",
    "SavedView",
    "SharedWith",
    "Way",
]
