"""Quotes in rules and segments: triggers about leads, moves into a step, and a filter of customers who declined."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import EventTrigger, about_job
from crm.jobs.customers.customer_list import CustomerFilters
from crm.jobs.list.conditions import JobFilters
from crm.jobs.pipelines.sale_guards import SaleGuard
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer
from quotes.models import DeclineReason, Quote, QuoteState

ANY = "any"
APPROVED = "quote.contract_approved"


def _trigger(what: str, label: object, *events: str) -> EventTrigger:
    return EventTrigger(
        name=f"job.quote_{what}",
        record=JOB,
        label=label,  # type: ignore[arg-type]
        events=events,
        heeds=lambda event, chosen: is_agreed(event.data),
        about=about_job,
    )


def is_agreed(data: dict[str, Any]) -> bool:
    """False for the event of an acceptance whose contract is reviewed: the event of its approval follows."""
    return "review" not in data


def _refusals_to_sell(job_ids: Collection[int]) -> dict[int, str]:
    """Return which leads can't be sold work yet: somebody still reviews what the customer signed."""
    reviewed = Quote.objects.in_review().filter(job_id__in=job_ids).order_by().values_list("job_id", flat=True)
    return dict.fromkeys(reviewed, _("The contract that the customer signed is still under review."))


def _reasons(member: Member) -> list[Choice]:
    reasons = [Choice(str(value), str(label)) for value, label in DeclineReason.choices]
    return [Choice(ANY, _("for any reason")), *reasons]


def _has_declined(value: str, viewer: Viewer) -> Q:
    quotes = Quote.objects.filter(person_id=OuterRef("pk"), state=QuoteState.DECLINED).order_by()
    if value != ANY:
        quotes = quotes.filter(decline_reason=value)
    return Q(Exists(quotes))


def _states(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in QuoteState.choices]


def _has_quote(value: str, viewer: Viewer) -> Q:
    return Q(Exists(Quote.objects.filter(job_id=OuterRef("pk"), state=value).order_by()))


FEATURES: list[Feature] = [
    SaleGuard("contract", _refusals_to_sell),
    _trigger("sent", gettext_lazy("has a quote that was sent"), "quote.sent"),
    _trigger("viewed", gettext_lazy("has a quote that the customer opened"), "quote.viewed"),
    _trigger("accepted", gettext_lazy("has a quote that the customer accepted"), "quote.accepted", APPROVED),
    _trigger("declined", gettext_lazy("has a quote that the customer declined"), "quote.declined"),
    _trigger("expired", gettext_lazy("has a quote that expired"), "quote.expired"),
    StageMoveSource(
        lambda: (
            StageMove("quote_sent", gettext_lazy("a quote is sent"), "job.quote_sent"),
            StageMove("quote_accepted", gettext_lazy("a quote is accepted"), "job.quote_accepted"),
            StageMove("quote_declined", gettext_lazy("a quote is declined"), "job.quote_declined"),
        )
    ),
    StopSignal(
        name="job.quote_answered",
        record=JOB,
        label=gettext_lazy("the customer accepts or declines a quote"),
        events=("quote.accepted", "quote.declined"),
        about=about_job,
    ),
    AddedFilter(JobFilters, "quote", ChoiceFilter(gettext_lazy("Quote"), choices=_states, q=_has_quote)),
    AddedFilter(
        CustomerFilters, "declined", ChoiceFilter(gettext_lazy("Declined a quote"), choices=_reasons, q=_has_declined)
    ),
]
