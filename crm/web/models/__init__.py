from crm.web.models.acknowledgement import Acknowledgement
from crm.web.models.column_choice import ColumnChoice
from crm.web.models.configuration_import import ConfigurationImport
from crm.web.models.export_run import ExportRun
from crm.web.models.health import ChecklistTick, HealthAlarm
from crm.web.models.notice import Notice, NoticeMute, NoticePreference, NoticeWay
from crm.web.models.practice_run import PracticeRun
from crm.web.models.push_delivery import PushDelivery
from crm.web.models.push_subscription import PushSubscription
from crm.web.models.saved_view import SavedView, SharedWith
from crm.web.models.staff_number import StaffNumber

__all__ = [
    "Acknowledgement",
    "ChecklistTick",
    "ColumnChoice",
    "ConfigurationImport",
    "ExportRun",
    "HealthAlarm",
    "Notice",
    "NoticeMute",
    "NoticePreference",
    "NoticeWay",
    "PracticeRun",
    "PushDelivery",
    "PushSubscription",
    "SavedView",
    "SharedWith",
    "StaffNumber",
]
