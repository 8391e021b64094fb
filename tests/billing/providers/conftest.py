"""A brand that is paid online: by Stripe and Mollie on loopback, or on the built-in payment page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache

from billing.models import Invoice, PaymentAttempt, ProviderAccount
from billing.providers.checkouts import create_checkout, payment_ways, start_payment
from tests.billing.providers.peers import MolliePeer, StripePeer, serving
from tests.cast import House

RETURN = "https://example.com/back"
Connect = Callable[..., ProviderAccount]


@pytest.fixture
def connect(house: House, settings: Any) -> Connect:
    """`connect("stripe")` connects the brand of Cora's job."""
    settings.DEMO = True
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    keys = {"secret_key": "sk_test_1", "signing_secret": "whsec_1", "api_key": "test_1", "key": "demo-key"}

    def run(provider: str) -> ProviderAccount:
        return ProviderAccount.connect(house.job.brand, provider, keys, by=house.ada)

    return run


@pytest.fixture(autouse=True)
def counting_cache(settings: Any) -> None:
    """A cache that counts, without a server; each test begins at nothing."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "payments"}}
    cache.clear()


@pytest.fixture
def stripe_peer(connect: Connect, settings: Any) -> Iterator[StripePeer]:
    with serving(StripePeer()) as peer:
        settings.STRIPE_API_URL = peer.origin
        connect("stripe")
        yield peer


@pytest.fixture
def mollie_peer(connect: Connect, settings: Any) -> Iterator[MolliePeer]:
    with serving(MolliePeer()) as peer:
        settings.MOLLIE_API_URL = peer.origin
        connect("mollie")
        yield peer


@pytest.fixture
def start(house: House) -> Callable[..., PaymentAttempt]:
    """`start(invoice)` starts to pay it by card, and has a worker create the checkout."""

    def run(invoice: Invoice, amount: int = 0, *, calls: bool = True, method: str = "card") -> PaymentAttempt:
        way = next(one for one in payment_ways(invoice) if one.key == method)
        start_payment(invoice, amount or invoice.open, way, RETURN)
        attempt: PaymentAttempt = PaymentAttempt.objects.order_by("-pk").first()
        if calls:
            create_checkout(house.tenant.pk, attempt.pk)
            attempt.refresh_from_db()
        return attempt

    return run
