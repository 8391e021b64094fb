"""One condition on leads, "field:test:value": read from a URL or a form, said in words, and made into SQL.

A condition never joins: all it asks of stands on the job. Days are the reader's own, turned into instants.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from babel.numbers import get_currency_precision
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.list import choices
from crm.jobs.list.choices import LEVELS, ME, NOBODY, Choice
from crm.jobs.models import Level
from crm.jobs.pipelines.setup import line
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import Habits, money
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

MOST_DAYS = 3650
CHOICE, DAYS, DATE, AMOUNT = "choice", "days", "date", "amount"


class Comparison(NamedTuple):
    """How a field is compared, in words, and what it is compared with."""

    words: Promise
    takes: str


TESTS = {
    "is": Comparison(gettext_lazy("is"), CHOICE),
    "not": Comparison(gettext_lazy("is not"), CHOICE),
    "min": Comparison(gettext_lazy("is at least"), AMOUNT),
    "max": Comparison(gettext_lazy("is at most"), AMOUNT),
    "within": Comparison(gettext_lazy("within the last"), DAYS),
    "older": Comparison(gettext_lazy("longer ago than"), DAYS),
    "since": Comparison(gettext_lazy("on or after"), DATE),
    "before": Comparison(gettext_lazy("before"), DATE),
}


class Asker:
    """Who asks: whose "me", whose days, and whose way to write money."""

    def __init__(self, member: Member) -> None:
        self.member = member

    @cached_property
    def reader(self) -> Reader:
        """The reader this member is now."""
        return Reader.of(self.member, clock.now())

    @cached_property
    def habits(self) -> Habits:
        """How amounts are typed here; the default brand's currency is the one not named."""
        return Habits.of(self.reader.country, directory().default_brand.currency, self.reader.zone)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day of the reader's begins."""
        return datetime.combine(day, time(), self.reader.zone)


@dataclass(frozen=True)
class Clause:
    """A condition that means something here. `value` is spelled as in the URL."""

    field: str
    test: str
    value: str

    @classmethod
    def read(cls, text: str, asker: Asker) -> "Clause | None":
        """The condition of a URL; None for one that means nothing here."""
        name, test, value = ([*text.split(":", 2), "", ""])[:3]
        try:
            return cls.of(name, test, value, asker)
        except Refused:
            return None

    @classmethod
    def of(cls, name: str, test: str, typed: str, asker: Asker) -> "Clause":
        """The condition of three inputs. Raises Refused with a sentence for the one who typed it."""
        if name not in FIELDS or test not in FIELDS[name].tests:
            raise Refused(_("Choose what to look at."))
        return cls(name, test, _spelled(FIELDS[name], TESTS[test].takes, typed, asker))

    def __str__(self) -> str:
        return f"{self.field}:{self.test}:{self.value}"

    def label(self) -> str:
        """What the chip says first: "Rep", or "Value is at least"."""
        field = str(FIELDS[self.field].label)
        return field if self.test == "is" else f"{field} {TESTS[self.test].words}"

    def shown(self, asker: Asker) -> str:
        """The value in words: a name, "$20,000", "7 days"."""
        takes, reader = TESTS[self.test].takes, asker.reader
        if takes == CHOICE:
            known = FIELDS[self.field].choices(asker.member)
            return next((choice.label for choice in known if choice.value == self.value), self.value)
        if takes == AMOUNT:
            return formats.money(*money(self.value, asker.habits), reader.country, reader.language)
        if takes == DATE:
            return reader.date(date.fromisoformat(self.value))
        return _("one day") if self.value == "1" else _("%(days)s days") % {"days": self.value}

    def typed(self, asker: Asker) -> str:
        """The value as somebody would type it; an amount as it is written here, where that can be read back."""
        if TESTS[self.test].takes != AMOUNT:
            return self.value
        words = self.shown(asker)
        return words if Clause.read(f"{self.field}:{self.test}:{words}", asker) == self else self.value

    def sentence(self, asker: Asker) -> str:
        """The whole condition, within a longer sentence: "Priority is Urgent"."""
        if self.field == "waiting" and self.test == "is":
            return f"{FIELDS[self.field].label}, {self.shown(asker)}"
        return f"{FIELDS[self.field].label} {TESTS[self.test].words} {self.shown(asker)}"

    def condition(self, asker: Asker) -> Q:
        """What SQL is asked."""
        found = FIELDS[self.field].condition(self, asker)
        return ~found if self.test == "not" else found


def _spelled(field: "Field", takes: str, typed: str, asker: Asker) -> str:
    typed = typed.strip()
    if takes == CHOICE:
        if typed not in {choice.value for choice in field.choices(asker.member)}:
            raise Refused(_("Choose one of the list."))
        return typed
    if takes == AMOUNT:
        minor, currency = money(typed, asker.habits)
        whole, rest = divmod(minor, 10 ** (digits := get_currency_precision(currency)))
        return f"{whole}{f'.{rest:0{digits}}' if rest else ''} {currency}"
    if takes == DATE:
        return _day(typed).isoformat()
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed[:9]) <= MOST_DAYS):
        raise Refused(_("Give a number of days."))
    return str(int(typed))


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Refused(_("Give a day.")) from None
    if not 1970 <= day.year <= 2100:
        raise Refused(_("Give a day."))
    return day


