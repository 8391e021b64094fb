"""The built-in payment page: it plays the provider's page, and sends its webhook as a provider does."""

import json
from dataclasses import asdict
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from billing.models.online import PaymentAttempt
from billing.providers import links
from billing.providers.adapters.demo import SIGNATURE, DemoProvider
from billing.providers.events import take_event
from billing.providers.interface import FAILED, PAID
from billing.providers.played import played_report
from billing.providers.registry import demo_is_offered, provider_of
from billing.providers.views.public import find_attempt, page_language
from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

# What the buttons do: pay, pay and tell nobody (the webhook is lost), or refuse to pay.
SILENT = "silent"
ACTS = {"pay": PAID, SILENT: PAID, "refuse": FAILED}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest, token: str) -> HttpResponse:
    """Show the payment page; POST plays what the customer chose and leads back to where they came from.

    The address is what allows it, as at a provider, whose page has no session of ours either.
    """
    address = links.read_attempt(token)
    if address is None or not demo_is_offered():
        return render(request, "billing/providers/go.html", status=404)
    with use_tenant(address.tenant_id):
        attempt = find_attempt(address)
        if attempt is None or attempt.account.provider != DemoProvider.kind:
            return render(request, "billing/providers/go.html", status=404)
        if request.method == "POST" and request.POST.get("act") in ACTS:
            _play(attempt, request.POST["act"])
        with translation.override(page_language(attempt)):
            return render(request, "billing/providers/demo.html", _context(attempt))


def _play(attempt: PaymentAttempt, act: str) -> None:
    """Note what the customer did, and send the webhook after the commit. What is paid stays paid."""
    attempt.lock()
    if attempt.played == PAID:
        return
    attempt.played = ACTS[act]
    attempt.save(update_fields=["played"])
    if act != SILENT:
        transaction.on_commit(build_webhook(attempt))


def build_webhook(attempt: PaymentAttempt) -> "partial[int]":
    """Return the call that sends the webhook of what was played, through the door that providers use."""
    report = played_report(str(attempt.uid))
    provider = provider_of(attempt.account)
    assert report is not None
    assert isinstance(provider, DemoProvider)
    body = json.dumps(asdict(report)).encode()
    address = links.HookAddress(attempt.tenant_id, attempt.account_id, attempt.account.key)
    return partial(take_event, address, {SIGNATURE: provider.sign(body)}, body)


def _context(attempt: PaymentAttempt) -> dict[str, object]:
    brand = attempt.invoice.brand
    language = page_language(attempt)
    return {
        "attempt": attempt,
        "brand": brand,
        # Gray, as a provider's page is not in the brand's color.
        "hue": "none",
        "amount": formats.money(attempt.amount, attempt.currency, directory().tenant.country, language),
        "is_done": bool(attempt.played),
        "is_paid": attempt.played == PAID,
    }
