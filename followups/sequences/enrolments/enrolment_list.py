"""The list of enrolments: who is in which sequence, at which step, and why those who left did."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.list.search import search
from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.organization.configuration import cached_per_tenant
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, MemberFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order
from followups.models import FollowUp
from followups.sequences.definition import SequenceAct, SequenceFork, SequenceWait
from followups.sequences.models import (
    EndReason,
    Enrolment,
    EnrolmentEntry,
    EnrolmentStep,
    PauseReason,
    Sequence,
    SequenceVersion,
    StepResult,
)
from followups.sequences.models.sequence import sequences_by_id
from followups.sequences.registry import sequence_signals

# Both states of those who have not left.
INSIDE = "inside"
MOST_FOUND = 200


class StepPlace(NamedTuple):
    """A step of a sequence's present version, as a choice of the filters. `number`: of the act before a wait."""

    version_id: int
    position: int
    name: str
    number: int
    is_wait: bool
    is_fork: bool = False


@cached_per_tenant
def _step_places() -> dict[str, StepPlace]:
    """Return the steps of the present versions of all sequences in use, by the value that stands for each."""
    places: dict[str, StepPlace] = {}
    for sequence in _sequences().values():
        if sequence.archived_at is None and sequence.version is not None:
            places |= _places_of(sequence.name, sequence.version)
    return places


def _places_of(name: str, version: SequenceVersion) -> dict[str, StepPlace]:
    places: dict[str, StepPlace] = {}
    acts = 0
    forks = 0
    for node in version.nodes:
        is_wait = isinstance(node.step, SequenceWait)
        is_fork = isinstance(node.step, SequenceFork)
        acts += isinstance(node.step, SequenceAct)
        forks += is_fork
        number = acts
        if is_fork:
            number = forks
        places[f"{version.pk}.{node.position}"] = StepPlace(version.pk, node.position, name, number, is_wait, is_fork)
    return places


@cached_per_tenant
def _versions() -> dict[str, tuple[str, int]]:
    """Return the sequence's name and the number of each version, by its id."""
    rows = SequenceVersion.objects.order_by("sequence_id", "-number").values_list("pk", "sequence_id", "number")
    return {str(pk): (_sequences()[sequence_id].name, number) for pk, sequence_id, number in rows}


def _sequences() -> Mapping[int, Sequence]:
    return sequences_by_id()


def _sequence_choices(member: Member) -> list[Choice]:
    rows = sorted(_sequences().values(), key=lambda row: (row.archived_at is not None, row.name))
    return [Choice(str(row.uid), row.name) for row in rows]


def _of_sequence(value: str, viewer: Viewer) -> Q:
    return Q(sequence_id=by_uid(_sequences(), value))


def _version_choices(member: Member) -> list[Choice]:
    words = _("%(name)s, version %(number)s")
    return [Choice(pk, words % {"name": name, "number": number}) for pk, (name, number) in _versions().items()]


def _step_choices(member: Member) -> list[Choice]:
    return [Choice(value, _place_text(place)) for value, place in _step_places().items()]


def _place_text(place: StepPlace) -> str:
    words = _("%(name)s, step %(number)s")
    if place.is_wait:
        words = _("%(name)s, waiting after step %(number)s")
    elif place.is_fork:
        words = _("%(name)s, fork %(number)s")
    return words % {"name": place.name, "number": place.number}


def _stands_at(value: str, viewer: Viewer) -> Q:
    place = _step_places()[value]
    return Q(version_id=place.version_id, position=place.position, state__in=("active", "paused"))


def _passed_choices(member: Member) -> list[Choice]:
    return [Choice(value, _place_text(place)) for value, place in _step_places().items() if not place.is_wait]


def _got_to(value: str, viewer: Viewer) -> Q:
    place = _step_places()[value]
    steps = EnrolmentStep.objects.filter(
        enrolment_id=OuterRef("pk"), version_id=place.version_id, position=place.position
    )
    return Q(Exists(steps), version_id=place.version_id)


def _way_choices(member: Member) -> list[Choice]:
    words = _("%(name)s, fork %(number)s: %(answer)s")
    return [
        Choice(f"{value}.{way}", words % {"name": place.name, "number": place.number, "answer": StepResult(way).label})
        for value, place in _step_places().items()
        if place.is_fork
        for way in (StepResult.YES, StepResult.NO)
    ]


def _went_way(value: str, viewer: Viewer) -> Q:
    place_value, _dot, way = value.rpartition(".")
    place = _step_places()[place_value]
    steps = EnrolmentStep.objects.filter(
        enrolment_id=OuterRef("pk"), version_id=place.version_id, position=place.position, result=way
    )
    return Q(Exists(steps), version_id=place.version_id)


