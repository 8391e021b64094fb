"""Test a channel: ask its provider whether settings and secrets work, and keep what it said."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from comms.channels import registry
from comms.channels.interface import Permanent, Transient
from comms.models import Channel


class Checked(NamedTuple):
    """What a test said."""

    works: bool
    words: str


def check(channel: Channel) -> Checked:
    """Test a channel, sending nothing; its card says from then on what came of it."""
    try:
        said = registry.provider(channel.provider).test(channel)
    except (Permanent, Transient) as error:
        channel.note_state(str(error))
        return Checked(False, _("It does not work: %(reason)s") % {"reason": error})
    channel.note_state()
    return Checked(True, said)
