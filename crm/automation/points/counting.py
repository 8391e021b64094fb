"""Count the points of leads and set their priority, without overriding a person's choice.

Counted when something happens to a lead, and once a night for what counts days; all of them anew when the points are
edited.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.jobs.triggers import JOB
from crm.automation.models import PriorityPoint, PriorityScore
from crm.automation.models.policy import automation_policy
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.setup import Group, groups_of, read_conditions
from crm.jobs.bulk.verbs import prioritize_all
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.people.models import Person, may_be_profiled
from crm.platform.models import Event
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.platform.work import due

RECOUNT = "automation.points"
SLICE = 1_000
NIGHT = time(4)
# What may change what the filters of the list ask about; not the priority, which the points set themselves.
EVENTS = frozenset(
    "job.opened job.moved job.turned job.paused job.resumed job.reopened job.assigned job.heard job.answered "
    "job.contacted job.undone job.due_soon job.overdue job.far_overdue job.filled_in job.next_step_planned "
    "job.corrected".split()
)


@dataclass(frozen=True)
class ActivePoint:
    """PriorityPoint with parsed conditions. Points whose conditions are no longer valid are left out."""

    words: str
    points: int
    groups: tuple[Group, ...]


def job_kind() -> RecordKind:
    """Return the record kind of leads."""
    kind = record_kind(JOB)
    assert kind is not None, "this app adds it"
    return kind


@cached_per_tenant
def active_points() -> tuple[ActivePoint, ...]:
    """Return the valid points of the current tenant."""
    read = [(row, read_conditions(job_kind(), row.where)) for row in PriorityPoint.objects.order_by("pk")]
    return tuple(ActivePoint(row.words, row.points, groups_of(filters)) for row, filters in read if not filters.dropped)


def wanted_events() -> frozenset[str]:
    """Return the kinds of events after which points of the current tenant may change."""
    if active_points():
        return EVENTS
    return frozenset()


def handle_events(heard: Sequence[Event]) -> None:
    """Recount the points of leads that these events concern."""
    count_points({event.job_id for event in heard if event.job_id})


def count_points(ids: Collection[int]) -> None:
    """Count the points of open leads, save them with their reasons, and set the priority unless a person chose it.

    Leads of customers who object to profiling have none.
    """
    jobs = {job.pk: job for job in Job.objects.open().filter(may_be_profiled(), pk__in=list(ids))}
    if not jobs:
        return
    points = active_points()
    judged = judge_conditions(job_kind(), list(jobs), [group for one in points for group in one.groups])
    reasons = {
        pk: [[one.words, one.points] for one in points if all_groups_hold(one.groups, results)]
        for pk, results in judged.items()
    }
    before = {row.job_id: row for row in PriorityScore.objects.filter(job__in=list(jobs))}
    wanted = _priority_changes([jobs[pk] for pk in sorted(judged)], reasons, before)
    _set_priorities(wanted)
    rows = [
        PriorityScore(
            job_id=pk,
            points=sum(points for _words, points in reasons[pk]),
            reasons=reasons[pk],
            set_to=wanted.get(pk, before[pk].set_to if pk in before else None),
        )
        for pk in sorted(judged)
    ]
    PriorityScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "job"],
        update_fields=["points", "reasons", "set_to", "at"],
    )


def forget_points(person: Person, **_extra: object) -> None:
    """Delete the points of a person's leads, as they object to profiling."""
    PriorityScore.objects.filter(job__in=Job.objects.filter(person=person)).delete()


def priority_by(points: int) -> Priority:
    """Return the priority for a number of points."""
    policy = automation_policy()
    if policy.urgent_from is not None and points >= policy.urgent_from:
        return Priority.URGENT
    if policy.high_from is not None and points >= policy.high_from:
        return Priority.HIGH
    return Priority.NORMAL


def _priority_changes(
    jobs: Sequence[Job], reasons: Mapping[int, list[list[object]]], before: Mapping[int, PriorityScore]
) -> dict[int, Priority]:
    """Return the leads whose priority changes. Points only lower a priority that they set themselves."""
    by_hand = chosen_by_person([job.pk for job in jobs])
    changes = dict[int, Priority]()
    for job in jobs:
        worth = priority_by(sum(int(str(points)) for _words, points in reasons[job.pk]))
        mine = job.pk in before and before[job.pk].set_to == job.priority
        if job.pk not in by_hand and (worth < job.priority or (mine and worth > job.priority)):
            changes[job.pk] = worth
    return changes


def chosen_by_person(ids: Sequence[int]) -> set[int]:
    """Return the leads whose priority was last set by a person."""
    last = Event.objects.filter(kind="job.prioritized", job_id__in=list(ids)).order_by("job_id", "-pk")
    return {job_id for job_id, actor in last.distinct("job_id").values_list("job_id", "actor_id") if actor}


def _set_priorities(wanted: Mapping[int, Priority]) -> None:
    for priority in sorted({*wanted.values()}):
        rows = Job.objects.open().filter(pk__in=[pk for pk, other in wanted.items() if other == priority])
        prioritize_all(Job.lock_all(rows), priority, by=None)


def recount_all() -> None:
    """Schedule recounting of all leads, in slices."""
    due.schedule(RECOUNT, 0, clock.now(), key=RECOUNT)


def recount_slice(after: Sequence[int]) -> None:
    """Recount the next slice of open leads; after the last one, schedule the next nightly recount."""
    rows = Job.objects.open().filter(pk__gt=after[0]).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:SLICE])
    count_points(ids)
    if len(ids) == SLICE:
        due.schedule(RECOUNT, ids[-1], clock.now(), key=RECOUNT)
    elif active_points():
        due.schedule(RECOUNT, 0, _next_night(clock.now()), key=RECOUNT)


def _next_night(now: datetime) -> datetime:
    zone = directory().zone
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), NIGHT, zone)


def why_priority(job: Job) -> str:
    """Return "By points, 5: insurance job +3, …"; blank if the lead has no points or none count."""
    row = None
    if active_points():
        row = PriorityScore.objects.filter(job=job).first()
    if row is None or not row.reasons:
        return ""
    listed = ", ".join(f"{words} {points:+d}" for words, points in row.reasons)
    names = {"priority": Priority(job.priority).label, "reasons": listed, "points": row.points}
    if row.set_to == job.priority:
        return _("Priority %(priority)s by points: %(reasons)s") % {
            **names,
            "priority": str(names["priority"]).lower(),
        }
    if priority_by(row.points) != job.priority and chosen_by_person([job.pk]):
        return _("%(points)s points (%(reasons)s), but the priority was set by hand") % names
    return _("%(points)s points: %(reasons)s") % names
