"""Notify the job's member that a portal link was forwarded."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.models import Event
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

FORWARDED = "portal.link_forwarded"
KIND = NoticeKind(
    name=FORWARDED,
    permission="jobs.view",
    icon="link",
    label=_("My customer’s link is opened on another device"),
    words=_("Your customer’s link was opened on another device, without a code"),
)


def notify_members(received: Sequence[Event]) -> None:
    """Notify once per forwarded link."""
    jobs = Job.objects.in_bulk([event.job_id for event in received if event.job_id])
    for event in received:
        job = jobs.get(event.job_id or 0)
        if job:
            notify(FORWARDED, [job.member_id], key=f"{FORWARDED}:{event.pk}", about=job, at=event.at)
