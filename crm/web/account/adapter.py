"""The allauth account adapter: its sentences, and how its mail is sent. Nobody signs up; an admin invites.

Mail goes through the outbox, never from within a request, and its links name SITE_URL, never the Host header.
"""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.platform.accounts.first_mail import reset_url
from crm.platform.work.outbox import queue_mail
from crm.web.account.preferences import lay_look


class AccountAdapter(DefaultAccountAdapter):
    """The allauth account adapter of this product."""

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
        return reset_url(uid, token)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # allauth's page for somebody switched off would tell that the account exists and the password was right.
        return user if user is not None and user.is_active else None


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Change the password without asking the present one: the page has just asked for a confirmation."""

    oldpassword = None
