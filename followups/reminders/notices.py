"""Notices about follow-ups: a reminder before it is due, and one alert when it was missed."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.kernel import clock
from crm.platform.models import Event
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from followups.models import FollowUp

REMINDER = "followup.reminder"
MISSED = "followup.missed"
_HOUR = 60
_DAY = 24 * 60


def time_before(minutes: int) -> str:
    """Format the time until something is due, in its largest unit: "2 days", "1 hour", "15 minutes"."""
    if minutes >= _DAY and minutes % _DAY < _HOUR:
        days = minutes // _DAY
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if minutes >= _DAY or (minutes >= _HOUR and minutes % _HOUR == 0):
        hours = minutes // _HOUR
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _reminder_words(data: dict[str, Any]) -> str:
    return _("due in %(time)s") % {"time": time_before(data["minutes"])}


KINDS = [
    NoticeKind(
        name=REMINDER,
        permission="followups.view",
        icon="clock",
        label=gettext_lazy("A follow-up of mine is due soon"),
        words=_reminder_words,
        through_mute=True,
        is_delivered_by_app=True,
    ),
    NoticeKind(
        name=MISSED,
        permission="followups.view",
        icon="clock-alert",
        label=gettext_lazy("A follow-up of mine is overdue"),
        words=gettext_lazy("was not done in time"),
        default=NoticeWay.AWAY,
        in_hours=True,
        through_mute=True,
        list_of=FollowUp,
    ),
]


def tell_missed(events: Sequence[Event]) -> None:
    """Notify the assignee of each follow-up that was missed and is still open, once. From then on the digest has it."""
    rows = FollowUp.objects.overdue(clock.now()).in_bulk([event.subject_id for event in events])
    missed = [(event, rows.get(event.subject_id)) for event in events]
    notify_all(
        MISSED,
        [NoticeDraft([row.assignee_id], str(row.pk), row, at=event.at) for event, row in missed if row is not None],
    )
