"""End one of one's own sessions; the list, which ends all others, is allauth's."""

from typing import Any

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import list_usersessions
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.web.requests.reauthentication import confirm_first

listing = login_required(confirm_first(only_post=True)(list_usersessions))


@require_POST
@login_required
@confirm_first(back="usersessions_list")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out. A session of somebody else, or an ended one, changes nothing."""
    mine: Any = UserSession.objects.filter(user_id=request.user.pk, pk=pk)
    end_sessions(request, list(mine))
    messages.success(request, _("That device was signed out."))
    return redirect("usersessions_list")
