"""The models of follow-ups."""

from followups.models.bulk_run import FollowUpBulkRun
from followups.models.follow_up import FollowUp
from followups.models.kind import FollowUpKind
from followups.models.notes.follow_up_note import FollowUpNote
from followups.models.queryset import FollowUpQuerySet
from followups.models.reminder import DigestMail, Reminder, ReminderDefault, ReminderPreference
from followups.models.series import FollowUpSeries, HolidayPolicy, SeriesException
from followups.models.status import CustomerAct, FollowUpOutcome, FollowUpStatus
from followups.models.template import FollowUpTemplate
from followups.models.tenant_kind import TenantKind

__all__ = [
    "CustomerAct",
    "DigestMail",
    "FollowUp",
    "FollowUpBulkRun",
    "FollowUpKind",
    "FollowUpNote",
    "FollowUpOutcome",
    "FollowUpQuerySet",
    "FollowUpSeries",
    "FollowUpStatus",
    "FollowUpTemplate",
    "HolidayPolicy",
    "Reminder",
    "ReminderDefault",
    "ReminderPreference",
    "SeriesException",
    "TenantKind",
]
