"""Store a customer's request: its text becomes a message; a visit gets a follow-up, new work a new lead."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from comms.inbound.inbound_processing import read_one
from comms.inbound.messaging.portal_messages import store_portal_message
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.lookup import WrittenAddress
from crm.people.models import Property
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.models.kind import FollowUpKind
from leads.new_lead import NewLead, open_lead
from portal.access.viewer import PortalViewer
from portal.models import PortalAsk
from portal.models.ask import DAY, MOST_A_DAY, origin_of
from portal.models.quotas import spend_message

CAUSE = "portal"
# Within so long somebody gets back to them.
SOON = timedelta(hours=4)


def ask_for_visit(viewer: PortalViewer, job: Job, text: str, key: UUID) -> None:
    """Request a visit for a job. Idempotent per form. Raises Refused for an empty or too long text."""
    with transaction.atomic():
        if not _spend_ask(viewer, text, key):
            return
        ask = PortalAsk.objects.create(person=viewer.person, job=job, kind=PortalAsk.Kind.VISIT, key=key)
        inbound = store_portal_message(viewer.person, job, key, f"{_('I would like a visit.')}\n\n{text.strip()}")
        with translation.override(directory().tenant.language):
            subject = _("Plan the visit they asked for")
        FollowUp.plan(
            kind=FollowUpKind.CALL,
            subject=subject,
            due_at=clock.now() + SOON,
            by=None,
            job=job if job.is_open else None,
            person_id=viewer.person.pk,
            assignee=job.member,
            cause=CAUSE,
            origin=origin_of(ask),
        )
    read_one(inbound.pk)


def ask_for_work(viewer: PortalViewer, site: Property | None, text: str, key: UUID) -> None:
    """Request new work, at one of their places or elsewhere: opens a lead. Raises Refused as above."""
    with transaction.atomic():
        if not _spend_ask(viewer, text, key):
            return
        setup = pipeline_setup()
        pipeline = setup.default_pipeline
        first = setup.first_step(pipeline.pk)
        new = NewLead(
            form=key,
            name=viewer.person.name,
            brand=viewer.brand,
            pipeline=pipeline,
            stage=setup.stages[first] if first else None,
            address=_site_address(site) if site else None,
        )
        job = open_lead(new, by=None, person=viewer.person, cause=CAUSE)
        PortalAsk.objects.create(person=viewer.person, job=job, kind=PortalAsk.Kind.WORK, key=key)
        inbound = store_portal_message(viewer.person, job, key, text)
    read_one(inbound.pk)


def _spend_ask(viewer: PortalViewer, text: str, key: UUID) -> bool:
    """Count the request against the limit; False for a form that was already sent."""
    if PortalAsk.objects.filter(person=viewer.person, key=key).exists():
        return False
    if not text.strip():
        raise Refused(_("Tell us briefly what it is about."))
    spend_message(viewer.access)
    recent_asks = PortalAsk.objects.filter(person=viewer.person, asked_at__gt=clock.now() - DAY).count()
    if recent_asks >= MOST_A_DAY:
        raise Refused(_("You’ve reached today’s limit of requests. Call us if it is urgent."))
    return True


def _site_address(site: Property) -> WrittenAddress:
    return WrittenAddress(site.street, site.postcode, site.city, site.region, site.country)
