"""Views of saved views: save, update, rename, share, reorder and archive them; and the page of all."""

from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List
from crm.web.lists.page import chips, urls
from crm.web.lists.saved.form import ViewForm, audience_words
from crm.web.lists.saved.standing import may_change, may_move, move, views_of
from crm.web.lists.saved.tabs import view_url
from crm.web.models import SavedView
from crm.web.models.saved_view import TooManyViews
from crm.web.requests.form_version import is_posted, stale_message
from crm.web.requests.http import TenantRequest, is_fragment


def saved_views(request: TenantRequest, *, preset: List) -> HttpResponse:
    """List all views of the list this member sees, with the actions allowed on each."""
    member = request.member
    lines = [
        {
            "view": view,
            "url": view_url(preset, view, request.tenant.slug),
            "chips": chips(preset, preset.read_text(view.query, member), member),
            "told": audience_words(view, member),
            "may_change": may_change(view, member),
            "may_move": may_move(view, member),
        }
        for view in views_of(preset.key, member)
    ]
    context = {"lines": lines, "move_name": preset.url_name("move_view"), "edit_name": preset.url_name("edit_view")}
    return render(request, "lists/views.html", {"preset": preset, **context, **urls(request, preset)})


def save_view(request: TenantRequest, *, preset: List) -> HttpResponse:
    """GET: the form, for the filters of the URL. POST: save them under a name, and open that view."""
    member = request.member
    posted = is_posted(request)
    if posted:
        filters = _posted_filters(request, preset)
    else:
        filters = preset.read(request.GET, member)
    form = ViewForm(member, request.POST if posted else None, has_columns=bool(preset.columns.by_key))
    if not form.is_valid():
        return _form(request, preset, form, filters, status=422 if posted else 200)
    columns = ""
    if form.cleaned_data.get("keep_columns"):
        columns = _columns(preset, filters, member)
    try:
        with transaction.atomic():
            name = form.cleaned_data["name"]
            layout = _sent_layout(request, preset)
            view = SavedView.save_view(preset.key, name, _stored_query(filters), columns, by=member, layout=layout)
            form.apply(view, by=member)
    except IntegrityError:
        form.add_error("name", _("You already have a view with this name."))
        return _form(request, preset, form, filters, status=422)
    except TooManyViews:
        form.add_error(None, _("You have 50 views. Archive one first."))
        return _form(request, preset, form, filters, status=422)
    messages.success(request, _("“%(name)s” was saved.") % {"name": view.name})
    return redirect(view_url(preset, view, request.tenant.slug))


def edit_view(request: TenantRequest, uid: UUID, *, preset: List) -> HttpResponse:
    """Edit a view's name and audience. Requires permission to change it."""
    posted = is_posted(request)
    member = request.member
    found = _changeable(request, preset, uid)
    form = ViewForm(member, request.POST if posted else None, found)
    if form.is_bound and _is_other(request, found):
        form = ViewForm(member, None, found)
        form.told = stale_message()
        return _edit(request, preset, form, found, status=409)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.apply(found, by=member)
            messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
            return redirect(preset.url("views", request.tenant.slug))
        except IntegrityError:
            form.add_error("name", _("There is already a view with this name."))
    return _edit(request, preset, form, _changeable(request, preset, uid), status=422 if form.is_bound else 200)


@require_POST
def update_view(request: TenantRequest, uid: UUID, *, preset: List) -> HttpResponse:
    """Save the current filters and columns to this view."""
    lock_configuration()
    member = request.member
    found = _changeable(request, preset, uid)
    if _is_other(request, found):
        words = _("Somebody changed “%(name)s” meanwhile. Look, then update it.")
        messages.warning(request, words % {"name": found.name})
        return redirect(view_url(preset, found, request.tenant.slug))
    filters = _posted_filters(request, preset)
    columns = ""
    if found.columns or filters.columns:
        columns = _columns(preset, filters, member)
    found.update_view(_stored_query(filters), columns, by=member, layout=_sent_layout(request, preset))
    messages.success(request, _("“%(name)s” is updated.") % {"name": found.name})
    return redirect(view_url(preset, found, request.tenant.slug))


@require_POST
def archive_view(request: TenantRequest, uid: UUID, *, preset: List) -> HttpResponse:
    """Archive a view for everybody."""
    lock_configuration()
    found = _changeable(request, preset, uid)
    found.archive(by=request.member)
    messages.success(request, _("“%(name)s” is archived. Links to it keep their filters.") % {"name": found.name})
    return redirect(preset.url("views", request.tenant.slug))


@require_POST
def move_view(request: TenantRequest, uid: UUID, *, preset: List) -> HttpResponse:
    """Move one of the own views, or a standard view, up or down by one."""
    lock_configuration()
    found = _changeable(request, preset, uid)
    if not may_move(found, request.member):
        raise Http404
    move(found, up=request.POST.get("to") == "up", by=request.member)
    return redirect(preset.url("views", request.tenant.slug))


def _changeable(request: TenantRequest, preset: List, uid: UUID) -> SavedView:
    """Return the view with this id from the database if the member may change it."""
    known = next((row for row in views_of(preset.key, request.member) if row.uid == uid), None)
    if known is None or not may_change(known, request.member):
        raise Http404
    found: SavedView = SavedView.objects.get(pk=known.pk)
    return found


def _is_other(request: TenantRequest, found: SavedView) -> bool:
    """True if the view has changed since the form was rendered."""
    return request.POST.get("seen") != found.version


def _sent_layout(request: TenantRequest, preset: List) -> str:
    """Return the layout the form was opened in; blank if it names none of the list's."""
    layout = request.POST.get("layout", request.GET.get("layout", ""))
    if layout == "list" or layout in preset.layouts:
        return layout
    return ""


def _posted_filters(request: TenantRequest, preset: List) -> Filters:
    return preset.read_text(request.POST.get("query", ""), request.member)


def _stored_query(filters: Filters) -> str:
    return filters.query(view="", columns="", position={}).removeprefix("?")


def _columns(preset: List, filters: Filters, member: Member) -> str:
    if preset.columns.by_key:
        return preset.columns.spell(preset.columns_of(filters, member))
    return ""


def _form(request: TenantRequest, preset: List, form: ViewForm, filters: Filters, *, status: int = 200) -> HttpResponse:
    member = request.member
    context = {
        "preset": preset,
        "form": form,
        "chips": chips(preset, filters, member),
        "query": filters.query(),
        "kept_layout": _sent_layout(request, preset),
        "columns": [preset.columns.by_key[key].label for key in preset.columns_of(filters, member)],
        **urls(request, preset),
    }
    template = "lists/view_save.html" + ("#dialog" if is_fragment(request) else "")
    return render(request, template, context, status=status)


def _edit(request: TenantRequest, preset: List, form: ViewForm, found: SavedView, *, status: int) -> HttpResponse:
    context = {
        "preset": preset,
        "form": form,
        "view": found,
        "seen": found.version,
        "archive_url": preset.url("archive_view", request.tenant.slug, found.uid),
        **urls(request, preset),
    }
    return render(request, "lists/view_edit.html", context, status=status)
