"""Actions on messages on the health page: read again, mark as sent, send again, lift a stop."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comms.inbound import inbound_processing
from comms.models import KillSwitch, Message
from comms.outbox.outbox_list import OUTBOX, SEE_ALL
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.health.findings import HealthAct
from crm.web.health.replay_action import AT_ONCE, retried_sentence


def read_all(member: Member, about: str) -> int:
    """Read the oldest parked items again; return how many."""
    return inbound_processing.replay_oldest(AT_ONCE, by=member)


def confirm_sent(member: Member, about: str) -> int:
    """Mark a message of unknown state as sent; return 0 if it isn't the member's."""
    return _settle_message(member, about, Message.confirm_sent)


def send_again(member: Member, about: str) -> int:
    """Send a message of unknown state again; return 0 if it isn't the member's."""
    return _settle_message(member, about, Message.retry)


def go_on(member: Member, about: str) -> int:
    """Lift a stop; return 0 if it isn't in force."""
    try:
        switch = KillSwitch.objects.on().filter(uid=about).first()
    except ValidationError:
        return 0
    if switch is None:
        return 0
    switch.end(by=member)
    return 1


def _settle_message(member: Member, about: str, verb: Callable[..., None]) -> int:
    try:
        message = OUTBOX.visible(member).filter(uid=about).first()
    except ValidationError:
        return 0
    if message is None:
        return 0
    verb(message, by=member)
    return 1


ACTS: list[Feature] = [
    HealthAct(
        name="unread",
        permission="comms.set_up",
        icon="rotate-cw",
        label=_("Replay"),
        do=read_all,
        told=retried_sentence,
        is_replay=True,
    ),
    HealthAct(
        name="went",
        permission=SEE_ALL,
        icon="check",
        label=_("Mark as sent"),
        do=confirm_sent,
        told=lambda count: str(_("Marked as sent.")),
    ),
    HealthAct(
        name="again",
        permission=SEE_ALL,
        icon="send",
        label=_("Send again"),
        do=send_again,
        told=lambda count: str(_("It is sent again.")),
    ),
    HealthAct(
        name="go_on",
        permission="comms.stop",
        icon="play",
        label=_("Back on"),
        do=go_on,
        told=lambda count: str(_("Messages are resumed. Held messages are checked again before they are sent.")),
    ),
]
