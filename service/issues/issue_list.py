"""The list of issues, newest first."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from service.models import Issue


def _state_choices(_member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in Issue.State.choices]


def _cause_choices(_member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in Issue.Cause.choices]


class IssueFilters(FilterSet):
    state = ChoiceFilter(gettext_lazy("State"), "state", choices=_state_choices)
    cause = ChoiceFilter(gettext_lazy("Cause"), "cause", choices=_cause_choices)
    opened = DateFilter(gettext_lazy("Reported"), "opened_at")


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 issue")
    return _("%(found)s issues") % {"found": found}


class IssueList(List):
    key = "issues"
    page = "issues:list"
    permission = "issues.view"
    filterset = IssueFilters
    first_field = "state"
    words = Words(
        gettext_lazy("Issues"),
        gettext_lazy("Issues where"),
        gettext_lazy("All issues"),
        _count_words,
        gettext_lazy("when they were reported"),
    )

    def visible(self, member: Member) -> Any:
        return Issue.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Issue, "opened_at", "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude closed issues, unless a state is requested."""
        if filters.asks("state"):
            return rows
        return rows.open()

    def views(self, member: Member) -> list[View]:
        return [
            View("open", _("Open issues"), self.filters()),
            View("approve", _("Waits for approval"), self.filters(state="to_approve"), css="late"),
            View("solved", _("Solved"), self.filters(state="solved")),
        ]


ISSUES = IssueList()
