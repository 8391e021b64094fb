"""The allauth account adapter: its messages and mail. There is no sign-up; admins invite members.

Mail goes through the outbox, never from within a request, and its links name SITE_URL, never the Host header.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.platform.accounts.outbox import queue_mail
from crm.platform.accounts.second_factor import factor_types
from crm.web.account.known_devices import known_device, remember_device
from crm.web.design.look import copy_look_to_cookies
from crm.web.requests.client_network import network_of
from crm.web.requests.local_path import local_path

# What allauth calls the ways to confirm who one is.
BY_PASSWORD, BY_CODE, BY_PASSKEY = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn"


class AccountAdapter(DefaultAccountAdapter):
    """The allauth account adapter of this product."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email address or password is incorrect."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again, or set a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """True if allauth may redirect to the `next` URL of a request: only pages of this product."""
        return bool(local_path(url or ""))

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        queue_mail(to=email, subject=message.subject, body=message.body, user=context.get("user"))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        # Reached by a passkey: the page of allauth's would tell that the account exists.
        messages.error(request, gettext("That did not work. Sign in another way."))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        copy_look_to_cookies(response, user)
        remember_device(request, response, user.email)
        return response

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password. For a deactivated user, a correct password gets the same response as a wrong one."""
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        # What allauth keeps for a page that would tell that the account exists and the password was right.
        AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            self.authentication_failed(request, **credentials)
        else:
            self._rollback_login_failed_rl_usage()
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a sign-in attempt before it is made; success undoes that. Raises ValidationError after too many.

        By address and network, so that nobody locks an address out from elsewhere; an attack from very many networks
        shuts it to browsers that are not known. Those its owner has signed in from are counted by themselves.
        """
        login = str(credentials.get("email", "")).lower()
        if device := known_device(request, login):
            usage = self._consume_limit(request, "login_failed_known_device", f"{device}:{login}")
        else:
            usage = self._consume_limit(request, "login_failed", f"{network_of(self.get_client_ip(request))}:{login}")
            usage.usage += self._consume_limit(request, "login_failed_anywhere", login).usage
        self._login_failed_rl_usage = usage

    def _consume_limit(self, request: HttpRequest, action: str, key: str) -> Any:
        usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if usage is None:
            raise self.validation_error("too_many_login_attempts")
        return usage

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Clear the failed sign-ins of an address whose password was just reset."""
        login = str(credentials.get("email", "")).lower()
        network = network_of(self.get_client_ip(request))
        ratelimit.clear(request, app="allauth.account", action="login_failed", key=f"{network}:{login}")
        ratelimit.clear(request, app="allauth.account", action="login_failed_anywhere", key=login)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the reauthentication methods, preferred first; with a second factor, without the password."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        kinds = factor_types(user.pk)
        if not kinds:
            return ways
        # Without an app a code is a recovery code, which is spent by it.
        if Authenticator.Type.TOTP in kinds:
            first = BY_CODE
        else:
            first = BY_PASSKEY
        return sorted((way for way in ways if way["id"] != BY_PASSWORD), key=lambda way: way["id"] != first)
