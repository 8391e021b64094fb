"""Webhooks of providers: store them as they come, and process them in a worker."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext

from billing.models.online import EventState, ProviderAccount, ProviderEvent
from billing.providers.checkouts import peer_of
from billing.providers.interface import ForgedEvent, PaymentProvider, PaymentReport, ProviderFailure, UnreadableEvent
from billing.providers.links import HookAddress
from billing.providers.registry import is_offered, provider_of
from billing.providers.settling import ForeignPayment, UnknownAttempt, settle_report
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from crm.platform.work import due_io

READ = "billing.provider_event"
MOST_BYTES = 256 << 10
# Headers that are stored: those that prove where it is from and what it is.
KEPT_HEADERS = ("content-type", "user-agent", "stripe-signature", "x-demo-signature")
# An event of an unknown attempt is tried again so often, with doubled pauses: its transaction may not be committed.
MOST_TRIES = 5
PAUSE = timedelta(minutes=1)
# Longer than any day is.
_COUNTED_SECONDS = 2 * 86_400


def take_event(address: HookAddress, headers: Mapping[str, str], body: bytes) -> int:
    """Verify and store a webhook, and have a worker read it; return the status to answer with.

    A forged one is refused and counted. The same again is counted on the row of the first.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    with use_tenant(address.tenant_id):
        account = ProviderAccount.objects.filter(pk=address.account_id, disconnected_at=None).first()
        if account is None or not hmac.compare_digest(account.key, address.key) or not is_offered(account.provider):
            return 404
        provider = provider_of(account)
        try:
            key = provider.event_key(headers, body)
        except ForgedEvent:
            count_forged()
            return 400
        _store_event(account, provider, key, headers, body)
    return 200


def _store_event(
    account: ProviderAccount, provider: PaymentProvider, key: str, headers: Mapping[str, str], body: bytes
) -> None:
    event, is_new = ProviderEvent.objects.get_or_create(
        account=account,
        key=key or hashlib.sha256(body).hexdigest(),
        defaults={"body": body, "headers": {name: headers[name] for name in KEPT_HEADERS if name in headers}},
    )
    if not is_new:
        ProviderEvent.objects.filter(pk=event.pk).update(count=F("count") + 1)
        if not provider.is_read_again:
            return
        event.state = EventState.NEW
        event.tries = 0
        # It may be past its retention, and deleted.
        event.body = body
        event.save(update_fields=["state", "tries", "body"])
    due_io.schedule(READ, event.pk, clock.now(), peer=peer_of(account))


def read_event(tenant_id: int, event_id: int) -> None:
    """Process a stored webhook (due work that may call the provider). Idempotent."""
    with use_tenant(tenant_id):
        event = ProviderEvent.objects.select_related("account").filter(pk=event_id).first()
        if event is None or event.state != EventState.NEW:
            return
        event.tries += 1
        event.save(update_fields=["tries"])
        provider = provider_of(event.account)
    try:
        report = provider.read_event(bytes(event.body))
    except UnreadableEvent as why:
        _park(tenant_id, event, str(why))
    except ProviderFailure as failure:
        if failure.is_passing:
            raise
        _park(tenant_id, event, str(failure))
    else:
        with use_tenant(tenant_id):
            _settle_event(event, report)


def _settle_event(event: ProviderEvent, report: PaymentReport | None) -> None:
    if report is None:
        event.end(EventState.IGNORED)
        return
    try:
        is_ours = settle_report(event.account, report)
    except UnknownAttempt as unknown:
        if event.tries < MOST_TRIES:
            pause = PAUSE * 2 ** (event.tries - 1)
            due_io.schedule(READ, event.pk, clock.now() + pause, peer=peer_of(event.account))
        elif isinstance(unknown, ForeignPayment):
            # The account takes payments of others, too, such as those of a shop.
            event.end(EventState.IGNORED, gettext("It is about a payment that was not made here."))
        else:
            event.end(EventState.PARKED, gettext("It names an attempt to pay that isn’t here."))
        return
    event.end(EventState.DONE if is_ours else EventState.IGNORED)


def _park(tenant_id: int, event: ProviderEvent, problem: str) -> None:
    with use_tenant(tenant_id):
        event.end(EventState.PARKED, problem)


def park_event(event_id: int) -> None:
    """Park a webhook that couldn't be processed several times."""
    event = ProviderEvent.objects.filter(pk=event_id, state=EventState.NEW).first()
    if event is not None:
        event.end(EventState.PARKED, gettext("The provider did not answer."))


# Forged ones


def count_forged() -> None:
    """Count a webhook that its provider didn't send."""
    key = _counter_key()
    cache.add(key, 0, timeout=_COUNTED_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # evicted between the two calls
        cache.set(key, 1, timeout=_COUNTED_SECONDS)


def forged_today() -> int:
    """Return how many were refused on the organization's present day, as far as the cache has it."""
    return int(cache.get(_counter_key(), 0))


def _counter_key() -> str:
    day = clock.now().astimezone(directory().zone).date()
    return f"payment-hooks-forged:{required_tenant_id()}:{day}"
