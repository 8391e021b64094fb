"""ForkQuestion and EnrolmentPause: what apps add to sequences. StopChoice: what may end one."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.stops import StopSignal, stop_signals_of
from crm.platform import features
from crm.platform.features import Feature
from followups.sequences.models import EndReason, Enrolment, PauseReason


@dataclass(frozen=True, kw_only=True)
class ForkQuestion(Feature):
    """A question of a fork about what the customer did since the last message of the sequence."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    # As the fork shows it: "Have they come back to the quote page?".
    label: str | Promise
    # The ids of the enrolments whose answer is yes. A fixed number of queries for all.
    find: Callable[[Sequence[Enrolment]], set[int]]


@dataclass(frozen=True, kw_only=True)
class EnrolmentPause(Feature):
    """A state of a lead in which no sequence writes to its customer, added by the app that knows it."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    reason: PauseReason
    # The ids of those of these leads that are in the state. One query.
    find: Callable[[Collection[int]], set[int]]
    # Events that begin or end it.
    events: tuple[str, ...]

    def check(self) -> Iterator[str]:
        if not self.events:
            yield "it names no event"


class StopChoice(NamedTuple):
    """Something that ends a sequence, if its definition names it."""

    name: str
    label: str | Promise
    reason: EndReason
    # Chosen in a new sequence.
    is_usual: bool = True


ANSWERED = "answered"
COLLEAGUE = "colleague"
REACHED = "reached"
BOOKED = "booked"
WON = "won"
LOST = "lost"
TOUCHED = "touched"

STOP_CHOICES = (
    StopChoice(ANSWERED, _("They answer, on any channel"), EndReason.ANSWERED),
    StopChoice(COLLEAGUE, _("Anyone of their company answers"), EndReason.COLLEAGUE, is_usual=False),
    StopChoice(REACHED, _("A call or visit reached them"), EndReason.REACHED),
    StopChoice(BOOKED, _("An appointment is booked"), EndReason.BOOKED),
    StopChoice(WON, _("The lead is won, or its work is done"), EndReason.WON),
    StopChoice(LOST, _("The lead is lost or dropped"), EndReason.LOST),
    StopChoice(TOUCHED, _("A member is in touch with them"), EndReason.TOUCHED, is_usual=False),
)
USUAL_STOPS = tuple(choice.name for choice in STOP_CHOICES if choice.is_usual)


def fork_questions() -> dict[str, ForkQuestion]:
    """Return the questions of forks by name, in order."""
    return {entry.name: entry for entry in features.of(ForkQuestion)}


def enrolment_pauses() -> list[EnrolmentPause]:
    """Return what pauses enrolments, beside what sequences know themselves."""
    return list(features.of(EnrolmentPause))


def sequence_signals() -> dict[str, StopSignal]:
    """Return the stop signals of triggers that a sequence may name too, without those that STOP_CHOICES cover."""
    own = {"job.heard", "job.contacted", "job.ended", "job.moved", "job.taken_up"}
    return {signal.name: signal for signal in stop_signals_of(JOB) if signal.name not in own}
