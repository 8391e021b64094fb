"""The views of the frame: start page, index of the settings, palette, pins, badges, look and live updates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crm.platform.events.hint_channel import issue_ticket
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.membership import Membership, memberships_of
from crm.web.design.look import choose_look
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.local_path import next_page
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from crm.web.settings.search import find_settings
from crm.web.settings.sections import INDEX_PERMISSION
from crm.web.shell import badges, pins
from crm.web.shell.announcements import news_for
from crm.web.shell.first_steps import remaining_first_steps
from crm.web.shell.navigation import start_url
from crm.web.shell.palette import palette_groups

# Of what is searched for in the settings and the palette, so many characters are read.
LONGEST = 120


@login_required
def home(request: HttpRequest) -> HttpResponse:
    places = [place for place in memberships_of(request.user.pk or 0) if not place.suspended]
    if len(places) == 1:
        return redirect(_start_url(places[0]))
    return render(request, "web/home.html", {"places": places})


def tenant_home(request: TenantRequest) -> HttpResponse:
    """Redirect a tenant's own URL to the member's start page."""
    return redirect(start_url(request.member, request.tenant.slug))


def _start_url(place: Membership) -> str:
    with use_tenant(place.tenant_id, config_version=place.config_version):
        return start_url(directory().members[place.member_id], place.slug)


@require(INDEX_PERMISSION)
def settings_index(request: TenantRequest) -> HttpResponse:
    """Show the sections by group, or those that match `q`; in a new organization also its open first steps."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    matches = find_settings(request.member, request.tenant.slug, query)
    context = {"q": query, "matches": matches, "checklist": [] if query else remaining_first_steps(request)}
    part = ""
    if is_fragment(request):
        part = "#found"
    return render(request, f"web/settings.html{part}", context)


@require("palette.use")
@limit("palette", "240/m")
def palette(request: TenantRequest) -> HttpResponse:
    """Return the palette's matches for `?q=`."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    matching_groups = palette_groups(request, text)
    context = {"groups": matching_groups, "count": sum(len(group.items) for group in matching_groups), "q": text}
    return render(request, "web/palette.html", context)


@require("preferences.edit")
@require_POST
def pin(request: TenantRequest) -> HttpResponse:
    """Pin (`on` is "1") or unpin the page with the URL name `page`, and redirect back."""
    name = request.POST.get("page", "")
    pages = pins.pinnable_pages(request.member)
    if name not in pages:
        raise Http404
    # The directory's row is shared by every request of this process.
    mine: Member = Member.objects.get(pk=request.member.pk)
    pinned = [one for one in mine.pinned_pages if one in pages]
    if request.POST.get("on") != "1":
        mine.pin_pages([one for one in pinned if one != name])
    elif name not in pinned and len(pinned) >= pins.MOST:
        messages.error(request, _("You have pinned %(count)s pages already: unpin one first.") % {"count": pins.MOST})
    else:
        mine.pin_pages([*(one for one in pinned if one != name), name])
    return redirect(next_page(request) or reverse(name, args=[request.tenant.slug]))


@require("navigation.count")
def counts(request: TenantRequest) -> HttpResponse:
    """Render the badges of sidebar and tab bar, of the tabs of the area `?area=`, and the news."""
    member = request.member
    numbers = badges.page_numbers(member)
    context = {
        "entries": badges.entry_badges(member, numbers),
        "tabs": badges.tab_badges(member, request.GET.get("area", ""), numbers),
        "news": news_for(member),
    }
    return render(request, "components/counts.html", context)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Save the choice and redirect back. Unknown values are ignored."""
    response = HttpResponseRedirect(next_page(request) or "/")
    choose_look(request, response, request.POST.dict())
    return response


@never_cache
@require("live.listen")
def live_ticket(request: TenantRequest) -> HttpResponse:
    """Return a ticket for the member's live updates, valid for some minutes."""
    return JsonResponse({"ticket": issue_ticket(request.tenant.pk, request.member.pk)})
