"""Notify a job's owner of missed updates; preset rules escalate from there."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.models import Event
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all

MISSED = "update.missed"
KIND = NoticeKind(
    name=MISSED,
    permission="updates.view",
    icon="megaphone",
    label=_("An update to a customer of mine is missed"),
    words=_("An update to the customer was not sent on time"),
    default=NoticeWay.APP,
)


def tell_missed(events: Sequence[Event]) -> None:
    """Notify the owner of a job that its update was missed. Idempotent."""
    jobs = Job.objects.in_bulk([event.job_id for event in events if event.job_id])
    notices = [
        NoticeDraft([job.member_id], f"update:{event.subject_id}", job, at=event.at)
        for event in events
        if event.job_id and (job := jobs.get(event.job_id)) and job.member_id
    ]
    notify_all(MISSED, notices)
