"""Signed addresses outside a tenant: of an account's webhooks, of an attempt, and of the built-in payment page."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from billing.models.online import PaymentAttempt, ProviderAccount
from crm.platform.tenancy.context import required_tenant_id

LONGEST = 300
_hooks = signing.Signer(sep=".", salt="billing.providers.hook")
_attempts = signing.Signer(sep=".", salt="billing.providers.attempt")


class HookAddress(NamedTuple):
    """An account of a tenant, and the key that was given."""

    tenant_id: int
    account_id: int
    key: str


class AttemptAddress(NamedTuple):
    """The uid of an attempt, and its tenant."""

    tenant_id: int
    uid: str


def hook_url(account: ProviderAccount) -> str:
    """Return the address to which the provider sends webhooks of an account."""
    token = _hooks.sign(f"{account.tenant_id}.{account.pk}.{account.key}")
    return _absolute("payments_public:hook", token)


def go_url(attempt: PaymentAttempt) -> str:
    """Return the address that leads a customer to the provider's checkout."""
    return _absolute("payments_public:go", _sign_attempt(str(attempt.uid)))


def demo_url(uid: str) -> str:
    """Return the address of the built-in payment page for an attempt."""
    return _absolute("payments_public:demo", _sign_attempt(uid))


def read_hook(token: str) -> HookAddress | None:
    """Parse the address of webhooks; None if the signature is invalid."""
    parts = _unsign(_hooks, token).split(".")
    if len(parts) != len(HookAddress._fields):
        return None
    return HookAddress(int(parts[0]), int(parts[1]), parts[2])


def read_attempt(token: str) -> AttemptAddress | None:
    """Parse the address of an attempt; None if the signature is invalid."""
    parts = _unsign(_attempts, token).split(".")
    if len(parts) != len(AttemptAddress._fields):
        return None
    return AttemptAddress(int(parts[0]), parts[1])


def _sign_attempt(uid: str) -> str:
    return _attempts.sign(f"{required_tenant_id()}.{uid}")


def _unsign(signer: signing.Signer, token: str) -> str:
    try:
        return signer.unsign(token[:LONGEST])
    except signing.BadSignature:
        return ""


def _absolute(name: str, token: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"
