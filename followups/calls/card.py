"""The card of one call: the customer, why they are called, what was said last, and how it may end."""

from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comms.models import Message
from comms.timeline import describe_message
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from followups.calls.also_open import list_open_matters
from followups.calls.day_summary import summarize_day
from followups.calls.opening import opening_sentence
from followups.calls.outcomes import OUTCOMES, next_try
from followups.calls.permission import read_permission
from followups.calls.queue import CallQueue
from followups.models import FollowUp, FollowUpOutcome
from followups.notes.lines import read_note_lines
from followups.rows import FollowUpRowBuilder

SAID = 3
LONGEST = 160


class LastSaid(NamedTuple):
    """A message of the customer's: who wrote it, when, and how it begins."""

    words: str
    day: str
    text: str


class QueueEntry(NamedTuple):
    """A call in the list beside the card."""

    follow_up: FollowUp
    name: str
    # What it is about, or how it went.
    note: str
    due: str
    due_css: str
    # The next try, of a call that is made.
    again: FollowUp | None = None


def card_context(request: TenantRequest, queue: CallQueue, follow_up: FollowUp) -> dict[str, Any]:
    """Return the context of a call's card and of the list beside it."""
    reader = Reader.of(request.member, clock.now())
    maker = FollowUpRowBuilder(request, reader, [follow_up])
    job = visible_job(follow_up, request.member)
    row = maker.row(follow_up)
    bar = ""
    if job:
        bar = ClockWords(job, reader).bar(shapes()[job.pipeline_id])
    permission = None
    if row.phone:
        permission = read_permission(follow_up, job, row.phone, request.member, reader)
    return {
        "row": row,
        "follow_up": follow_up,
        "name": customer_name(follow_up, maker),
        "job": job,
        "bar": bar,
        "note_lines": read_note_lines([follow_up], reader, request.member.pk)[follow_up.pk],
        "due": reader.moment(follow_up.due_at) if follow_up.due_at else "",
        "tries": count_tries(follow_up),
        "last_said": last_said(follow_up, job, request.member, reader),
        "opening": opening_sentence(follow_up, job, person_name(follow_up, job, maker), request.member, reader),
        "matters": list_open_matters(follow_up, job, request.member, reader),
        "permission": permission,
        "options": option_rows(reader),
        "following": queue.after(follow_up),
        **queue_context(request, queue),
    }


def queue_context(request: TenantRequest, queue: CallQueue) -> dict[str, Any]:
    """Return the context of the list of calls and its progress."""
    reader = Reader.of(request.member, clock.now())
    rows = [*queue.made, *queue.waiting]
    maker = FollowUpRowBuilder(request, reader, rows, in_list=False)
    summary = summarize_day(queue, request.member, reader)
    hours, minutes = divmod(queue.minutes_left, 60)
    return {
        "queue": queue,
        "entries": [_build_entry(row, maker, summary.again.get(row.pk)) for row in rows],
        "made": [_build_entry(row, maker, summary.again.get(row.pk)) for row in queue.made],
        "summary": summary,
        "again_today": [(customer_name(row, maker), maker.due(row)[0], row.uid) for row in summary.again_today],
        "hours_left": hours,
        "rest_minutes": minutes,
        "today": reader.long_day(reader.now),
    }


def option_rows(reader: Reader) -> list[dict[str, Any]]:
    """Return the outcomes with their key, and when each calls again by default."""
    return [
        {"key": key, "outcome": outcome, "again": reader.near(at) if at else ""}
        for key, outcome in enumerate(OUTCOMES.values(), 1)
        for at in [next_try(outcome, reader)]
    ]


def visible_job(follow_up: FollowUp, member: Member) -> Job | None:
    """Return the follow-up's job if the member may see it: who has a follow-up does not always see its lead."""
    job: Job | None = Job.objects.visible_to(member).filter(pk=follow_up.job_id).first()
    return job


def customer_name(follow_up: FollowUp, maker: FollowUpRowBuilder) -> str:
    """Return the name of the customer the reader may see, else what is to be done."""
    job = maker.jobs.get(follow_up.job_id or 0)
    if job:
        return job.title
    person = maker.linked.person(follow_up)
    if person:
        return person.name
    return follow_up.subject


def count_tries(follow_up: FollowUp) -> int:
    """Count the unanswered calls before this one, back to the last with another outcome."""
    if not (follow_up.job_id or follow_up.person_id):
        return 0
    same = Q(job_id=follow_up.job_id)
    if not follow_up.job_id:
        same = Q(person_id=follow_up.person_id)
    made = FollowUp.objects.filter(same, kind=follow_up.kind, completed_at__isnull=False)
    tries = 0
    for outcome in made.order_by("-completed_at").values_list("outcome", flat=True)[:20]:
        if outcome != FollowUpOutcome.NO_ANSWER:
            break
        tries += 1
    return tries


def last_said(follow_up: FollowUp, job: Job | None, member: Member, reader: Reader) -> list[LastSaid]:
    """Return the beginnings of the last messages with the customer that the member may read. None that waits."""
    unsaid = [*Message.WAITING, Message.State.CANCELLED, Message.State.DROPPED]
    messages = Message.objects.readable_by(member).exclude(state__in=unsaid)
    if job:
        messages = messages.filter(job=job)
    elif follow_up.person_id and not follow_up.job_id:
        messages = messages.filter(person_id=follow_up.person_id)
    else:
        return []
    return [
        LastSaid(describe_message(message), reader.day(message.at), Truncator(message.text).chars(LONGEST))
        for message in messages.select_related("person").newest_first()[:SAID]
    ]


def person_name(follow_up: FollowUp, job: Job | None, maker: FollowUpRowBuilder) -> str:
    """Return the name of the person who is called, if the reader may see it; "" if there is none."""
    person = maker.linked.person(follow_up)
    if job:
        person = job.person
    if person is None:
        return ""
    return person.name


def _build_entry(follow_up: FollowUp, maker: FollowUpRowBuilder, again: FollowUp | None) -> QueueEntry:
    due, css = maker.due(follow_up)
    note = follow_up.subject
    if not follow_up.is_open:
        note = _("%(outcome)s, %(time)s") % {
            "outcome": FollowUpOutcome(follow_up.outcome).label,
            "time": maker.reader.time(follow_up.completed_at or maker.reader.now),
        }
    if again:
        note = _("%(outcome)s · again %(when)s") % {"outcome": note, "when": maker.due(again)[0]}
    return QueueEntry(follow_up, customer_name(follow_up, maker), note, due, css, again)
