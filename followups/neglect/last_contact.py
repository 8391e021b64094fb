"""When customers last had contact with us, and whether more is planned or under way."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Max, Q

from comms.models import Message, Purpose
from crm.jobs.models import CONTACTS, Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.job_record import JobState
from crm.kernel import clock
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Event
from followups.models import FollowUp, FollowUpOutcome

_ARRIVED = ("delivered", "opened", "clicked")
# What reached the customer. Mail servers don't report delivery: one that was not returned counts as delivered.
_OUTBOUND = Q(direction="out", state="sent") & (Q(delivery__in=_ARRIVED) | Q(medium="email", delivery=""))


@dataclass(frozen=True, kw_only=True)
class ContactUnderWay(Feature):
    """An app's rule for which of these customers it is in contact with at present, such as by a sequence."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    people: Callable[[Collection[int]], Collection[int]]


def people_under_way(people: Collection[int]) -> set[int]:
    """Return those of these customers that an app is in contact with at present."""
    return {pk for source in features.of(ContactUnderWay) for pk in source.people(people)}


def last_contacts(people: Collection[int]) -> dict[int, datetime]:
    """Return the last two-way contact of each customer with an open or done job; else the opening of their last job.

    That is a message from them (a STOP is none), one to them that arrived and is no advertising, a call, visit or
    meeting with them.
    """
    jobs = Job.objects.filter(person_id__in=people, state__in=(JobState.OPEN, JobState.DONE)).order_by()
    job_people = dict(jobs.values_list("pk", "person_id"))
    times: dict[int, datetime] = {}
    _keep_latest(times, jobs.values_list("person_id").annotate(at=Max("came_in_at")))
    messages = Message.objects.answers() | Message.objects.filter(_OUTBOUND).exclude(purpose=Purpose.MARKETING)
    by_person = messages.filter(person_id__in=people).order_by().values_list("person_id")
    _keep_latest(times, by_person.annotate(last=Max("at")))
    reached = Event.objects.filter(kind="job.contacted", job_id__in=job_people, data__outcome="reached").order_by()
    by_job = reached.values_list("job_id").annotate(last=Max("at"))
    _keep_latest(times, [(job_people[job_id], at) for job_id, at in by_job])
    done = FollowUp.objects.filter(person_id__in=people, kind__in=CONTACTS, outcome=FollowUpOutcome.SUCCESSFUL)
    _keep_latest(times, done.order_by().values_list("person_id").annotate(last=Max("completed_at")))
    customers = set(job_people.values())
    return {person_id: at for person_id, at in times.items() if person_id in customers}


def _keep_latest(times: dict[int, datetime], found: Iterable[Any]) -> None:
    for person_id, at in found:
        if at and (person_id not in times or at > times[person_id]):
            times[person_id] = at


def planned_contacts(people: Collection[int]) -> dict[int, datetime]:
    """Return the time of the next planned follow-up or appointment of each customer who has one."""
    now = clock.now()
    rows = FollowUp.objects.open().filter(person_id__in=people, due_at__gte=now)
    coming = Appointment.objects.coming(now).filter(job__person_id__in=people)
    times = [*rows.values_list("person_id", "due_at"), *coming.values_list("job__person_id", "ends_at")]
    # The earliest comes last, and stays.
    return dict(sorted(times, key=lambda pair: pair[1], reverse=True))
