"""Invite members, resend and withdraw invitations, deactivate and reactivate members."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.models import Invitation, Member
from crm.platform.organization import invitations, member_departure
from crm.web.organization.member_forms import LEAVE, InviteForm, LeaverForm
from crm.web.organization.views.members import get_member, listing
from crm.web.requests.form_version import is_posted
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first
from crm.web.requests.throttle import limit


@require("members.manage")
@confirm_first()
@limit("invite", "60/h")
def invite(request: TenantRequest) -> HttpResponse:
    """Show the form, and send the invitation."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _send_invitation(form, request.member):
        messages.success(request, _("The invitation to %(name)s was sent.") % {"name": form.cleaned_data["name"]})
        return redirect("members", request.tenant.slug)
    return render(request, "web/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _send_invitation(form: InviteForm, by: Member) -> bool:
    cleaned = form.cleaned_data
    try:
        invitations.invite(
            email=cleaned["email"], name=cleaned["name"], role=cleaned["role"], teams=form.chosen_teams, by=by
        )
    except Refused as why:
        form.add_error("email", str(why))
        return False
    return True


def _get_invitation(invitation: UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.all(), uid=invitation)


@listing.action(_get_invitation)
@confirm_first(back="members")
@limit("invite", "60/h")
def resend(request: TenantRequest, invitation: Invitation) -> str:
    """Send a new link, valid for another week."""
    invitations.resend(invitation, by=request.member)
    return _("A new link was sent to %(email)s.") % {"email": invitation.email}


@listing.action(_get_invitation)
def withdraw(request: TenantRequest, invitation: Invitation) -> str:
    """Withdraw an invitation: its link stops working."""
    invitations.withdraw(invitation, by=request.member)
    return _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}


@require("members.manage")
@confirm_first()
def deactivate(request: TenantRequest, member: UUID) -> HttpResponse:
    """Show the member's open work, choose who takes it over, and deactivate the member."""
    posted = is_posted(request)
    row = get_member(member)
    if not row.active:
        return redirect("members", request.tenant.slug)
    form = LeaverForm(request.POST if posted else None, leaver=row)
    error = ""
    if posted and form.is_valid():
        error = _deactivate_and_hand_over(form, row, request.member)
        if not error:
            return _after_leaving(request, row)
    page = {"member": row, "form": form, "held": member_departure.count_held_work(row), "error": error}
    return render(request, "web/member_deactivate.html", page, status=422 if posted else 200)


def _after_leaving(request: TenantRequest, row: Member) -> HttpResponse:
    messages.success(request, _("%(name)s is deactivated.") % {"name": row.name})
    if row.pk == request.member.pk:
        return redirect("home")
    return redirect("members", request.tenant.slug)


def _deactivate_and_hand_over(form: LeaverForm, row: Member, by: Member) -> str:
    """Deactivate the member and hand over the work. Returns the error, blank if none."""
    try:
        row.deactivate(by=by)
    except Refused as why:
        return str(why)
    to = form.cleaned_data["to"]
    if to != LEAVE:
        member_departure.hand_over(row, form.by_uid.get(to), by=by)
    return ""


@listing.action(get_member)
@confirm_first(back="members")
def reactivate(request: TenantRequest, member: Member) -> str:
    """Reactivate a member, in the role they had."""
    member.reactivate(by=request.member)
    return _("%(name)s is reactivated as %(role)s.") % {"name": member.name, "role": member.get_role_display()}
