"""Share of new leads contacted in time: "90 % within 15 minutes", with the list behind each number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Exists
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import Job, Level
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer
from leads.lead_list import LEADS
from leads.models import FirstContact

# What is wanted of them all.
TARGET = 90
IN_TIME = "in_time"
LATE = "late"
WAITING = "waiting"


def in_time_percent(in_time: int, measured: int) -> int | None:
    """Return the share answered in time in whole percent, rounded down: 89.6 is 89. None without leads."""
    if measured:
        return in_time * 100 // measured
    return None


@dataclass(frozen=True)
class ResponseShare:
    """How many leads came in and were answered in time, of those that were answered or are overdue."""

    in_time: int
    measured: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None without leads."""
        return in_time_percent(self.in_time, self.measured)

    @property
    def is_on_target(self) -> bool:
        """True if the share reaches the target, or nothing is measured."""
        return self.percent is None or self.percent >= TARGET


def response_share(since: datetime, until: datetime, jobs: QuerySet[Job] | None = None) -> ResponseShare:
    """Count the leads that came in within a half-open period; `jobs` restricts them. One query."""
    rows = FirstContact.objects.with_outcome(clock.now()).filter(opened_at__gte=since, opened_at__lt=until)
    if jobs is not None:
        rows = rows.filter(job__in=jobs)
    in_time = Count("pk", filter=Q(contacted_at__lte=F("due_at")))
    return ResponseShare(**rows.aggregate(in_time=in_time, measured=Count("pk")))


def response_list(slug: str, which: str, since: datetime, until: datetime) -> str:
    """Return the URL of the lead list behind a number: IN_TIME, LATE or WAITING, of whole days."""
    zone = directory().zone
    days = [("since", since), ("before", until)]
    where = [("where", f"came:{test}:{at.astimezone(zone).date().isoformat()}") for test, at in days]
    return f"{LEADS.url('list', slug)}?{urlencode([('closed', 'all'), ('response', which), *where])}"


def _response_choices(member: Member) -> list[Choice]:
    return [Choice(IN_TIME, _("on time")), Choice(LATE, _("too late")), Choice(WAITING, _("still to come"))]


def _response_condition(value: str, viewer: Viewer) -> Q:
    rows: Any = FirstContact.objects.filter(pk=OuterRef("pk"))
    if value == IN_TIME:
        return Q(Exists(rows.in_time()))
    if value == WAITING:
        return Q(Exists(rows.filter(contacted_at=None)), level__lt=Level.ENDED)
    now = viewer.reader.now
    never = Q(Exists(rows.filter(contacted_at=None, due_at__lt=now))) & ~Q(state="dropped")
    return Q(Exists(rows.filter(contacted_at__gt=F("due_at")))) | never


FILTER = AddedFilter(
    JobFilters,
    "response",
    ChoiceFilter(gettext_lazy("First contact"), choices=_response_choices, q=_response_condition),
)
