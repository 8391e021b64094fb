"""Create the initial templates of a tenant in its languages, approved for immediate use."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from django.utils.translation import get_language

from comms.library.packs import dutch, english
from comms.library.packs.pack_entries import PackEntry, TemplatePack
from comms.models import Template, TemplateVersion
from crm.kernel import clock
from crm.platform import features
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import directory

PACKS: Mapping[str, ModuleType] = {"en": english, "nl": dutch}


def begin() -> None:
    """Create the library of a new tenant in its language; English if there is no pack for it."""
    create_library([_pack_language(get_language() or "en")])


def catch_up() -> None:
    """Add templates released since to a tenant's library, in its languages. Idempotent."""
    used = set(TemplateVersion.objects.order_by().values_list("language", flat=True).distinct())
    language = (get_language() or "en").split("-")[0]
    create_library(sorted(used & set(PACKS), key=lambda code: (code != language, code)))


def create_library(languages: Sequence[str], special: Mapping[str, Iterable[PackEntry]] | None = None) -> None:
    """Create the templates with a text in each language, named in the first.

    `special`: entries of a trade, by language; one replaces the pack's of its key.
    """
    add_entries(
        {language: _library_entries(language, (special or {}).get(language, ())).values() for language in languages}
    )


def add_entries(packs: Mapping[str, Iterable[PackEntry]]) -> None:
    """Create templates with a text in each language, named in the first, behind those there are; a key that is taken
    is left as it is.
    """
    keyed = {language: {entry.key: entry for entry in entries} for language, entries in packs.items()}
    existing = list(Template.objects.values_list("key", "category"))
    places = Counter(category for _key, category in existing)
    taken = {key for key, _category in existing}
    templates = []
    for key, entry in next(iter(keyed.values()), {}).items():
        if key not in taken:
            templates.append(_build_template(entry, places[entry.category]))
            places[entry.category] += 1
    _save_templates(templates, keyed)


def create_missing(key: str) -> Template | None:
    """Return the template of a key that an app adds, for all brands; created if the tenant lacks it."""
    existing: Template | None = Template.objects.filter(key=key, brand=None).first()
    if existing is not None:
        return existing
    languages = list(dict.fromkeys([_pack_language(directory().tenant.language), *PACKS]))
    entries = {language: entry for language in languages if (entry := _added_entries(language).get(key))}
    if not entries:
        return None
    first = next(iter(entries.values()))
    template = _build_template(first, Template.objects.filter(category=first.category).count())
    _save_templates([template], {language: {key: entry} for language, entry in entries.items()})
    return template


def built_in_versions(template: Template, medium: str, language: str) -> list[TemplateVersion]:
    """Return the product's own text for a template, unsaved; empty if it has none on the medium in the language."""
    if language not in PACKS:
        return []
    entry = _library_entries(language, ()).get(template.key)
    if entry is None:
        return []
    return [version for version in _build_versions(template, language, entry) if version.medium == medium]


def _pack_language(language: str) -> str:
    primary = language.split("-")[0]
    if primary in PACKS:
        return primary
    return "en"


def _library_entries(language: str, special: Iterable[PackEntry]) -> dict[str, PackEntry]:
    own = {entry.key: entry for entry in PACKS[language].ENTRIES}
    return own | _added_entries(language) | {entry.key: entry for entry in special}


def _added_entries(language: str) -> dict[str, PackEntry]:
    return {entry.key: entry for pack in features.of(TemplatePack) for entry in pack.entries.get(language, ())}


def _build_template(entry: PackEntry, position: int) -> Template:
    return Template(
        key=entry.key,
        name=entry.name,
        category=entry.category,
        purpose=entry.purpose,
        media=list(entry.contents("")),
        position=position,
    )


def _save_templates(templates: list[Template], keyed: Mapping[str, Mapping[str, PackEntry]]) -> None:
    """Save new templates with their texts, `keyed` by language and key, in two queries."""
    if not templates:
        return
    Template.objects.bulk_create(templates)
    TemplateVersion.objects.bulk_create(
        version
        for template in templates
        for language, entries in keyed.items()
        if template.key in entries
        for version in _build_versions(template, language, entries[template.key])
    )
    configuration_changed()


def _build_versions(template: Template, language: str, entry: PackEntry) -> Iterator[TemplateVersion]:
    """Return the texts of a template in a language by medium, approved."""
    for medium, content in entry.contents(PACKS[language].GREETING).items():
        yield TemplateVersion(
            template=template,
            medium=medium,
            language=language,
            number=1,
            content=content,
            approved_at=clock.now(),
            whatsapp_name=template.key if medium == "whatsapp" else "",
            whatsapp_category=entry.purpose if entry.purpose == "marketing" else "utility",
        )
