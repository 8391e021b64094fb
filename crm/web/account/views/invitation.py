"""Accept an invitation: a new colleague chooses a password, an existing user only joins."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from crm.platform.models import User
from crm.platform.organization import invitations
from crm.platform.organization.invitations import InvalidInvitation, OpenedInvitation
from crm.web.account.forms import JoiningForm
from crm.web.requests.reauthentication import note_password_set
from crm.web.requests.throttle import limit


@never_cache
@limit("invitation", "30/m")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation; a POST accepts it. 410 with the reason for a link no longer valid, 404 for an unknown one."""
    try:
        opened = invitations.open_invitation(secret)
    except InvalidInvitation as over:
        return _render_invalid_link(request, over.reason)
    with translation.override(_invitation_language(request, opened)):
        if request.method != "POST":
            return _render_invitation(
                request, opened, JoiningForm(email=opened.invitation.email, initial=_initial_values(opened))
            )
        try:
            return _accept_invitation(request, opened, secret)
        except InvalidInvitation as over:
            return _render_invalid_link(request, over.reason)


def _accept_invitation(request: HttpRequest, opened: OpenedInvitation, secret: str) -> HttpResponse:
    home_url = f"/{opened.tenant.slug}/"
    if isinstance(request.user, User):
        invitations.accept(secret, user=request.user)
        messages.success(request, _("You have joined %(name)s.") % {"name": opened.tenant.name})
        return redirect(home_url)
    form = JoiningForm(request.POST, email=opened.invitation.email)
    if opened.user is not None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if not form.is_valid():
        return _render_invitation(request, opened, form, status=422)
    cleaned = form.cleaned_data
    with transaction.atomic():
        member = invitations.accept(secret, user=None, name=cleaned["name"], password=cleaned["password1"])
    response: HttpResponse = perform_login(request, member.user, email_verification="none", redirect_url=home_url)
    note_password_set(request, member.user)
    return response


def _render_invitation(request: HttpRequest, opened: OpenedInvitation, form: Any, status: int = 200) -> HttpResponse:
    signed_in = ""
    if isinstance(request.user, User):
        signed_in = request.user.email
    page = {
        "opened": opened,
        "form": form,
        "signed_in": signed_in,
        "mine": signed_in == opened.invitation.email,
        "known": opened.user is not None,
    }
    return render(request, "web/invitation.html", page, status=status)


def _initial_values(opened: OpenedInvitation) -> dict[str, str]:
    return {"name": opened.invitation.name}


def _invitation_language(request: HttpRequest, opened: OpenedInvitation) -> str:
    """Return the language chosen in this browser, else the language of the invitation mail."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language() or settings.LANGUAGE_CODE
    return (opened.user and opened.user.language) or opened.tenant.language


def _render_invalid_link(request: HttpRequest, reason: str) -> HttpResponse:
    sentences = {
        "unknown": _("This link doesn’t work. It may be incomplete, or a newer one was sent."),
        "expired": _("This invitation has expired: it was valid for seven days. Ask for a new one."),
        "accepted": _("This invitation has already been used. Sign in as usual."),
        "withdrawn": _("This invitation was withdrawn. Ask whoever invited you."),
        "suspended": _("This organization is closed at the moment."),
        "inactive": _("Your place in this organization was closed. Ask an administrator to open it again."),
        "other": _("This invitation is for another address than the one you are signed in with."),
        "exists": _("An account already uses this address: sign in, then follow the link again."),
    }
    status = 410
    if reason == "unknown":
        status = 404
    return render(request, "web/invitation_over.html", {"sentence": sentences[reason]}, status=status)
