"""The rendering context of a template: values of a record, the brand's look, and the language."""

from typing import Any

from comms.library.variables import TemplateSubject, neutral_words, values_of
from comms.models import Medium, SenderProfile
from comms.models.sender_profile import LOGO_CONTENT_ID
from comms.rendering.content import names_in
from comms.rendering.liquid_text import without_gaps, write
from comms.rendering.mail_document import MailLook
from comms.rendering.rendering import Context, Rendered, Version, render
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import cached_per_tenant, directory


@cached_per_tenant
def _all_profiles() -> dict[int, SenderProfile]:
    return {row.brand_id: row for row in SenderProfile.objects.all()}


def subject_of(
    *,
    brand: Brand,
    language: str,
    person: Person | None = None,
    job: Job | None = None,
    sender: Member | None = None,
    given: dict[str, Any] | None = None,
) -> TemplateSubject:
    """Build the subject of a message; times are in the zone of the brand's calendar."""
    organization = directory()
    hours = organization.calendars.get(organization.calendar_of(brand.pk) or 0)
    if hours:
        zone = hours.zone
    else:
        zone = organization.zone
    return TemplateSubject(
        brand, language, clock.now(), zone, person or (job.person if job else None), job, sender, given or {}
    )


def look_of(subject: TemplateSubject, *, logo_url: str = "") -> MailLook:
    """Return the brand's look and signature, with variables in its signature and footer filled in."""
    profile = _all_profiles().get(subject.brand.pk)
    if logo_url == "" and profile and profile.logo_id:
        logo_url = f"cid:{LOGO_CONTENT_ID}"
    signature, footer = (_fill_in(text, subject) for text in _signature_and_footer(profile))
    return MailLook(subject.brand.name, subject.brand.hue, logo_url, signature or _default_signature(subject), footer)


def context_for(
    subject: TemplateSubject, content: Any, *, medium: str = "", unsubscribe_url: str = "", logo_url: str = ""
) -> Context:
    """Return the rendering context of a version's content, with only the variables it uses.

    WhatsApp refuses a placeholder without a value: there a neutral word stands in for a name that is not known.
    """
    values = values_of(subject, names_in(content))
    if medium == Medium.WHATSAPP:
        values = neutral_words(values, subject.language)
    return Context(values, look_of(subject, logo_url=logo_url), subject.language, unsubscribe_url)


def render_for(subject: TemplateSubject, version: Version, medium: str, *, unsubscribe_url: str = "") -> Rendered:
    """Render a version for a record as it will be sent. Raises Missing with the names of missing values."""
    return render(
        version, context_for(subject, version.content, medium=medium, unsubscribe_url=unsubscribe_url), medium
    )


def _signature_and_footer(profile: SenderProfile | None) -> tuple[str, str]:
    if profile:
        return (profile.signature, profile.footer)
    return ("", "")


def _fill_in(text: str, subject: TemplateSubject) -> str:
    """Fill in a brand's own text; unchanged if it is no template."""
    if "{{" not in text:
        return text
    try:
        return without_gaps(write(text, values_of(subject, names_in({"text": text}))))
    except ValueError:
        return text


def _default_signature(subject: TemplateSubject) -> str:
    """Return the default signature of a brand without its own."""
    return "\n".join(filter(None, [subject.sender.name if subject.sender else "", subject.brand.name]))
