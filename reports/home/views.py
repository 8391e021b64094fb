"""A member's own page: what wants them now, their day, and their figures; each number opens the list it counts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Role
from crm.web.lists.conditions.choices import ME
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.url_cache import address
from leads.lead_list import LEADS
from reports.home.admin import admin_lines
from reports.home.day import appointments_today, follow_ups_due, to_jump_on
from reports.home.line import Section, counted
from reports.home.periods import month_of
from reports.home.sections import Asked, sections

OWN = ("leads", "answers", "followups", "period")
# Who leads others may have nothing of their own: their page is about everybody's then.
LEADING = frozenset({Role.MANAGER, Role.ADMIN})


@require("reports.home")
def home(request: TenantRequest) -> HttpResponse:
    """Show it: by what the member may see, and service's own part first for who is in service."""
    member, slug = request.member, request.tenant.slug
    reader = Reader.of(member, clock.now())
    mine = _has_own(member)
    asked = Asked(member, slug, month_of(reader.today), mine=mine)
    delivers = allows(member, "handoffs.answer")
    keys = ("service", *OWN) if member.role == Role.SERVICE else (*OWN, *(("service",) if delivers else ()))
    found = sections(keys, asked)
    if lines := admin_lines(asked.lines):
        found.append(Section("admin", _("The organization"), lines))
    context = {
        "today": reader.long_day(reader.now),
        "sections": counted(found),
        "is_everybodys": not mine,
        "rows": to_jump_on(member, reader, slug),
        "rows_url": LEADS.url("list", slug) + LEADS.filters(rep=ME).query(),
        "phases": pipeline_setup().phases,
        "appointments": appointments_today(member, reader, slug) if allows(member, "appointments.view") else None,
        "calendar_url": address("calendar:calendar", slug),
        "follow_ups": follow_ups_due(member, reader, slug) if allows(member, "followups.view") else None,
        "follow_ups_url": address("followups:list", slug),
        "starts_here": member.start_page == "reports:home",
    }
    return render(request, "reports/home/home.html", context)


def _has_own(member: Member) -> bool:
    """Tell whether the page is about the member's own work: of who leads others only where they have any."""
    return member.role not in LEADING or LEADS.apply(LEADS.filters(rep=ME), member).exists()
