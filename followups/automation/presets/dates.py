"""Presets for dates of clients: passport, visa, permit, warranty and claim. Each asks where the date is kept.

The tenant keeps them in date fields of customers, properties or leads, or as the expiry of documents, under names of
its own; warranties also as dates of what a project installed.
"""

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, DoStep
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span
from crm.documents.kinds import offered_kinds
from crm.jobs.fields.setup import all_fields
from crm.jobs.models import Priority
from crm.jobs.models.fields import FieldKind, OwnField, OwnFieldRecord
from crm.kernel.refusal import Refused
from followups.automation.presets.parts import build_definition, plan_follow_up

GROUP = gettext_lazy("Dates and deadlines")
LEAD = OwnFieldRecord.LEAD
CUSTOMER = OwnFieldRecord.CUSTOMER
PROPERTY = OwnFieldRecord.PROPERTY
_DOCUMENT = "document"
_ASSET = "asset"
Answers = Sequence[tuple[str, str]]


def _fields_at(places: Sequence[str], names: Sequence[str]) -> list[OwnField]:
    """Return all date fields: those whose name has one of these words first, then by the order of the places."""
    fields = [field for field in all_fields().live if field.kind == FieldKind.DATE]
    return sorted(
        fields,
        key=lambda field: (not _has_word(field.name, names), places.index(field.record), field.name.casefold()),
    )


def _has_word(name: str, words: Sequence[str]) -> bool:
    return any(word in name.casefold() for word in words)


def _field_answers(places: Sequence[str], names: Sequence[str]) -> Answers:
    words = _("%(record)s: %(field)s")
    return [
        (f"{field.record}:{field.key}", words % {"record": OwnFieldRecord(field.record).label, "field": field.name})
        for field in _fields_at(places, names)
    ]


def _document_answers(names: Sequence[str]) -> Answers:
    words = _("Expiry of a document: %(kind)s")
    kinds = [kind for kind in offered_kinds() if not kind.is_photo]
    answers = [(f"{_DOCUMENT}:{kind.pk}", words % {"kind": kind.name}) for kind in kinds]
    return sorted(answers, key=lambda answer: not _has_word(answer[1], names))


def _build_rule(answer: str, plan: DoStep, days: int) -> Definition:
    """Return the rule that plans a follow-up so many days before the date of an answer."""
    record, _colon, key = answer.partition(":")
    if record == _ASSET:
        return build_definition("job", "job.warranty_ends", plan, span=Span(days), before=True)
    if record == _DOCUMENT:
        where = f"where=kind:is:{key}"
        return build_definition("document", "document.expires", plan, span=Span(days), before=True, where=where)
    return build_definition(record, f"{record}.own_date", plan, options={"field": key}, span=Span(days), before=True)


def _preset(
    key: str,
    name: Promise,
    description: Promise,
    *,
    title: Promise,
    kind: str,
    days: int,
    answers: Callable[[], Answers],
    priority: int = Priority.HIGH,
) -> RulePreset:
    def define(answer: str = "") -> Definition:
        """Return the rule that plans a follow-up before the chosen date, by default the likeliest one."""
        chosen = answer or next((value for value, _words in answers()), "")
        if not chosen:
            raise Refused(_("You have no date field. Add one in Settings, “Custom fields”."))
        # Due a day later: what is due at once is overdue before anybody sees it.
        return _build_rule(chosen, plan_follow_up(kind, str(title), days=1, priority=priority), days)

    return RulePreset(
        key=key,
        group=GROUP,
        name=name,
        description=description,
        question=gettext_lazy("Date"),
        answers=answers,
        definition=define,
    )


def _personal_dates(*names: str) -> Callable[[], Answers]:
    """Return where a date of a person is kept: a field of customers first; then other fields, and documents."""

    def list_answers() -> Answers:
        answers = [*_field_answers((CUSTOMER, LEAD, PROPERTY), names), *_document_answers(names)]
        return sorted(answers, key=lambda answer: not _has_word(answer[1], names))

    return list_answers


def _warranty_dates() -> Answers:
    """Return where a warranty is kept: with what was installed, or in a date field, of properties first."""
    installed = (f"{_ASSET}:", _("Warranty of what a project installed"))
    return [installed, *_field_answers((PROPERTY, LEAD, CUSTOMER), ("warranty", "garantie"))]


def _claim_dates() -> Answers:
    """Return where the deadline of a claim is kept: a date field, of leads first."""
    return _field_answers((LEAD, PROPERTY, CUSTOMER), ("claim", "schade"))


_MOVES = gettext_lazy("It moves with the date, and is cancelled when the date is cleared.")
_RENEWS = gettext_lazy(
    "It moves with the date, and is cancelled when the date is cleared. Completing it asks for the new date, which "
    "plans the next one."
)

PRESETS = [
    _preset(
        "dates.passport",
        gettext_lazy("A passport expires in 180 days: renew it"),
        _RENEWS,
        title=gettext_lazy("Inform the customer about passport renewal"),
        kind="visa",
        days=180,
        answers=_personal_dates("passport", "paspoort"),
    ),
    _preset(
        "dates.visa",
        gettext_lazy("A visa expires in 90 days: renew it"),
        _RENEWS,
        title=gettext_lazy("Inform the customer about visa renewal"),
        kind="visa",
        days=90,
        answers=_personal_dates("visa", "visum"),
    ),
    _preset(
        "dates.permit",
        gettext_lazy("A permit expires in 60 days: renew it"),
        _RENEWS,
        title=gettext_lazy("Renew the permit"),
        kind="visa",
        days=60,
        answers=_personal_dates("permit", "vergunning"),
    ),
    _preset(
        "dates.warranty",
        gettext_lazy("A warranty ends in 30 days: offer a check"),
        _RENEWS,
        title=gettext_lazy("The warranty ends: offer a check"),
        kind="call",
        days=30,
        answers=_warranty_dates,
        priority=Priority.NORMAL,
    ),
    _preset(
        "dates.claim",
        gettext_lazy("A claim deadline is in 14 days: send what is missing"),
        _MOVES,
        title=gettext_lazy("Claim deadline: send what is missing"),
        kind="documents",
        days=14,
        answers=_claim_dates,
    ),
]
