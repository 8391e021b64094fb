"""The sections of figures: each a function that returns a member's lines, none without permission.

The home page shows a member's own, a mailed report what the member sees of all.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.invoices.invoice_list import INVOICES
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.kernel import formats
from crm.kernel.days import DayRange
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.choices import ME, NOBODY
from crm.web.lists.conditions.query import Filters
from crm.web.lists.counted_list import CountedList
from followups.filters import ALL, SEE_ALL
from followups.follow_up_list import FOLLOW_UPS
from followups.tiles import done_in_time, read_on_time
from leads.lead_list import LEADS, QUIET
from leads.response.figures import IN_TIME, LATE
from quotes.quote_list.quote_list import QUOTES
from reports.home.line import HomeLine, HomeSection, Lines
from reports.home.money import money_lines
from reports.periods import before, month_of
from service.issues.issue_list import ISSUES
from service.projects.project_list import PROJECTS
from tickets.inbox import choices as inbox
from tickets.inbox.ticket_list import TICKETS


class HomeRequest(NamedTuple):
    """The member and the time of the figures, and whether they cover only the member's own work."""

    member: Member
    slug: str
    period: DayRange
    mine: bool

    @property
    def lines(self) -> Lines:
        return Lines(self.member, self.slug)

    @property
    def rep(self) -> dict[str, str]:
        """The filter for the member's own leads, if only these are counted."""
        if self.mine:
            return {"rep": ME}
        return {}


def leads_now(asked: HomeRequest) -> list[HomeLine]:
    """Leads that need attention now, named as the list's tabs."""
    lines = asked.lines
    rep = asked.rep
    if not lines.may(LEADS):
        return []
    home_lines = [
        lines.of(LEADS, _("No status"), "none", level="none", **rep),
        lines.of(LEADS, _("Late"), "crit", level="over", **rep),
        lines.of(LEADS, _("Due soon"), "soon", level="soon", **rep),
        lines.of(LEADS, _("Waiting for our reply"), "late", waiting="1", **rep),
        lines.of(LEADS, _("Untouched"), "late", untouched="1", **rep),
        lines.of(LEADS, _("No next step"), next="missing", **rep),
        lines.of_filters(LEADS, _("Gone quiet"), QUIET.changed(**rep)),
    ]
    if asked.mine:
        return home_lines
    return [*home_lines, lines.of(LEADS, _("Unclaimed"), "late", rep=NOBODY)]


def leads_of_period(asked: HomeRequest) -> list[HomeLine]:
    """Leads that came in, were won, lost and done in a period, compared with the one before."""
    if not asked.lines.may(LEADS):
        return []
    every = {"closed": "all", **asked.rep}

    def line(label: str, name: str, **plain: str) -> HomeLine:
        return asked.lines.within(LEADS, label, name, asked.period, before(asked.period), **every, **plain)

    return [
        line(_("Came in"), "came"),
        line(_("Contacted on time"), "came", response=IN_TIME),
        line(_("Contacted late"), "came", response=LATE),
        line(_("Won"), "won"),
        line(_("Lost"), "ended", state="lost"),
        line(_("Dropped"), "ended", state="dropped"),
        line(_("Work done"), "ended", state="done"),
    ]


def follow_ups(asked: HomeRequest) -> list[HomeLine]:
    """Follow-ups that are overdue, due today and this week, all open ones, and those done in time."""
    if not asked.lines.may(FOLLOW_UPS):
        return []
    if asked.mine or not allows(asked.member, SEE_ALL):
        who = {}
    else:
        who = {"who": ALL}
    return follow_up_lines(asked.lines, **who)


def follow_up_lines(lines: Lines, **who: str) -> list[HomeLine]:
    """Return the numbers of follow-ups of the member that `who` names, and of customers without contact."""
    home_lines = [
        lines.of(FOLLOW_UPS, _("Overdue"), "crit", when="overdue", **who),
        lines.of(FOLLOW_UPS, _("Due today"), "soon", when="today", **who),
        lines.of(FOLLOW_UPS, _("Due this week"), when="week", **who),
        lines.of(FOLLOW_UPS, _("All open"), **who),
        _done_in_time(lines, FOLLOW_UPS.filters(**who)),
    ]
    if lines.may(CUSTOMERS):
        home_lines.append(lines.of(CUSTOMERS, _("Customers without contact"), "late", neglected="1"))
    return home_lines


def _done_in_time(lines: Lines, filters: Filters) -> HomeLine:
    """Return the share of follow-ups done in time: "37 of 45", which opens the 37."""
    share = read_on_time(filters, lines.member)
    url = FOLLOW_UPS.url("list", lines.slug) + done_in_time(filters).query()
    label = _("Done on time, 30 days")
    if share.percent is None or share.is_capped:
        return HomeLine(label, url, (), text=share.percent_text)
    text = _("%(in_time)s of %(done)s") % {"in_time": share.in_time, "done": share.done}
    return HomeLine(f"{label}: {share.percent_text}", url, (), text=text)


