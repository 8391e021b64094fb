"""Forms of the account pages that differ from allauth's."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest

from crm.platform.models import User


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Change the password without asking the present one: the page has just asked for a confirmation."""

    oldpassword = None


class ResetPasswordForm(account_forms.ResetPasswordForm):
    """Ask for a reset link. An unknown address costs the same work, so that the time tells nothing."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if self.users:
            return str(super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        nobody = User(email=email)
        token = default_token_generator.make_token(nobody)
        # What allauth's token asks for.
        nobodys = EmailAddress.objects.filter(user_id=0)
        nobodys.filter(email=email).exists()
        list(nobodys.values_list("email"))
        uid = user_pk_to_url_str(User(pk=1))
        url = get_adapter().get_reset_password_from_key_url(f"{uid}-{token}")
        context = {"user": nobody, "password_reset_url": url, "uid": uid, "key": token, "request": request}
        get_adapter().send_password_reset_mail(nobody, email, context)
        return email
