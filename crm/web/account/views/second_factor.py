"""Manage one's own second factors: allauth's views with shared guards.

Who changes something is signed in, has confirmed lately, does not do it often, and waits for the other tab.
"""

from functools import wraps
from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache

from crm.platform.accounts.second_factor import has_second_factor
from crm.platform.models import User
from crm.platform.tenancy.membership import memberships_of
from crm.web.account.second_factor_forms import LAST_STEP
from crm.web.requests.permissions import View
from crm.web.requests.reauthentication import confirm_first, note_factor_proven
from crm.web.requests.throttle import limit

INDEX = reverse_lazy("mfa_index")


def _one_at_a_time(view: View) -> View:
    """Decorator: lock the user during the view: changes are sequential, each in one transaction with its mail."""

    @wraps(view)
    def alone(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk or 0)
            return view(request, *args, **kwargs)

    return alone


def _changing(view: View) -> View:
    """Decorator: guard a view that changes the user's second factors."""
    throttled = limit("second-factor", "20/h")(_one_at_a_time(view))

    @never_cache
    @login_required
    @confirm_first()
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (throttled if request.method == "POST" else view)(request, *args, **kwargs)

    return page


class ActivateTotp(totp.ActivateTOTPView):
    """Set up an authenticator app. The confirming code cannot be used again."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        row = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        row.data[LAST_STEP] = form.step
        row.save(update_fields=["data"])
        note_factor_proven(self.request, row)
        return response


class AddPasskey(webauthn.AddWebAuthnView):
    """Add a passkey. This counts as reauthentication."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        rows = Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.WEBAUTHN)
        note_factor_proven(self.request, rows.latest("pk"))
        return response


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):
    """Reauthenticate with a passkey. A refused attempt can be repeated here."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for message in form.errors.get("credential", []):
            messages.error(self.request, message)
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate_webauthn")))


@login_required
def second_factor_required(request: HttpRequest) -> HttpResponse:
    """Tell a user without a second factor that an organization (`?in=`) requires one, with the available options."""
    places = [place for place in memberships_of(request.user.pk or 0) if not place.suspended]
    asking = next((place for place in places if place.slug == request.GET.get("in")), None)
    if asking is None or has_second_factor(request.user.pk):
        return redirect("home")
    others = [place for place in places if place is not asking]
    return render(request, "web/second_factor_required.html", {"asking": asking, "others": others})


index = base.index
authenticate = never_cache(base.authenticate)
confirm_by_code = never_cache(base.reauthenticate)
confirm_by_passkey = never_cache(ConfirmByPasskey.as_view())
sign_in_by_passkey = never_cache(webauthn.login_webauthn)
activate_totp = _changing(ActivateTotp.as_view())
deactivate_totp = _changing(totp.deactivate_totp)
# Showing them spends the one time they are shown.
view_recovery_codes = _changing(recovery_codes.view_recovery_codes)
generate_recovery_codes = _changing(recovery_codes.generate_recovery_codes)
add_passkey = _changing(AddPasskey.as_view())
edit_passkey = _changing(webauthn.EditWebAuthnView.as_view(success_url=INDEX))
remove_passkey = _changing(webauthn.RemoveWebAuthnView.as_view(success_url=INDEX))
