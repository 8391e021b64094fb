"""Security views: the second-factor requirement, one's own sessions, reauthentication, and a new password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import PasswordResetFromKeyView, ReauthenticateView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import list_usersessions
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crm.platform.accounts.second_factor import has_second_factor, members_without_second_factor
from crm.web.requests.http import TenantRequest
from crm.web.requests.local_path import local_path
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import confirm_first, note_password_set

SHOWN = 200


@require("security.manage")
@confirm_first(only_post=True)
def security(request: TenantRequest) -> HttpResponse:
    """Show and switch the requirement (`required`: "on" or "off"), with the members it would lock out."""
    if request.method == "POST":
        _switch_requirement(request, request.POST.get("required", ""))
        return redirect("security", request.tenant.slug)
    lacking = members_without_second_factor()
    page = {"count": lacking.count(), "lacking": lacking[:SHOWN], "has_one": has_second_factor(request.user.pk)}
    return render(request, "web/security.html", page)


def _switch_requirement(request: TenantRequest, asked: str) -> None:
    if asked == "on" and not has_second_factor(request.user.pk):
        messages.error(request, _("Set up a second factor for yourself first, or you would be locked out."))
    elif asked in ("on", "off"):
        request.tenant.ask_second_factor(asked == "on", by=request.member)
        if asked == "on":
            sentence = _("A second factor is required now.")
        else:
            sentence = _("A second factor is no longer required.")
        messages.success(request, sentence)


sessions = login_required(confirm_first(only_post=True)(list_usersessions))


@require_POST
@login_required
@confirm_first(back="usersessions_list")
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out. A session of somebody else, or an ended one, changes nothing."""
    mine: Any = UserSession.objects.filter(user_id=request.user.pk, pk=pk)
    end_sessions(request, list(mine))
    messages.success(request, _("That device was signed out."))
    return redirect("usersessions_list")


_by_password = ReauthenticateView.as_view()


@never_cache
@login_required
def confirm_by_password(request: HttpRequest) -> HttpResponse:
    """Ask for the password to reauthenticate. A user with a second factor is redirected to use that."""
    if not has_second_factor(request.user.pk):
        return _by_password(request)
    query = QueryDict(mutable=True)
    if back := local_path(request.GET.get("next") or request.POST.get("next", "")):
        query["next"] = back
    [way, *_others] = get_adapter(request).get_reauthentication_methods(request.user)
    return redirect(f"{way['url']}?{query.urlencode()}" if query else way["url"])


class _ResetByKeyView(PasswordResetFromKeyView):
    """allauth's view, which also counts the new password as reauthentication; allauth's own does not."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_password_set(self.request, self.reset_user)
        return response


# Its address is the key.
reset_by_key = never_cache(_ResetByKeyView.as_view())
