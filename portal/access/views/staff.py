"""Staff views of portal access: invitations, devices, roles in a job, and visibility."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.jobs.customers.views import seen_person
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from portal.access import preview, visits
from portal.access.policy import SECTIONS
from portal.access.staff.invitation import invite
from portal.access.staff.parties import find_or_create, jobs_of
from portal.models import JobShare, PortalAccess

MANAGE = "portal.manage"
# What a form says of a section: as their roles do, more, or less.
ALWAYS = "always"
NEVER = "never"


@require(MANAGE)
@require_safe
def person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a customer's portal access and visits, as a panel of their page."""
    return _render_panel(request, seen_person(request, uid))


def _render_panel(request: TenantRequest, who: Person) -> HttpResponse:
    access = PortalAccess.objects.filter(person=who).first()
    reader = Reader.of(request.member, clock.now())
    overrides = {}
    if access:
        overrides = access.overrides
    context: dict[str, Any] = {
        "person": who,
        "access": access,
        "seen": reader.moment(access.seen_at) if access and access.seen_at else "",
        "visits": visits.latest_visits(access, reader) if access else [],
        "devices": access.live_devices() if access else [],
        "shut": access.shut_sign_in() if access and access.is_open else "",
        "points": who.contact_points.order_by("kind", "pk"),
        "has_job": jobs_of(who, request.member).exists(),
        "may_look": allows(request.member, preview.PERMISSION),
        "sections": [(name, label, _override_choice(overrides.get(name))) for name, label in SECTIONS.items()],
    }
    return render(request, "portal/staff/panel.html" if is_fragment(request) else "portal/staff/person.html", context)


def _override_choice(override: bool | None) -> str:
    if override is None:
        return ""
    if override:
        return ALWAYS
    return NEVER


@require(MANAGE)
@require_POST
def send_invitation(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Invite a customer, by the address or number chosen."""
    who = seen_person(request, uid)
    point = who.contact_points.filter(pk=read_number(request.POST.get("point")) or 0).first()
    try:
        if point is None:
            raise Refused(_("Choose an email address or number."))
        invite(point, jobs_of(who, request.member).order_by("-pk").first(), by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("Invited. The link is on its way to %(address)s.") % {"address": point.value})
    return _redirect_to_person(request, who)


@require(MANAGE)
@require_POST
def revoke(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Revoke a customer's portal access."""
    who = seen_person(request, uid)
    get_object_or_404(PortalAccess, person=who).revoke(by=request.member)
    messages.success(request, _("They can no longer sign in, on any device or with any link."))
    return _redirect_to_person(request, who)


@require(MANAGE)
@require_POST
def sign_out(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Sign out one device (`device`), or all."""
    who = seen_person(request, uid)
    access = get_object_or_404(PortalAccess, person=who)
    device = access.devices.filter(pk=read_number(request.POST.get("device")) or 0).first()
    if device:
        access.forget(device, by=request.member)
    else:
        access.forget_all(by=request.member)
    messages.success(request, _("Signed out."))
    return _redirect_to_person(request, who)


@require(MANAGE)
@require_POST
def reopen(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Unlock a sign-in that is blocked by too many codes."""
    who = seen_person(request, uid)
    get_object_or_404(PortalAccess, person=who).reopen(by=request.member)
    messages.success(request, _("They can sign in again with a new code. Earlier codes no longer work."))
    return _redirect_to_person(request, who)


@require(MANAGE)
@require_POST
def see(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Override what a customer sees beyond, or less than, their roles."""
    who = seen_person(request, uid)
    access = get_object_or_404(PortalAccess, person=who)
    chosen = {name: request.POST.get(name, "") for name in SECTIONS}
    overrides = {name: choice == ALWAYS for name, choice in chosen.items() if choice in (ALWAYS, NEVER)}
    access.see(overrides, by=request.member)
    messages.success(request, _("Saved."))
    return _redirect_to_person(request, who)


@require(MANAGE)
@require_safe
def job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the people of a job, their roles, and their portal access."""
    shown_job = _find_job(request, number)
    parties = list(JobParty.objects.filter(job=shown_job).select_related("person").order_by("pk"))
    states = {row.person_id: row for row in PortalAccess.objects.filter(person__in=[one.person_id for one in parties])}
    live = JobShare.objects.live().filter(job=shown_job).select_related("shared_by")
    shares = {(share.person_id, share.role): share for share in live}
    context = {
        "job": shown_job,
        "parties": [(one, states.get(one.person_id), shares.get((one.person_id, one.role))) for one in parties],
        "may_look": allows(request.member, preview.PERMISSION),
        "roles": [choice for choice in JobParty.PartyRole.choices if choice[0] != JobParty.PartyRole.CUSTOMER],
    }
    return render(request, "portal/staff/job_panel.html" if is_fragment(request) else "portal/staff/job.html", context)


@require(MANAGE)
@require_POST
def involve(request: TenantRequest, number: int) -> HttpResponse:
    """Add a person to a job, by name and an address or number."""
    shared_job = _find_job(request, number)
    try:
        who = find_or_create(request.POST.get("name", ""), request.POST.get("reach", ""), shared_job, by=request.member)
        JobParty.involve(shared_job, who, request.POST.get("role", ""), by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("%(name)s was added.") % {"name": who.name})
    return redirect("portal_access:job", request.tenant.slug, number)


@require(MANAGE)
@require_POST
def leave(request: TenantRequest, number: int) -> HttpResponse:
    """Remove a person's role in a job (`party`)."""
    party = get_object_or_404(JobParty, job=_find_job(request, number), pk=read_number(request.POST.get("party")) or 0)
    share = JobShare.objects.live().filter(job=party.job_id, person=party.person_id, role=party.role).first()
    try:
        if share is None:
            party.end(by=request.member)
        else:
            share.end(by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    return redirect("portal_access:job", request.tenant.slug, number)


def _find_job(request: TenantRequest, number: int) -> Job:
    row: Job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    return row


def _redirect_to_person(request: TenantRequest, who: Person) -> HttpResponse:
    return redirect("people:person", request.tenant.slug, who.uid)
