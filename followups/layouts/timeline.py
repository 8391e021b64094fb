"""The timeline of follow-ups: a row per customer, a column per day, a mark for what was done, missed or is planned."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.appointments.days.calendar_query import midnight
from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.kernel.days import EARLIEST_COUNTED, read_day
from crm.people.models import Person
from crm.platform.models import Member
from crm.web.lists.conditions.query import Filters
from crm.web.lists.paging import Page, read_page
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUp, FollowUpStatus
from followups.models.kind_setup import kinds

DAYS = 21
# So many days before today are shown, and by so many the window moves.
BEFORE = 11
STEP = 7
# So many marks are read of the customers of a page.
MOST_MARKS = 2000
# A stretch without contact is drawn from so many days on.
SILENCE = 2


class TimelineMark(NamedTuple):
    """The follow-ups of a customer on one day, in their most urgent state. `column`: of the grid, from 2."""

    column: int
    css: str
    icon: str
    # How many, where there are several.
    size: int
    label: str
    url: str


class SilentDays(NamedTuple):
    """A stretch without contact that was promised: the column it begins in, and its days."""

    column: int
    days: int
    label: str


@dataclass
class TimelineRow:
    """A customer with their marks; `url` is blank if the reader may not open the customer's page."""

    person: Person
    url: str
    about: str
    list_url: str
    marks: list[TimelineMark] = field(default_factory=list)
    silences: list[SilentDays] = field(default_factory=list)


class LaneHead(NamedTuple):
    """A column of the timeline."""

    column: int
    weekday: str
    number: int
    is_today: bool


