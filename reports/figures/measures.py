"""Measures of a day: leads that came in, were won, lost, or called. The list linked to a number has the same leads.

Each measure is said twice: as a condition of the lists (`leads_of`), and for all days at once in SQL (computation.py).
A generated test counts the list of every number of the dashboard (tests/reports/test_dashboard.py).
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import DateTimeField, Exists, F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comms.models import Direction, Medium, Message
from crm.jobs.models import JobState
from crm.platform.models import Event
from leads.models import FirstContact, Lead
from reports.figures.days import ZonedDays

CAME = "came"
WON = "won"
LOST = "lost"
LOST_LATE = "lost_late"
CALLED = "called"
WROTE = "wrote"
CONTACTED = "contacted"
IN_TIME = "in_time"
NO_CONTACT = "no_contact"
WAITING = "waiting"
# What became of a lead that came in.
OUTCOMES = ("open", "won", "lost", "dropped", "done")
# Won, lost or dropped: what tells how likely others are won.
DECIDED = "decided"
# Ended after a step in which it was over the time allowed: the levels in `Job.past`.
NEGLECTED = Q(past__contains=":late") | Q(past__contains=":crit")


class Measure(NamedTuple):
    """A daily measure: its labels, and the condition for its leads."""

    words: Promise
    leads_of: Callable[[ZonedDays], Q]
    # Whether a lead counts on one day alone, so that days add up.
    adds_up: bool = True


def _came_in_condition(days: ZonedDays) -> Q:
    return Q(came_in_at__gte=days.since, came_in_at__lt=days.until)


def _won_condition(days: ZonedDays) -> Q:
    return Q(Exists(Lead.objects.filter(job=OuterRef("pk"), won_at__gte=days.since, won_at__lt=days.until)))


def _lost_condition(days: ZonedDays) -> Q:
    return Q(state=JobState.LOST, ended_at__gte=days.since, ended_at__lt=days.until)


def _message_condition(days: ZonedDays, **which: str) -> Q:
    rows = Message.objects.filter(job=OuterRef("pk"), at__gte=days.since, at__lt=days.until, **which)
    return Q(Exists(rows))


def _call_condition(days: ZonedDays) -> Q:
    """Condition for calls by the telephone system, or logged by a member and not taken back."""
    logged = Event.objects.filter(
        job_id=OuterRef("pk"), at__gte=days.since, at__lt=days.until, kind="job.contacted", data__kind="call"
    )
    since = Cast(KeyTextTransform("since", "data"), DateTimeField())
    later = Event.objects.filter(job_id=OuterRef("job_id"), pk__gt=OuterRef("pk"))
    withdrawn = later.filter(kind="job.contact_withdrawn", data__touched_at=OuterRef("data__touched_at"))
    undone = later.filter(kind="job.undone", data__of="job.contacted").alias(since=since)
    by_hand = logged.filter(~Exists(withdrawn), ~Exists(undone.filter(since__lte=OuterRef("at"))), actor__isnull=False)
    return _message_condition(days, medium=Medium.CALL, direction=Direction.OUT) | Q(Exists(by_hand))


def _contact_condition(days: ZonedDays, which: Q) -> Q:
    return _came_in_condition(days) & Q(Exists(FirstContact.objects.filter(which, job=OuterRef("pk"))))


MEASURES: dict[str, Measure] = {
    CAME: Measure(_("Came in"), _came_in_condition),
    WON: Measure(_("Won"), _won_condition),
    LOST: Measure(_("Lost"), _lost_condition),
    LOST_LATE: Measure(_("Lost after waiting too long"), lambda days: _lost_condition(days) & NEGLECTED),
    CALLED: Measure(_("Called by us"), _call_condition, adds_up=False),
    WROTE: Measure(_("Wrote or called"), lambda days: _message_condition(days, direction=Direction.IN), adds_up=False),
    CONTACTED: Measure(
        _("Came in and contacted"), lambda days: _contact_condition(days, Q(contacted_at__isnull=False))
    ),
    IN_TIME: Measure(
        _("Came in and contacted on time"),
        lambda days: _contact_condition(days, Q(contacted_at__lte=F("due_at"))),
    ),
    # Overdue or not yet: what of these is not yet is few, and counted by its instants (reports/dashboard/response.py).
    NO_CONTACT: Measure(
        _("Came in and not contacted"),
        lambda days: _contact_condition(days, Q(contacted_at=None)) & ~Q(state=JobState.DROPPED),
    ),
    WAITING: Measure(
        _("Came in, open and not contacted"),
        lambda days: _contact_condition(days, Q(contacted_at=None)) & Q(state=JobState.OPEN),
    ),
}


def outcome(which: str) -> Q:
    """Return the condition for an outcome; won leads count as won even if the work ended otherwise."""
    won = Q(Exists(Lead.objects.filter(job=OuterRef("pk"), won_at__isnull=False)))
    if which == DECIDED:
        return won | Q(state__in=[JobState.LOST, JobState.DROPPED])
    if which == WON:
        return won
    return Q(state=which) & ~won
