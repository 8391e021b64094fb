"""Settings of channels: addresses, numbers and providers of each brand, and their capabilities."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from comms.channels import registry
from comms.channels.capability import capabilities
from comms.channels.webhook_address import webhook_url
from comms.models import Channel, Medium
from comms.views.channels.forms import ChannelForm, ProviderForm, initial_of
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import is_posted, is_stale, render_form, render_stale_form, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.reauthentication import ask_to_confirm, recently_confirmed
from crm.web.settings.page import Context, settings_page

PERMISSION = "comms.set_up"
PAGE = "comms/channels/channel.html"


@settings_page("comms:channels", PERMISSION, "comms/channels/channels.html")
def listing(request: TenantRequest) -> Context:
    """List the channels by brand with their capabilities, archived ones last."""
    reader = Reader.of(request.member, clock.now())
    rows = Channel.objects.set_up_by_admins().select_related("owner").order_by("medium", "role", "address")
    cards = sorted(
        (_channel_card(row, reader) for row in rows),
        key=lambda card: (card["brand"].name, bool(card["channel"].archived_at)),
    )
    brands = [(brand, list(of_brand)) for brand, of_brand in groupby(cards, key=lambda card: card["brand"])]
    without = [brand for brand in directory().brands.values() if not brand.archived_at]
    missing = [brand for brand in without if brand not in [one for one, _cards in brands]]
    return {"brands": brands, "missing": missing}


def _channel_card(channel: Channel, reader: Reader) -> dict[str, Any]:
    channel.brand = directory().brands[channel.brand_id]
    try:
        provider = registry.provider(channel.provider)
        name = provider.name
        url = ""
        if provider.has_webhook:
            url = webhook_url(channel)
        is_fetched = provider.fetches
    except registry.NotOffered:
        name = channel.provider
        url = ""
        is_fetched = False
    return {
        "channel": channel,
        "brand": channel.brand,
        "provider": name,
        "webhook": url,
        # Its problem is of the last visit and stands on the line of what it receives; it is no failed test.
        "is_fetched": is_fetched,
        "lines": capabilities(channel),
        "worked": reader.near(channel.fine_at) if channel.fine_at else "",
    }


def _find_channel(channel: UUID) -> Channel:
    return get_object_or_404(Channel.objects.set_up_by_admins().select_related("brand", "owner"), uid=channel)


@require(PERMISSION)
def create(request: TenantRequest) -> HttpResponse:
    """Create a channel: choose a provider, then enter its settings."""
    medium, _colon, key = request.GET.get("carrier", "").partition(":")
    first = ProviderForm(request.GET if "carrier" in request.GET else None)
    if not first.is_valid():
        return render_form(request, "comms/channels/provider.html", first, {}, "")
    provider = registry.provider(key)
    page = {"provider": provider, "medium": Medium(medium)}
    posted = is_posted(request)
    start = {f"provider_{each.name}": each.default for each in provider.settings if each.default}
    form = ChannelForm(request.POST if posted else None, provider=provider, medium=medium, initial=start)
    if not posted or not form.is_valid():
        return render_form(request, PAGE, form, page, "")
    Channel.create(by=request.member, secrets=form.secrets, provider=key, **{"medium": medium, **form.facts})
    messages.success(request, _("The channel is set up. Test it before you rely on it."))
    return redirect("comms:channels", request.tenant.slug)


@require(PERMISSION)
def channel(request: TenantRequest, channel: UUID) -> HttpResponse:
    """Edit a channel. Secrets are entered again or kept; they are never shown."""
    row = _find_channel(channel)
    try:
        provider = registry.provider(row.provider)
    except registry.NotOffered as error:
        messages.error(request, str(error))
        return redirect("comms:channels", request.tenant.slug)
    before = initial_of(row)
    version = version_of(before, row.sealed_secrets, row.archived_at)
    page = _channel_card(row, Reader.of(request.member, clock.now())) | {
        "medium": Medium(row.medium),
        "carrier": provider,
    }
    form = ChannelForm(None, provider=provider, medium=row.medium, channel=row, initial=before)
    if not is_posted(request):
        return render_form(request, PAGE, form, page, version)
    if is_stale(request, version):
        return render_stale_form(request, PAGE, form, page, version)
    form = ChannelForm(request.POST, provider=provider, medium=row.medium, channel=row, initial=before)
    if not form.is_valid():
        return render_form(request, PAGE, form, page, version)
    if form.unbound and not recently_confirmed(request):
        return ask_to_confirm(request)
    row.edit(by=request.member, secrets=form.secrets, **form.facts)
    messages.success(request, _("Saved."))
    return redirect("comms:channels", request.tenant.slug)


@listing.action(_find_channel)
def test(request: TenantRequest, channel: Channel) -> str:
    """Have a worker test settings and secrets with the provider, without sending."""
    channel.ask_test()
    return _("Testing the channel. The result appears on its card.")


@listing.action(_find_channel)
def renew_webhook(request: TenantRequest, channel: Channel) -> str:
    """Replace the webhook address, if the old one became known."""
    channel.renew_webhook(by=request.member)
    return _("It has a new webhook address. Enter it at the provider; the old one no longer works.")


@listing.action(_find_channel)
def archive(request: TenantRequest, channel: Channel) -> str:
    """Archive a channel: it sends and receives nothing any more."""
    channel.archive(by=request.member)
    return _("The channel is archived. It sends and receives nothing.")


@listing.action(_find_channel)
def restore(request: TenantRequest, channel: Channel) -> str:
    """Restore a channel."""
    channel.restore(by=request.member)
    return _("The channel is restored.")
