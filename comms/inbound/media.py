"""Fetch files that a text message refers to, outside a transaction, with retries."""

from django.db import transaction

from comms.channels.interface import Permanent, RawRequest, ReceivedFile, ReceivedText
from comms.channels.registry import provider_of
from comms.inbound import inbound_storage
from comms.inbound.attachments import keep_file
from comms.models import Message
from crm.kernel import clock
from crm.platform.files.stored_files import FileGone
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

FETCH = "comms.fetch_media"


def fetch_later(message: Message) -> None:
    """Schedule the fetch of the files."""
    due_io.schedule(FETCH, message.pk, clock.now(), peer=f"media:{message.channel_id}")


def fetch(tenant_id: int, message_id: int) -> None:
    """Fetch the missing files of a message, storing each as it arrives."""
    with use_tenant(tenant_id):
        message = Message.objects.select_related("channel", "inbound", "inbound__file").get(pk=message_id)
        files = _message_files(message)
        there = set(message.attachments.values_list("position", flat=True))
    provider = None
    if message.channel:
        provider = provider_of(message.channel)
    for position, file in enumerate(files):
        if provider is None or position in there or file.content or not file.url:
            continue
        try:
            content = provider.fetch(message.channel, file)
        except Permanent:  # it is gone there: the message stays, and what it held stays in what arrived
            continue
        with use_tenant(tenant_id), transaction.atomic():
            Message.objects.select_for_update(no_key=True, of=("self",)).get(pk=message_id)
            if not message.attachments.filter(position=position).exists():
                keep_file(message, position, file.name, file.media_type, content)


def _message_files(message: Message) -> list[ReceivedFile]:
    """Return the files of a message, parsed again from the stored request."""
    inbound = message.inbound
    channel = message.channel
    provider = None
    if channel:
        provider = provider_of(channel)
    if inbound is None or channel is None or provider is None:
        return []
    try:
        raw: RawRequest = inbound_storage.request_of(inbound, inbound_storage.body_of(inbound))
    except FileGone:
        return []
    for each in provider.read(channel, raw):
        if isinstance(each, ReceivedText) and each.provider_id[:200] == message.provider_id:
            return list(each.files)
    return []
