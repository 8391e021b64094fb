"""Lead filters for qualification conditions: territory, words of the request, doubts."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace, Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list.conditions import JobFilters
from crm.jobs.models import Level, Note
from crm.jobs.models.assignment import Territory
from crm.jobs.models.assignment.setup import assignment_setup
from crm.people.models import Property
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, FlagFilter, TextFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer
from leads.models.qualification import Doubt

NONE = "none"


def _active_territories() -> list[Territory]:
    return [row for row in assignment_setup().territories.values() if row.archived_at is None]


def _territory_choices(member: Member) -> list[Choice]:
    live = [Choice(str(row.pk), row.name) for row in _active_territories()]
    if live:
        return [*live, Choice(NONE, _("none of ours"))]
    return []


def _in_territory(value: str, viewer: Viewer) -> Q:
    """Like `Territory.covers`: by postal code prefix or state, both folded. A lead without an address matches none."""
    if value != NONE:
        return Q(Exists(_properties_in([row for row in _active_territories() if str(row.pk) == value])))
    located = Property.objects.filter(~Q(postcode="") | ~Q(region=""), pk=OuterRef("site"))
    return Q(Exists(located)) & ~Q(Exists(_properties_in(_active_territories())))


def _properties_in(rows: list[Territory]) -> Any:
    codes = [code for row in rows for code in row.postal_codes]
    states = [state for row in rows for state in row.states]
    begins = Q(state_folded__in=states)
    for code in codes:
        begins |= Q(code_folded__startswith=code)
    folded = {f"{name}_folded": _fold_column(column) for name, column in (("code", "postcode"), ("state", "region"))}
    return Property.objects.alias(**folded).filter(begins, pk=OuterRef("site"))


def _fold_column(column: str) -> Any:
    return Upper(Replace(Replace(F(column), Value(" "), Value("")), Value("-"), Value("")))


class _RequestFilter(TextFilter):
    """Filter by words in the title or a note, where the customer's request is written."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        noted: Any = Note.objects.filter(job=OuterRef("pk"), body__icontains=value)
        return Q(title__icontains=value) | Q(Exists(noted))


def _in_review_condition(value: str, viewer: Viewer) -> Q:
    doubts: Any = Doubt.objects.filter(pk=OuterRef("pk"), settled_at=None)
    return Q(Exists(doubts), level__lt=Level.ENDED)


FILTERS = (
    AddedFilter(
        JobFilters,
        "territory",
        ChoiceFilter(gettext_lazy("Territory"), choices=_territory_choices, q=_in_territory),
    ),
    AddedFilter(JobFilters, "asks", _RequestFilter(gettext_lazy("Title or a note"))),
    AddedFilter(
        JobFilters,
        "doubt",
        FlagFilter(gettext_lazy("Qualification"), yes=gettext_lazy("may not be for us"), q=_in_review_condition),
    ),
)
