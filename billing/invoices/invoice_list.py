"""The list of invoices: open, late and paid ones, drafts and credit notes, what is due first at the top."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import OPEN_STATES, Invoice, InvoiceKind, InvoiceState
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, MemberFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List, Sort, View, Words
from crm.web.lists.paging import Order

# The first and last day of lateness of each bucket of aging; None: no end.
BUCKETS: dict[str, tuple[int, int | None]] = {"week": (1, 7), "month": (8, 30), "two": (31, 60), "more": (61, None)}


def bucket_label(bucket: str) -> str:
    """Return the words of a bucket of aging: "8–30 days late"."""
    first, last = BUCKETS[bucket]
    if last is None:
        return _("more than %(days)s days late") % {"days": first - 1}
    return _("%(first)s–%(last)s days late") % {"first": first, "last": last}


def bucket_condition(bucket: str, now: datetime) -> Q:
    """Return the condition for owed invoices that are late by the days of a bucket."""
    first, last = BUCKETS[bucket]
    owed = Q(state__in=OPEN_STATES) & ~Q(kind=InvoiceKind.CREDIT)
    condition = owed & Q(due_at__lt=now - timedelta(days=first - 1))
    if last is not None:
        condition &= Q(due_at__gte=now - timedelta(days=last))
    return condition


def _state_choices(member: Member) -> list[Choice]:
    derived = [Choice("open", _("open")), Choice("due", _("not late yet")), Choice("late", _("late"))]
    stored = (InvoiceState.PAID, InvoiceState.DRAFT, InvoiceState.PARTLY, InvoiceState.VOID)
    return derived + [Choice(state.value, str(state.label)) for state in stored]


def _state_condition(value: str, viewer: Viewer) -> Q:
    bills = ~Q(kind=InvoiceKind.CREDIT)
    if value == "open":
        return bills & Q(state__in=OPEN_STATES)
    if value == "late":
        return bills & Q(state__in=OPEN_STATES, due_at__lt=viewer.reader.now)
    if value == "due":
        return bills & Q(state__in=OPEN_STATES, due_at__gte=viewer.reader.now)
    return bills & Q(state=value)


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in InvoiceKind.choices]


def _bucket_choices(member: Member) -> list[Choice]:
    return [Choice(bucket, bucket_label(bucket)) for bucket in BUCKETS]


class InvoiceFilters(FilterSet):
    """Filters of invoices, in the filter builder's order."""

    state = ChoiceFilter(gettext_lazy("State"), choices=_state_choices, q=_state_condition)
    aging = ChoiceFilter(
        gettext_lazy("Late by"),
        choices=_bucket_choices,
        q=lambda value, viewer: bucket_condition(value, viewer.reader.now),
    )
    kind = ChoiceFilter(gettext_lazy("Type"), "kind", choices=_kind_choices)
    who = MemberFilter(gettext_lazy("Rep"), "job__member", others="jobs.see_all")
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
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
        gettext_lazy("when they are due"),
    )

    def visible(self, member: Member) -> Any:
        return Invoice.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Invoice, "sort_at", "id")

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude what is settled unless a state, type or text is asked for; find a text."""
        if text := filters.q:
            rows = rows.filter(Q(number__icontains=text[:40]) | Q(job__title__icontains=text[:120]))
        if filters.asks("state") or filters.asks("kind") or filters.asks("aging") or text:
            return rows
        return rows.exclude(state__in=(InvoiceState.PAID, InvoiceState.VOID))

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
