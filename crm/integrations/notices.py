"""Tell a member that their calendar no longer synchronizes, and that both sides changed an entry."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.integrations.models import CalendarConnection, CalendarProblem, WrittenEntry
from crm.kernel import clock
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

BROKEN = "calendar.broken"
CONFLICT = "calendar.conflict"
# A server that does not answer is mentioned after so long; a sign-in that is refused at once.
PATIENCE = timedelta(days=1)


def notify_broken(connection: CalendarConnection) -> None:
    """Notify the member of a connection that needs them, or that has failed for a day. Once per failure."""
    since = connection.failing_since
    if since and (connection.is_broken or clock.now() - since >= PATIENCE):
        key = f"{connection.pk}:{since.isoformat()}"
        notify(BROKEN, [connection.member_id], key=key, data={"problem": connection.problem})


def notify_conflicts(connection: CalendarConnection) -> None:
    """Notify the member of the conflicts in their calendars, once per conflict."""
    entries = WrittenEntry.objects.filter(calendar__connection=connection).exclude(conflict="")
    for entry in entries:
        notify(CONFLICT, [connection.member_id], key=f"{entry.pk}:{entry.conflict_at}", data={"kind": entry.conflict})


def _broken_words(data: dict[str, Any]) -> str:
    problem = data.get("problem", "")
    if problem in CalendarProblem.values:
        return _("Your calendar no longer synchronizes: %(why)s") % {"why": CalendarProblem(problem).label}
    return _("Your calendar no longer synchronizes.")


KINDS = [
    NoticeKind(
        name=BROKEN,
        permission="preferences.edit",
        icon="calendar",
        label=gettext_lazy("My calendar no longer synchronizes"),
        words=_broken_words,
        default=NoticeWay.APP,
        page="connected_calendars:calendars",
    ),
    NoticeKind(
        name=CONFLICT,
        permission="preferences.edit",
        icon="calendar",
        label=gettext_lazy("An entry was changed here and in my calendar"),
        words=gettext_lazy("An entry was changed here and in your calendar. Choose which version counts."),
        default=NoticeWay.APP,
        page="connected_calendars:conflicts",
    ),
]
