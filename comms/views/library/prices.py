"""Settings of text prices per segment and country, for each sending number."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from comms.library.prices import KEY, prices_text, read_prices
from comms.models import Channel, Medium
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def _page_version() -> str:
    return version_of(*[(row.pk, row.settings.get(KEY)) for row in _text_channels()])


def _text_channels() -> list[Channel]:
    return list(Channel.objects.in_use().of_brands().filter(medium=Medium.SMS).select_related("brand").order_by("pk"))


@settings_page("comms:text_prices", "comms.set_up", "comms/templates/prices.html", version=_page_version)
def prices(request: TenantRequest) -> Context:
    """Show the prices of every sending number."""
    return {"lines": [(channel, prices_text(channel)) for channel in _text_channels()]}


def _find_channel(uid: UUID) -> Channel:
    return get_object_or_404(Channel.objects.in_use().filter(medium=Medium.SMS), uid=uid)


@prices.action(_find_channel)
def change(request: TenantRequest, channel: Channel) -> str:
    """Change the prices of one number."""
    table = read_prices(request.POST.get("prices", ""))
    channel.edit(by=request.member, settings=channel.settings | {KEY: table})
    return _("Saved.")
