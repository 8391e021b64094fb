"""Filters of conversations by labels of the last 30 days: what customers wanted, felt, and how urgent it was."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assistant.labels.label_words import label_words
from assistant.models import MessageLabels
from assistant.reading.vocabulary import CATEGORY, INTENT, OTHER, PERSON, URGENCY, VALUES, YES
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, FlagFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer
from tickets.inbox.filters import TicketFilters
from tickets.models import Entry

LATELY = timedelta(days=30)


def _choices(facet: str) -> Callable[[Member], list[Choice]]:
    def choices(member: Member) -> list[Choice]:
        return [Choice(value, label_words(facet, value)) for value in VALUES[facet] if value != OTHER]

    return choices


def _condition(facet: str) -> Callable[[str, Viewer], Q]:
    def condition(value: str, viewer: Viewer) -> Q:
        since = viewer.reader.now - LATELY
        labelled = MessageLabels.objects.with_label(facet, value).filter(message=OuterRef("message"))
        return Q(Exists(Entry.objects.filter(Exists(labelled), ticket=OuterRef("pk"), at__gt=since)))

    return condition


def _asked_condition(value: str, viewer: Viewer) -> Q:
    return _condition(PERSON)(YES, viewer)


FILTERS: list[Feature] = [
    AddedFilter(
        TicketFilters, "intent", ChoiceFilter(_("Customer wants"), choices=_choices(INTENT), q=_condition(INTENT))
    ),
    AddedFilter(
        TicketFilters, "about", ChoiceFilter(_("Message about"), choices=_choices(CATEGORY), q=_condition(CATEGORY))
    ),
    AddedFilter(TicketFilters, "urgency", ChoiceFilter(_("Urgency"), choices=_choices(URGENCY), q=_condition(URGENCY))),
    AddedFilter(
        TicketFilters, "person", FlagFilter(_("Asks for a person"), yes=_("in the last 30 days"), q=_asked_condition)
    ),
]
