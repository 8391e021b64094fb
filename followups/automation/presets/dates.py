"""Presets for dates of clients: passport, visa, permit, warranty and claim. All but the warranty ask where the date is.

The tenant keeps them in date fields of its leads or as the expiry of documents, under names of its own.
"""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span
from crm.documents.kinds import offered_kinds
from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from followups.automation.presets.parts import build_definition, plan_follow_up

GROUP = gettext_lazy("Dates and deadlines")
_FIELD = "field:"
_DOCUMENT = "document:"


def _list_dates(names: Sequence[str], *, documents: bool) -> list[tuple[str, str]]:
    """Return where dates are kept, those first whose name has one of these words."""
    dates = [(f"{_FIELD}{field.key}", field.name) for field in job_fields().dates]
    if documents:
        words = _("Expiry of a document: %(kind)s")
        kinds = [kind for kind in offered_kinds() if not kind.is_photo]
        dates += [(f"{_DOCUMENT}{kind.pk}", words % {"kind": kind.name}) for kind in kinds]
    return sorted(dates, key=lambda date: not any(name in date[1].casefold() for name in names))


def _preset(
    key: str,
    name: Promise,
    description: Promise,
    title: Promise,
    *,
    kind: str,
    days: int,
    words: Sequence[str],
    documents: bool = True,
) -> RulePreset:
    def list_answers() -> list[tuple[str, str]]:
        """Return the dates it can count from."""
        return _list_dates(words, documents=documents)

    def define(answer: str = "") -> Definition:
        """Return the rule that plans a follow-up before the chosen date."""
        date = answer or next((value for value, _words in list_answers()), "")
        plan = plan_follow_up(kind, str(title), priority=Priority.HIGH)
        if date.startswith(_DOCUMENT):
            where = f"where=kind:is:{date.removeprefix(_DOCUMENT)}"
            return build_definition("document", "document.expires", plan, span=Span(days), before=True, where=where)
        if not date:
            raise Refused(_("You have no date field. Add one in Settings, “Lead fields”."))
        options = {"field": date.removeprefix(_FIELD)}
        return build_definition("job", "job.own_date", plan, options=options, span=Span(days), before=True)

    return RulePreset(
        key=key,
        group=GROUP,
        name=name,
        description=description,
        question=gettext_lazy("Date"),
        answers=list_answers,
        definition=define,
    )


def _warranty_rule() -> Definition:
    call = plan_follow_up("call", _("The warranty ends: offer a check"))
    return build_definition("job", "job.warranty_ends", call, span=Span(60), before=True)


_MOVES = gettext_lazy("It moves with the date, and is cancelled when the date is cleared.")
_RENEWS = gettext_lazy(
    "It moves with the date, and is cancelled when the date is cleared. Together with “Renewal started”, "
    "completing it plans the next check."
)

PRESETS = [
    _preset(
        "dates.passport",
        gettext_lazy("A passport expires in 180 days: renew it"),
        _RENEWS,
        gettext_lazy("Inform the customer about passport renewal"),
        kind="visa",
        days=180,
        words=("passport", "paspoort"),
    ),
    _preset(
        "dates.visa",
        gettext_lazy("A visa expires in 90 days: renew it"),
        _RENEWS,
        gettext_lazy("Inform the customer about visa renewal"),
        kind="visa",
        days=90,
        words=("visa", "visum"),
    ),
    _preset(
        "dates.permit",
        gettext_lazy("A permit expires in 60 days: renew it"),
        _RENEWS,
        gettext_lazy("Renew the permit"),
        kind="visa",
        days=60,
        words=("permit", "vergunning"),
    ),
    RulePreset(
        key="dates.warranty",
        group=GROUP,
        name=gettext_lazy("A warranty ends in 60 days: offer a check"),
        description=gettext_lazy("For each asset that a project installed, before the reminder 30 days ahead."),
        definition=_warranty_rule,
    ),
    _preset(
        "dates.claim",
        gettext_lazy("A claim deadline is in 14 days: send what is missing"),
        _MOVES,
        gettext_lazy("Claim deadline: send what is missing"),
        kind="documents",
        days=14,
        words=("claim", "schade"),
        documents=False,
    ),
]
