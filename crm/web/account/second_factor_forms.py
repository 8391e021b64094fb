"""Forms that verify a second factor. Each code works once.

The database records the used codes: the cache may be gone, and forgets a code before it has run out.
"""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

# Where the step of the last code that counted stands in an app's `data`; older ones count no more (RFC 6238, 5.2).
LAST_STEP = "last_step"
# What allauth and fido2 raise at an answer that is not one, besides a ValidationError.
_MALFORMED = (AttributeError, IndexError, InvalidSignature, KeyError, TypeError, ValueError)
_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric"}


def matching_step(secret: str, code: str, after: int = 0) -> int | None:
    """Return the 30-second time step the code belongs to, if it may still be used."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=expected) and step > after:
            return int(step)
    return None


def _accept_code(row: Authenticator, code: str) -> bool:
    """Check the code against the locked row, and mark it as used."""
    if row.type != Authenticator.Type.TOTP:
        codes = row.wrap()
        good = bool(codes.validate_code(code))
        row.data = codes.instance.data  # it reads the row anew, and marks the code in that one
        return good
    step = matching_step(decrypt(row.data["secret"]), code, row.data.get(LAST_STEP, 0))
    if step is None:
        return False
    row.data[LAST_STEP] = step
    row.save(update_fields=["data"])
    return True


class _SingleUseCodeForm(BaseAuthenticateForm):
    """A TOTP or recovery code. Of two requests with the same code, the second waits and is refused."""

    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=_DIGITS))

    def clean_code(self) -> str:
        clear_rate_limit = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        with transaction.atomic():
            rows = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
            # The app's first ("totp" sorts last).
            for row in rows.select_for_update().order_by("-type"):
                if _accept_code(row, code):
                    row.user = self.user
                    self.authenticator = row
                    clear_rate_limit()
                    return code
            if (main := rows.order_by("-type").first()) is not None:
                self._emit_authentication_failed(main)
        raise get_adapter().validation_error("incorrect_code")


class CodeForm(_SingleUseCodeForm, AuthenticateForm):
    """Use a code at sign-in."""


class ConfirmByCodeForm(_SingleUseCodeForm, ReauthenticateForm):
    """Reauthenticate with a code."""


class ActivateTotpForm(ActivateTOTPForm):
    """The first code of a new app; `step` is its time step, so that the code cannot be used for a sign-in as well."""

    code = forms.CharField(label=_("Code from the app"), max_length=40, widget=forms.TextInput(attrs=_DIGITS))
    step: int

    def clean_code(self) -> str:
        code: str = super().clean_code()
        self.step = matching_step(self.secret, code) or 0
        return code


class PasskeyForm(AddWebAuthnForm):
    """Register a passkey the browser made."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with this passkey alone, without a password"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_passkey") from None
        return cleaned


class RenamePasskeyForm(EditWebAuthnForm):
    """Rename a passkey, for its owner alone."""

    name = forms.CharField(label=_("Name"), max_length=60)


class _PasskeyAnswerForm(AuthenticateWebAuthnForm):
    """A passkey's response to the challenge. A malformed one is a form error, not a server error."""

    def clean_credential(self) -> Authenticator:
        try:
            credential: Authenticator = super().clean_credential()
        except forms.ValidationError as refused:
            if refused.code != "incorrect_code":
                raise
            raise get_adapter().validation_error("incorrect_passkey") from None
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_passkey") from None
        return credential


class PasskeyCodeForm(_PasskeyAnswerForm):
    """Use a passkey at sign-in, after the password."""


class ConfirmByPasskeyForm(_PasskeyAnswerForm, ReauthenticateWebAuthnForm):
    """Reauthenticate with a passkey."""


class SignInByPasskeyForm(_PasskeyAnswerForm, LoginWebAuthnForm):
    """Sign in with a passkey instead of the password."""
