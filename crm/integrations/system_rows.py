"""Connected calendars and Zoom as rows of *Settings, Connections*: how many members, and how many do not work."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.integrations.models import CalendarConnection, CalendarProvider, ConnectionState, ZoomAccount
from crm.integrations.notices import PATIENCE
from crm.integrations.systems import SystemRow, SystemSource

_NAMES = {
    CalendarProvider.GOOGLE: "Google Calendar",
    CalendarProvider.MICROSOFT: "Outlook",
    CalendarProvider.CALDAV: "Apple, CalDAV",
}


def calendar_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return a row for each provider of calendars. One query; members connect them under their preferences."""
    lost = Q(state=ConnectionState.BROKEN) | Q(failing_since__lt=now - PATIENCE)
    rows = CalendarConnection.objects.order_by().values("provider")
    figures = rows.annotate(people=Count("member", distinct=True), lost=Count("pk", filter=lost), at=Max("synced_at"))
    for row in figures.order_by("provider"):
        mark = "ok"
        state = _("works")
        waits = ""
        if row["lost"]:
            mark = "late"
            state = _("to look at")
            waits = ngettext("%(count)s does not work", "%(count)s do not work", row["lost"]) % {"count": row["lost"]}
        words = ngettext("of %(count)s member", "of %(count)s members", row["people"])
        yield SystemRow(
            name=_NAMES[CalendarProvider(row["provider"])],
            note=words % {"count": row["people"]},
            icon="calendar",
            way="both",
            mark=mark,
            state=state,
            url=reverse("connected_calendars:calendars", args=[slug]),
            at=row["at"],
            waits=waits,
        )


def zoom_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the organization's app at Zoom. One query."""
    for account in ZoomAccount.objects.all():
        mark = "ok"
        state = _("connected")
        if account.problem:
            mark = "crit"
            state = _("to look at")
        yield SystemRow(
            name="Zoom",
            note=_("Meetings by video"),
            icon="video",
            way="out",
            mark=mark,
            state=state,
            url=reverse("video_meetings:zoom", args=[slug]),
            at=account.changed_at,
        )


SYSTEMS = [
    SystemSource(
        name="calendars", group="calendars", permission="meetings.set_up", icon="calendar", read=calendar_systems
    ),
    SystemSource(name="zoom", group="calendars", permission="meetings.set_up", icon="video", read=zoom_systems),
]
