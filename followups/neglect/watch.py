"""Find neglected customers: one piece of due work per customer, at the instant the cadence will be exceeded.

A contact moves that instant, so that customers whom nothing is due for cost nothing. What it comes to is decided then,
from the contacts themselves, so a late or missing event does no harm.

A backlog is marked alone, and managers are asked to plan its calls: who is silent already when the watch begins or a
cadence changes, and many at once, as after an import or an outage.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import ngettext

from comms.models import Message
from crm.automation.setup import organization_member
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.jobs.models import Job, Priority
from crm.jobs.models.job_record import JobState
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Due, Event, Member, Role
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from crm.web.notices.notify import notify
from followups.models import FollowUp, FollowUpKind
from followups.neglect.last_contact import last_contacts, people_under_way, planned_contacts
from followups.neglect.models.contact_cadence import DEFAULT_DAYS, LONGEST_DAYS, live_cadences
from followups.neglect.models.neglect import Neglect

# Due work at the instant a customer may have become neglected; the subject is the person.
NEGLECTED = "person.neglected"
# Due work that looks at a customer for the first time, or with another cadence.
FIRST_LOOK = "person.first_look"
# More of them at once are a backlog.
MOST_AT_ONCE = 20
# The cause in the events of follow-ups.
CAUSE = "neglect"
# The notice of a backlog, and who gets it.
BACKLOG = "customer.neglected"
_MANAGERS = (Role.MANAGER, Role.ADMIN)
CONTACT_EVENTS = (
    *("message.received", "message.sent", "message.delivered"),
    *("job.contacted", "job.opened", "followup.completed"),
)
CADENCE_EVENTS = tuple(f"contact_cadence.{act}" for act in ("added", "edited", "archived", "restored"))
_DAY = timedelta(days=1)
_MORNING = time(9)
# Who has been silent for longer is no customer to call, but one to win back.
_LONGEST = timedelta(days=LONGEST_DAYS)
_SHARE = 2000


def watch_contacts(heard: Sequence[Event]) -> None:
    """Schedule the next check of these events' customers, and end neglects after a contact. Idempotent."""
    people = set[int]()
    for app, model in (("message.", Message), ("job.", Job), ("followup.", FollowUp)):
        ids = {event.subject_id for event in heard if event.kind.startswith(app)}
        rows = model.objects.filter(pk__in=ids, person__isnull=False).order_by()
        people.update(rows.values_list("person_id", flat=True))
    shortest = min([DEFAULT_DAYS, *(row.days for row in live_cadences())])
    customers = set(_customers().filter(person_id__in=people).values_list("person_id", flat=True))
    due.schedule_all(NEGLECTED, [(pk, clock.now() + shortest * _DAY) for pk in sorted(customers)])
    lasting = set(Neglect.objects.lasting().filter(person_id__in=people).values_list("person_id", flat=True))
    if lasting:
        _end_by_contact(lasting, last_contacts(lasting))


def watch_customers() -> None:
    """Watch the customers of a tenant that is not watched yet."""
    if not Due.objects.filter(tenant_id=required_tenant_id(), kind__in=(NEGLECTED, FIRST_LOOK)).exists():
        watch_all()


def watch_all(_changes: Sequence[Event] = ()) -> None:
    """Look at all customers soon, as after a change of the cadences. Who is neglected by then is a backlog."""
    people = sorted(set(_customers().values_list("person_id", flat=True)))
    now = clock.now()
    for start in range(0, len(people), _SHARE):
        due.schedule_all(FIRST_LOOK, [(pk, now) for pk in people[start : start + _SHARE]])


def _customers() -> "QuerySet[Job]":
    """Return the jobs whose person counts as a customer: open and done ones."""
    jobs: QuerySet[Job] = Job.objects.filter(person__isnull=False, state__in=(JobState.OPEN, JobState.DONE)).order_by()
    return jobs


def _end_by_contact(people: Collection[int], contacts: Mapping[int, datetime]) -> None:
    """End the neglects of these customers that a later contact ends, or the end of their last job."""
    for row in Neglect.objects.lasting().filter(person_id__in=people).select_related("follow_up").order_by("pk"):
        at = contacts.get(row.person_id)
        if at is None or at > row.touched_at:
            _end_neglect(row)


def _end_all(people: Collection[int]) -> None:
    """End the neglects of these customers, whose cadence became longer."""
    for row in Neglect.objects.lasting().filter(person_id__in=people).select_related("follow_up").order_by("pk"):
        _end_neglect(row)


@transaction.atomic
def _end_neglect(row: Neglect) -> None:
    """End it, and cancel what was planned because of it."""
    Neglect.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=clock.now())
    follow_up = row.follow_up
    # What a person has changed since is theirs.
    if follow_up and follow_up.is_open and follow_up.version == 1:
        follow_up.cancel(by=None, cause=CAUSE)


class SilentCustomer(NamedTuple):
    """A customer who is neglected: without contact since `touched_at`, for longer than so many days."""

    person: Person
    touched_at: datetime
    days: int


