"""The list of invoices: open, late and paid ones, drafts and credit notes, what is due first at the top."""

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoices.aging import ALL_BUCKETS, aging_texts, bucket_condition, bucket_label, owed_condition
from billing.models import OPEN_STATES, Invoice, InvoiceKind, InvoiceState
from crm.jobs.list.member_filter import JobMemberFilter
from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List, Sort, View, Words
from crm.web.lists.paging import Order
from crm.web.lists.selection_actions import selection_actions
from crm.web.reader import Reader

# What the list begins with: what is to be issued, owed, or a credit that is not used.
UNSETTLED = (InvoiceState.DRAFT, *OPEN_STATES)
# Leads that a text may mean; of more, one types more of it.
MOST_LEADS = 1000
LARGEST_SEQUENCE = 2**31 - 1
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


def _state_choices(member: Member) -> list[Choice]:
    derived = [Choice("open", _("open")), Choice("due", _("not late yet")), Choice("late", _("late"))]
    stored = (InvoiceState.PAID, InvoiceState.DRAFT, InvoiceState.PARTLY, InvoiceState.VOID)
    return derived + [Choice(state.value, str(state.label)) for state in stored]


def _state_condition(value: str, viewer: Viewer) -> Q:
    bills = ~Q(kind=InvoiceKind.CREDIT)
    if value == "open":
        return bills & Q(state__in=OPEN_STATES)
    if value in ("late", "due"):
        return owed_condition(viewer.reader.now, is_late=value == "late")
    return bills & Q(state=value)


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in InvoiceKind.choices]


def _bucket_choices(member: Member) -> list[Choice]:
    return [Choice(bucket, bucket_label(bucket)) for bucket in ALL_BUCKETS]


def _currency_choices(member: Member) -> list[Choice]:
    currencies = sorted({brand.currency for brand in directory().brands.values()})
    return [Choice(currency, currency) for currency in currencies]


class CurrencyFilter(ChoiceFilter):
    """A filter by currency. The builder offers those of the brands; a link may name another one."""

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        wrong = gettext_lazy("Choose an option from the list.")
        return forms.RegexField("^[A-Z]{3}$", error_messages={"required": wrong, "invalid": wrong})


class InvoiceFilters(FilterSet):
    """Filters of invoices, in the filter builder's order."""

    state = ChoiceFilter(gettext_lazy("State"), choices=_state_choices, q=_state_condition)
    aging = ChoiceFilter(
        gettext_lazy("Late by"),
        choices=_bucket_choices,
        q=lambda value, viewer: bucket_condition(value, viewer.reader.now),
    )
    kind = ChoiceFilter(gettext_lazy("Type"), "kind", choices=_kind_choices)
    who = JobMemberFilter(gettext_lazy("Rep"), "member", others="jobs.see_all")
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    currency = CurrencyFilter(gettext_lazy("Currency"), "currency", choices=_currency_choices)
    due = DateFilter(gettext_lazy("Due"), "due_at")
    issued = DateFilter(gettext_lazy("Issued"), "issued_at")
    q = TextFilter(gettext_lazy("Number or customer"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 invoice")
    return _("%(found)s invoices") % {"found": found}


class InvoiceList(List):
    key = "invoices"
    page = "billing:list"
    permission = "billing.view"
    filterset = InvoiceFilters
    first_field = "state"
    sorts = {"-due": Sort(Order(Invoice, "sort_at", "id", down=True), gettext_lazy("the latest due day"))}
    words = Words(
        gettext_lazy("Invoices"),
        gettext_lazy("Invoices where"),
        gettext_lazy("All invoices"),
        _count_words,
        gettext_lazy("the earliest due day"),
    )

    def visible(self, member: Member) -> Any:
        return Invoice.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Invoice, "sort_at", "id")

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude what is settled unless a state, type or text is asked for; find a text."""
        if filters.q:
            return rows.filter(self._text_condition(filters, member))
        if filters.asks("state") or filters.asks("kind") or filters.asks("aging"):
            return rows
        return rows.filter(state__in=UNSETTLED)

    @staticmethod
    def _text_condition(filters: Filters, member: Member) -> Q:
        """Return the condition for a text: part of a number that has its last digits, or a lead the search finds."""
        if member.pk not in filters.found:
            jobs = Job.objects.meant_by(candidates(filters.q, by=member))
            filters.found[member.pk] = list(jobs.values_list("pk", flat=True)[:MOST_LEADS])
        condition = Q(job_id__in=filters.found[member.pk])
        digits = _LAST_NUMBER.search(filters.q)
        sequence = read_number(digits[1], most=LARGEST_SEQUENCE) if digits else None
        if sequence:
            condition |= Q(sequence=sequence, number__icontains=filters.q[:40])
        return condition

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        """Count the drafts that "Select all" would select."""
        if filters.asks("state") and selection_actions(self, member):
            return {"matching": self.apply(filters, member)}
        return {}

    def sums(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, str]:
        """Return the figures above the list."""
        return aging_texts(member, Reader.of(member, clock.now()))

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("Not settled"), self.filters()),
            View("open", _("Open"), self.filters(state="open")),
            View("late", _("Late"), self.filters(state="late"), css="crit"),
            View("drafts", _("To issue"), self.filters(state="draft"), css="soon"),
            View("paid", _("Paid"), self.filters(state="paid")),
            View("credit", _("Credit notes"), self.filters(kind="credit")),
        ]


INVOICES = InvoiceList()


def count_late(member: Member) -> str:
    """Count the late invoices a member sees, for the number in the navigation; blank for none."""
    count = capped_counts({"late": Invoice.objects.visible_to(member).late_at(clock.now())})["late"]
    if count == "0":
        return ""
    return count
