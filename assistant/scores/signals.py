"""Signals of a lead that scores rest on: known before it ends, and counted the same way for all leads.

None of them is changed by how the lead ends, so that what is learnt of ended leads holds for open ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, Expression, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractHour, ExtractIsoWeekDay
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.people.models import Claim
from crm.platform.organization.configuration import directory

NONE = "none"


@dataclass(frozen=True)
class LeadSignal:
    """A signal: its name, its value per job as an SQL expression, and a value in words."""

    name: str
    expression: Callable[[Sequence[int]], Any]
    words: Callable[[str, Sequence[int], str], str]

    @property
    def column(self) -> str:
        return f"signal_{self.name}"


def _id_of(field: str) -> Callable[[Sequence[int]], Expression]:
    return lambda edges: Coalesce(Cast(F(field), CharField()), Value(NONE))


def _flag(condition: Q) -> Expression:
    return Case(When(condition, then=Value("yes")), default=Value("no"), output_field=CharField())


def _value_band(edges: Sequence[int]) -> Expression:
    """Return the band of a lead's value: "0" below the first edge, "1" below the second, and so on."""
    bands = [When(value__isnull=True, then=Value(NONE))]
    bands += [When(value__lt=edge, then=Value(str(at))) for at, edge in enumerate(edges)]
    return Case(*bands, default=Value(str(len(edges))), output_field=CharField())


def _arrival(edges: Sequence[int]) -> Expression:
    zone = directory().zone
    weekday = ExtractIsoWeekDay("came_in_at", tzinfo=zone)
    hour = ExtractHour("came_in_at", tzinfo=zone)
    return Case(
        When(_greater(weekday, 5), then=Value("weekend")),
        When(_greater(hour, 17) | ~_greater(hour, 7), then=Value("evening")),
        default=Value("day"),
        output_field=CharField(),
    )


def _greater(expression: Any, limit: int) -> Q:
    return Q(GreaterThan(expression, limit))


def _claim(edges: Sequence[int]) -> Expression:
    return _flag(Q(Exists(Claim.objects.filter(site=OuterRef("site")))))


def _business(edges: Sequence[int]) -> Expression:
    return _flag(Q(company__isnull=False))


def _repeat(edges: Sequence[int]) -> Expression:
    before = Job.objects.filter(person=OuterRef("person"), state=JobState.DONE, came_in_at__lt=OuterRef("came_in_at"))
    return _flag(Q(Exists(before.order_by())))


def _source_words(value: str, edges: Sequence[int], currency: str) -> str:
    sources = pipeline_setup().sources
    if value.isdigit() and int(value) in sources.all:
        return _("Came by %(source)s") % {"source": sources[int(value)].name}
    return _("No source is known")


def _pipeline_words(value: str, edges: Sequence[int], currency: str) -> str:
    pipeline = pipeline_setup().pipelines.get(int(value)) if value.isdigit() else None
    return _("It is a “%(type)s”") % {"type": pipeline.name if pipeline else "–"}


def _brand_words(value: str, edges: Sequence[int], currency: str) -> str:
    brand = directory().brands.get(int(value)) if value.isdigit() else None
    return _("Wrote to %(brand)s") % {"brand": brand.name if brand else "–"}


def _value_words(value: str, edges: Sequence[int], currency: str) -> str:
    if value == NONE or not edges:
        return _("No value is known")
    at = int(value)
    country = directory().tenant.country
    if at == 0:
        return _("Worth less than %(amount)s") % {"amount": formats.short_money(edges[0], currency, country)}
    if at >= len(edges):
        return _("Worth %(amount)s or more") % {"amount": formats.short_money(edges[-1], currency, country)}
    low, high = (formats.short_money(edge, currency, country) for edge in (edges[at - 1], edges[at]))
    return _("Worth %(low)s to %(high)s") % {"low": low, "high": high}


def _yes_or_no(yes: Callable[[], str], no: Callable[[], str]) -> Callable[[str, Sequence[int], str], str]:
    return lambda value, edges, currency: yes() if value == "yes" else no()


def _arrival_words(value: str, edges: Sequence[int], currency: str) -> str:
    return {
        "weekend": _("Came in on a weekend"),
        "evening": _("Came in in the evening or at night"),
    }.get(value, _("Came in on a weekday, by day"))


SIGNALS = (
    LeadSignal("source", _id_of("source_id"), _source_words),
    LeadSignal("pipeline", _id_of("pipeline_id"), _pipeline_words),
    LeadSignal("brand", _id_of("brand_id"), _brand_words),
    LeadSignal("value", _value_band, _value_words),
    LeadSignal("claim", _claim, _yes_or_no(lambda: _("An insurance job"), lambda: _("Not an insurance job"))),
    LeadSignal("business", _business, _yes_or_no(lambda: _("A business"), lambda: _("A private customer"))),
    LeadSignal("repeat", _repeat, _yes_or_no(lambda: _("We worked for them before"), lambda: _("A new customer"))),
    LeadSignal("arrival", _arrival, _arrival_words),
)


def with_signals(jobs: Any, edges: Sequence[int]) -> Any:
    """Annotate jobs with the value of each signal, and with the step they stand at by phase ("0" for none)."""
    return jobs.annotate(
        **{signal.column: signal.expression(edges) for signal in SIGNALS}, signal_reached=reached_phase()
    )


def reached_phase() -> Expression:
    """Return the position of the phase a job stands in, from "1"; "0" without a status."""
    setup = pipeline_setup()
    phases = [
        When(stage_id__in=setup.stages_in_phase(phase.pk), then=Value(str(at)))
        for at, phase in enumerate(setup.phases, 1)
    ]
    return Case(*phases, default=Value("0"), output_field=CharField())


def reached_words(value: str) -> str:
    """Return how far a lead has come, in words."""
    at = int(value)
    if at == 0:
        return _("Has no status yet")
    phases = list(pipeline_setup().phases)
    return _("Has come to “%(phase)s”") % {"phase": phases[at - 1].name if at <= len(phases) else "–"}
