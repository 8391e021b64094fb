"""The list of quotes of the leads a member may see, the last change first."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.jobs.list.member_filter import JobMemberFilter
from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.kernel import formats
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, Sort, View, Words
from crm.web.lists.paging import Order
from quotes.models import DeclineReason, Quote, QuoteState
from quotes.models.price_gap import gap_condition
from quotes.quote_list import figure_filters as figures
from quotes.quote_list.quote_search import find_by_title

NEWEST = Order(Quote, "changed_at", "id", down=True)
# Leads and quotes that a text may mean; of more, one types more of it. Quotes that a sum adds up; of more it says “+”.
MOST_LEADS = 1000
MOST_QUOTES = 1000
MOST_SUMMED = 1000


def _reasons(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in DeclineReason.choices]


def _levels(member: Member) -> list[Choice]:
    return [
        Choice("over", _("late")),
        Choice("soon", _("due soon")),
        Choice("ok", _("in time")),
    ]


def _at_level(value: str, viewer: Viewer) -> Q:
    now = viewer.reader.now
    waiting = Q(state=QuoteState.SENT)
    if value == "over":
        return waiting & Q(due_at__lte=now)
    if value == "soon":
        return waiting & Q(warn_at__lte=now, due_at__gt=now)
    return waiting & Q(warn_at__gt=now)


class QuoteFilters(FilterSet):
    """Filters of quotes, in the filter builder's order."""

    state = ChoiceFilter(gettext_lazy("Status"), choices=figures.state_choices, q=figures.state_condition)
    level = ChoiceFilter(gettext_lazy("Answer"), choices=_levels, q=_at_level)
    who = JobMemberFilter(gettext_lazy("Rep"), "member", others="jobs.see_all")
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    pipeline = ChoiceFilter(gettext_lazy("Pipeline"), choices=figures.pipeline_choices, q=figures.pipeline_condition)
    seen = FlagFilter(
        gettext_lazy("Opened"), yes=gettext_lazy("by the customer"), q=lambda value, viewer: Q(seen_at__isnull=False)
    )
    asked = FlagFilter(
        gettext_lazy("Question"),
        yes=gettext_lazy("waits for our answer"),
        q=lambda value, viewer: Q(asked_at__isnull=False),
    )
    review = FlagFilter(
        gettext_lazy("Contract"),
        yes=gettext_lazy("waits for review"),
        q=lambda value, viewer: Q(review_due_at__isnull=False),
    )
    reason = ChoiceFilter(gettext_lazy("Declined for"), "decline_reason", choices=_reasons)
    options = ChoiceFilter(
        gettext_lazy("Options"),
        choices=figures.offer_choices,
        q=lambda value, viewer: figures.option_condition(value),
    )
    tier = ChoiceFilter(gettext_lazy("Accepted option"), "accepted_tier", choices=figures.tier_choices)
    gap = ChoiceFilter(
        gettext_lazy("Next to another price"),
        choices=figures.gap_choices,
        q=lambda value, viewer: gap_condition(value),
    )
    sent = DateFilter(gettext_lazy("Sent"), "sent_at")
    decided = DateFilter(pgettext_lazy("quote", "Decided"), "decided_at")
    created = DateFilter(gettext_lazy("Written"), "created_at")
    q = TextFilter(gettext_lazy("Number, title or customer"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 quote")
    return _("%(found)s quotes") % {"found": found}


class QuoteList(List):
    """The list of quotes."""

    key = "quotes"
    page = "quotes:list"
    permission = "quotes.view"
    filterset = QuoteFilters
    first_field = "state"
    columns = Columns(
        Column("total", gettext_lazy("Total"), sort="total"),
        Column("rep", gettext_lazy("Rep")),
        Column("brand", gettext_lazy("Brand")),
        Column("sent", gettext_lazy("Sent")),
        Column("valid", gettext_lazy("Valid until")),
        usual=("total", "rep", "sent"),
    )
    sorts = {
        "-total": Sort(Order(Quote, "total", "id", down=True), gettext_lazy("total, highest first")),
        "total": Sort(Order(Quote, "total", "id"), gettext_lazy("total, lowest first")),
    }
    words = Words(
        name=gettext_lazy("Quotes"),
        where=gettext_lazy("Quotes that match"),
        everything=gettext_lazy("All quotes"),
        counted=_count_words,
        sorted_by=gettext_lazy("the newest change"),
    )

    def visible(self, member: Member) -> Any:
        return Quote.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return NEWEST

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter by a search text: number or title of the quote, or a lead or customer that the search finds."""
        if not filters.q:
            return rows
        if member.pk not in filters.found:
            jobs = Job.objects.visible_to(member).meant_by(candidates(filters.q, by=member))
            leads = list(jobs.values_list("pk", flat=True)[:MOST_LEADS])
            filters.found[member.pk] = (leads, find_by_title(filters.q, most=MOST_QUOTES))
        leads, quotes = filters.found[member.pk]
        condition = Q(pk__in=quotes) | Q(job_id__in=leads)
        number = read_number(filters.q.casefold().removeprefix("q").lstrip("- "))
        if number:
            condition |= Q(number=number)
        return rows.filter(condition)

    def sums(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, str]:
        """Return what the matching quotes add up to, by currency."""
        rows = self.apply(filters, member).order_by().values("pk")[: MOST_SUMMED + 1]
        sums = Quote.objects.filter(pk__in=rows).order_by().values_list("currency").annotate(Sum("total"), Count("pk"))
        by_count = sorted(sums, key=lambda row: (-row[2], row[0]))
        country = directory().tenant.country
        text = " · ".join(formats.money(int(total), currency, country) for currency, total, _count in by_count)
        if sum(count for _currency, _total, count in by_count) > MOST_SUMMED:
            text += "+"
        return {"summary": text}

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All quotes"), self.filters()),
            View("waiting", _("Waiting"), self.filters(state=QuoteState.SENT)),
            View("over", _("No answer in time"), self.filters(level="over"), css="age late"),
            View("drafts", _("Drafts"), self.filters(state=QuoteState.DRAFT)),
            View("review", _("To review"), self.filters(review="1")),
            View("accepted", pgettext("quote", "Accepted"), self.filters(state=QuoteState.ACCEPTED)),
            View("declined", pgettext("quote", "Declined"), self.filters(state=QuoteState.DECLINED)),
        ]


QUOTES = QuoteList()
