"""Test a channel: ask its provider whether settings and secrets work, and store the answer."""

import logging
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.channels import registry
from comms.channels.interface import Permanent, Transient
from comms.models import Channel
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

logger = logging.getLogger(__name__)


class ChannelCheck(NamedTuple):
    """The result of a test; `problem` is blank if the channel works."""

    works: bool
    words: str
    problem: str = ""


def check_channel(tenant_id: int, channel_id: int) -> ChannelCheck | None:
    """Test a channel without sending, and store the result for its card. None if the channel is gone.

    The call stands between two transactions: outside `use_tenant`, or it would keep one open while a server is silent.
    """
    with use_tenant(tenant_id):
        channel = Channel.objects.in_use().filter(pk=channel_id).first()
        language = directory().tenant.language
    if channel is None:
        return None
    with override(language):
        checked = ask_provider(channel)
    with use_tenant(tenant_id):
        Channel.objects.get(pk=channel_id).note_state(checked.problem)
    return checked


def ask_provider(channel: Channel) -> ChannelCheck:
    """Ask the provider and store nothing. Makes a network call: must run outside a transaction."""
    try:
        answer = registry.provider(channel.provider).test(channel)
    except (Permanent, Transient) as error:
        return ChannelCheck(False, _("Not working: %(reason)s") % {"reason": error}, str(error))
    except Exception as error:
        logger.exception("a provider broke its word", extra={"provider": channel.provider})
        return ChannelCheck(False, type(error).__name__, type(error).__name__)
    return ChannelCheck(True, answer)


def test_later(tenant_id: int, channel_id: int) -> None:
    """Run the test that `Channel.ask_test` requested. Idempotent."""
    check_channel(tenant_id, channel_id)
