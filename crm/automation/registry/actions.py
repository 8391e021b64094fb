"""RuleAction: something a rule can do, added by the app that does it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise

from crm.automation.registry.options import NoOptions, Options
from crm.automation.registry.records import RecordKind, missing_record
from crm.automation.registry.triggers import Chosen
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon


@dataclass(frozen=True)
class Firing:
    """The context of an action: the current record, the rule and the run."""

    kind: RecordKind
    row: Any
    rule_id: int
    rule_name: str
    run_id: int
    # Unique for this step of this run: what makes a second try the same act.
    key: str = ""
    # The event that started it; None for a time.
    event_id: int | None = None
    # Who accepted it where the rule proposes; None: it acts by itself.
    by: Member | None = None

    @property
    def job_id(self) -> int | None:
        return self.kind.job_id(self.row)


@dataclass(frozen=True)
class ActionResult:
    """Result of an action: ids and codes, without names. `skipped`: there was nothing to do."""

    data: dict[str, Any] = field(default_factory=dict)
    skipped: bool = False


class UpcomingAction(NamedTuple):
    """An action planned for a future instant, with the current record."""

    kind: RecordKind
    row: Any
    chosen: Chosen
    at: datetime


class Departure(NamedTuple):
    """When a planned message would actually be sent, and why; both blank if as planned."""

    at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleAction(Feature):
    """Something a rule can do. It calls model methods inside the step's transaction.

    Other machines are called later, by a row the action writes.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "rule_actions"

    name: str
    # The keys of the record kinds it can be done for; none: for all.
    records: tuple[str, ...]
    icon: str
    # What follows "then": "send", "plan a follow-up", "move it to".
    label: str | Promise
    # Does it. Raises Refused with the reason where it cannot be done: the run says so and goes on.
    act: Callable[[Firing, Chosen], ActionResult]
    # The whole step in words: "plan a call for the lead's rep".
    words: Callable[[Chosen], str]
    options: type[Options] = NoOptions
    # The same for many of one rule at once, for one that records no events: what it raises undoes it for all of them,
    # and each is done by itself.
    act_all: Callable[[Sequence[Firing], Chosen], Sequence[ActionResult]] | None = None
    # It writes to the customer: the preview of messages counts it, and two rules may collide by it.
    writes_to_customer: bool = False
    # What came of it in words, of `Done.data`; without it the step's own words.
    told: Callable[[dict[str, Any]], str] | None = None
    # What it would do now for a record, in words: "would send, Tue 8:00"; raises Refused like `act`. Writes nothing.
    foresee: Callable[[Firing, Chosen], str] | None = None

    # When what it writes at those instants would really leave, as far as it can be known; with a few queries for all.
    departures: Callable[[Sequence[UpcomingAction]], Sequence[Departure]] | None = None

    def check(self) -> Iterator[str]:
        yield from missing_icon(self.icon)
        for key in self.records:
            yield from missing_record(key)

    def fits(self, record: str) -> bool:
        """True if the action is available for a kind of record."""
        return not self.records or record in self.records


@features.cached_index
def _by_name() -> dict[str, RuleAction]:
    return {entry.name: entry for entry in features.of(RuleAction)}


def find_action(name: str) -> RuleAction | None:
    """Return an action by name; None if no app adds it any more."""
    return _by_name().get(name)


def actions_of(record: str) -> list[RuleAction]:
    """Return the actions available for a kind of record, in order."""
    return [entry for entry in features.of(RuleAction) if entry.fits(record)]