def _rep(clause: Clause, asker: Asker) -> Q:
    if clause.value == NOBODY:
        return Q(member_id__isnull=True)
    return Q(member_id=asker.member.pk if clause.value == ME else _pk(directory().members, clause.value))


def _team(clause: Clause, asker: Asker) -> Q:
    team = directory().teams[_pk(directory().teams, clause.value)]
    return Q(member_id__in=[member.pk for member in directory().members_of(team)])


def _stages(stages: list[int]) -> Q:
    # Who has a step has a status: the index begins behind the jobs without one.
    return Q(stage_id__in=stages, level__gt=Level.NONE)


def _phase(clause: Clause, asker: Asker) -> Q:
    return _stages(line().stages_in_phase(line().phases[int(clause.value) - 1].pk))


def _step(clause: Clause, asker: Asker) -> Q:
    return _stages([pk for pk, stage in line().stages.items() if stage.name == clause.value])


def _source(clause: Clause, asker: Asker) -> Q:
    return Q(source_id=next(pk for pk, row in line().sources.items() if row.name == clause.value))


def _next(clause: Clause, asker: Asker) -> Q:
    if clause.value == "missing":
        return Q(level__lt=Level.ENDED, next_step_kind="")
    now, today = asker.reader.now, asker.reader.today
    if clause.value == "overdue":
        return Q(next_step_at__lt=now)
    days = 1 if clause.value == "today" else 7 - today.weekday()
    return Q(next_step_at__gte=asker.midnight(today), next_step_at__lt=asker.midnight(today + timedelta(days=days)))


def _value(clause: Clause, asker: Asker) -> Q:
    """Amounts of one currency are compared; the others are neither more nor less."""
    minor, currency = money(clause.value, asker.habits)
    return Q(currency=currency, **{"value__gte" if clause.test == "min" else "value__lte": minor})


def _came_in(clause: Clause, asker: Asker) -> Q:
    if clause.test in ("since", "before"):
        day = date.fromisoformat(clause.value)
    else:
        day = asker.reader.today - timedelta(days=int(clause.value) - 1)
    lookup = "came_in_at__gte" if clause.test in ("since", "within") else "came_in_at__lt"
    return Q(**{lookup: asker.midnight(day)})


def _entered(clause: Clause, asker: Asker) -> Q:
    since = asker.reader.now - timedelta(days=int(clause.value))
    return Q(entered_at__gte=since) if clause.test == "within" else Q(entered_at__lt=since)


def _touched(clause: Clause, asker: Asker) -> Q:
    """Nobody's touch is longer ago than any other."""
    since = asker.reader.now - timedelta(days=int(clause.value))
    if clause.test == "within":
        return Q(touched_at__gte=since)
    return Q(touched_at__lt=since) | Q(touched_at__isnull=True)


def _pk(rows: Mapping[int, Any], uid: str) -> int:
    return next(pk for pk, row in rows.items() if str(row.uid) == uid)


def _none(member: Member) -> list[Choice]:
    return []


class Field(NamedTuple):
    """Something of a lead that a condition may ask for."""

    label: Promise
    condition: Callable[[Clause, Asker], Q]
    choices: Callable[[Member], list[Choice]] = _none
    tests: tuple[str, ...] = ("is", "not")


# In the order of the builder. Closed and the text are no such conditions (filters.py): they choose another list.
FIELDS: dict[str, Field] = {
    "rep": Field(gettext_lazy("Rep"), _rep, choices.reps),
    "team": Field(gettext_lazy("Team"), _team, choices.teams),
    "level": Field(gettext_lazy("Level"), lambda c, a: Q(level__in=LEVELS[c.value]), choices.levels),
    "priority": Field(gettext_lazy("Priority"), lambda c, a: Q(priority=int(c.value)), choices.priorities),
    "phase": Field(gettext_lazy("Phase"), _phase, choices.phases),
    "step": Field(gettext_lazy("Step"), _step, choices.steps),
    "pipeline": Field(
        gettext_lazy("Pipeline"), lambda c, a: Q(pipeline_id=_pk(line().pipelines, c.value)), choices.pipelines
    ),
    "source": Field(gettext_lazy("Source"), _source, choices.sources),
    "brand": Field(gettext_lazy("Brand"), lambda c, a: Q(brand_id=_pk(directory().brands, c.value)), choices.brands),
    "waiting": Field(gettext_lazy("They wrote"), lambda c, a: Q(waiting_since__isnull=False), choices.waiting),
    "side": Field(gettext_lazy("Whose move"), lambda c, a: Q(side=c.value, level__lt=Level.ENDED), choices.sides),
    "next": Field(gettext_lazy("Next step"), _next, choices.next_steps),
    "value": Field(gettext_lazy("Value"), _value, tests=("min", "max")),
    "came": Field(gettext_lazy("Came in"), _came_in, tests=("within", "older", "since", "before")),
    "entered": Field(gettext_lazy("Step entered"), _entered, tests=("within", "older")),
    "touched": Field(gettext_lazy("Last touch"), _touched, tests=("within", "older")),
}
