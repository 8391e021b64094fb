"""Scope: the leads, days and viewer of a dashboard, and the URLs of the lists behind its numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock, formats
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY, by_uid
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import Filters
from crm.web.reader import Reader
from leads.lead_list import LEADS
from reports.figures.condition import FigureCount
from reports.figures.days import MOST_DAYS, ZonedDays, last_days
from reports.figures.sums import Narrowed

# What a dashboard can be narrowed to, by the filters of the list of leads.
FIELDS = ("brand", "pipeline", "team", "rep")
PERIODS = (1, 7, 30, 90, 365)
USUAL = 30


@dataclass(frozen=True)
class Linked:
    """A formatted number, what it counts, and the URL of the list with as many rows; "" without one."""

    text: str
    count: int = 0
    url: str = ""


@dataclass(frozen=True)
class Scope:
    """Filters, days and viewer of a dashboard."""

    member: Member
    slug: str
    filters: Filters
    days: ZonedDays
    # Days chosen by a button; 0 for two days that were typed.
    period: int
    reader: Reader

    @classmethod
    def read(cls, query: QueryDict, member: Member, slug: str) -> "Scope":
        """Read the scope from a query string; invalid parameters are ignored."""
        list_filters = LEADS.read(query, member)
        filters = LEADS.filters(**{name: list_filters.get(name) for name in FIELDS})
        days = _typed_days(query)
        days_value = query.get("days", "")
        if days:
            period = 0
        elif days_value in map(str, PERIODS):
            period = int(days_value)
        else:
            period = USUAL
        reader = Reader.of(member, clock.now())
        return cls(member, slug, filters, days or last_days(period), period, reader)

    @cached_property
    def narrowed(self) -> Narrowed:
        """The same restriction for daily figures."""
        brand = self.filters.get("brand")
        pipeline = self.filters.get("pipeline")
        return Narrowed(
            frozenset({by_uid(directory().brands, brand)}) if brand else None,
            frozenset({by_uid(_pipelines_by_id(), pipeline)}) if pipeline else None,
            self._selected_members(),
        )

    def _selected_members(self) -> frozenset[int | None] | None:
        whose = LEADS.whose(self.filters, self.member)
        team = self.filters.get("team")
        wanted: frozenset[int | None] | None = None
        if whose:
            named = {NOBODY: None, ME: self.member.pk}
            wanted = frozenset({named[whose] if whose in named else by_uid(directory().members, whose)})
        if team:
            organization = directory()
            of_team = {
                member.pk for member in organization.members_of(organization.teams[by_uid(organization.teams, team)])
            }
            wanted = frozenset(of_team if wanted is None else of_team & wanted)
        return wanted

    @property
    def is_own(self) -> bool:
        """True if the viewer may see only their own leads."""
        return not self.filters.get("rep") and LEADS.whose(self.filters, self.member) == ME

    def open_jobs(self) -> Any:
        """Return the open leads in the scope."""
        rows = LEADS.base(self.filters, self.member).filter(*self.filters.conditions(self.member))
        return rows.open()

    # Addresses

    def url(self, *where: str, **changes: Any) -> str:
        """Return the URL of the lead list with these filters and others; `where`: as "entered:older:3"."""
        kept = self.filters.changed(**changes)
        for text in where:
            name, test, value = text.split(":")
            kept = kept.changed(where=(*kept.where, (Clause(LEADS.filterset.known()[name], test, value),)))
        return LEADS.url("list", self.slug) + kept.query()

    def count_url(self, counted: FigureCount, **changes: Any) -> str:
        """Return the URL of the list behind a figure."""
        return self.url(counted=str(counted), closed="all", **changes)

    def address(self, **changes: Any) -> str:
        """Return the query string of this dashboard with changes, such as `days=7`."""
        days: dict[str, Any] = {"days": self.period}
        if not self.period:
            days = {"from": self.days.first.isoformat(), "to": self.days.last.isoformat()}
        kept = {**{name: self.filters.get(name) for name in FIELDS}, **days, **changes}
        if "days" in changes:
            kept = {name: value for name, value in kept.items() if name not in ("from", "to")}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    # Words

    def money(self, minor: int, currency: str) -> str:
        """Format a rounded amount: "$22K"."""
        return formats.short_money(minor, currency, self.reader.country, self.reader.language)

    def worth(self, worth: list[tuple[str, int]]) -> str:
        """Format the value of leads in each currency: "$22K, €4K"."""
        return ", ".join(self.money(value, currency) for currency, value in worth)


def _pipelines_by_id() -> dict[int, Any]:
    return pipeline_setup().pipelines


def _typed_days(query: QueryDict) -> ZonedDays | None:
    return ZonedDays.read(query.get("from", ""), query.get("to", ""), most=MOST_DAYS)
