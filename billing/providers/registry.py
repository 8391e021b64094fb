"""The payment providers by their kind."""

from django.conf import settings
from django.utils.translation import gettext

from billing.models.online import ProviderAccount
from billing.providers.adapters.demo import DemoProvider
from billing.providers.adapters.mollie import MollieProvider
from billing.providers.adapters.stripe import StripeProvider
from billing.providers.interface import PaymentProvider
from crm.kernel.refusal import Refused

_ALL: dict[str, type[PaymentProvider]] = {
    provider.kind: provider for provider in (StripeProvider, MollieProvider, DemoProvider)
}


def demo_is_offered() -> bool:
    """Return whether the built-in payment page may take payments; never in production."""
    return bool(settings.DEMO or settings.DEBUG)


def offered_providers() -> list[type[PaymentProvider]]:
    """Return the providers that can be connected here."""
    return [provider for kind, provider in _ALL.items() if kind != DemoProvider.kind or demo_is_offered()]


def is_offered(kind: str) -> bool:
    """Return whether a provider can be used here."""
    return any(provider.kind == kind for provider in offered_providers())


def provider_of(account: ProviderAccount) -> PaymentProvider:
    """Return the provider of an account. Raises Refused for the built-in page in production."""
    if not is_offered(account.provider):
        raise Refused(gettext("The built-in payment page takes no payments here."))
    return _ALL[account.provider](account.secrets)
