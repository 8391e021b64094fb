"""The capability card of a channel: what it can do now, and what is missing for the rest."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comms.channels import registry
from comms.channels.interface import Capability, Provider
from comms.models import Channel, Medium

# Where carriers want to know who sends (docs/rules.md#sending-law, A2P): the country code of the numbers.
REGISTERED = ("+1",)
_REGISTRATION = Channel.Registration


def capabilities(channel: Channel) -> list[Capability]:
    """Return the lines of a channel's card."""
    if channel.archived_at:
        return [Capability(_("Archived: sends and receives nothing."), can=False)]
    try:
        provider = registry.provider(channel.provider)
    except registry.NotOffered as error:
        return [Capability(_("Sends and receives nothing"), can=False, missing=str(error))]
    return [
        *_sending_capabilities(channel, provider),
        *_receiving_capabilities(channel, provider),
        *provider.capabilities(channel),
    ]


def missing_settings(channel: Channel, provider: Provider) -> list[str]:
    """Return the names of settings that the provider requires and the channel lacks."""
    secrets = channel.secrets
    return [
        str(setting.label)
        for setting in provider.settings
        if setting.required and not (secrets if setting.secret else channel.settings).get(setting.name)
    ]


def _sending_capabilities(channel: Channel, provider: Provider) -> Iterator[Capability]:
    if channel.medium == Medium.CALL:
        yield Capability(_("Calls are logged. Members make calls by phone."), can=True)
        return
    missing = missing_settings(channel, provider)
    lacks = ""
    if missing:
        lacks = _("Missing: %(names)s") % {"names": ", ".join(missing)}
    if provider.sends_elsewhere:
        # What keeps the mailbox from being looked into keeps nothing from being sent.
        lacks = lacks or provider.sending_lack(channel)
    elif channel.problem and not lacks:
        lacks = channel.problem
    sends = {
        Medium.EMAIL: _("Sends email"),
        Medium.SMS: _("Sends text messages"),
        Medium.WHATSAPP: _("Replies on WhatsApp within 24 hours of the customer’s last message"),
    }
    yield Capability(sends.get(Medium(channel.medium), _("Sends messages")), can=not lacks, missing=lacks)
    if channel.medium == Medium.WHATSAPP:
        yield Capability(_("Starts WhatsApp conversations with an approved template"), can=not lacks, missing=lacks)
    if unregistered := registration_lack(channel):
        yield Capability(_("Texts to American numbers"), can=False, missing=unregistered)


def registration_lack(channel: Channel) -> str:
    """Return why carriers would refuse texts of this sender; empty if they would not."""
    if channel.medium != Medium.SMS or not channel.address.startswith(REGISTERED):
        return ""
    if registry.provider(channel.provider).is_embedded:
        return ""
    return {
        _REGISTRATION.APPROVED: "",
        _REGISTRATION.PENDING: _("The carriers are still checking the registration (A2P 10DLC)."),
        _REGISTRATION.REJECTED: _("The carriers rejected the registration (A2P 10DLC)."),
    }.get(
        _REGISTRATION(channel.registration),
        _("Register the business and the campaign with the carriers first (A2P 10DLC)."),
    )


def _receiving_capabilities(channel: Channel, provider: Provider) -> Iterator[Capability]:
    if provider.is_embedded:
        yield Capability(_("Receives from the built-in phone and mailbox"), can=True)
    elif provider.has_webhook:
        yield Capability(_("Receives messages and delivery reports at its webhook address"), can=True)
    elif provider.fetches:
        yield Capability(
            _("Receives: the mailbox is checked every minute"), can=not channel.problem, missing=channel.problem
        )
    else:
        reason = _("Forward its mail to a mailbox (IMAP) that is also a channel, or pipe it to receive_email.")
        yield Capability(_("Receives automatically"), can=False, missing=reason)
