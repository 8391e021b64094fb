"""Record a customer's marketing choice in WhatsApp (Meta's `user_preferences`)."""

from comms.addresses import address_key
from comms.channels.interface import ReceivedPreference
from comms.gate.consent import suppressions
from comms.inbound.inbound_result import InboundResult
from comms.inbound.messaging.senders import channel_at, stored_address
from comms.models import Inbound, Suppression
from comms.stored_words import stored_gettext as _
from crm.platform.organization.configuration import directory

# Where such a suppression came from (Suppression.source).
PROVIDER = "provider"


def receive_preference(received: ReceivedPreference, inbound: Inbound) -> InboundResult:
    """Suppress offers by this medium from the channel's brand, or lift that suppression. Idempotent."""
    channel = channel_at(received.medium, received.to, inbound.channel)
    if channel:
        brand = channel.brand
    else:
        brand = directory().default_brand
    address = stored_address(received.sender or received.user_id, channel)
    if not received.wants_offers:
        suppressions.suppress(
            address,
            Suppression.Reason.UNSUBSCRIBED,
            covers=Suppression.Covers.MARKETING,
            medium=received.medium,
            brand=brand,
            source=PROVIDER,
            evidence=received.detail,
        )
        return InboundResult("preference", _("They stopped offers in their app."))
    stopped = Suppression.objects.in_force().filter(
        key=address_key(address), medium=received.medium, brand=brand, source=PROVIDER
    )
    for suppression in stopped.order_by("pk"):
        suppressions.lift(suppression, received.detail, by=None)
    return InboundResult("preference", _("They want offers again."))
