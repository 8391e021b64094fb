"""Sections of the configuration file: how brands write, limits, recordings, and templates with their texts."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.gate.switches import set_limits
from comms.library.catalogue import catalogue
from comms.library.variables import variable_names
from comms.models import Channel, Medium, Purpose, SenderProfile, SendingPolicy, Template, TemplateVersion
from comms.models.recording import RecordingPolicy, recording_policy
from comms.models.sending_policy import sending_policy
from comms.rendering.content import PAIRS, TEXTS, check, clean
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import check_names, find_by_name, plain_flag, plain_mapping
from crm.platform.features import Feature
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from crm.web.configuration.book import BookChapter, BookPart, BookTable

SENDER_FIELDS = (
    *("signature", "footer", "sms_from", "sms_until", "whatsapp_from", "whatsapp_until"),
    *("call_from", "call_until", "fallback"),
)
# Between the key of a template and the brand it is for.
FOR = " / "


def _senders() -> Iterable[SenderProfile]:
    return SenderProfile.objects.select_related("brand").filter(brand__archived_at=None)


def _add_sender(model: Any, name: str, values: dict[str, Any], by: Member | None) -> SenderProfile:
    profile = SenderProfile.of(find_by_name(Brand, name))
    profile.edit(by=by, **values)
    return profile


def _template_name(template: Template) -> str:
    """Return the key of a template, with the brand of one that is for a single brand."""
    if template.brand_id is None:
        return str(template.key)
    return f"{template.key}{FOR}{directory().brands[template.brand_id].name}"


def _add_template(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Template:
    key, of, brand = name.partition(FOR)
    template = Template(**values)
    fields = {column: getattr(template, column) for column in ("category", "purpose", "media")}
    if not key.replace("_", "").replace(".", "").isalnum() or len(key) > 60:
        raise Refused(_("The key of a template has letters, digits and underscores."))
    return Template.create(
        by=by, key=key, name=values.get("name", key), brand=find_by_name(Brand, brand) if of else None, **fields
    )


def _read_texts(template: Template) -> dict[str, Any]:
    """Return the approved text of each medium and language, else the newest, without its empty parts."""
    texts: dict[str, Any] = {}
    for (medium, language), text in sorted(catalogue().of(template).items()):
        version = text.approved or text.newest
        content = {name: value for name, value in version.content.items() if value}
        texts.setdefault(medium, {})[language] = {"approved": text.approved is not None, **content}
    return texts


def _write_texts(template: Template, plain: Any, by: Member | None) -> None:
    before = _read_texts(template)
    for medium, languages in plain_mapping(plain or {}).items():
        if medium not in TEXTS:
            words = {"text": medium[:40], "choices": ", ".join(TEXTS)}
            raise FieldRefused((medium,), _("“%(text)s” is not one of: %(choices)s.") % words)
        for language, texts in plain_mapping(languages).items():
            if before.get(medium, {}).get(language) != texts:
                _write_text(template, medium, language, plain_mapping(texts), by)


def _write_text(template: Template, medium: str, language: str, given: dict[str, Any], by: Member | None) -> None:
    """Save a text as a new version, and approve it if the file says so. Raises FieldRefused."""
    path = (medium, language)
    values = dict(given)
    try:
        is_approved = plain_flag(values.pop("approved", False))
        check_names(values, (*TEXTS[medium], *PAIRS[medium]))
    except Refused as why:
        raise FieldRefused(path, str(why)) from why
    content = clean(medium, values)
    if problem := next(iter(check(medium, content, variable_names())), None):
        raise FieldRefused((*path, problem.part), problem.text)
    version = template.write(medium, language, content, by=by)
    if is_approved:
        version.approve(by=by)


def _template_parts() -> Iterator[BookPart]:
    """Yield a table for each category: what templates are called, what they are for, and their languages."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for template in catalogue().live():
        media = ", ".join(str(Medium(medium).label) for medium in template.media)
        languages = ", ".join(catalogue().languages(template))
        row = (template.name, str(Purpose(template.purpose).label), media, languages)
        rows.setdefault(str(Template.Category(template.category).label), []).append(row)
    headings = (_("Template"), _("Purpose"), _("Sent by"), _("Languages"))
    for category, lines in rows.items():
        yield BookTable(category, headings, tuple(lines))


def _channel_parts() -> Iterator[BookPart]:
    """Yield the channels that are connected, without their keys."""
    channels = Channel.objects.filter(archived_at=None, owner=None).order_by("medium", "pk")
    rows = tuple((channel.display_name or channel.address, str(Medium(channel.medium).label)) for channel in channels)
    if rows:
        yield BookTable(_("Channels"), (_("Channel"), _("Sent by")), rows)


SECTIONS: list[Feature] = [
    BookChapter(name="templates", label=gettext_lazy("Templates"), read=_template_parts, sections=("templates",)),
    BookChapter(name="channels", label=gettext_lazy("Connections"), read=_channel_parts),
    ConfigurationSection(
        name="senders",
        label=gettext_lazy("How brands write"),
        page="brands",
        content=RowContent(
            model=SenderProfile,
            fields=SENDER_FIELDS,
            rows=_senders,
            name_of=lambda profile: str(profile.brand.name),
            add=_add_sender,
            edit=lambda profile, values, by: profile.edit(by=by, **values),
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="message_limits",
        label=gettext_lazy("Limits of messages"),
        page="ledger:switches",
        content=ValuesContent(
            model=SendingPolicy,
            fields=("weekly_emails", "weekly_texts", "transactional_counts"),
            get=sending_policy,
            save=lambda values, by: set_limits(
                emails=values["weekly_emails"],
                texts=values["weekly_texts"],
                transactional_counts=values["transactional_counts"],
                by=by,
            ),
        ),
    ),
    ConfigurationSection(
        name="recordings",
        label=gettext_lazy("Recordings"),
        page="recordings:policy",
        content=ValuesContent(
            model=RecordingPolicy,
            fields=("keep_days",),
            get=recording_policy,
            save=lambda values, by: RecordingPolicy.set(keep_days=values["keep_days"], by=by),
        ),
    ),
    ConfigurationSection(
        name="templates",
        label=gettext_lazy("Templates"),
        page="comms:templates",
        content=RowContent(
            model=Template,
            within=(TemplateVersion,),
            fields=("name", "category", "purpose", "media"),
            name_of=_template_name,
            parts={"texts": RowPart(_read_texts, _write_texts)},
            add=_add_template,
            edit=lambda row, values, by: row.edit(by=by, **values),
        ),
    ),
    UnexportedModel(Channel, "A channel has keys and passwords; it is connected in each organization."),
]
