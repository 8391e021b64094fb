"""Signing in with allauth: what it may say, and how its mail leaves. Nobody signs up; an admin invites.

Mail goes through the outbox, never from within a request, and its links name SITE_URL, never the Host header.
"""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.platform.models import User
from crm.platform.work.outbox import queue_mail
from crm.web.account.preferences import lay_look


class AccountAdapter(DefaultAccountAdapter):
    """allauth as this product wants it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and password do not go together."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then go on, or set a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

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
        lay_look(response, user)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return _reset_url(uid, token)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # allauth's page for somebody switched off would tell that the account exists and the password was right.
        return user if user is not None and user.is_active else None


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Without the present password: whoever comes here has just confirmed to be it."""

    oldpassword = None


def reset_link(user: User) -> str:
    """A link by which the user chooses a password; good for three days (PASSWORD_RESET_TIMEOUT), and once."""
    return _reset_url(user_pk_to_url_str(user), default_token_generator.make_token(user))


def invite(user: User, *, organization: str) -> str:
    """Mail a new colleague the way in, and return it: a link to choose a password by, or the sign-in page."""
    known = user.has_usable_password()
    url = f"{settings.SITE_URL}{reverse('account_login')}" if known else reset_link(user)
    context = {"user": user, "organization": organization, "url": url, "known": known}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    body = render_to_string("account/email/invitation_message.txt", context).strip()
    queue_mail(to=user.email, subject=subject, body=body, user=user)
    return url


def _reset_url(uid: str, token: str) -> str:
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.SITE_URL}{path}"
