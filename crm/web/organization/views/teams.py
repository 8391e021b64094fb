"""Settings of teams. Managers see the members, admins create teams and add members."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.access.permissions import allows
from crm.platform.models import Team
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import checkbox_field, is_name_taken, set_choices, text_field
from crm.web.settings.page import Context, settings_page

PAGE = "web/team.html"


class TeamForm(forms.Form):
    """A team's name, and its active members."""

    name = text_field(gettext_lazy("Name"), 80)
    members = checkbox_field(gettext_lazy("Members"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_uid = {str(one.uid): one for one in directory().members.values() if one.active}
        set_choices(self, "members", [(uid, member.name) for uid, member in self.by_uid.items()])


@settings_page("teams", "teams.view", "web/teams.html")
def listing(request: TenantRequest) -> Context:
    """List all teams with their members; archived ones last."""
    organization = directory()
    rows = sorted(organization.teams.values(), key=lambda team: team.archived_at is not None)
    lines = [(team, [one for one in organization.members_of(team) if one.active]) for team in rows]
    return {"lines": lines, "may_manage": allows(request.member, "teams.manage")}


def _get_team(team: UUID) -> Team:
    return get_object_or_404(Team.objects.all(), uid=team)


@require("teams.manage")
def create(request: TenantRequest) -> HttpResponse:
    """Create a team with its members."""
    posted = is_posted(request)
    form = TeamForm(request.POST if posted else None)
    if posted and form.is_valid() and not is_name_taken(form, directory().teams.values()):
        _set_members(Team.create(form.cleaned_data["name"], by=request.member), form, request)
        return _redirect_to_list(request)
    return render_form(request, PAGE, form, {}, "")


@require("teams.manage")
def team(request: TenantRequest, team: UUID) -> HttpResponse:
    """Edit one team's name and members."""
    posted = is_posted(request)
    row = _get_team(team)
    inside = sorted(str(one.uid) for one in directory().members_of(row) if one.active)
    before: dict[str, Any] = {"name": row.name, "members": inside}
    version = version_of(before, row.archived_at)
    page = {"team": row}
    if not posted:
        return render_form(request, PAGE, TeamForm(initial=before), page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, TeamForm(initial=before), page, version)
    form = TeamForm(request.POST)
    if not form.is_valid() or is_name_taken(form, directory().teams.values(), row):
        return render_form(request, PAGE, form, page, version)
    row.rename(form.cleaned_data["name"], by=request.member)
    _set_members(row, form, request)
    return _redirect_to_list(request)


def _set_members(row: Team, form: TeamForm, request: TenantRequest) -> None:
    chosen = form.cleaned_data["members"]
    inside = directory().places
    for uid, member in form.by_uid.items():
        if uid in chosen:
            row.add(member, by=request.member)
        elif (row.pk, member.pk) in inside:
            row.remove(member, by=request.member)


@listing.action(_get_team, permission="teams.manage")
def archive(request: TenantRequest, team: Team) -> str:
    """Archive a team: it can no longer be chosen."""
    team.archive(by=request.member)
    return _("The team is archived. Anything shared with it stays shared.")


@listing.action(_get_team, permission="teams.manage")
def restore(request: TenantRequest, team: Team) -> str:
    """Restore an archived team."""
    team.restore(by=request.member)
    return _("The team is restored.")


def _redirect_to_list(request: TenantRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("teams", request.tenant.slug)
