"""Home page: what needs the member's attention, their day, and figures linked to the lists they count."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Role
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from reports.dashboard.follow_ups import follow_ups_of
from reports.dashboard.scope import Scope
from reports.home.admin import admin_lines
from reports.home.day import appointments_today, follow_ups_due, to_jump_on
from reports.home.line import HomeSection, Lines, count_sections
from reports.home.sections import HomeRequest, follow_up_lines, sections
from reports.periods import month_of

OWN = ("leads", "answers", "followups", "sales", "period")
# Their page is about everybody's leads, also once they have one of their own: a page does not change its subject.
LEADING = frozenset({Role.MANAGER, Role.ADMIN})


@require("followups.view")
def follow_ups_card(request: TenantRequest) -> HttpResponse:
    """Show the numbers of follow-ups of the members a dashboard is about, as a fragment of its page."""
    scope = Scope.read(request.GET, request.member, request.tenant.slug)
    who = follow_ups_of(scope)
    if who is None:
        raise Http404
    section = HomeSection("followups", _("Follow-ups"), follow_up_lines(Lines(scope.member, scope.slug), who=who))
    return render(request, "reports/_follow_ups.html", {"one": count_sections([section])[0]})


@require("reports.home")
def home(request: TenantRequest) -> HttpResponse:
    """Show the home page: sections the member may see, service's first for members in service."""
    member = request.member
    slug = request.tenant.slug
    reader = Reader.of(member, clock.now())
    mine = member.role not in LEADING
    request_data = HomeRequest(member, slug, month_of(reader.today), mine=mine)
    delivers = allows(member, "handoffs.answer")
    if member.role == Role.SERVICE:
        keys = ("service", *OWN)
    else:
        keys = (*OWN, *(("service",) if delivers else ()))
    page_sections = sections(keys, request_data)
    if lines := admin_lines(request_data.lines):
        page_sections.append(HomeSection("admin", _("The organization"), lines))
    context = {
        "today": reader.long_day(reader.now),
        "sections": count_sections(page_sections),
        "is_everybodys": not mine,
        "rows": to_jump_on(member, reader, slug, mine=mine),
        "phases": pipeline_setup().phases,
        "appointments": appointments_today(member, reader, slug) if allows(member, "appointments.view") else None,
        "calendar_url": reverse("calendar:calendar", args=[slug]),
        "follow_ups": follow_ups_due(member, reader, slug) if allows(member, "followups.view") else None,
        "follow_ups_url": reverse("followups:list", args=[slug]),
        "plan_url": reverse("followups:plan", args=[slug]) if allows(member, "followups.work") else "",
    }
    return render(request, "reports/home/home.html", context)
