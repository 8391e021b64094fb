"""The filters of a list of jobs: owner, step, lateness, next step and more."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.list import choices
from crm.jobs.list.choices import LEVELS
from crm.jobs.models import Level
from crm.jobs.models.queryset import mirror_time
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.quality import key_fields
from crm.jobs.untouched import untouched_condition
from crm.kernel.typed_values import NotationHabits, parse_money
from crm.people.models import Claim, Property
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.field_types import (
    AmountFilter,
    ChoiceFilter,
    DateFilter,
    DaysFilter,
    FlagFilter,
    MemberFilter,
    RecordFilter,
    TeamFilter,
    TextFilter,
)
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.viewer import Viewer

SEE_ALL = "jobs.see_all"


def _in_stages(stages: list[int]) -> Q:
    # Who has a step has a status: the index begins behind the jobs without one.
    return Q(stage_id__in=stages, level__gt=Level.NONE)


def _in_phase(value: str, viewer: Viewer) -> Q:
    return _in_stages(pipeline_setup().stages_in_phase(pipeline_setup().phases[int(value) - 1].pk))


def _in_step(value: str, viewer: Viewer) -> Q:
    if value == choices.NO_STEP:
        return Q(stage_id__isnull=True)
    return _in_stages([pk for pk, stage in pipeline_setup().stages.items() if stage.name == value])


def _from_source(value: str, viewer: Viewer) -> Q:
    sources = pipeline_setup().sources
    return Q(source_id__in=sources.meaning(next(pk for pk, row in sources.items() if row.name == value)))


def _next_step(value: str, viewer: Viewer) -> Q:
    if value == "missing":
        return Q(level__lt=Level.ENDED, next_step_kind="")
    now = viewer.reader.now
    today = viewer.reader.today
    if value == "overdue":
        return Q(next_step_at__lt=now)
    if value == "today":
        days = 1
    else:
        days = 7 - today.weekday()
    return Q(next_step_at__gte=viewer.midnight(today), next_step_at__lt=viewer.midnight(today + timedelta(days=days)))


def _parse_amount(typed: str, viewer: Viewer) -> tuple[int, str]:
    """Parse an amount, in the default brand's currency unless another is given."""
    reader = viewer.reader
    return parse_money(typed, NotationHabits.of(reader.country, directory().default_brand.currency, reader.zone))


def _has_claim(value: str, viewer: Viewer) -> Q:
    return Q(Exists(Claim.objects.filter(site=OuterRef("site"))))


class _RegionFilter(TextFilter):
    """Filter by the state or province in the property's address: "FL"."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        return Q(Exists(Property.objects.filter(pk=OuterRef("site"), region__icontains=value)))


class _EndedFilter(DateFilter):
    """Filter by end time, on the list's sort column, which mirrors the instant for ended jobs."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        condition = super().condition(test, value, viewer)
        ((lookup, at),) = condition.children  # type: ignore[misc]
        turned = "gt"
        if lookup.endswith("gte"):
            turned = "lte"
        return Q(**{f"sort_at__{turned}": mirror_time(at)}, level=Level.ENDED)


class JobFilters(FilterSet):
    """Filters of jobs, in the filter builder's order. None uses a join: almost all columns are on the job."""

    rep = MemberFilter(_("Rep"), "member", others=SEE_ALL)
    team = TeamFilter(_("Team"), "member", others=SEE_ALL)
    level = ChoiceFilter(_("Level"), choices=choices.levels, q=lambda value, viewer: Q(level__in=LEVELS[value]))
    priority = ChoiceFilter(_("Priority"), choices=choices.priorities, q=lambda value, viewer: Q(priority=int(value)))
    phase = ChoiceFilter(_("Phase"), choices=choices.phases, q=_in_phase)
    step = ChoiceFilter(_("Step"), choices=choices.steps, q=_in_step)
    pipeline = RecordFilter(_("Pipeline"), "pipeline", records=lambda: pipeline_setup().pipelines)
    source = ChoiceFilter(_("Source"), choices=choices.sources, q=_from_source)
    brand = RecordFilter(_("Brand"), "brand", records=lambda: directory().brands)
    waiting = FlagFilter(
        _("Unanswered"), yes=_("waiting for our reply"), q=lambda value, viewer: Q(waiting_since__isnull=False)
    )
    side = ChoiceFilter(
        _("Whose move"), choices=choices.sides, q=lambda value, viewer: Q(side=value, level__lt=Level.ENDED)
    )
    next = ChoiceFilter(_("Next step"), choices=choices.next_steps, q=_next_step)
    untouched = FlagFilter(
        _("Untouched"), yes=_("nobody has been in touch"), q=lambda value, viewer: untouched_condition()
    )
    missing = ChoiceFilter(_("Missing"), choices=key_fields.choices, q=key_fields.is_missing)
    value = AmountFilter(_("Value"), "value", currency="currency", reads=_parse_amount)
    claim = FlagFilter(_("Insurance"), yes=_("a claim is known"), q=_has_claim)
    region = _RegionFilter(_("State or province"))
    came = DateFilter(_("Came in"), "came_in_at")
    entered = DaysFilter(_("Step entered"), "entered_at")
    # Never contacted counts as longest ago.
    touched = DaysFilter(_("Last contact"), "touched_at", never_is_older=True)
    state = ChoiceFilter(_("Open or ended"), choices=choices.states, q=lambda value, viewer: Q(state=value))
    ended = _EndedFilter(_("Ended"), "ended_at")
    q = TextFilter(_("Name, phone, email, address or number"), alone=True, chip=_("Text"))
    closed = ChoiceFilter(_("Closed"), choices=choices.closed_choices, alone=True)
