"""Members, for admins: the list, one member, and what a member or role may do and see."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.access import permissions, visibility_report
from crm.platform.accounts.second_factor import users_with_second_factor
from crm.platform.models import Invitation, Member, Role, StaffMail, Team
from crm.platform.organization.configuration import directory
from crm.web.organization.member_forms import MemberForm
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first
from crm.web.settings.page import Context, settings_page
from crm.web.settings.times import format_when
from crm.web.shell import navigation

PAGE = "web/member.html"


class MemberLine(NamedTuple):
    """A member in the list."""

    member: Member
    email: str
    teams: list[Team]
    second_factor: bool
    seen: str


class InvitationLine(NamedTuple):
    """An invitation in the list, with the state of its mail."""

    invitation: Invitation
    until: str
    mail: str


@settings_page("members", "members.manage", "web/members.html")
def listing(request: TenantRequest) -> Context:
    """List all members, inactive ones last, and open invitations."""
    rows = list(Member.objects.select_related("user").order_by("-active", "name", "pk"))
    guarded = users_with_second_factor(row.user_id for row in rows)
    lines = [
        MemberLine(
            row,
            row.user.email,
            directory().teams_of(row),
            row.user_id in guarded,
            _format_or_blank(request, row.seen_at),
        )
        for row in rows
    ]
    return {"lines": lines, "asked": _open_invitations(request)}


def _open_invitations(request: TenantRequest) -> list[InvitationLine]:
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).order_by("-pk")
    mails = StaffMail.objects.in_bulk([row.mail_id for row in rows])
    return [
        InvitationLine(row, _format_or_blank(request, row.expires_at), _mail_state(mails.get(row.mail_id)))
        for row in rows
    ]


def _mail_state(mail: StaffMail | None) -> str:
    state = StaffMail.State
    words = {
        state.QUEUED: _("Sending email"),
        state.SENDING: _("Sending email"),
        state.SENT: _("Email sent"),
        state.FAILED: _("Email could not be sent"),
        state.UNKNOWN: _("Unclear whether the email was sent"),
    }
    if mail:
        return words.get(state(mail.state), "")
    return ""


def _format_or_blank(request: TenantRequest, at: datetime | None) -> str:
    if at:
        return format_when(request, at)
    return ""


def get_member(member: UUID) -> Member:
    """Return the member with this public id, fresh from the database. Raises Http404."""
    return get_object_or_404(Member.objects.select_related("user"), uid=member)


@require("members.manage")
@confirm_first()
def member(request: TenantRequest, member: UUID) -> HttpResponse:
    """Edit one member's name, role and teams."""
    posted = is_posted(request)
    row = get_member(member)
    before = {"name": row.name, "role": row.role, "teams": [str(team.uid) for team in directory().teams_of(row)]}
    version = version_of(before)
    page = {"member": row, "seen": _format_or_blank(request, row.seen_at)}
    if not posted:
        return render_form(request, PAGE, MemberForm(initial=before), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, MemberForm(initial=before), page, version)
    form = MemberForm(request.POST)
    if not form.is_valid() or not _save_member(form, row, request.member):
        return render_form(request, PAGE, form, page, version)
    messages.success(request, _("Saved."))
    # Whoever has given up administering finds no list of members any more.
    return redirect(
        "members" if row.role == Role.ADMIN or row.pk != request.member.pk else "tenant_home", request.tenant.slug
    )


def _save_member(form: MemberForm, row: Member, by: Member) -> bool:
    try:
        row.change_role(form.cleaned_data["role"], by=by)
    except Refused as why:
        form.add_error("role", str(why))
        return False
    row.rename(form.cleaned_data["name"], by=by)
    chosen = form.chosen_teams
    for team in form.by_uid.values():
        if team in chosen:
            team.add(row, by=by)
        else:
            team.remove(row, by=by)
    return True


class PermissionLine(NamedTuple):
    """A permission: its label, whether the role has it, and whether the member has it now."""

    label: str
    note: str
    may: bool
    now: bool


def _permission_line(permission: permissions.PermissionWords, role: str, now: str) -> PermissionLine:
    allowed = permissions.permission_matrix()[permission.permission]
    return PermissionLine(permission.label, permission.note, role in allowed, now in allowed)


@require("members.manage")
def visibility(request: TenantRequest, member: UUID) -> HttpResponse:
    """Show what the member may do and see now; `role` shows it for another role. There is no impersonation."""
    row = get_member(member)
    role_name = request.GET.get("role", "")
    if role_name in Role.values:
        role = Role(role_name)
    else:
        role = Role(row.role)
    other: Any = Member(pk=row.pk, tenant_id=row.tenant_id, name=row.name, role=role)
    groups = [
        (group, [_permission_line(permission, role, row.role) for permission in lines])
        for group, lines in permissions.describe_permissions()
    ]
    page = {
        "member": row,
        "role": role,
        "roles": Role.choices,
        "groups": groups,
        "changes": [line for _group, lines in groups for line in lines if line.may != line.now],
        "seen": visibility_report.count_visible_rows(other),
        "pages": [page.label for page in navigation.pages_of(other)],
    }
    return render(request, "web/member_sight.html", page)


@require("members.manage")
def roles(request: TenantRequest) -> HttpResponse:
    """Show the permissions of each role, read-only."""
    matrix = permissions.permission_matrix()
    groups = [
        (group, [(permission, [role in matrix[permission.permission] for role in Role]) for permission in lines])
        for group, lines in permissions.describe_permissions()
    ]
    members = [one for one in directory().members.values() if one.active]
    heads = [(role.label, sum(one.role == role for one in members)) for role in Role]
    return render(request, "web/roles.html", {"groups": groups, "heads": heads, "width": 1 + len(heads)})
