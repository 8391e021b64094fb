"""Fetch a recording from its provider once; pages play the stored copy."""

import io

from django.db import transaction

from comms.channels.interface import Permanent, ReceivedFile
from comms.channels.registry import provider_of
from comms.models import Message, Recording
from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.files.media_types import UNKNOWN, sniff_media_type
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

FETCH = "comms.fetch_recording"


def note_recording(message: Message, url: str) -> None:
    """Store that a call was recorded, and schedule the fetch. Idempotent."""
    if not url or len(url) > 500:
        return
    recording, is_new = Recording.objects.get_or_create(message=message, defaults={"url": url})
    if is_new:
        due_io.schedule(FETCH, recording.pk, clock.now(), peer=f"media:{message.channel_id}")


def fetch(tenant_id: int, recording_id: int) -> None:
    """Store the bytes; a recording the provider no longer has stays without."""
    with use_tenant(tenant_id):
        recording = Recording.objects.select_related("message__channel").get(pk=recording_id)
    channel = recording.message.channel
    provider = None
    if channel:
        provider = provider_of(channel)
    if provider is None or channel is None or recording.file_id or not recording.url:
        return
    try:
        content = provider.fetch(channel, ReceivedFile("recording", "", url=recording.url))
    except Permanent:
        return
    with use_tenant(tenant_id), transaction.atomic():
        recording = Recording.objects.select_for_update().get(pk=recording_id)
        if recording.file_id or recording.removed_at:
            return
        kind = sniff_media_type(content, name="recording", declared="")
        recording.file = stored_files.store_file(
            io.BytesIO(content),
            "recording",
            purpose="recording",
            by=None,
            content_type=kind if kind.startswith("audio/") else UNKNOWN,
            days=None,
        )
        recording.save(update_fields=["file"])
