"""The list of commission statements, the newest month first."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import CommissionStatement, StatementState
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order

PERMISSION = "billing.commissions"


def _state_choices(member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in StatementState.choices]


class StatementFilters(FilterSet):
    """Filters of commission statements, in the filter builder's order."""

    state = ChoiceFilter(gettext_lazy("State"), "state", choices=_state_choices)
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    issued = DateFilter(gettext_lazy("Issued"), "issued_at")
    paid = DateFilter(gettext_lazy("Paid"), "paid_at")
    q = TextFilter(gettext_lazy("Number or partner"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 statement")
    return _("%(found)s statements") % {"found": found}


class StatementList(List):
    key = "commissions"
    page = "commissions:list"
    permission = PERMISSION
    filterset = StatementFilters
    first_field = "state"
    words = Words(
        gettext_lazy("Commissions"),
        gettext_lazy("Statements where"),
        gettext_lazy("All statements"),
        _count_words,
        gettext_lazy("the newest month first"),
    )

    def visible(self, member: Member) -> Any:
        return CommissionStatement.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(CommissionStatement, "month", "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Find a text in the number or the partner's name."""
        if text := filters.q:
            rows = rows.filter(Q(number__icontains=text[:40]) | Q(partner__name__icontains=text[:60]))
        return rows

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All statements"), self.filters()),
            View("drafts", _("To issue"), self.filters(state="draft"), css="soon"),
            View("unpaid", _("To be paid"), self.filters(state="issued")),
            View("paid", _("Paid out"), self.filters(state="paid")),
        ]


STATEMENTS = StatementList()


def count_drafts(member: Member) -> str:
    """Count the drafts, for the number in the navigation; blank for none."""
    drafts = CommissionStatement.objects.visible_to(member).filter(state=StatementState.DRAFT)
    count = capped_counts({"drafts": drafts})["drafts"]
    if count == "0":
        return ""
    return count
