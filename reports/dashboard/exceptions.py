"""Exceptions that a manager must act on, worst first: each with its count, value and list."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Level
from crm.kernel import formats
from crm.platform.access.permissions import allows
from crm.web.lists.conditions.choices import NOBODY
from reports.dashboard.open_leads import OpenLeadFigures
from reports.dashboard.scope import Linked, Scope
from reports.figures.condition import UNANSWERED, UNTOUCHED
from tickets.inbox.choices import ALL
from tickets.inbox.ticket_list import TICKETS


class Need(NamedTuple):
    """Something a manager must act on: CSS class of its level, number, and reason."""

    css: str
    number: Linked
    words: Promise
    note: str | Promise = ""


def needs(scope: Scope, now: OpenLeadFigures, unanswered: int) -> list[Need]:
    """Return what needs action; empty kinds are left out. `unanswered`: open leads with an overdue first contact."""
    crit = now.of_level(Level.CRIT)
    untouched = sum(one.untouched for one in now.held.values())
    overdue = sum(one.overdue for one in now.held.values())
    alone = now.held.get(None)
    rows = [
        Need("crit", link_count(scope, crit.count, level="crit"), _("very late"), scope.worth(crit.worth)),
        Need(
            "crit",
            link_count(scope, unanswered, counted=UNANSWERED),
            _("new, and late for first contact"),
        ),
        Need("none", link_count(scope, untouched, counted=UNTOUCHED), _("with no contact yet")),
        Need("late", link_count(scope, overdue, next="overdue", level="open"), _("with an overdue next step")),
        Need("late", link_count(scope, now.wrote, waiting="1", level="open"), _("waiting for our reply")),
        Need("soon", link_count(scope, now.hole, next="missing", level="open"), _("with no next step")),
    ]
    if not scope.filters.get("rep") and not scope.filters.get("team") and alone:
        number = link_count(scope, alone.open, rep=NOBODY, level="open")
        rows.insert(3, Need("none", number, _("unclaimed"), scope.worth(alone.worth.worth)))
    rows += _overdue_promises(scope)
    return [need for need in rows if need.number.count]


def link_count(scope: Scope, count: int, **which: str) -> Linked:
    """Return a count, linked to the list of the leads it counts."""
    return Linked(formats.whole_number(count), count, scope.url(**which))


def _overdue_promises(scope: Scope) -> list[Need]:
    """Return conversations past their promised response time; not on a dashboard filtered by pipeline."""
    if scope.filters.values or not allows(scope.member, "tickets.view"):
        return []
    filters = TICKETS.filters(**({} if scope.is_own else {"who": ALL}), level="over")
    count = TICKETS.apply(filters, scope.member).count()
    url = reverse("tickets:list", args=[scope.slug]) + filters.query()
    return [Need("late", Linked(formats.whole_number(count), count, url), _("late conversations"))]
