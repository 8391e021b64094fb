"""Confirm by the password that it is still the same person; not for those who have a second factor."""

from allauth.account.adapter import get_adapter
from allauth.account.views import ReauthenticateView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from crm.platform.accounts.second_factor import has_second_factor
from crm.web.requests.local_path import local_path

_by_password = ReauthenticateView.as_view()


@never_cache
@login_required
def by_password(request: HttpRequest) -> HttpResponse:
    """Ask for the password; whoever has a second factor is led to that, whatever was posted here."""
    if not has_second_factor(request.user.pk):
        return _by_password(request)
    query = QueryDict(mutable=True)
    if back := local_path(request.GET.get("next") or request.POST.get("next", "")):
        query["next"] = back
    [way, *_others] = get_adapter(request).get_reauthentication_methods(request.user)
    return redirect(f"{way['url']}?{query.urlencode()}" if query else way["url"])
