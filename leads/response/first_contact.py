"""Record how soon a new lead was contacted: a row when it opens, updated by contact events.

A logged call, text, mail or visit is one, tried or reached; so is a colleague's message once it left, and a call that
the telephone system tells of. What a machine sends is none. What is taken back counts no more.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from crm.jobs.clock import arithmetic
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from leads.models import FirstContact

# Due work: the next rung of the ladder (chain.py).
CLIMB = "leads.response"
OPENED = "job.opened"
IMPORT = "import"
CONTACTED = "job.contacted"
ANSWERED = "job.answered"
WITHDRAWN = "job.contact_withdrawn"
UNDONE = "job.undone"
EVENTS = (CONTACTED, ANSWERED, WITHDRAWN, UNDONE)
# What only a person does, even where no member is known.
_SPOKEN = ("call", "phone")
_BATCH = 500


class Contact(NamedTuple):
    """A contact as recorded in its event."""

    at: datetime
    member_id: int | None
    channel: str


def expect(sender: Any, *, job: Job, by: Member | None, **_more: Any) -> None:
    """Create the row when a lead is opened, in the same transaction; a lead in a later step had contact before."""
    if row := build_first_contact(job):
        row.save(force_insert=True)
        # Who entered it as their own is at it.
        if job.member_id is None or by is None or by.pk != job.member_id:
            due.schedule(CLIMB, job.pk, clock.now())


def build_first_contact(job: Job) -> FirstContact | None:
    """Return the unsaved row of a job from when it came in; None for one that begins in a later step."""
    first = pipeline_setup().first_step(job.pipeline_id)
    if job.stage_id not in (None, first):
        return None
    seconds, calendar_id = pipeline_setup().allowance(job.pipeline_id, first, job.brand_id, job.priority)
    hours = None
    if calendar_id:
        hours = directory().calendars[calendar_id]
    due_at = arithmetic.instants(job.came_in_at, seconds, hours).due_at
    return FirstContact(job=job, opened_at=job.came_in_at, allowed=seconds, calendar_id=calendar_id, due_at=due_at)


def hear(heard: Sequence[Event]) -> None:
    """Update the first contact of leads with a contact made or taken back (subscriber)."""
    settle({event.job_id for event in heard if event.job_id})


def settle(job_ids: Collection[int]) -> list[FirstContact]:
    """Recompute the first contact of these leads from their events; return the rows that changed. Three queries."""
    rows = list(FirstContact.objects.select_for_update().filter(pk__in=job_ids).order_by("pk"))
    events = Event.objects.filter(job_id__in=[row.pk for row in rows], kind__in=EVENTS, subject_kind="jobs.job")
    events_by_job: dict[int, list[Event]] = {}
    for event in events.order_by("pk"):
        events_by_job.setdefault(event.job_id, []).append(event)
    changed = [row for row in rows if row.settle(*(first_contact(events_by_job.get(row.pk, ())) or (None, None, "")))]
    FirstContact.objects.bulk_update(changed, ["contacted_at", "member", "channel", "seconds"], batch_size=_BATCH)
    return changed


def first_contact(events: Iterable[Event]) -> Contact | None:
    """Return the first human contact in a lead's events, oldest first, that was not taken back."""
    contacts: list[tuple[Event, Contact]] = []
    for event in events:
        if event.kind == WITHDRAWN:
            contacts = [pair for pair in contacts if pair[0].data.get("touched_at") != event.data.get("touched_at")]
        elif event.kind == UNDONE:
            since = datetime.fromisoformat(event.data["since"])
            of = event.data.get("of")
            contacts = [pair for pair in contacts if pair[0].kind != of or pair[0].at < since]
        elif contact := _contact_of_event(event):
            contacts.append((event, contact))
    return min((contact for _event, contact in contacts), default=None, key=lambda contact: contact.at)


def _contact_of_event(event: Event) -> Contact | None:
    channel = str(event.data.get("kind") or event.data.get("channel") or "")
    if event.actor_id is None and channel not in _SPOKEN:
        return None
    at = event.data.get("touched_at")
    return Contact(datetime.fromisoformat(at) if at else event.at, event.actor_id, channel)


def catch_up() -> None:
    """Create the rows of existing leads, once, for a tenant that has none yet."""
    if FirstContact.objects.exists():
        return
    opened = Event.objects.filter(kind=OPENED, subject_kind="jobs.job").exclude(data__cause=IMPORT)
    ids = list(opened.order_by("pk").values_list("subject_id", flat=True))
    for place in range(0, len(ids), _BATCH):
        jobs = Job.objects.filter(pk__in=ids[place : place + _BATCH]).order_by("pk")
        rows = [row for job in jobs if (row := _of_past(job))]
        FirstContact.objects.bulk_create(rows)
        settle([row.pk for row in rows])


def _of_past(job: Job) -> FirstContact | None:
    # Where it stands now says nothing of where it began.
    job.stage_id = None
    return build_first_contact(job)
