"""Set what a member shows colleagues of their mailbox, within the organization's rules."""

from django.utils.translation import gettext as _

from comms.models import Channel, mailbox_policy
from crm.kernel.refusal import Refused
from crm.platform.models import Member


def allowed_levels(channel: Channel) -> list[tuple[str, str]]:
    """Return value and label of the levels that the owner may choose; the present one always."""
    levels = mailbox_policy().sharing_levels
    return [
        (value, str(label)) for value, label in Channel.Sharing.choices if value in levels or value == channel.sharing
    ]


def share_mailbox(channel: Channel, sharing: str, *, by: Member) -> None:
    """Set what colleagues see. Raises Refused for what the organization does not allow."""
    is_level = sharing in Channel.Sharing.values
    if is_level and sharing not in [value for value, _label in allowed_levels(channel)]:
        raise Refused(_("Your organization does not allow this. Choose another."))
    channel.share(sharing, by=by)
