"""The view of the navigation's badges: loaded after the page, and again on hints."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell import badges
from crm.web.shell.announcements import news_for


@require("navigation.count")
def counts(request: TenantRequest) -> HttpResponse:
    """Render each badge, in sidebar and tab bar, those of the tabs of the area named in `?area=`, and news."""
    member = request.member
    numbers = badges.page_numbers(member)
    context = {
        "entries": badges.entry_badges(member, numbers),
        "tabs": badges.tab_badges(member, request.GET.get("area", ""), numbers),
        "news": news_for(member),
    }
    return render(request, "components/counts.html", context)
