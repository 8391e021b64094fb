"""Release the messages that are held because their sequence rests, once it goes on. The gate decides on them again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from comms.gate.held_messages import held_messages, queue_again
from comms.gate.origin_check import first_origin
from comms.gate.verdict import Outcome
from comms.models import Direction, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from followups.sequences.definition import SequenceWait
from followups.sequences.engine.send_check import RESTS, check_messages
from followups.sequences.engine.states import save_enrolments
from followups.sequences.models import Enrolment
from followups.sequences.models.step_record import ORIGIN, parse_origin
from followups.sequences.setup import read_versions

SLICE = 500


def release_all() -> None:
    """Release the messages of all sequences that no longer rest. Idempotent."""
    messages = held_messages(RESTS).filter(person__isnull=False).order_by()
    people = sorted(set(messages.values_list("person_id", flat=True)))
    for start in range(0, len(people), SLICE):
        release_messages(people[start : start + SLICE])


def release_messages(people: Collection[int]) -> None:
    """Release the messages to these customers whose sequence no longer rests. Idempotent.

    A wait behind such a message counts from now, as it counts from when a message leaves.
    """
    waiting = Message.objects.filter(person_id__in=people, direction=Direction.OUT, state__in=Message.WAITING)
    if not people or not waiting.exists():
        return
    rows = Enrolment.lock_all(Enrolment.objects.inside().of_people(people))
    # The gate may hold one at this moment: whoever has claimed it is waited for.
    ids = [message.pk for message in Message.lock_all(waiting)]
    messages = list(held_messages(RESTS).filter(pk__in=ids).select_related("instead_of").order_by("pk"))
    origins = {message.pk: first_origin(message) for message in messages}
    checks = check_messages(origins)
    free = [message for message in messages if message.pk not in checks or checks[message.pk].outcome != Outcome.DEFER]
    queue_again(free)
    places = [parse_origin(origins[message.pk]) for message in free]
    enrolment_ids = {place[0] for place in places if place}
    _restart_waits([row for row in rows if row.pk in enrolment_ids], {})


def follow_departures(rows: Sequence[Enrolment]) -> None:
    """Let the waits of locked enrolments that rested begin when their last message left, or is released."""
    people = {row.person_id for row in rows}
    release_messages(people)
    messages = Message.objects.filter(person_id__in=people, origin__startswith=ORIGIN, sent_at__isnull=False)
    departures: dict[int, datetime] = {}
    for origin, sent_at in messages.order_by("sent_at").values_list("origin", "sent_at"):
        if place := parse_origin(origin):
            departures[place[0]] = sent_at
    # As released just now.
    present = Enrolment.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        row.begun_at = present[row.pk].begun_at
        row.next_at = present[row.pk].next_at
        row.calendar_id = present[row.pk].calendar_id
    late = [row for row in rows if row.begun_at and row.pk in departures and departures[row.pk] > row.begun_at]
    _restart_waits(late, departures)


def _restart_waits(rows: Collection[Enrolment], departures: Mapping[int, datetime]) -> None:
    """Let the waits at which these enrolments stand begin at a departure, or now."""
    reads = read_versions({row.version_id for row in rows})
    brands = dict(Job.objects.filter(pk__in={row.job_id for row in rows}).values_list("pk", "brand_id"))
    organization = directory()
    changed = []
    for row in rows:
        step = reads[row.version_id].steps[row.position].node.step
        if isinstance(step, SequenceWait) and row.begun_at is not None:
            row.begun_at = departures.get(row.pk, clock.now())
            row.calendar_id = organization.calendar_of(brands[row.job_id])
            row.next_at = step.span.after(row.begun_at, organization.calendars.get(row.calendar_id or 0))
            changed.append(row)
    save_enrolments(changed)
