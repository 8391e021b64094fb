"""Forms of the account pages: accepting an invitation, and forms that differ from allauth's."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.platform.accounts.outbox import queue_reset_request
from crm.platform.models import User


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Change the password without the current one: the page has just required reauthentication."""

    oldpassword = None


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Request a reset link. The user is looked up in a worker, so that response and timing do not reveal accounts."""

    def clean_email(self) -> str:
        return str(get_adapter().clean_email(self.cleaned_data["email"].lower()))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        queue_reset_request(to=email, language=get_language() or "")
        return email


class JoiningForm(forms.Form):
    """Accept an invitation for an address without a user. Existing users sign in with their password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=_("Password (again)"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first = cleaned.get("password1")
        second = cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first and "name" in cleaned:
            try:
                validate_password(first, User(email=self.email, name=cleaned["name"]))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned
