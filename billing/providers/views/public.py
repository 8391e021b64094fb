"""The door of providers' webhooks, and the page that leads a customer to the checkout."""

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from billing.models.online import AttemptState, PaymentAttempt
from billing.providers import links
from billing.providers.events import MOST_BYTES, take_event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.settings.choices import nearest_hue

# A customer waits so long between two looks whether the checkout is there.
PATIENCE = 2


@csrf_exempt
@never_cache
@require_POST
def hook(request: HttpRequest, token: str) -> HttpResponse:
    """Take a webhook of a provider. Nothing that a stranger sends makes a 5xx."""
    address = links.read_hook(token)
    if address is None:
        return HttpResponse(status=404)
    try:
        body = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        return HttpResponse(status=400)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    return HttpResponse(status=take_event(address, request.headers, body))


@never_cache
@require_safe
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Lead a customer to the checkout. Until it is created they wait here; a failure is shown here, too.

    The page leads on by itself instead of answering with a redirect: a form may only lead to our own addresses.
    """
    address = links.read_attempt(token)
    if address is None:
        return render(request, "billing/providers/go.html", status=404)
    with use_tenant(address.tenant_id):
        attempt = find_attempt(address)
        if attempt is None:
            return render(request, "billing/providers/go.html", status=404)
        is_owed = attempt.invoice.is_owed
        context = {
            "attempt": attempt,
            "brand": attempt.invoice.brand,
            "hue": nearest_hue(attempt.invoice.brand.hue),
            "leads_to": attempt.checkout_url if is_owed and attempt.state == AttemptState.OPEN else "",
            "is_waiting": is_owed and attempt.state == AttemptState.STARTED,
            "is_paid": attempt.state == AttemptState.PAID,
            # It was paid in another way meanwhile: who comes back to this address doesn't pay twice.
            "is_settled": not is_owed,
            "patience": PATIENCE,
        }
        with translation.override(page_language(attempt)):
            return render(request, "billing/providers/go.html", context)


def find_attempt(address: links.AttemptAddress) -> PaymentAttempt | None:
    """Return the attempt of an address."""
    attempts = PaymentAttempt.objects.select_related("account", "invoice__brand", "invoice__person", "invoice__job")
    attempt: PaymentAttempt | None = attempts.filter(uid=address.uid).first()
    return attempt


def page_language(attempt: PaymentAttempt) -> str:
    """Return the language in which the customer reads the page."""
    person = attempt.invoice.person
    candidates = [person.language if person else "", attempt.invoice.brand.language, directory().tenant.language]
    return next((one for one in candidates if one and translation.check_for_language(one)), "en")
