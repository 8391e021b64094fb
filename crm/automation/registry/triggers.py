"""Triggers of rules: an event, a time relative to an instant of a record, or a scheduled round of all records."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise

from crm.automation.registry.options import NoOptions, Options
from crm.automation.registry.records import RecordKind, missing_record, record_kind
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory

# What the form of a trigger or an action has made of what was chosen.
Chosen = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Trigger(Feature):
    """Base class of entries that start a rule."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "triggers"

    name: str
    # The key of a RecordKind.
    record: str
    # What follows "when a lead": "enters step", "has no status".
    label: str | Promise
    options: type[Options] = NoOptions

    @property
    def kind(self) -> RecordKind:
        kind_ = record_kind(self.record)
        assert kind_ is not None, f"checked at start: {self.record}"
        return kind_

    def check(self) -> Iterator[str]:
        yield from missing_record(self.record)


def about_subject(event: Event) -> int | None:
    """Return the id of the event's subject as the record of the rule."""
    return event.subject_id


def about_job(event: Event) -> int | None:
    """Return the id of the job on whose timeline the event is."""
    return event.job_id


@dataclass(frozen=True, kw_only=True)
class EventTrigger(Trigger):
    """A trigger by event: the rule is evaluated as soon as the event happens."""

    events: tuple[str, ...] = ()
    # Whether an event is one the options mean: the step it moved to. Pure.
    heeds: Callable[[Event, Chosen], bool] = lambda event, chosen: True
    # The record that an event is about.
    about: Callable[[Event], int | None] = about_subject
    # The rows that stand now where the event brings them, as a queryset: the leads in the step. A rule may be started
    # for these too when it is turned on. Without it there are none.
    present: Callable[[Chosen], Any] | None = None

    def check(self) -> Iterator[str]:
        yield from super().check()
        if not self.events:
            yield "it names no event"


class Anchor(NamedTuple):
    """The instant a time trigger counts from, and a value that identifies it, e.g. one stay in a step."""

    at: datetime
    value: str


# The hour from which a date without a time of day counts.
MORNING = time(9)


def morning_of_day(day: date, brand_id: int | None) -> datetime:
    """Return the morning of a day in the brand's time zone, or the organization's."""
    organization = directory()
    if brand_id:
        calendar = organization.calendar_of(brand_id)
    else:
        calendar = organization.default_calendar_id
    hours = organization.calendars.get(calendar or 0)
    return datetime.combine(day, MORNING, hours.zone if hours else organization.zone).astimezone(UTC)


class Spell(NamedTuple):
    """A period in which a time trigger applied to a record: its anchor and its end (None: still open)."""

    record_id: int
    anchor: Anchor
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DayWriter:
    """How a member sets the day a time trigger counts from, such as when the follow-up before it is completed.

    The second argument of `label` and `write` is the value of the anchor: which of several dates of a record it is.
    """

    # What the date is called: "Passport valid until".
    label: Callable[[Any, str, Chosen], str]
    may_write: Callable[[Any, Member], bool]
    # Sets the day. Raises Refused.
    write: Callable[[Any, str, Chosen, date, Member], None]


@dataclass(frozen=True, kw_only=True)
class TimeTrigger(Trigger):
    """A trigger by time: a span after or before an instant of the record. Fires again when that instant changes.

    Of several instants the next one waits; when it has come, the one after it.
    """

    # The rows of which the clock runs now, as a queryset; few of them are read whole.
    rows: Callable[[Chosen], Any] | None = None
    # The instant of such a row; None where it has none.
    anchor: Callable[[Any, Chosen], Anchor | None] = lambda row, chosen: None
    # Instead of it, of rows that may have several at once: each row's id with each of its instants. Every one fires.
    anchors: Callable[[Collection[Any], Chosen], Iterable[tuple[int, Anchor]]] | None = None
    # Events that set it, move it or take it away, and the record each is about.
    events: tuple[str, ...] = ()
    about: Callable[[Event], int | None] = about_subject
    # Whether its instants are days, at an hour of the clock on the wall: another time zone moves them.
    by_day: bool = False
    # Whether a rule may count backwards: two days before an appointment.
    before: bool = False
    # The spells of some records since an instant, for a dry run. Without it the present ones are all that is known.
    spells: Callable[[Collection[int], Chosen, datetime], Iterable[Spell]] | None = None
    # How the instant is set, if it is a day that a member may set.
    writer: DayWriter | None = None
    # How late it may still fire, when a rule is switched on or an instant is set: None for however late.
    grace: timedelta | None = None

    def instants(self, rows: Collection[Any], chosen: Chosen) -> list[tuple[int, Anchor]]:
        """Return the anchors of rows, each with the row's id."""
        if self.anchors is not None:
            return list(self.anchors(rows, chosen))
        return [(row.pk, anchor) for row in rows if (anchor := self.anchor(row, chosen))]

    def check(self) -> Iterator[str]:
        yield from super().check()
        if self.rows is None or not self.events:
            yield "it needs rows, and events that move its instant"


@dataclass(frozen=True, kw_only=True)
class RoundTrigger(Trigger):
    """A trigger by schedule: on given weekdays and hour, the rule is evaluated for every matching record."""

    # The rows a round goes through, as a queryset.
    rows: Callable[[], Any] | None = None

    def check(self) -> Iterator[str]:
        yield from super().check()
        if self.rows is None:
            yield "it needs rows"


@features.cached_index
def _by_name() -> dict[str, Trigger]:
    return {entry.name: entry for entry in features.of(Trigger)}


def find_trigger(name: str) -> Trigger | None:
    """Return a trigger by name; None if no app adds it any more."""
    return _by_name().get(name)


def all_triggers() -> list[Trigger]:
    """Return all triggers by record kind."""
    return list(features.of(Trigger))