def answers(asked: HomeRequest) -> list[HomeLine]:
    """Conversations whose customer waits for an answer."""
    if not asked.lines.may(TICKETS):
        return []
    if asked.mine:
        who = {}
    else:
        who = {"who": inbox.ALL}
    lines = [
        asked.lines.of(TICKETS, _("Waiting for us"), "late", waiting="1", **who),
        asked.lines.of(TICKETS, _("Late"), "crit", level="over", **who),
    ]
    return [*lines, asked.lines.of(TICKETS, _("Unassigned"), "late", who=NOBODY)]


def quotes_and_invoices(asked: HomeRequest) -> list[HomeLine]:
    """Quotes that wait for an answer, and invoices that wait for money; of who issues invoices, everybody's."""
    lines = asked.lines
    home_lines = []
    who = {}
    if asked.mine:
        who = {"who": ME}
    if lines.may(QUOTES):
        home_lines += [
            lines.of(QUOTES, _("Quotes without an answer in time"), "late", level="over", **who),
            lines.of(QUOTES, _("Questions about quotes"), "late", state="sent", asked="1", **who),
        ]
    if lines.may(INVOICES):
        if allows(asked.member, "billing.issue"):
            who = {}
            home_lines.append(lines.of(INVOICES, _("Invoices to issue"), "soon", state="draft"))
        home_lines += [
            lines.of(INVOICES, _("Invoices late"), "crit", state="late", **who),
            lines.of(INVOICES, _("Deposits not paid"), "soon", state="open", kind="deposit", **who),
        ]
    return home_lines


def service(asked: HomeRequest) -> list[HomeLine]:
    """Sold jobs that wait for service, are worked on today, or are at risk."""
    lines = asked.lines
    home_lines = []
    if lines.may(PROJECTS):
        home_lines += [
            lines.of(PROJECTS, _("Hand-offs waiting"), "late", work="waiting"),
            lines.of(PROJECTS, _("On site today"), work="site"),
            lines.of(PROJECTS, _("At risk: late milestones, on hold, or past the date"), "crit", work="risk"),
            lines.of(PROJECTS, _("No date"), "soon", work="unplanned"),
        ]
    if lines.may(ISSUES):
        home_lines += [
            lines.of(ISSUES, _("Open issues"), "soon"),
            lines.of(ISSUES, _("Issues to approve"), "late", state="to_approve"),
        ]
    return home_lines


def added_lines(key: str, asked: HomeRequest) -> list[HomeLine]:
    """Lines that other apps add to a section."""
    rows = [one for one in features.of(CountedList) if one.section == key and _may_count(one, asked)]
    return [asked.lines.of(one.preset, one.label, one.css, **one.plain) for one in rows]


def _may_count(entry: CountedList, asked: HomeRequest) -> bool:
    return asked.lines.may(entry.preset) and (not entry.permission or allows(asked.member, entry.permission))


def money(asked: HomeRequest) -> list[HomeLine]:
    """Spend, sales, losses and forecast of everyone's leads, for members who may see them."""
    if asked.mine:
        return []
    return money_lines(asked.member, asked.slug, asked.period, before(asked.period))


class SectionKind(NamedTuple):
    """A section: its key, heading, and the function that returns its lines."""

    title: str | Promise
    read: Callable[[HomeRequest], list[HomeLine]]


KINDS: dict[str, SectionKind] = {
    "leads": SectionKind(gettext_lazy("Leads that need attention"), leads_now),
    "period": SectionKind(gettext_lazy("Came in, won and lost"), leads_of_period),
    "money": SectionKind(gettext_lazy("Money"), money),
    "sales": SectionKind(gettext_lazy("Quotes and invoices"), quotes_and_invoices),
    "answers": SectionKind(gettext_lazy("Inbox"), answers),
    "followups": SectionKind(gettext_lazy("Follow-ups"), follow_ups),
    "service": SectionKind(gettext_lazy("Service"), service),
}


def sections(keys: list[str] | tuple[str, ...], asked: HomeRequest) -> list[HomeSection]:
    """Return the sections with these keys that have lines for the member, in order."""
    known_keys = [key for key in keys if key in KINDS]
    page_sections = [
        HomeSection(
            key, KINDS[key].title, [*KINDS[key].read(asked), *added_lines(key, asked)], _section_note(key, asked)
        )
        for key in known_keys
    ]
    return [one for one in page_sections if one.lines]


def _section_note(key: str, asked: HomeRequest) -> str:
    """Name the month, if a section is about one."""
    is_month = key == "period" and asked.period == month_of(asked.period.first)
    if is_month:
        return formats.month(asked.period.first)
    return ""
