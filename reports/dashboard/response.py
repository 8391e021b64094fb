"""How soon new leads are answered: the median, and the share of first contacts within the time allowed.

From the figures of days, whichever leads nobody was in touch with: which of these are overdue the clock says, so that
those whose time is not up yet, few, are counted by it and taken off.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q

from crm.jobs.models import JobState
from crm.platform.organization.configuration import directory
from leads.lead_list import LEADS
from leads.models import FirstContact
from leads.response.figures import in_time_percent
from reports.dashboard.scope import Scope
from reports.figures.days import ZonedDays, today
from reports.figures.measures import IN_TIME, NO_CONTACT
from reports.figures.sums import Answers, Sums


class Response(NamedTuple):
    """Results of the leads that came in: contacted, contacted in time, overdue; the median in seconds."""

    contacted: int = 0
    in_time: int = 0
    overdue: int = 0
    median: float | None = None

    @property
    def measured(self) -> int:
        return self.contacted + self.overdue

    @property
    def percent(self) -> int | None:
        """The share contacted in time, in percent; None if nothing was measured yet."""
        return in_time_percent(self.in_time, self.measured)


@dataclass
class Early:
    """Leads without contact that are not overdue, by member: of these days, of the days before, and open ones."""

    of_days: Counter[int | None]
    of_before: Counter[int | None]
    open: int


def early(scope: Scope) -> Early:
    """Count the leads without contact that are not overdue."""
    now = scope.reader.now
    days = scope.days
    rows = FirstContact.objects.filter(contacted_at=None, due_at__gte=now).exclude(job__state=JobState.DROPPED)
    if scope.filters.values or scope.is_own:
        jobs = LEADS.base(scope.filters, scope.member).filter(*scope.filters.conditions(scope.member))
        rows = rows.filter(job__in=jobs.values("pk"))
    result = Early(Counter(), Counter(), 0)
    counts = (
        rows.order_by()
        .values("job__member_id")
        .annotate(
            of_days=Count("pk", filter=_opened_condition(days)),
            of_before=Count("pk", filter=_opened_condition(days.before)),
            open=Count("pk", filter=Q(job__state=JobState.OPEN)),
        )
    )
    for row in counts:
        result.of_days[row["job__member_id"]] = row["of_days"]
        result.of_before[row["job__member_id"]] = row["of_before"]
        result.open += row["open"]
    return result


def _opened_condition(days: ZonedDays) -> Q:
    return Q(opened_at__gte=days.since, opened_at__lt=days.until)


def response(answers: Answers, figures: Mapping[str, Sums], not_yet: int) -> Response:
    """Return the response times; `not_yet`: leads without contact that are not overdue."""
    in_time, alone = (figures.get(name, Sums()).count for name in (IN_TIME, NO_CONTACT))
    return Response(answers.leads, in_time, max(alone - not_yet, 0), answers.median)


def by_member(
    answers: Mapping[int | None, Answers],
    figures: Mapping[tuple[int | None, str], Sums],
    not_yet: Mapping[int | None, int],
) -> dict[int | None, Response]:
    """Return the response times by the member who has the leads now."""
    apart: dict[int | None, dict[str, Sums]] = defaultdict(dict)
    for (member, measure), sums in figures.items():
        apart[member][measure] = sums
    return {
        member: response(answers.get(member, Answers()), apart[member], not_yet.get(member, 0))
        for member in {*apart, *answers}
    }


def waiting_days() -> ZonedDays:
    """Return all days from the first lead with a recorded first contact, or wait for one, until today."""
    first = FirstContact.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    return ZonedDays(first.astimezone(directory().zone).date() if first else today(), today())


def count_unanswered(waiting: Sums, not_yet: int) -> int:
    """Return how many open leads are overdue for first contact; `waiting`: all that wait, `not_yet`: not overdue."""
    return max(waiting.count - not_yet, 0)
