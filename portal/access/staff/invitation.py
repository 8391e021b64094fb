"""Invite a person: give them access, and send a link to the chosen address or number."""

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Message
from comms.outbox.by_template import queue_to
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Member
from portal.access import links
from portal.access.viewer import Level, PortalViewer
from portal.models import PortalAccess

TEMPLATE = "portal_invitation"


@transaction.atomic
def invite(point: ContactPoint, job: Job | None, *, by: Member | None) -> Message:
    """Invite the owner of a contact point: to the page of a job, or to the list of their places.

    Raises Refused without a job, or no way to write.
    """
    if job is None:
        raise Refused(_("They have no job to show yet."))
    person = point.person
    if person.erased_at or person.merged_into_id:
        raise Refused(_("This record no longer belongs to a customer."))
    PortalAccess.invite(person, by=by)
    has_several = PortalViewer(person, job.brand, Level.SESSION, PortalAccess(person=person)).jobs()[:2].count() > 1
    link = links.link_url(links.make_link(person, job=None if has_several else job, point=point), job.brand)
    return queue_to(point, TEMPLATE, brand=job.brand, job=job, by=by, given={"portal.link": link})
