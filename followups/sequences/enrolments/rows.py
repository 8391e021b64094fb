"""Rows of enrolments: whose, which sequence, where it stands and what comes next. A few queries for all."""

from collections.abc import Sequence as Rows
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp
from followups.sequences.definition import SequenceAct, SequenceFork, SequenceWait
from followups.sequences.editor.sequence_text import step_text
from followups.sequences.models import (
    EndReason,
    Enrolment,
    EnrolmentEntry,
    EnrolmentState,
    PauseReason,
    Sequence,
    SequenceVersion,
)
from followups.sequences.models.choices import NOT_LEFT
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.stop_reasons import StopReason


@dataclass(frozen=True)
class EnrolmentRow:
    """An enrolment as pages show it."""

    enrolment: Enrolment
    sequence: Sequence
    title: str
    job_url: str
    url: str
    owner: str
    # The number of its step among the steps that do something, and how many there are.
    number: int
    total: int
    # What comes next, and when; of one that is over, why and when.
    next: str
    when: str
    # Why it does not move: paused, or its follow-up is not done.
    hold: str
    is_late: bool
    entered: str
    # What can be done with it.
    can_skip: bool
    can_put_back: bool

    @property
    def stop_reasons(self) -> Any:
        return StopReason.choices

    @property
    def place(self) -> str:
        """Where it stands: "step 2 of 5"."""
        return _("step %(number)s of %(total)s") % {"number": self.number, "total": self.total}


def enrolment_rows(enrolments: Rows[Enrolment], reader: Reader, slug: str) -> list[EnrolmentRow]:
    """Return the rows of these enrolments, in their order."""
    jobs = Job.objects.in_bulk({row.job_id for row in enrolments})
    tasks = FollowUp.objects.in_bulk({row.task_id for row in enrolments if row.task_id})
    versions = SequenceVersion.objects.in_bulk({row.version_id for row in enrolments})
    return [
        _build_row(row, versions[row.version_id], jobs[row.job_id], tasks.get(row.task_id or 0), reader, slug)
        for row in enrolments
    ]


def _build_row(
    row: Enrolment, version: SequenceVersion, job: Job, task: FollowUp | None, reader: Reader, slug: str
) -> EnrolmentRow:
    owner = directory().members.get(job.member_id or 0)
    number, total = step_number(version, row.position)
    next_text, when = _next_words(row, version, task, reader)
    return EnrolmentRow(
        row,
        sequences_by_id()[row.sequence_id],
        job.title,
        record_url(job, slug),
        record_url(row, slug),
        owner.name if owner else "",
        number,
        total,
        next_text,
        when,
        _hold_words(row, task, reader),
        task is not None and task.due_at is not None and task.due_at < clock.now(),
        _entry_words(row, reader),
        _may_skip(row, version),
        not row.is_inside and row.end_reason not in (EndReason.FINISHED, EndReason.TEST, *NOT_LEFT),
    )


def _may_skip(row: Enrolment, version: SequenceVersion) -> bool:
    """True if an enrolment stands at a wait that is not over."""
    is_waiting = row.state == EnrolmentState.ACTIVE and row.next_at is not None and row.next_at > clock.now()
    return is_waiting and isinstance(version.nodes[row.position].step, SequenceWait)


def step_number(version: SequenceVersion, position: int) -> tuple[int, int]:
    """Return the number of the next act from a position on, and how many acts there are; at the end the last one."""
    acts = [node.position for node in version.nodes if isinstance(node.step, SequenceAct)]
    before = sum(act < position for act in acts)
    return min(before + 1, len(acts)), len(acts)


def _next_words(row: Enrolment, version: SequenceVersion, task: FollowUp | None, reader: Reader) -> tuple[str, str]:
    if row.state == EnrolmentState.ENDED:
        reason = str(EndReason(row.end_reason).label)
        return reason[:1].upper() + reason[1:], near_words(row.ended_at, reader)
    if task is not None:
        return task.subject, near_words(task.due_at, reader)
    return next_act_text(version, row.position), near_words(row.next_at, reader)


def near_words(at: datetime | None, reader: Reader) -> str:
    """Return an instant relative to now; blank for none."""
    if at is None:
        return ""
    return reader.near(at)


def next_act_text(version: SequenceVersion, position: int) -> str:
    """Return the step that comes after a wait, or the step at a position itself."""
    node = version.nodes[position]
    following: int | None = position
    while following is not None and isinstance(version.nodes[following].step, SequenceWait):
        following = version.nodes[following].following
    if following is None:
        return _("the end")
    node = version.nodes[following]
    text = step_text(node.step)
    if isinstance(node.step, SequenceFork):
        return text.head
    return text.line


def _hold_words(row: Enrolment, task: FollowUp | None, reader: Reader) -> str:
    if row.state == EnrolmentState.PAUSED:
        reason = str(PauseReason(row.pause_reason).label)
        if row.paused_until:
            return _("paused until %(when)s: %(reason)s") % {"when": reader.near(row.paused_until), "reason": reason}
        return _("paused: %(reason)s") % {"reason": reason}
    if task is not None and task.is_open:
        return _("goes on when the follow-up is done")
    return ""


def _entry_words(row: Enrolment, reader: Reader) -> str:
    day = reader.day(row.entered_at)
    member = directory().members.get(row.entered_by_id or 0)
    if member:
        return _("started %(day)s by %(name)s") % {"day": day, "name": member.name}
    return _("started %(day)s, %(how)s") % {"day": day, "how": EnrolmentEntry(row.entry).label}
