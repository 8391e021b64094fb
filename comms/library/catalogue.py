"""The tenant's templates and the texts of each, cached a process; and which text fits whom, said in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from comms.models import Template, TemplateVersion
from crm.people.models import Person
from crm.platform.models import Brand
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.web.design.look import language_name


class Text(NamedTuple):
    """One text of a template: its newest version, and the newest one that is approved."""

    newest: TemplateVersion
    approved: TemplateVersion | None

    @property
    def is_waiting(self) -> bool:
        """Whether the newest version waits to be approved."""
        return self.newest != self.approved


class Choice(NamedTuple):
    """The version that fits a person, and why this language, for a person to read."""

    version: TemplateVersion
    why: str


@dataclass(frozen=True)
class Catalogue:
    """All templates by id, and their texts by template, medium and language. Treat the rows as read-only."""

    templates: dict[int, Template]
    texts: dict[tuple[int, str, str], Text]

    def live(self) -> list[Template]:
        """The templates in use, in their order."""
        return [template for template in self.templates.values() if template.archived_at is None]

    def of(self, template: Template, medium: str = "") -> dict[tuple[str, str], Text]:
        """The texts of a template by medium and language."""
        texts = {key[1:]: text for key, text in self.texts.items() if key[0] == template.pk}
        return {key: text for key, text in texts.items() if medium in ("", key[0])}

    def find(self, key: str, brand_id: int | None) -> Template | None:
        """Return the template of a key: the brand's own before the one for all; none that is archived."""
        by_brand = {template.brand_id: template for template in self.live() if template.key == key}
        return by_brand.get(brand_id) or by_brand.get(None)

    def offered_templates(self, medium: str, brand_id: int | None) -> list[Template]:
        """The templates with an approved text on a medium that a brand may use, for a picker."""
        written = {key[0] for key, text in self.texts.items() if key[1] == medium and text.approved}
        candidates = [one for one in self.live() if one.pk in written and one.brand_id in (None, brand_id)]
        own = {one.key for one in candidates if one.brand_id is not None}
        return [one for one in candidates if one.brand_id is not None or one.key not in own]

    def languages(self, template: Template) -> list[str]:
        """The languages a template has a text in, the product's order first."""
        return sorted({language for _medium, language in self.of(template)})


@cached_per_tenant
def catalogue() -> Catalogue:
    """Return the templates of the tenant in use."""
    newest = TemplateVersion.objects.newest()
    approved = TemplateVersion.objects.filter(approved_at__isnull=False).newest()
    sent = {(row.template_id, row.medium, row.language): row for row in approved}
    texts = {key: Text(row, sent.get(key)) for row in newest if (key := (row.template_id, row.medium, row.language))}
    return Catalogue({row.pk: row for row in Template.objects.order_by("position", "name", "pk")}, texts)


def choose(template: Template, medium: str, *, person: Person | None, brand: Brand) -> Choice | None:
    """Return the approved text for a person: in their language, the brand's, the organization's, or any; else None."""
    texts = catalogue().of(template, medium)
    approved = {language: text.approved for (_medium, language), text in texts.items() if text.approved}
    for language, why in _language_chain(person, brand):
        if version := approved.get(language):
            return Choice(version, why)
    for language in sorted(approved):
        if len(approved) == 1:
            why = _("in %(language)s, the only language it is approved in")
        else:
            why = _("in %(language)s")
        return Choice(approved[language], why % {"language": language_name(language)})
    return None


def _language_chain(person: Person | None, brand: Brand) -> Iterator[tuple[str, str]]:
    """Yield the languages in the order they are tried, with the reason for each."""
    tenant = directory().tenant
    reasons: Iterable[tuple[str, str]] = (
        (person.language if person else "", _("in %(language)s, the customer’s language")),
        (brand.language, _("in %(language)s, the language of %(brand)s")),
        (tenant.language, _("in %(language)s, your organization’s language")),
    )
    for language, why in reasons:
        if primary := language.split("-")[0]:
            yield primary, why % {"language": language_name(primary), "brand": brand.name}