def find_neglected(people: Sequence[int]) -> None:
    """Plan a call for each of these customers who is neglected; look at the others again when they may be.

    Idempotent: once per customer and last contact.
    """
    silent = _find_silent(people)
    if len(silent) > MOST_AT_ONCE:
        _mark_backlog(silent)
        return
    for one in silent:
        _plan_for_neglect(one)


def mark_neglected(people: Sequence[int]) -> None:
    """Mark those of these customers who are neglected, without a call (due work of the first look). Idempotent."""
    _mark_backlog(_find_silent(people))


def _find_silent(people: Sequence[int]) -> list[SilentCustomer]:
    """Return those who are neglected and not marked yet; end neglects that are over; schedule the next look."""
    now = clock.now()
    rows = Person.objects.filter(pk__in=people, merged_into__isnull=True, erased_at__isnull=True)
    contacts = {pk: at for pk, at in last_contacts([row.pk for row in rows]).items() if at > now - _LONGEST}
    days = cadence_days(contacts)
    planned = planned_contacts(contacts)
    under_way = people_under_way(contacts)
    later = []
    silent = []
    _end_by_contact(people, last_contacts(people))
    _end_all([pk for pk, at in contacts.items() if at + days[pk] * _DAY > now])
    marked = set(Neglect.objects.filter(person_id__in=contacts).values_list("person_id", "touched_at"))
    for person in rows:
        if person.pk not in contacts:
            continue
        due_at = contacts[person.pk] + days[person.pk] * _DAY
        if due_at > now:
            later.append((person.pk, due_at))
        elif person.pk in planned or person.pk in under_way:
            later.append((person.pk, planned.get(person.pk, now) + _DAY))
        elif (person.pk, contacts[person.pk]) not in marked:
            silent.append(SilentCustomer(person, contacts[person.pk], days[person.pk]))
    due.schedule_all(NEGLECTED, later)
    return silent


def cadence_days(people: Iterable[int]) -> dict[int, int]:
    """Return the cadence of each of these customers: of the first segment they are in."""
    viewer = organization_member()
    rest = set(people)
    days = {}
    for cadence in live_cadences():
        conditions = CUSTOMERS.read_text(cadence.query, viewer).conditions(viewer)
        matches = set(Person.objects.filter(*conditions, pk__in=rest).values_list("pk", flat=True))
        days.update(dict.fromkeys(matches, cadence.days))
        rest -= matches
    return days | dict.fromkeys(rest, DEFAULT_DAYS)


@transaction.atomic
def _plan_for_neglect(one: SilentCustomer) -> None:
    neglect, is_new = _mark(one)
    if is_new:
        neglect.follow_up = plan_call(one.person, one.touched_at, by=None, origin=f"neglect:{neglect.pk}")
        neglect.save(update_fields=["follow_up"])


def _mark(one: SilentCustomer) -> tuple[Neglect, bool]:
    marked: tuple[Neglect, bool] = Neglect.objects.get_or_create(
        person=one.person, touched_at=one.touched_at, defaults={"days": one.days}
    )
    return marked


@transaction.atomic
def _mark_backlog(silent: Sequence[SilentCustomer]) -> None:
    """Mark these customers, and ask managers to plan the calls, once a day."""
    new = sum(is_new for _row, is_new in map(_mark, silent))
    if new:
        managers = [one.pk for one in directory().members.values() if one.active and one.role in _MANAGERS]
        today = clock.now().astimezone(directory().zone).date()
        notify(BACKLOG, managers, key=f"neglect:{today}")


class CallTarget(NamedTuple):
    """The job a call to a customer is about, and its assignee."""

    job: Job | None
    assignee: Member | None


def call_target(person: Person) -> CallTarget:
    """Return the customer's open job, and the active owner of their latest job."""
    jobs = list(Job.objects.filter(person=person, state__in=(JobState.OPEN, JobState.DONE)).order_by("-pk")[:20])
    jobs.sort(key=lambda job: not job.is_open)
    owners = [directory().members.get(job.member_id or 0) for job in jobs]
    return CallTarget(
        next((job for job in jobs if job.is_open), None),
        next((owner for owner in owners if owner and owner.active), None),
    )


def plan_call(
    person: Person,
    touched_at: datetime,
    *,
    by: Member | None,
    origin: str = "",
    target: CallTarget | None = None,
    at: datetime | None = None,
) -> FollowUp:
    """Plan a call for the next morning or `at`, assigned to who looks after the customer, else to who plans it."""
    organization = directory()
    target = target or call_target(person)
    silent = (clock.now() - touched_at).days
    with translation.override(organization.tenant.language):
        words = ngettext("Call: no contact for %(days)s day", "Call: no contact for %(days)s days", silent)
    return FollowUp.plan(
        kind=FollowUpKind.CALL,
        subject=words % {"days": silent},
        due_at=at or next_morning(),
        by=by,
        job=target.job,
        person_id=person.pk,
        assignee=target.assignee or by,
        priority=Priority.HIGH,
        cause=CAUSE,
        origin=origin,
    )


def next_morning() -> datetime:
    """Return nine o'clock tomorrow in the organization's zone."""
    zone = directory().zone
    return datetime.combine(clock.now().astimezone(zone).date() + _DAY, _MORNING, zone)
