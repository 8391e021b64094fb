"""Settings: the accounts at payment providers, by brand."""

import secrets
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from billing.models.online import EventState, ProviderAccount, ProviderEvent, ProviderKind
from billing.providers import links
from billing.providers.adapters.demo import DemoProvider
from billing.providers.events import forged_today
from billing.providers.fees import ask_for_fees
from billing.providers.health import replay_parked
from billing.providers.interface import PaymentProvider
from billing.providers.registry import offered_providers
from crm.kernel.refusal import Refused
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page

PERMISSION = "billing.connect"


def _version() -> str:
    rows = ProviderAccount.objects.order_by("pk").values_list("pk", "sealed", "disconnected_at")
    return version_of(list(rows))


@settings_page("payment_accounts:accounts", PERMISSION, "billing/providers/accounts.html", version=_version)
def accounts(request: TenantRequest) -> Context:
    """Show with which providers each brand is paid online, and what is wrong with them."""
    connected = {(row.brand_id, row.provider): row for row in ProviderAccount.objects.filter(disconnected_at=None)}
    parked = ProviderEvent.objects.filter(state=EventState.PARKED).select_related("account")
    return {
        "brands": [
            {"brand": brand, "rows": [_row(brand, provider, connected) for provider in offered_providers()]}
            for brand in directory().brands.values()
            if brand.archived_at is None
        ],
        "forged": forged_today(),
        "parked": parked.order_by("received_at", "pk")[:20],
        "parked_count": parked.count(),
    }


def _row(brand: Brand, provider: type[PaymentProvider], connected: dict[tuple[int, str], Any]) -> dict[str, Any]:
    account = connected.get((brand.pk, provider.kind))
    return {
        "kind": provider.kind,
        "label": ProviderKind(provider.kind).label,
        "fields": provider.fields,
        "account": account,
        "hook_url": links.hook_url(account) if account else "",
        # Mollie is told the address with each payment, and the built-in page knows it.
        "shows_hook": provider.kind == ProviderKind.STRIPE,
    }


@accounts.action()
def connect(request: TenantRequest) -> str:
    """Connect a brand to a provider, or replace its keys; they are stored encrypted and not shown again."""
    brand = _find_brand(request.POST.get("brand", ""))
    provider = _find_provider(request.POST.get("provider", ""))
    values = _read_secrets(request, brand, provider)
    ask_for_fees(ProviderAccount.connect(brand, provider.kind, values, by=request.member))
    return _("%(provider)s is connected.") % {"provider": ProviderKind(provider.kind).label}


@accounts.action()
def disconnect(request: TenantRequest) -> str:
    """Forget the keys of an account."""
    try:
        uid = UUID(request.POST.get("account", ""))
    except ValueError:
        raise Http404 from None
    account = ProviderAccount.objects.filter(uid=uid).first()
    if account is None:
        raise Http404
    account.disconnect(by=request.member)
    return _("Disconnected. Payments that were received stay.")


@accounts.action()
def replay(request: TenantRequest) -> str:
    """Have the parked messages of providers read again."""
    replay_parked(request.member, "")
    return _("They are read again.")


def _read_secrets(request: TenantRequest, brand: Brand, provider: type[PaymentProvider]) -> dict[str, str]:
    """Return the posted keys; a blank one stays as it is. Raises Refused for a missing or another key."""
    if provider.kind == DemoProvider.kind:
        return {"key": secrets.token_hex(16)}
    account = ProviderAccount.objects.filter(brand=brand, provider=provider.kind, disconnected_at=None).first()
    stored = account.secrets if account else {}
    values = {}
    for field in provider.fields:
        value = request.POST.get(field.name, "").strip()[:300] or stored.get(field.name, "")
        if (value or field.is_required) and not _is_key(value, field.begins):
            sentence = _("%(field)s: copy it from your account there. It begins with %(beginning)s.")
            raise Refused(sentence % {"field": field.label, "beginning": " / ".join(field.begins)})
        values[field.name] = value
    return values


def _is_key(value: str, begins: tuple[str, ...]) -> bool:
    return value.startswith(begins) and value.isascii() and value.replace("_", "").isalnum()


def _find_brand(uid: str) -> Brand:
    brand = next((one for one in directory().brands.values() if str(one.uid) == uid and not one.archived_at), None)
    if brand is None:
        raise Http404
    return brand


def _find_provider(kind: str) -> type[PaymentProvider]:
    provider = next((one for one in offered_providers() if one.kind == kind), None)
    if provider is None:
        raise Http404
    return provider