class TimelinePage:
    """The timeline of one page: its days, and its customers in the order of their first follow-up in the list."""

    def __init__(self, query: QueryDict, filters: Filters, member: Member, reader: Reader) -> None:
        self.filters = filters
        self.member = member
        self.reader = reader
        self.slug = member.tenant.slug
        day = read_day(query.get("day", ""), earliest=EARLIEST_COUNTED)
        self.first = day or reader.today - timedelta(days=BEFORE)
        self.days = [self.first + timedelta(days=at) for at in range(DAYS)]
        self.page: Page = read_page(self._first_of_customers(), query, FOLLOW_UPS.order(filters))

    def _first_of_customers(self) -> Any:
        """Return the matching follow-ups of customers, of each customer only the first in the list's order."""
        way = "lt"
        if FOLLOW_UPS.order(self.filters).down:
            way = "gt"
        at, pk = OuterRef("sort_at"), OuterRef("pk")
        comes_first = Q(**{f"sort_at__{way}": at}) | Q(**{"sort_at": at, f"pk__{way}": pk})
        # The bound is implied, but only as a condition of its own can the index of a customer's follow-ups use it.
        others = self._matching().filter(Q(**{f"sort_at__{way}e": at}), comes_first, person_id=OuterRef("person_id"))
        return self._matching().filter(~Exists(others.order_by()), person__isnull=False)

    def _matching(self) -> Any:
        """Return the list's rows; of customers that are named, closed follow-ups too."""
        if self.filters.asks("customer"):
            return FOLLOW_UPS.in_any_state(self.filters, self.member)
        return FOLLOW_UPS.apply(self.filters, self.member)

    def rows(self) -> list[TimelineRow]:
        """Read the customers of the page with their follow-ups of the days, done ones too."""
        leading = {row.person_id: row for row in self.page.rows}
        people = Person.objects.in_bulk(list(leading))
        jobs = Job.objects.in_bulk({row.job_id for row in leading.values() if row.job_id})
        hidden = hidden_people(list(leading), self.member)
        marks = self._read_marks(list(leading))
        rows = []
        for person_id, follow_up in leading.items():
            person = people[person_id]
            url = ""
            if person_id not in hidden:
                url = record_url(person, self.slug)
            row = TimelineRow(
                person, url, self._about(jobs.get(follow_up.job_id)), self._list_url(person, FOLLOW_UPS.filters())
            )
            row.marks = self._marks(person, marks[person_id])
            row.silences = self._silences(marks[person_id])
            rows.append(row)
        return rows

    def heads(self) -> list[LaneHead]:
        """Return the columns' heads."""
        return [
            LaneHead(column, formats.weekday(day)[:2], day.day, day == self.reader.today)
            for column, day in enumerate(self.days, 2)
        ]

    def query(self, by: int) -> str:
        """Return the query string of the same customers, on earlier or later days."""
        return self.at(self.first + timedelta(days=by * STEP))

    def at(self, day: date) -> str:
        """Return the query string of the window that begins on a day."""
        before = self.filters.query(position={})
        return f"{before}{'' if before == '?' else '&'}day={day.isoformat()}"

    def _read_marks(self, person_ids: Sequence[int]) -> dict[int, list[FollowUp]]:
        """Read the customers' follow-ups of the days in any state, and those still open from before."""
        first = midnight(self.days[0], self.reader.zone)
        last = midnight(self.days[-1] + timedelta(days=1), self.reader.zone)
        wide = self.filters.without("when", "status", "due", "done", "timing")
        rows = FOLLOW_UPS.in_any_state(wide, self.member).filter(person_id__in=person_ids, sort_at__lt=last)
        rows = rows.exclude(status=FollowUpStatus.CANCELLED)
        kept = rows.filter(sort_at__gte=first) | rows.open().filter(sort_at__lt=min(first, self.reader.now))
        marks: dict[int, list[FollowUp]] = defaultdict(list)
        for follow_up in kept.by_time()[:MOST_MARKS]:
            marks[follow_up.person_id].append(follow_up)
        return marks

    def _column(self, at: datetime) -> int:
        """Return the column of an instant; what is from before the first day stands on it."""
        return max(0, (at.astimezone(self.reader.zone).date() - self.first).days) + 2

    def _marks(self, person: Person, follow_ups: Iterable[FollowUp]) -> list[TimelineMark]:
        by_column: dict[int, list[FollowUp]] = defaultdict(list)
        for follow_up in follow_ups:
            by_column[self._column(follow_up.sort_at)].append(follow_up)
        return [self._mark(person, column, those) for column, those in by_column.items()]

    def _mark(self, person: Person, column: int, follow_ups: list[FollowUp]) -> TimelineMark:
        states = [self._state(follow_up) for follow_up in follow_ups]
        css = min(states, key=_URGENCY.index)
        leading = follow_ups[states.index(css)]
        words = "; ".join(
            f"{one.subject}, {_STATE_WORDS[state]()}, {self.reader.near(one.sort_at)}"
            for one, state in zip(follow_ups, states, strict=True)
        )
        url = FOLLOW_UPS.url("follow_up", self.slug, leading.uid)
        return TimelineMark(column, css, kinds().of(leading.kind).icon, len(follow_ups), f"{person.name}: {words}", url)

    def _state(self, follow_up: FollowUp) -> str:
        if follow_up.is_overdue(self.reader.now):
            return "is-over"
        if follow_up.is_open:
            return ""
        if follow_up.missed_at:
            return "is-missed"
        return "is-done"

    def _silences(self, follow_ups: Sequence[FollowUp]) -> list[SilentDays]:
        """Return the stretches after a broken promise, and those that lead to one.

        From the mark before an overdue one up to it; after a missed one up to the next, today at most.
        """
        today = self._column(self.reader.now)
        columns = [(self._column(one.sort_at), self._state(one)) for one in follow_ups]
        silences = []
        for at, (column, state) in enumerate(columns):
            following, next_state = (today, "")
            if at + 1 < len(columns):
                following, next_state = columns[at + 1]
            if state != "is-over" and (next_state == "is-over" or state == "is-missed"):
                days = min(following, today, DAYS + 2) - column - 1
                if days >= SILENCE:
                    silences.append(SilentDays(column + 1, days, _silence_words(days)))
        return silences

    def _about(self, job: Job | None) -> str:
        if job is None or not job.is_visible_to(self.member):
            return ""
        stage = pipeline_setup().stages.get(job.stage_id or 0)
        value = ""
        if job.value is not None:
            value = formats.short_money(job.value, job.currency, self.reader.country, self.reader.language)
        return " · ".join(filter(None, [stage.name if stage else "", value]))

    def _list_url(self, person: Person, filters: Filters) -> str:
        who = self.filters.get("who")
        return FOLLOW_UPS.url("timeline", self.slug) + filters.changed(customer=str(person.uid), who=who).query()


_URGENCY = ("is-over", "", "is-missed", "is-done")
_STATE_WORDS = {
    "is-over": lambda: _("overdue"),
    "": lambda: _("planned"),
    "is-missed": lambda: _("done late"),
    "is-done": lambda: _("done"),
}


def _silence_words(days: int) -> str:
    return ngettext("%(days)s day without contact", "%(days)s days without contact", days) % {"days": days}
