"""Give the customer of a sold job portal access, with a checklist and a welcome message with a link."""

from collections.abc import Sequence

from comms.channels.directory import channels_in_use
from comms.models import Medium
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Event
from portal.access.staff.invitation import invite
from portal.models import Onboarding, PortalAccess


def welcome_customer(won: Sequence[Event]) -> None:
    """Give customers of sold jobs access. Skips people who have, or had, access."""
    jobs = Job.objects.filter(pk__in=[event.job_id for event in won], person__erased_at=None)
    for job in jobs.exclude(person=None).select_related("person", "brand").order_by("pk"):
        if PortalAccess.objects.filter(person=job.person).exists():
            continue
        PortalAccess.invite(job.person, by=None)
        Onboarding.start(job.person)
        _send_welcome(job)


def _send_welcome(job: Job) -> None:
    """Send the link by email, else by text; without either they can sign in with a code."""
    media = {row.medium for row in channels_in_use() if row.brand_id == job.brand_id}
    kinds = {ContactPoint.PointKind.EMAIL: Medium.EMAIL, ContactPoint.PointKind.PHONE: Medium.SMS}
    points = sorted(ContactPoint.objects.filter(person=job.person).verified_first(), key=lambda one: str(one.kind))
    point = next((one for one in points if kinds.get(ContactPoint.PointKind(one.kind)) in media), None)
    if point is None:
        return
    try:
        invite(point, job, by=None)
    except Refused:
        return
