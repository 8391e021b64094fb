"""Send a template's text to oneself by email, to see it as customers would."""

from django.utils.translation import gettext as _

from comms.library.context import render_for, subject_of
from comms.models import Channel, Medium, Message, TemplateVersion
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


def send_test_mail(version: TemplateVersion, *, job: Job | None, by: Member) -> str:
    """Queue a text to a member's own address, filled in with a lead, and return the address.

    Raises Missing if the lead lacks a value, and Refused if the brand cannot send email.
    """
    organization = directory()
    brand_id = version.template.brand_id or (job.brand_id if job else 0)
    brand = organization.brands.get(brand_id) or organization.default_brand
    channel = Channel.objects.in_use().of_brands().filter(medium=Medium.EMAIL, brand=brand).order_by("pk").first()
    if channel is None:
        raise Refused(_("%(brand)s has no email address to send from yet.") % {"brand": brand.name})
    subject = subject_of(brand=brand, language=version.language, job=job, sender=by)
    made = render_for(subject, version, version.medium)
    address: str = by.user.email
    Message.queue(
        channel=channel,
        address=address,
        by=by,
        subject=_("Test: %(subject)s") % {"subject": made.subject or version.template.name},
        text=made.text,
        html=made.html,
        language=version.language,
        purpose="transactional",
    )
    return address
