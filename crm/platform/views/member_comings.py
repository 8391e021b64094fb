"""Members come and go: invite one, send the invitation anew, withdraw it; deactivate a leaver, let one in again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.platform import inviting, offboarding
from crm.platform.access import require
from crm.platform.confirming import confirm_first
from crm.platform.editing import is_posted
from crm.platform.http import TenantRequest
from crm.platform.inviting import Refused
from crm.platform.member_forms import LEAVE, InviteForm, LeaverForm
from crm.platform.models import Invitation, Member
from crm.platform.models.member import LastAdmin
from crm.platform.throttle import limit
from crm.platform.views.members import found, last_admin


@require("members.manage")
@confirm_first()
@limit("invite", "60/h")
def invite(request: TenantRequest) -> HttpResponse:
    """The form, and the invitation on its way."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _invited(form, request.member):
        messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": form.cleaned_data["name"]})
        return redirect("members", request.tenant.slug)
    return render(request, "platform/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _invited(form: InviteForm, by: Member) -> bool:
    given = form.cleaned_data
    try:
        inviting.invite(email=given["email"], name=given["name"], role=given["role"], teams=form.chosen_teams, by=by)
    except Refused as refused:
        said = {
            "member": _("Somebody with this address is a member already."),
            "inactive": _("This address was a member’s, who is deactivated: reactivate them in the list."),
            "invited": _("This address is invited already: send that invitation anew from the list."),
        }
        form.add_error("email", said[refused.reason])
        return False
    return True


@require_POST
@require("members.manage")
@confirm_first(back="members")
@limit("invite", "60/h")
def resend(request: TenantRequest, invitation: UUID) -> HttpResponse:
    """A new link for another week."""
    row = _invitation(invitation)
    try:
        inviting.resend(row, by=request.member)
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": row.email})
    except Refused as refused:
        _say_over(request, refused)
    return redirect("members", request.tenant.slug)


@require_POST
@require("members.manage")
def withdraw(request: TenantRequest, invitation: UUID) -> HttpResponse:
    """The link works no longer."""
    row = _invitation(invitation)
    try:
        inviting.withdraw(row, by=request.member)
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": row.email})
    except Refused as refused:
        _say_over(request, refused)
    return redirect("members", request.tenant.slug)


def _say_over(request: TenantRequest, refused: Refused) -> None:
    accepted = _("That invitation has been accepted meanwhile.")
    messages.error(request, accepted if refused.reason == "accepted" else _("That invitation was withdrawn meanwhile."))


def _invitation(uid: UUID) -> Invitation:
    row: Invitation | None = Invitation.objects.filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


@require("members.manage")
@confirm_first()
def deactivate(request: TenantRequest, member: UUID) -> HttpResponse:
    """What the member holds, who gets it, and the end of their sign-in here."""
    posted = is_posted(request)
    row = found(member)
    if not row.active:
        return redirect("members", request.tenant.slug)
    form, error = LeaverForm(request.POST if posted else None, leaver=row), ""
    if posted and form.is_valid():
        error = _left(form, row, request.member)
        if not error:
            return _after_leaving(request, row)
    page = {"member": row, "form": form, "held": offboarding.held_by(row), "error": error}
    return render(request, "platform/member_deactivate.html", page, status=422 if posted else 200)


def _after_leaving(request: TenantRequest, row: Member) -> HttpResponse:
    messages.success(request, _("%(name)s is deactivated.") % {"name": row.name})
    return redirect("home") if row.pk == request.member.pk else redirect("members", request.tenant.slug)


def _left(form: LeaverForm, row: Member, by: Member) -> str:
    """Deactivate and hand over; why not, or nothing."""
    try:
        row.deactivate(by=by)
    except LastAdmin:
        return last_admin()
    to = form.cleaned_data["to"]
    if to != LEAVE:
        offboarding.hand_over(row, form.by_uid.get(to), by=by)
    return ""


@require_POST
@require("members.manage")
@confirm_first(back="members")
def reactivate(request: TenantRequest, member: UUID) -> HttpResponse:
    """Let a member in again, in the role they had."""
    row = found(member)
    row.reactivate(by=request.member)
    said = _("%(name)s is in again, as %(role)s.") % {"name": row.name, "role": row.get_role_display()}
    messages.success(request, said)
    return redirect("members", request.tenant.slug)
