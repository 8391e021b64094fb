"""The page of an enrolment: where the lead stands, and its log: what was sent, what was not, and why."""

from collections.abc import Sequence as Rows
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comms.models import Message
from crm.jobs.timeline.timeline import sentence
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp
from followups.sequences.definition import SequenceWait
from followups.sequences.editor.sequence_text import StepText, step_text
from followups.sequences.editor.trial_log import noted_time, noted_words
from followups.sequences.editor.walk_through import SequenceWalk
from followups.sequences.enrolments.rows import enrolment_rows
from followups.sequences.models import Enrolment, EnrolmentStep, StepResult
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.models.step_record import step_origin
from followups.sequences.setup import read_version
from followups.sequences.stop_reasons import stop_reason_text

ENROL = "sequences.enrol"
# Events of an enrolment on its page.
MOST_EVENTS = 100


class LogLine(NamedTuple):
    """A line of the log. `url`: what was made, or what caused it."""

    at: datetime
    when: str
    icon: str
    text: str
    note: str = ""
    url: str = ""
    link: str = ""


def page_of(row: Enrolment, member: Member, reader: Reader, slug: str) -> dict[str, Any]:
    """Return the context of the page."""
    [line] = enrolment_rows([row], reader, slug)
    lines = [*_event_lines(row, reader, slug), *_step_lines(row, reader, slug)]
    return {
        "row": line,
        "enrolment": row,
        "log": sorted(lines, key=lambda one: one.at),
        "ahead": _steps_ahead(row, reader),
        "may_act": allows(member, ENROL),
    }


def _steps_ahead(row: Enrolment, reader: Reader) -> list[tuple[StepText, str, str]]:
    """Return the steps to come, each with its expected time and a note; empty for one that is over."""
    if not row.is_inside:
        return []
    walk = SequenceWalk(read_version(row.version), row.job, row.next_at or clock.now())
    node = row.version.nodes[row.position]
    position: int | None = row.position
    if isinstance(node.step, SequenceWait) or row.begun_at is not None:
        position = node.following
    lines = [line for line in walk.lines(position) if not line.is_wait]
    return [(line.text, reader.near(line.at), line.note) for line in lines]


def _step_lines(row: Enrolment, reader: Reader, slug: str) -> list[LogLine]:
    """Return what was done for the lead, step by step."""
    steps: Rows[EnrolmentStep] = list(EnrolmentStep.objects.filter(enrolment=row).order_by("pk"))
    origins = {step_origin(row.pk, step.position): step for step in steps}
    messages = {message.origin: message for message in Message.objects.filter(origin__in=origins)}
    tasks = {task.origin: task for task in FollowUp.objects.filter(origin__in=origins)}
    return [
        _step_line(row, step, messages.get(origin), tasks.get(origin), reader, slug) for origin, step in origins.items()
    ]


def _step_line(
    row: Enrolment,
    step: EnrolmentStep,
    message: Message | None,
    task: FollowUp | None,
    reader: Reader,
    slug: str,
) -> LogLine:
    text = step_text(row.version.nodes[step.position].step)
    result = ": ".join(filter(None, [str(StepResult(step.result).label), step.reason]))
    if step.result == StepResult.WOULD:
        result = f"{reader.near(noted_time(step))}: {noted_words(step)}"
    if message is not None:
        result = ": ".join(filter(None, [str(message.get_state_display()), step.reason]))
    elif task is not None:
        result = ": ".join(filter(None, [str(task.get_status_display()), step.reason]))
    made = message or task
    if made is not None:
        url = record_url(made, slug)
    else:
        url = ""
    link = ""
    if url:
        if message:
            link = _("the message")
        else:
            link = _("the follow-up")
    return LogLine(step.at, reader.moment(step.at), text.icon, text.line, result, url, link)


def _event_lines(row: Enrolment, reader: Reader, slug: str) -> list[LogLine]:
    """Return how it began, rested, went on and ended."""
    events = Event.objects.filter(subject_kind=row._meta.label_lower, subject_id=row.pk).order_by("pk")
    return [_event_line(row, event, reader, slug) for event in events[:MOST_EVENTS]]


def _event_line(row: Enrolment, event: Event, reader: Reader, slug: str) -> LogLine:
    text = sentence(event, reader)
    icon = _EVENT_ICONS.get(event.kind, "workflow")
    if event.kind != "sequence.ended" or row.is_inside:
        return LogLine(event.at, reader.moment(event.at), icon, text)
    cause = _end_cause(row)
    if cause is not None:
        url = record_url(cause, slug)
    else:
        url = ""
    note = stop_reason_text(row.end_cause.get("why", ""))
    return LogLine(event.at, reader.moment(event.at), icon, text, note, url, _("why") if url else "")


def _end_cause(row: Enrolment) -> Any:
    """Return what brought the end: a message, a follow-up, or the sequence that took its place; None if not known."""
    cause = row.end_cause
    if "message" in cause:
        return Message.objects.filter(pk=cause["message"]).first()
    if "follow_up" in cause:
        return FollowUp.objects.filter(pk=cause["follow_up"]).first()
    return sequences_by_id().get(cause.get("sequence", 0))


_EVENT_ICONS = {"sequence.entered": "play", "sequence.ended": "flag", "sequence.paused": "pause"}
