"""The tenant's templates and their texts, cached per process, and the choice of a text for a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from comms.models import Template, TemplateVersion
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.web.design.look import language_name


class TemplateText(NamedTuple):
    """One text of a template: its newest version, and the newest approved one."""

    newest: TemplateVersion
    approved: TemplateVersion | None

    @property
    def is_waiting(self) -> bool:
        """True if the newest version waits for approval."""
        return self.newest != self.approved


class TextChoice(NamedTuple):
    """The version for a person, and the reason for its language."""

    version: TemplateVersion
    why: str


@dataclass(frozen=True)
class Catalogue:
    """All templates by ID, and their texts by template, medium and language. Read-only."""

    templates: dict[int, Template]
    texts: dict[tuple[int, str, str], TemplateText]

    @cached_property
    def _texts_by_template(self) -> dict[int, dict[tuple[str, str], TemplateText]]:
        grouped: dict[int, dict[tuple[str, str], TemplateText]] = {}
        for (template_id, medium, language), text in self.texts.items():
            grouped.setdefault(template_id, {})[medium, language] = text
        return grouped

    @cached_property
    def _live_by_key(self) -> dict[tuple[str, int | None], Template]:
        return {(template.key, template.brand_id): template for template in self.live()}

    def live(self) -> list[Template]:
        """Return the templates in use, in order."""
        return [template for template in self.templates.values() if template.archived_at is None]

    def of(self, template: Template, medium: str = "") -> dict[tuple[str, str], TemplateText]:
        """Return the texts of a template by medium and language."""
        texts = self._texts_by_template.get(template.pk, {})
        return {key: text for key, text in texts.items() if medium in ("", key[0])}

    def find(self, key: str, brand_id: int | None) -> Template | None:
        """Return the template of a key, a brand's own before the shared one; None if archived."""
        return self._live_by_key.get((key, brand_id)) or self._live_by_key.get((key, None))

    def offered_templates(self, medium: str, brand_id: int | None) -> list[Template]:
        """Return the templates with an approved text on a medium that a brand may use."""
        written = {key[0] for key, text in self.texts.items() if key[1] == medium and text.approved}
        candidates = [one for one in self.live() if one.pk in written and one.brand_id in (None, brand_id)]
        own = {one.key for one in candidates if one.brand_id is not None}
        return [one for one in candidates if one.brand_id is not None or one.key not in own]

    def languages(self, template: Template) -> list[str]:
        """Return the languages a template has a text in, in the product's order."""
        return sorted({language for _medium, language in self.of(template)})


@cached_per_tenant
def catalogue() -> Catalogue:
    """Return the template catalogue of the tenant in use."""
    newest = TemplateVersion.objects.newest()
    approved = TemplateVersion.objects.filter(approved_at__isnull=False).newest()
    sent = {(row.template_id, row.medium, row.language): row for row in approved}
    texts = {
        key: TemplateText(row, sent.get(key)) for row in newest if (key := (row.template_id, row.medium, row.language))
    }
    return Catalogue({row.pk: row for row in Template.objects.order_by("position", "name", "pk")}, texts)


def choose(template: Template, medium: str, *, person: Person | None, brand: Brand) -> TextChoice | None:
    """Return the approved text for a person by language: theirs, the brand's, the organization's, any; else None."""
    texts = catalogue().of(template, medium)
    approved = {language: text.approved for (_medium, language), text in texts.items() if text.approved}
    for language, why in _language_chain(person, brand):
        if version := approved.get(language):
            return TextChoice(version, why)
    for language in sorted(approved):
        if len(approved) == 1:
            why = _("in %(language)s, the only language it is approved in")
        else:
            why = _("in %(language)s")
        return TextChoice(approved[language], why % {"language": language_name(language)})
    return None


def _language_chain(person: Person | None, brand: Brand) -> Iterator[tuple[str, str]]:
    """Yield the languages in the order they are tried, with the reason."""
    tenant = directory().tenant
    reasons: Iterable[tuple[str, str]] = (
        (person.language if person else "", _("in %(language)s, the customer’s language")),
        (brand.language, _("in %(language)s, the language of %(brand)s")),
        (tenant.language, _("in %(language)s, your organization’s language")),
    )
    for language, why in reasons:
        if primary := language.split("-")[0]:
            yield primary, why % {"language": language_name(primary), "brand": brand.name}
