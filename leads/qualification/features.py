"""Register the extensions of qualification: filters, words of events, settings, personal data."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.features import Feature
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords
from leads.models.qualification import HandOff, Partner
from leads.qualification.filters import FILTERS


def _handed_on(data: dict[str, Any]) -> str:
    row = None
    if data.get("partner"):
        row = Partner.objects.filter(pk=data.get("partner")).first()
    if row:
        return _("referred it to %(partner)s") % {"partner": row.name}
    return _("declined it")


def _describe_withdrawn(data: dict[str, Any]) -> str:
    if data.get("left"):
        return _("took it back from the partner; what was already sent can’t be recalled")
    return _("took it back before anything was sent")


def _consents_of(people: frozenset[int]) -> "QuerySet[HandOff]":
    consents: QuerySet[HandOff] = HandOff.objects.filter(job__person_id__in=people).exclude(consent="")
    return consents


def _erase_consents(subject: ErasureSubject) -> None:
    _consents_of(subject.people).update(consent="")


FEATURES: list[Feature] = [
    *FILTERS,
    PersonalData(
        name="hand_offs",
        label=gettext_lazy("What they agreed to"),
        count=lambda people: _consents_of(people).count(),
        erase=_erase_consents,
    ),
    EventWords("lead.handed_on", "arrow-right", _handed_on),
    EventWords("lead.hand_on_withdrawn", "undo-2", _describe_withdrawn),
    EventWords("lead.doubt_settled", "check", gettext_lazy("reviewed whether it is work for us")),
    EventWords("partner.added", "plus", gettext_lazy("added a partner")),
    EventWords("partner.edited", "pencil", gettext_lazy("edited a partner")),
    EventWords("partner.archived", "archive", gettext_lazy("archived a partner")),
    EventWords("partner.restored", "undo-2", gettext_lazy("restored a partner")),
    EventWords("no_go.added", "plus", gettext_lazy("added an unsuitable lead rule")),
    EventWords("no_go.removed", "x", gettext_lazy("removed an unsuitable lead rule")),
    Section(
        group="sales",
        name="leads:no_gos",
        permission=MANAGE,
        icon="ban",
        label=gettext_lazy("Unsuitable leads"),
        note=gettext_lazy("Leads you don’t take, by work, place or size."),
        affects=gettext_lazy("Affects the warning on new leads and how they are declined."),
        words=gettext_lazy("disqualify no-go not a fit decline reject spam service area"),
        template="leads/no_gos.html",
    ),
    Section(
        group="sales",
        name="leads:partners",
        permission=MANAGE,
        icon="users",
        label=gettext_lazy("Partners"),
        note=gettext_lazy("Companies you refer customers to for work you don’t do."),
        affects=gettext_lazy("Affects the partners to choose from when a lead is declined."),
        words=gettext_lazy("referral refer subcontractor"),
        tab_of="leads:no_gos",
    ),
]
