"""Saved views: saved, updated, renamed and shared, put in order and archived; and the page that lists them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.jobs.list.columns import COLUMNS, columns_of, spell
from crm.jobs.list.filters import Filters
from crm.jobs.list.saved_views import may_change, may_move, move, views_of
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Role
from crm.platform.models.tenant import hold_configuration
from crm.platform.organization.configuration import directory
from crm.web.actions.form_version import is_posted, overtaken
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from leads.models import SavedView, SharedWith
from leads.models.saved_view import TooMany
from leads.tabs import address

ONLY_ME = str(SharedWith.NOBODY)


class ViewForm(forms.Form):
    """A name; for those who may share, with whom, and in front of whose tabs."""

    # What happened to the view meanwhile, if anything.
    told = ""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, widget=forms.TextInput({"class": "input", "autocomplete": "off"})
    )
    keep_columns = forms.BooleanField(
        label=gettext_lazy("With these columns"), required=False, widget=forms.CheckboxInput({"class": "check"})
    )
    shared = forms.ChoiceField(label=gettext_lazy("Who has it"), widget=forms.Select({"class": "select"}))
    standard_for = forms.MultipleChoiceField(
        label=gettext_lazy("Standard for"),
        required=False,
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple({"class": "check"}),
    )

    def __init__(self, member: Member, data: Any, view: SavedView | None = None) -> None:
        super().__init__(data, initial=_present(view))
        fields: Any = self.fields
        if allows(member, "leads.share_views"):
            fields["shared"].choices = _audiences(view)
        else:
            del fields["shared"], fields["standard_for"]
        if view is not None:
            del fields["keep_columns"]

    def apply(self, view: SavedView, *, by: Member) -> None:
        """Do what the form says to a view. Raises IntegrityError for a name its owner has."""
        view.rename(self.cleaned_data["name"], by=by)
        if "shared" in self.cleaned_data:
            kind, _colon, uid = self.cleaned_data["shared"].partition(":")
            team = next((row for row in directory().teams.values() if str(row.uid) == uid), None)
            view.share(kind, team, by=by)
            view.stand_for(self.cleaned_data["standard_for"], by=by)


def _present(view: SavedView | None) -> dict[str, Any]:
    if view is None:
        return {"keep_columns": True, "shared": ONLY_ME}
    team = directory().teams.get(view.team_id or 0)
    shared = f"{view.shared}:{team.uid}" if team else view.shared
    return {"name": view.name, "shared": shared, "standard_for": view.standard_for}


def _audiences(view: SavedView | None) -> list[tuple[str, str]]:
    """Only me, each team, everyone. An archived team stays where it is chosen."""
    teams = [row for row in directory().teams.values() if row.archived_at is None or (view and view.team_id == row.pk)]
    named = [(f"team:{row.uid}", _("Team %(name)s") % {"name": row.name}) for row in teams]
    return [(ONLY_ME, str(SharedWith.NOBODY.label)), *named, ("everyone", str(SharedWith.EVERYONE.label))]


@require("leads.view")
def saved_views(request: TenantRequest) -> HttpResponse:
    """All views this member has, with what may be done to each."""
    member = request.member
    lines = [
        {
            "view": view,
            "url": reverse("leads:list", args=[request.tenant.slug]) + address(view),
            "chips": Filters.read(QueryDict(view.query), member).chips(member),
            "told": _told(view, member),
            "may_change": may_change(view, member),
            "may_move": may_move(view, member),
        }
        for view in views_of(member)
    ]
    return render(request, "leads/views.html", {"lines": lines})


def _told(view: SavedView, member: Member) -> str:
    """Whose it is and who has it: "Shared by Mona Manager · Team North · standard for you"."""
    here, told = directory(), []
    if view.owner_id != member.pk:
        told.append(_("by %(name)s") % {"name": here.members[view.owner_id].name})
    if view.shared == SharedWith.TEAM and view.team_id:
        told.append(_("Team %(name)s") % {"name": here.teams[view.team_id].name})
    elif view.shared == SharedWith.EVERYONE:
        told.append(_("everyone has it"))
    elif not view.standard_for:
        told.append(_("only you have it"))
    if view.standard_for:
        roles = ", ".join(str(Role(role).label) for role in view.standard_for)
        told.append(_("standard for: %(roles)s") % {"roles": roles})
    return " · ".join(told)


@require("leads.view")
def save_view(request: TenantRequest) -> HttpResponse:
    """GET: the form, for the filters of the address. POST: keep them under a name, and open that."""
    member, posted = request.member, is_posted(request)
    filters = Filters.read(QueryDict(request.POST.get("query", "").lstrip("?")) if posted else request.GET, member)
    form = ViewForm(member, request.POST if posted else None)
    if not form.is_valid():
        return _form(request, form, filters, status=422 if posted else 200)
    columns = spell(columns_of(filters.columns, member)) if form.cleaned_data["keep_columns"] else ""
    try:
        with transaction.atomic():
            view = SavedView.save_view(form.cleaned_data["name"], _stored(filters), columns, by=member)
            form.apply(view, by=member)
    except IntegrityError:
        form.add_error("name", _("You have a view of this name."))
        return _form(request, form, filters, status=422)
    except TooMany:
        form.add_error(None, _("You have 50 views. Archive one first."))
        return _form(request, form, filters, status=422)
    messages.success(request, _("“%(name)s” is saved.") % {"name": view.name})
    return redirect(reverse("leads:list", args=[request.tenant.slug]) + address(view))


def _stored(filters: Filters) -> str:
    return filters.query(view="", columns="").removeprefix("?")


def _form(request: TenantRequest, form: ViewForm, filters: Filters, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "chips": filters.chips(request.member),
        "query": filters.query(),
        "columns": [COLUMNS[key].label for key in columns_of(filters.columns, request.member)],
    }
    return render(request, "leads/view_save.html" + ("#dialog" if is_fragment(request) else ""), context, status=status)


@require("leads.view")
def edit_view(request: TenantRequest, uid: UUID) -> HttpResponse:
    """A view's name and who has it, for those who may change it."""
    posted = is_posted(request)
    member, found = request.member, _changeable(request, uid)
    form = ViewForm(member, request.POST if posted else None, found)
    if form.is_bound and _is_other(request, found):
        form = ViewForm(member, None, found)
        form.told = overtaken()
        return _edit(request, form, found, status=409)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.apply(found, by=member)
            messages.success(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
            return redirect("leads:views", request.tenant.slug)
        except IntegrityError:
            form.add_error("name", _("There is a view of this name."))
    return _edit(request, form, _changeable(request, uid), status=422 if form.is_bound else 200)


def _edit(request: TenantRequest, form: ViewForm, found: SavedView, *, status: int) -> HttpResponse:
    context = {"form": form, "view": found, "seen": found.version}
    return render(request, "leads/view_edit.html", context, status=status)


def _is_other(request: TenantRequest, found: SavedView) -> bool:
    """Whether the view is another than the one the form was made for."""
    return request.POST.get("seen") != found.version


@require_POST
@require("leads.view")
def update_view(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Keep the filters and columns shown under the same name."""
    hold_configuration()
    member, found = request.member, _changeable(request, uid)
    if _is_other(request, found):
        messages.warning(
            request, _("Somebody changed “%(name)s” meanwhile. Look, then update it.") % {"name": found.name}
        )
        return redirect(reverse("leads:list", args=[request.tenant.slug]) + address(found))
    filters = Filters.read(QueryDict(request.POST.get("query", "").lstrip("?")), member)
    columns = spell(columns_of(filters.columns, member)) if found.columns or filters.columns else ""
    found.update_view(_stored(filters), columns, by=member)
    messages.success(request, _("“%(name)s” is updated.") % {"name": found.name})
    return redirect(reverse("leads:list", args=[request.tenant.slug]) + address(found))


@require_POST
@require("leads.view")
def archive_view(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Take a view from everybody's tabs."""
    hold_configuration()
    found = _changeable(request, uid)
    found.archive(by=request.member)
    messages.success(request, _("“%(name)s” is archived. Links to it keep their filters.") % {"name": found.name})
    return redirect("leads:views", request.tenant.slug)


@require_POST
@require("leads.view")
def move_view(request: TenantRequest, uid: UUID) -> HttpResponse:
    """One place up or down among the own views; a standard one among the standard ones."""
    hold_configuration()
    found = _changeable(request, uid)
    if not may_move(found, request.member):
        raise Http404
    move(found, up=request.POST.get("to") == "up", by=request.member)
    return redirect("leads:views", request.tenant.slug)


def _changeable(request: TenantRequest, uid: UUID) -> SavedView:
    """The view with this id, fresh from the database, for those who may change it."""
    known = next((row for row in views_of(request.member) if row.uid == uid), None)
    if known is None or not may_change(known, request.member):
        raise Http404
    found: SavedView = SavedView.objects.get(pk=known.pk)
    return found
