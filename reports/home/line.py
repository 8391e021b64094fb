"""A line of figures: the rows counted, and the URL of the list that shows the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.functional import Promise

from crm.kernel.days import DayRange
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List

Words = str | Promise


@dataclass(frozen=True)
class HomeLine:
    """The querysets to count, and the URL of their list; likewise for the period before."""

    label: Words
    url: str
    rows: tuple[Any, ...]
    # The class of a number that is to be seen to, where it is more than none.
    css: str = ""
    rows_before: tuple[Any, ...] = ()
    url_before: str = ""
    # What it says instead of a count, and of the time before: amounts.
    text: str = ""
    text_before: str = ""


class HomeSection(NamedTuple):
    """Lines under one heading."""

    key: str
    title: Words
    lines: Sequence[HomeLine]
    # What is said below the heading.
    note: Words = ""


class LineCount(NamedTuple):
    """A line with its count: "12", above the cap "999+"; `before` is blank if nothing is compared."""

    line: HomeLine
    number: str
    before: str

    @property
    def is_more(self) -> bool:
        """True if there are any rows."""
        return self.number != "0"


class CountedSection(NamedTuple):
    """A section with its counts."""

    section: HomeSection
    lines: list[LineCount]

    @property
    def is_compared(self) -> bool:
        """True if its numbers are compared with the period before."""
        return any(line.before for line in self.lines)


class Lines:
    """Builds lines for the lists that a member may open."""

    def __init__(self, member: Member, slug: str) -> None:
        self.member = member
        self.slug = slug

    def may(self, preset: List) -> bool:
        """Return whether the member may open a list."""
        return allows(self.member, preset.permission)

    def of(self, preset: List, label: Words, css: str = "", **plain: str) -> HomeLine:
        """Return the line of a list with plain filters."""
        return self.of_filters(preset, label, preset.filters(**plain), css)

    def of_filters(self, preset: List, label: Words, filters: Filters, css: str = "") -> HomeLine:
        """Return the line of a list with any filters."""
        return HomeLine(label, self._list_url(preset, filters), (preset.apply(filters, self.member),), css)

    def within(self, preset: List, label: Words, name: str, now: DayRange, then: DayRange, **plain: str) -> HomeLine:
        """Return the line of a list's rows with a date in the period, compared with the one before."""
        filters_now, filters_before = (filters_of_period(preset, name, period, **plain) for period in (now, then))
        return HomeLine(
            label,
            self._list_url(preset, filters_now),
            (preset.apply(filters_now, self.member),),
            rows_before=(preset.apply(filters_before, self.member),),
            url_before=self._list_url(preset, filters_before),
        )

    def _list_url(self, preset: List, filters: Filters) -> str:
        return preset.url("list", self.slug) + filters.query()


def filters_of_period(preset: List, name: str, period: DayRange, **plain: str) -> Filters:
    """Return list filters for rows whose date `name` is in a period."""
    date = preset.filterset.known()[name]
    since, until = (
        Clause(date, test, day.isoformat()) for test, day in (("since", period.first), ("before", period.after))
    )
    return preset.filters(where=((since,), (until,)), **plain)


def count_sections(sections: Sequence[HomeSection], *, exact: bool = False) -> list[CountedSection]:
    """Count all lines with one statement, up to a cap; `exact`: without the cap, for reports sent by mail."""
    wanted = {
        (section.key, at, side, part): rows
        for section in sections
        for at, line in enumerate(section.lines)
        for side, parts in enumerate((line.rows, line.rows_before))
        for part, rows in enumerate(parts)
    }
    counts = {key: str(rows.count()) for key, rows in wanted.items()} if exact else capped_counts(wanted)  # type: ignore[arg-type]

    def total(key: str, at: int, side: int, parts: int) -> str:
        texts = [counts[key, at, side, part] for part in range(parts)]  # type: ignore[index]
        more = ""
        if any(text.endswith("+") for text in texts):
            more = "+"
        if texts:
            return f"{sum(int(text.rstrip('+')) for text in texts)}{more}"
        return ""

    return [
        CountedSection(
            section,
            [
                LineCount(
                    line,
                    line.text or total(section.key, at, 0, len(line.rows)),
                    line.text_before or total(section.key, at, 1, len(line.rows_before)),
                )
                for at, line in enumerate(section.lines)
            ],
        )
        for section in sections
    ]
