"""Raw emails of messages that were not stored completely, for members who may open them."""

from collections.abc import Iterable
from uuid import UUID

from comms.models import Inbound, Message
from crm.platform.access.permissions import allows
from crm.platform.models import Member


def original_mails(messages: Iterable[Message], member: Member) -> dict[int, UUID]:
    """Return the stored raw emails by message. No query if nothing was left out."""
    arrived = {message.pk: message.inbound_id for message in messages if message.problems and message.inbound_id}
    if not arrived or not allows(member, "comms.set_up"):
        return {}
    rows = Inbound.objects.readable_by(member).still_there().filter(pk__in=set(arrived.values()))
    uids = dict(rows.values_list("pk", "uid"))
    return {pk: uids[inbound] for pk, inbound in arrived.items() if inbound in uids}
