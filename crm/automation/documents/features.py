"""Register what rules know of documents: what comes in, and how long before or after one expires (S4, F14)."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.escalation import taken_up
from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import Anchor, Chosen, EventTrigger, TimeTrigger
from crm.documents.kinds import document_kinds
from crm.documents.models import Document
from crm.documents.models.visibility import Visibility
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet

DOCUMENT = "document"


def _kinds(member: Member) -> list[Choice]:
    return [Choice(str(pk), kind.name) for pk, kind in document_kinds().items()]


def _visibilities(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Visibility.choices]


class DocumentFilters(FilterSet):
    """What a rule may ask of a document."""

    kind = ChoiceFilter(_("Kind"), "kind_id", choices=_kinds)
    visibility = ChoiceFilter(_("Who sees it"), choices=_visibilities)
    title = TextFilter(_("Title"))
    came = DateFilter(_("Came in"), "created_at")


def _expiring(chosen: Chosen) -> Any:
    return Document.objects.live().filter(expires_on__isnull=False)


def _expiry(row: Document, chosen: Chosen) -> Anchor | None:
    """Return when it expires: as its last day begins, by the organization's clock; another date is another anchor."""
    if row.expires_on is None:
        return None
    return Anchor(datetime.combine(row.expires_on, time(), directory().zone), row.expires_on.isoformat())


def _person_id(row: Document) -> int | None:
    return row.person_id or (row.job.person_id if row.job else None)


FEATURES: list[Feature] = [
    RecordKind(
        15,
        DOCUMENT,
        Document,
        DocumentFilters,
        _("a document"),
        _("Documents"),
        job_id=lambda row: row.job_id,
        member_id=lambda row: row.job.member_id if row.job_id else None,
        person_id=_person_id,
        title=lambda row: row.title,
        related=("job",),
        brand_id=lambda row: row.job.brand_id if row.job_id else None,
    ),
    EventTrigger(10, "document.added", DOCUMENT, _("comes in"), events=("document.added",)),
    EventTrigger(20, "document.replaced", DOCUMENT, _("gets a new version"), events=("document.replaced",)),
    TimeTrigger(
        110,
        "document.expires",
        DOCUMENT,
        _("expires"),
        rows=_expiring,
        anchor=_expiry,
        events=tuple(f"document.{what}" for what in "added replaced dated archived restored undone".split()),
        before=True,
        grace=timedelta(days=30),
    ),
    taken_up(DOCUMENT),
]
