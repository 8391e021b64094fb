"""TemplatePreview: the text of a message step's template, filled in with examples."""

from typing import NamedTuple

from comms.automation.options import FAVOURITE
from comms.library.catalogue import catalogue, choose
from comms.library.variables import examples
from comms.models import Medium, Template, TemplateVersion
from comms.models.template import WRITTEN
from comms.rendering.liquid_text import TooMuch
from comms.rendering.mail_document import MailLook
from comms.rendering.rendering import Context, fill_in, from_written
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url


class TemplatePreview(NamedTuple):
    """The text that a message step sends, with examples for names and dates. `url`: the template's page."""

    medium: str
    subject: str
    text: str
    url: str
    version: TemplateVersion


def preview_template(key: str, first: str, slug: str) -> TemplatePreview | None:
    """Return the text on a step's first channel that has one; None if the template has no approved text there."""
    brand = directory().default_brand
    template: Template | None = catalogue().find(key, brand.pk)
    if template is None:
        return None
    for medium in [each for each in WRITTEN if first in (FAVOURITE, each)]:
        choice = choose(template, medium, person=None, brand=brand)
        if choice is None:
            continue
        content = choice.version.content
        context = Context(examples(), MailLook(brand.name, brand.hue), choice.version.language)
        try:
            rendered = from_written(fill_in(content, context), content, context, medium)
        except (TooMuch, ValueError):
            return None
        url = record_url(template, slug)
        return TemplatePreview(str(Medium(medium).label), rendered.subject, rendered.text, url, choice.version)
    return None
