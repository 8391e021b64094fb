"""Two-factor authentication: who has it, its encrypted storage in allauth, and notices and log lines of changes.

Keys of authenticator apps and the seed of recovery codes are encrypted like every other
secret (crm.platform.tenancy.secrets).
"""

import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.platform.models import Member, User
from crm.platform.tenancy import secrets

logger = logging.getLogger(__name__)

_Type = Authenticator.Type


class SecondFactorAdapter(DefaultMFAAdapter):
    """The allauth MFA adapter: error sentences, encrypted secrets, names of passkeys, the passkeys' domain."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That code is incorrect or was already used. Wait for the next one."),
        "incorrect_passkey": gettext_lazy("That passkey was not accepted. Try again, or use another method."),
        "unreadable": gettext_lazy("Your second factor can’t be used here. Contact your administrator."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return secrets.decrypt(encrypted_text)
        except InvalidToken:
            logger.error("second factor unreadable: SECRET_KEY is not the one it was made with")
            raise self.validation_error("unreadable") from None

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        if number == 1:
            return _("Passkey")
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # SITE_URL's host, not the request's: a passkey is for one name. Browsers take none for an IP address.
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": "Throughline"}


def _second_factors() -> QuerySet[Authenticator]:
    """Return all authenticators except recovery codes, which alone are no second factor."""
    return Authenticator.objects.exclude(type=_Type.RECOVERY_CODES)


def has_second_factor(user_id: int | None) -> bool:
    """Tell whether the user has an authenticator app or a passkey. One query."""
    return _second_factors().filter(user_id=user_id).exists()


def factor_types(user_id: int | None) -> set[str]:
    """Return which kinds of second factors the user has. One query."""
    return set(_second_factors().filter(user_id=user_id).values_list("type", flat=True))


def users_with_second_factor(user_ids: Iterable[int]) -> set[int]:
    """Return which of the users have a second factor. One query."""
    return set(_second_factors().filter(user_id__in=list(user_ids)).values_list("user_id", flat=True))


def members_without_second_factor() -> QuerySet[Member]:
    """Return the active members of the tenant in use who have no second factor, by name."""
    members: QuerySet[Member] = Member.objects.active().filter(
        ~Exists(_second_factors().filter(user_id=OuterRef("user_id")))
    )
    return members.order_by("name", "pk")


def remove_all_factors(user: User) -> int:
    """Delete all factors and recovery codes of a user; return how many. The user then signs in by password alone."""
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if gone:
        logger.warning("second factor removed by the operator", extra={"user": user.pk})
    return gone


def _log_receiver(message: str) -> Any:
    def note(sender: object, user: Any, authenticator: Authenticator, **kwargs: object) -> None:
        logger.info(message, extra={"user": user.pk, "factor": str(authenticator.type)})

    return note


def _notify_of_recovery_code(
    sender: object, request: Any, user: Any, authenticator: Authenticator, **kw: object
) -> None:
    if authenticator.type == _Type.RECOVERY_CODES:
        left = len(authenticator.wrap().get_unused_codes())
        get_account_adapter(request).send_notification_mail("mfa/email/recovery_code_used", user, {"left": left})
        messages.warning(request, _remaining_codes_message(left))


def _remaining_codes_message(count: int) -> str:
    if not count:
        return _("That was your last recovery code. Make new ones now, under “Second factor”.")
    line = ngettext(
        "That was a recovery code. %(count)s is left; new ones are made under “Second factor”.",
        "That was a recovery code. %(count)s are left; new ones are made under “Second factor”.",
        count,
    )
    return line % {"count": count}


_NOTES = {
    "second factor added": signals.authenticator_added,
    "second factor removed": signals.authenticator_removed,
    "recovery codes made anew": signals.authenticator_reset,
    "second factor used": signals.authenticator_used,
    "second factor refused": signals.authentication_failed,
}
for _message, _signal in _NOTES.items():
    _signal.connect(_log_receiver(_message), weak=False, dispatch_uid=_message)
signals.authenticator_used.connect(_notify_of_recovery_code, dispatch_uid="recovery code used")
