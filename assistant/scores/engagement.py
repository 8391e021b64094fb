"""Engagement of a customer or a property: points for what they did lately, which fade by half every 30 days.

Counted from the timeline when somebody looks, so that every point can be shown.
"""

import math
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person, ProfilingObjection, Property
from crm.platform.models import Event

HALF_LIFE = timedelta(days=30)
# What is older counts for nothing.
LOOKED_BACK = timedelta(days=180)
MOST = 100
# The points of what a customer did, before they fade, and how it is called. Opens of mail are left out: machines make
# them (docs/rules.md#k6).
POINTS: dict[str, tuple[int, str | Promise]] = {
    "quote.accepted": (20, _("accepted a quote")),
    "appointment.completed": (10, _("kept an appointment")),
    "payment.received": (10, _("paid")),
    "document_request.received": (8, _("sent a document we asked for")),
    "quote.viewed": (6, _("looked at a quote")),
    "portal.visited": (5, _("visited the portal")),
    "job.heard": (5, _("wrote or called")),
    "message.clicked": (3, _("followed a link")),
}
EVENTS_COUNTED = 500


class EngagementReason(NamedTuple):
    """A kind of act of a customer: how often, when last, and the points left of it."""

    words: str
    times: int
    last: datetime
    points: int


class Engagement(NamedTuple):
    """The engagement of a customer or property: up to 100 points, with the reasons, most points first."""

    points: int
    reasons: list[EngagementReason]


def fade_points(points: float, age: timedelta) -> float:
    """Return what is left of points after a time."""
    return points * math.pow(0.5, max(age / HALF_LIFE, 0.0))


def person_engagement(person: Person) -> Engagement | None:
    """Return the engagement of a customer; None if they object to profiling."""
    if ProfilingObjection.objects.filter(person=person).exists():
        return None
    return _count(Q(person=person))


def property_engagement(site: Property) -> Engagement:
    """Return the engagement at a property, by the customers of its jobs who don't object to profiling."""
    return _count(Q(site=site) & ~Q(person__in=ProfilingObjection.objects.values("person")))


def _count(jobs: Q) -> Engagement:
    now = clock.now()
    ids = list(Job.objects.filter(jobs).order_by("-pk").values_list("pk", flat=True)[:EVENTS_COUNTED])
    rows = _events_of(ids, now)
    left: dict[str, float] = defaultdict(float)
    times: dict[str, list[datetime]] = defaultdict(list)
    for kind, at in rows:
        left[kind] += fade_points(POINTS[kind][0], now - at)
        times[kind].append(at)
    reasons = [
        EngagementReason(str(POINTS[kind][1]), len(times[kind]), max(times[kind]), round(points))
        for kind, points in sorted(left.items(), key=lambda pair: -pair[1])
    ]
    return Engagement(min(MOST, round(sum(left.values()))), [reason for reason in reasons if reason.points])


def _events_of(jobs: Collection[int], now: datetime) -> list[tuple[str, datetime]]:
    """Return what the customers of these jobs did lately."""
    rows = Event.objects.filter(job_id__in=jobs, kind__in=list(POINTS), at__gte=now - LOOKED_BACK)
    return list(rows.order_by("-pk").values_list("kind", "at")[:EVENTS_COUNTED])
