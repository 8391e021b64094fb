"""The list of calls on tracking numbers, newest first."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from leads.calls.call_count import CountedCallFilter
from leads.calls.numbers import all_numbers
from leads.models import TrackedCall, Verdict
from leads.sources.setup import campaigns

NOT_COUNTED = "none"


def _number_choices(member: Member) -> list[Choice]:
    return [Choice(str(row.uid), row.name) for row in all_numbers().values()]


def _of_number(value: str, viewer: Viewer) -> Q:
    return Q(number_id=by_uid(all_numbers(), value))


def _source_choices(member: Member) -> list[Choice]:
    named = {row.source_id for row in all_numbers().values()}
    sources = pipeline_setup().sources
    names = sorted({sources[pk].name for pk in named})
    return [Choice(name, name) for name in names]


def _of_source(value: str, viewer: Viewer) -> Q:
    sources = pipeline_setup().sources
    return Q(source__in=sources.meaning(next(pk for pk, row in sources.items() if row.name == value)))


def _campaign_choices(member: Member) -> list[Choice]:
    named = {campaigns().root(row.campaign_id) for row in all_numbers().values() if row.campaign_id}
    rows = [campaigns().all[pk] for pk in named if pk]
    return [Choice(str(row.uid), row.name) for row in sorted(rows, key=lambda row: row.name)]


def _of_campaign(value: str, viewer: Viewer) -> Q:
    return Q(campaign__in=campaigns().meaning(by_uid(campaigns().all, value)))


def _verdict_choices(member: Member) -> list[Choice]:
    return [*(Choice(str(value), str(label)) for value, label in Verdict.choices), Choice(NOT_COUNTED, _("Any reason"))]


def _of_verdict(value: str, viewer: Viewer) -> Q:
    if value == NOT_COUNTED:
        return ~Q(verdict__in=[Verdict.COUNTED, Verdict.OUTGOING])
    return Q(verdict=value)


class CallFilters(FilterSet):
    number = ChoiceFilter(gettext_lazy("Number"), choices=_number_choices, q=_of_number, least=1)
    source = ChoiceFilter(gettext_lazy("Source"), choices=_source_choices, q=_of_source, least=1)
    campaign = ChoiceFilter(gettext_lazy("Campaign"), choices=_campaign_choices, q=_of_campaign, least=1)
    verdict = ChoiceFilter(gettext_lazy("Counted"), choices=_verdict_choices, q=_of_verdict)
    at = DateFilter(gettext_lazy("When"), "at")
    brought = CountedCallFilter()
    q = TextFilter(gettext_lazy("Caller"), alone=True, chip=gettext_lazy("Text"))


def _count_words(count: str) -> str:
    if count == "1":
        return _("1 call")
    return _("%(found)s calls") % {"found": count}


class CallList(List):
    """List of calls on tracking numbers, newest first."""

    key = "calls"
    page = "calls:list"
    permission = "sources.view"
    filterset = CallFilters
    first_field = "verdict"
    words = Words(
        name=gettext_lazy("Calls"),
        where=gettext_lazy("Calls where"),
        everything=gettext_lazy("All tracked calls"),
        counted=_count_words,
        sorted_by=gettext_lazy("newest first"),
    )

    def visible(self, member: Member) -> Any:
        return TrackedCall.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(TrackedCall, "at", "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter calls by the caller's number or name."""
        if not filters.q:
            return rows
        digits = "".join(sign for sign in filters.q if sign.isdigit())
        caller = Q(message__person__name__icontains=filters.q)
        if digits:
            caller |= Q(message__address__contains=digits)
        return rows.filter(caller)

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All tracked calls"), self.filters()),
            View("counted", _("Counted"), self.filters(verdict=str(Verdict.COUNTED))),
            View("missed", _("Missed"), self.filters(verdict=str(Verdict.MISSED))),
            View("not_counted", _("Not counted"), self.filters(verdict=NOT_COUNTED)),
        ]


CALLS = CallList()
