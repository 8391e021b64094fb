"""The portal's first page: the only job, or a list of places."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access.pages import PortalRequest, portal_page, to_sign_in
from portal.access.viewer import Level
from portal.commissions.views import statements_of
from portal.portfolio.overview import lines_of
from portal.portfolio.places import group_headings

# An owner of more has a conversation with us, not a list.
MOST = 200


@require_safe
@portal_page(level=Level.LINK)
def home(request: PortalRequest) -> HttpResponse:
    """Open the page of their one job, or the list of all their places."""
    if request.viewer.needs_code_for_all:
        return to_sign_in(request)
    numbers = list(request.viewer.jobs().order_by("-pk").values_list("number", flat=True)[:2])
    if len(numbers) == 1 and not _has_statements(request):
        return redirect("portal:job", company=request.company.slug, number=numbers[0])
    return _render_places(request)


@require_safe
@portal_page(level=Level.LINK)
def places(request: PortalRequest) -> HttpResponse:
    """List the places by group, those with open tasks first, then the newest."""
    if request.viewer.needs_code_for_all:
        return to_sign_in(request)
    return _render_places(request)


def _render_places(request: PortalRequest) -> HttpResponse:
    lines = lines_of(request.viewer, request.viewer.jobs().order_by("-pk")[:MOST], request.company.slug)
    groups = [(name, [line for line in lines if line.place.group == group]) for group, name in group_headings().items()]
    context = {
        "groups": [one for one in groups if one[1]],
        "money": [entry for line in lines for entry in line.money],
        "has_statements": _has_statements(request),
    }
    return render(request, "portal/portfolio/page.html", context)


def _has_statements(request: PortalRequest) -> bool:
    """True if they are a partner with commission statements, and signed in by a code."""
    return request.viewer.level >= Level.SESSION and bool(statements_of(request.viewer).exists())
