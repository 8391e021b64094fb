"""Forms of the account pages that differ from allauth's."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import get_language

from crm.platform.accounts.outbox import queue_reset


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Change the password without asking the present one: the page has just asked for a confirmation."""

    oldpassword = None


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Ask for a reset link. Whose address it is, the worker finds out, so that neither answer nor time tells it."""

    def clean_email(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["email"].lower()))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        queue_reset(to=email, language=get_language() or "")
        return email
