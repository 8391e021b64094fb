"""Templates the composer offers: the text for the customer, and what WhatsApp allows."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from comms.composer.matter import Matter
from comms.library.catalogue import catalogue, choose
from comms.library.seeding import built_in_versions
from comms.models import Medium, Template, TemplateVersion
from crm.web.design.look import language_name


class TemplateOffer(NamedTuple):
    """A template in the picker: its text for this customer, its purpose and language."""

    template: Template
    version: TemplateVersion
    note: str


def offers(matter: Matter, medium: str, *, approved_alone: bool) -> list[TemplateOffer]:
    """Return the templates of a medium for a matter, in catalogue order.

    `approved_alone`: those WhatsApp sends outside the 24 hours.
    """
    offers_found = []
    for template in catalogue().offered_templates(medium, matter.brand.pk):
        choice = choose(template, medium, person=matter.person, brand=matter.brand)
        if choice and (choice.version.is_approved_by_whatsapp or not approved_alone):
            note = f"{template.get_purpose_display()} · {language_name(choice.version.language)}"
            offers_found.append(TemplateOffer(template, choice.version, note))
    return offers_found


def built_in_offers(matter: Matter, medium: str, language: str) -> list[TemplateOffer]:
    """Return the product's own texts in a language for the organization's templates, as unsaved versions.

    For a language in which the organization has written none.
    """
    note = _("The product’s own text in %(language)s") % {"language": language_name(language)}
    return [
        TemplateOffer(template, version, note)
        for template in catalogue().live()
        if template.brand_id in (None, matter.brand.pk)
        for version in built_in_versions(template, medium, language)
    ]


def waiting_for_whatsapp(matter: Matter) -> int:
    """Count the templates that only lack WhatsApp's approval."""
    return len(catalogue().offered_templates(Medium.WHATSAPP, matter.brand.pk)) - len(
        offers(matter, Medium.WHATSAPP, approved_alone=True)
    )


def version_of(uid: str, matter: Matter, medium: str) -> TemplateVersion | None:
    """Return the template version the form names; None if not approved, or of another brand or medium."""
    ids = {template.pk for template in catalogue().offered_templates(medium, matter.brand.pk)}
    approved_versions = (text.approved for text in catalogue().texts.values())
    current = next((one for one in approved_versions if one and str(one.uid) == uid), None)
    if current is None:  # one that a newer approved one has replaced since it was chosen
        current = _find_version(uid)
    if current is None or current.medium != medium or current.template_id not in ids:
        return None
    current.template = catalogue().templates[current.template_id]
    return current


def _find_version(uid: str) -> TemplateVersion | None:
    try:
        named = UUID(uid)
    except ValueError:
        return None
    version: TemplateVersion | None = TemplateVersion.objects.filter(uid=named, approved_at__isnull=False).first()
    return version
