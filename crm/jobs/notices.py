"""Notices to members about leads: assignments, stalled leads, and mentions in notes."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.mentions import mentioned_members
from crm.jobs.models import Job, Level, Note
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event, Member
from crm.web.models import NoticeWay
from crm.web.notices.assignment_notices import notify_assigned
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify, notify_all
from crm.web.reader import Reader
from crm.web.shell.record_status import RecordStatus, StatusSummary

ASSIGNED = "job.assigned"
MENTIONED = "note.mention"
UNMOVED = "job.unmoved"


def _assigned_words(data: dict[str, Any]) -> str:
    if count := data.get("count"):
        words = ngettext("%(count)s lead was assigned to you", "%(count)s leads were assigned to you", count)
        return words % {"count": count}
    if data["by"]:
        return _("%(name)s assigned it to you") % {"name": data["by"]}
    return _("It was assigned to you")


def _mentioned_words(data: dict[str, Any]) -> str:
    return _("%(name)s mentioned you in a note") % {"name": data["by"]}


KINDS = [
    NoticeKind(
        name=ASSIGNED,
        permission="jobs.view",
        icon="user-plus",
        label=gettext_lazy("A lead is assigned to me"),
        words=_assigned_words,
        default=NoticeWay.MAIL,
        gathers=False,
        is_urgent=True,
        with_contact=True,
        through_mute=True,
        list_of=Job,
    ),
    NoticeKind(
        name=MENTIONED,
        permission="jobs.view",
        icon="at-sign",
        label=gettext_lazy("A colleague mentions me in a note"),
        words=_mentioned_words,
        default=NoticeWay.MAIL,
        gathers=False,
        through_mute=True,
    ),
    NoticeKind(
        name=UNMOVED,
        permission="jobs.view",
        icon="clock-alert",
        label=gettext_lazy("A lead of mine is very late: over twice its allowed time, or a day if none is set"),
        words=gettext_lazy("Very late: over twice its allowed time"),
        once_until_read=True,
        with_stand=True,
    ),
]


def _stand_by_job(jobs: Sequence[Job], reader: Reader) -> dict[int, StatusSummary]:
    """Return by job the rendered age and micro bar, and the same as a sentence."""
    summaries = {}
    for job in jobs:
        words = ClockWords(job, reader)
        step = pipeline_setup().stages.get(job.stage_id or 0)
        bar = words.bar(shapes()[job.pipeline_id], micro=True)
        drawn = format_html('<span class="age {}">{}</span>{}', words.css, words.age, bar)
        summaries[job.pk] = StatusSummary(drawn, f"{step.name}: {words.sentence}" if step else words.sentence)
    return summaries


STAND = RecordStatus(Job, _stand_by_job)


def tell_assigned(assigned: Sequence[Event]) -> None:
    """Notify members of leads assigned to them."""
    notify_assigned(ASSIGNED, Job, assigned)


def tell_opened(*, job: Job, by: Member | None, **_: object) -> None:
    """Notify a member of a lead that a colleague or a message opened for them; imports do not notify."""
    if job.member_id and (by is None or job.member_id != by.pk):
        notify(ASSIGNED, [job.member_id], key=f"opened:{job.pk}", about=job, by=by.pk if by else None)


def tell_unmoved(crossed: Sequence[Event]) -> None:
    """Notify the owner of a lead at twice its allowed time, or after 24 hours if its step has no target.

    Rule: docs/rules.md#k15.
    """
    jobs = Job.objects.in_bulk([event.subject_id for event in crossed])
    event_jobs = [(event, jobs.get(event.subject_id)) for event in crossed]
    notify_all(
        UNMOVED,
        [
            NoticeDraft([job.member_id], f"event:{event.pk}", job, at=event.at)
            for event, job in event_jobs
            if job and job.is_open and job.level == Level.CRIT
        ],
    )


def tell_mentioned(written: Sequence[Event]) -> None:
    """Notify members mentioned in a note on a lead they may see."""
    notes = {note.pk: note for note in Note.objects.filter(pk__in=[event.subject_id for event in written])}
    named = {pk: mentioned_members(note.body) for pk, note in notes.items() if "@" in note.body}
    jobs = Job.objects.in_bulk([notes[pk].job_id for pk, members in named.items() if members])
    for event in written:
        job = jobs.get(event.job_id)
        if job and (members := named.get(event.subject_id)):
            to = [member.pk for member in members]
            notify(MENTIONED, to, key=f"note:{event.subject_id}", about=job, by=event.actor_id, at=event.at)
