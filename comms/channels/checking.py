"""Test a channel: ask its provider whether settings and secrets work, and keep what it said."""

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


class Checked(NamedTuple):
    """What a test said; `problem` is blank where it works."""

    works: bool
    words: str
    problem: str = ""


def check(tenant_id: int, channel_id: int) -> Checked | None:
    """Test a channel, sending nothing; its card says from then on what came of it. None where it is gone.

    The call stands between two transactions: outside `use_tenant`, or it would keep one open while a server is silent.
    """
    with use_tenant(tenant_id):
        channel = Channel.objects.in_use().filter(pk=channel_id).first()
        language = directory().tenant.language
    if channel is None:
        return None
    with override(language):
        checked = ask(channel)
    with use_tenant(tenant_id):
        Channel.objects.get(pk=channel_id).note_state(checked.problem)
    return checked


def ask(channel: Channel) -> Checked:
    """Ask the provider; nothing is written. A call of its own: no transaction is to be open."""
    try:
        said = registry.provider(channel.provider).test(channel)
    except (Permanent, Transient) as error:
        return Checked(False, _("Not working: %(reason)s") % {"reason": error}, str(error))
    except Exception as error:
        logger.exception("a provider broke its word", extra={"provider": channel.provider})
        return Checked(False, type(error).__name__, type(error).__name__)
    return Checked(True, said)


def test_later(tenant_id: int, channel_id: int) -> None:
    """Do the test that `Channel.ask_test` asked for. Twice does no harm."""
    check(tenant_id, channel_id)
