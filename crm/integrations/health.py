"""Connected calendars on the health page: those that have not synchronized for a day, or need their member."""

from collections.abc import Iterable

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.integrations.models import CalendarConnection, ConnectionState
from crm.integrations.notices import PATIENCE
from crm.web.health.findings import Finding, HealthCheck, HealthState
from crm.web.health.snapshot import HealthSnapshot


def check_calendars(look: HealthSnapshot) -> Iterable[Finding]:
    """Count the connections that do not work. One query on their index."""
    lost = Q(state=ConnectionState.BROKEN) | Q(failing_since__lt=look.now - PATIENCE)
    rows = CalendarConnection.objects.filter(lost, failing_since__isnull=False)
    figures = rows.aggregate(count=Count("pk"), since=Min("failing_since"))
    if not figures["count"]:
        yield Finding(HealthState.OK, _("All connected calendars synchronize."))
        return
    words = ngettext(
        "%(count)s connected calendar does not synchronize. Its member has been told.",
        "%(count)s connected calendars do not synchronize. Their members have been told.",
        figures["count"],
    )
    yield Finding(HealthState.SLOW, words % {"count": figures["count"]})


CHECK = HealthCheck(name="calendars", section="integrations", label=_("Connected calendars"), look=check_calendars)