def _has_late_task(value: str, viewer: Viewer) -> Q:
    late = FollowUp.objects.open().filter(pk=OuterRef("task_id"), due_at__lt=viewer.reader.now)
    return Q(Exists(late.order_by()))


def _state_choices(member: Member) -> list[Choice]:
    return [
        Choice(INSIDE, _("in it, or paused")),
        Choice("active", _("in it, not paused")),
        Choice("paused", _("paused")),
        Choice("ended", _("left")),
    ]


def _in_state(value: str, viewer: Viewer) -> Q:
    if value == INSIDE:
        return Q(state__in=("active", "paused"))
    return Q(state=value)


def _labels(choices: Any) -> Any:
    """Return a function that lists the values of a TextChoices."""
    return lambda member: [Choice(value, str(label)) for value, label in choices]


def _signal_choices(member: Member) -> list[Choice]:
    return [Choice(name, str(signal.label)) for name, signal in sequence_signals().items()]


class _RepFilter(MemberFilter):
    """Filter by the rep of the lead, without a join."""

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        jobs = Job.objects.filter(super().condition(test, value, viewer))
        return Q(job_id__in=jobs.order_by().values("pk"))


class EnrolmentFilters(FilterSet):
    """Filters of enrolments, in the order of the filter builder."""

    sequence = ChoiceFilter(gettext_lazy("Sequence"), choices=_sequence_choices, q=_of_sequence, least=1)
    state = ChoiceFilter(gettext_lazy("Status"), choices=_state_choices, q=_in_state)
    at = ChoiceFilter(gettext_lazy("Stands at"), choices=_step_choices, q=_stands_at, least=1)
    reached = ChoiceFilter(gettext_lazy("Got to"), choices=_passed_choices, q=_got_to, least=1)
    went = ChoiceFilter(gettext_lazy("Way of a fork"), choices=_way_choices, q=_went_way, least=1)
    late = FlagFilter(gettext_lazy("Follow-up"), yes=gettext_lazy("is overdue"), q=_has_late_task)
    version = ChoiceFilter(
        gettext_lazy("Version"),
        choices=_version_choices,
        q=lambda value, viewer: Q(version_id=int(value)),
        least=1,
    )
    reason = ChoiceFilter(gettext_lazy("Left because"), "end_reason", choices=_labels(EndReason.choices))
    pause = ChoiceFilter(gettext_lazy("Paused because"), "pause_reason", choices=_labels(PauseReason.choices))
    signal = ChoiceFilter(
        gettext_lazy("Ended by"),
        choices=_signal_choices,
        q=lambda value, viewer: Q(end_reason=EndReason.SIGNAL, end_cause__signal=value),
        least=1,
    )
    entry = ChoiceFilter(gettext_lazy("Started"), "entry", choices=_labels(EnrolmentEntry.choices))
    test = FlagFilter(
        gettext_lazy("In a test"),
        yes=gettext_lazy("where nothing is done"),
        q=lambda value, viewer: Q(is_test=True),
    )
    rep = _RepFilter(gettext_lazy("Rep"), "member", others="jobs.see_all")
    began = DateFilter(gettext_lazy("Started on"), "entered_at")
    left = DateFilter(gettext_lazy("Left on"), "ended_at")
    q = TextFilter(gettext_lazy("Name, phone, email, address or number"), alone=True, chip=gettext_lazy("Text"))


def _count_text(found: str) -> str:
    if found.isdigit():
        return ngettext("%(count)s lead in sequences", "%(count)s leads in sequences", int(found)) % {"count": found}
    return _("%(count)s leads in sequences") % {"count": found}


class EnrolmentList(List):
    """The list of enrolments, newest first."""

    key = "enrolments"
    page = "sequences:enrolments"
    permission = "sequences.view"
    filterset = EnrolmentFilters
    first_field = "state"
    words = Words(
        name=gettext_lazy("In sequences"),
        where=gettext_lazy("In sequences, where"),
        everything=gettext_lazy("Everyone in sequences"),
        counted=_count_text,
        sorted_by=gettext_lazy("newest first"),
    )

    def visible(self, member: Member) -> Any:
        return Enrolment.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return Order(Enrolment, "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Filter to the leads that match a search text; what was only tested is left out unless a filter names it."""
        if not filters.get("test"):
            rows = rows.in_test(False)
        text = filters.get("q")
        if not text:
            return rows
        return rows.filter(job_id__in=[hit.job_id for hit in search(text, by=member, most=MOST_FOUND)])

    def views(self, member: Member) -> list[View]:
        return [
            View("inside", _("In it now"), self.filters(state=INSIDE)),
            View("paused", _("Paused"), self.filters(state="paused")),
            View("ended", _("Left"), self.filters(state="ended")),
            View("all", _("All"), self.filters()),
        ]


ENROLMENTS = EnrolmentList()
