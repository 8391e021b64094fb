"""Find the template, text and record named in the editor's address or form."""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import Http404, QueryDict

from comms.library.catalogue import TemplateText, catalogue
from comms.models import Template, TemplateVersion
from comms.models.template import WRITTEN
from comms.rendering.content import PAIRS, TEXTS, clean
from crm.jobs.list.search import search
from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.design.look import language_name
from crm.web.requests.form_version import version_of

MOST_HITS = 6


class TextLocation(NamedTuple):
    """The edited text: template, medium and language."""

    template: Template
    medium: str
    language: str

    @property
    def text(self) -> TemplateText | None:
        return catalogue().of(self.template).get((self.medium, self.language))

    @property
    def newest(self) -> TemplateVersion | None:
        if self.text:
            return self.text.newest
        return None

    @property
    def version(self) -> str:
        """The version marker of the form."""
        newest = self.newest
        if newest:
            return version_of(newest.number, newest.content)
        return version_of()


def found_template(uid: UUID) -> Template:
    """Return a template of the tenant. Raises Http404."""
    template = next((one for one in catalogue().templates.values() if one.uid == uid), None)
    if template is None:
        raise Http404
    return template


def place_of(template: Template, asked: QueryDict) -> TextLocation:
    """Return the requested text; by default the first medium and the likeliest language."""
    medium = asked.get("medium", "")
    if medium not in template.media:
        medium = template.media[0]
    language = asked.get("language", "")
    if language not in languages():
        written = [code for text_medium, code in catalogue().of(template) if text_medium == medium]
        brand = directory().brands.get(template.brand_id or 0) or directory().default_brand
        wanted = brand.language.split("-")[0]
        if wanted in written or not written:
            language = wanted
        else:
            language = written[0]
        if language not in languages():
            language = settings.LANGUAGE_CODE
    return TextLocation(template, medium, language)


def languages() -> dict[str, str]:
    """Return the possible languages of a text, by their own names."""
    return {code: language_name(code) for code, _name in settings.LANGUAGES}


def media() -> dict[str, str]:
    """Return the possible media of a template, in words."""
    return {medium.value: str(medium.label) for medium in WRITTEN}


def content_of(medium: str, given: QueryDict) -> dict[str, object]:
    """Parse a text's content from its form."""
    parts: dict[str, object] = {name: given.get(name, "") for name in TEXTS[medium]}
    for name in PAIRS[medium]:
        parts[name] = [list(row) for row in zip(given.getlist(f"{name}_0"), given.getlist(f"{name}_1"), strict=False)]
    return clean(medium, parts)


def records_like(text: str, member: Member) -> list[Job]:
    """Return jobs a member may see that match a query, best first; the newest for an empty one."""
    seen = Job.objects.visible_to(member)
    text = text.strip()
    if not text:
        newest: list[Job] = list(seen.order_by("-pk")[:1])
        return newest
    number = read_number(text.lstrip("#"))
    if number is not None:
        return list(seen.filter(number=number))
    ids = [hit.job_id for hit in search(text, by=member, most=MOST_HITS)]
    jobs = seen.in_bulk(ids)
    return [jobs[pk] for pk in ids if pk in jobs]
