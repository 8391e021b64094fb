"""Simulated faults of a provider, as settings of the built-in channels."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from time import sleep
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from comms.channels.interface import Permanent, Setting, Transient, Unknown
from comms.models import Channel, DeliveryReport
from comms.stored_words import stored_gettext as _

SLOW_SECONDS = 20
BUSY = timedelta(seconds=20)
NETWORK = Setting(
    "network",
    gettext_lazy("The phone network and the mail server"),
    required=False,
    choices=(
        ("", gettext_lazy("work")),
        ("slow", gettext_lazy("are slow: 20 seconds a message")),
        ("busy", gettext_lazy("ask to come back later (429)")),
        ("broken", gettext_lazy("are out of order (500)")),
        ("silent", gettext_lazy("take it, and never answer")),
        ("refuses", gettext_lazy("refuse it (error 30007)")),
        ("landline", gettext_lazy("find a landline, or no such mailbox")),
    ),
)
ARRIVAL = Setting(
    "arrival",
    gettext_lazy("What they tell us"),
    required=False,
    choices=(
        ("", gettext_lazy("comes once, in its order")),
        ("twice", gettext_lazy("comes twice")),
        ("backwards", gettext_lazy("comes in the wrong order")),
    ),
)
CLOCK = Setting(
    "clock",
    gettext_lazy("My clock"),
    required=False,
    choices=(
        ("", gettext_lazy("as it is")),
        ("tonight", gettext_lazy("tonight, 21:30")),
        ("later", gettext_lazy("31 hours later")),
    ),
)
SETTINGS = (NETWORK, ARRIVAL, CLOCK)
TONIGHT = time(21, 30)
LATER = timedelta(hours=31)
_Kind = DeliveryReport.Kind


def difficulty_of(channel: Channel, setting: Setting) -> str:
    """Return the value of a fault setting of a channel; blank for none."""
    value = channel.settings.get(setting.name, "")
    if value in dict(setting.choices):
        return value
    return ""


def pass_network(channel: Channel) -> None:
    """Simulate the network: deliver now or late. Raises the error that the channel is set to."""
    network = difficulty_of(channel, NETWORK)
    if network == "slow":
        sleep(SLOW_SECONDS)
    elif network == "busy":
        raise Transient(_("Too many messages: come back later"), after=BUSY, code="429")
    elif network == "broken":
        raise Transient(_("The server is out of order"), code="500")
    elif network == "silent":
        raise Unknown(_("It took the message, and never answered"))
    elif network == "refuses":
        raise Permanent(_("The carrier refused it as unwanted"), code="30007")
    elif network == "landline":
        raise Permanent(_("It is a landline, or there is no such mailbox"), code="30006", suppress="hard_bounce")


def their_time(channel: Channel | None, zone: str, now: datetime) -> datetime:
    """Return the time used for quiet hours and WhatsApp's window; the embedded channel can shift it."""
    set_to = ""
    if channel and channel.provider == "embedded":
        set_to = difficulty_of(channel, CLOCK)
    if set_to == "tonight":
        local_zone = ZoneInfo(zone)
        return datetime.combine(now.astimezone(local_zone), TONIGHT, local_zone).astimezone(UTC)
    if set_to == "later":
        return now + LATER
    return now


def reports_of(channel: Channel, kind: str) -> Sequence[tuple[str, timedelta]]:
    """Return the simulated reports of one event: kind, and how long ago it happened."""
    arrival = difficulty_of(channel, ARRIVAL)
    if arrival == "backwards":
        return ((kind, timedelta()), (_Kind.DELIVERED, timedelta(minutes=1)), (_Kind.SENT, timedelta(minutes=2)))
    return ((kind, timedelta()),)


def copies(channel: Channel) -> int:
    """Return how often the same item is delivered to us."""
    if difficulty_of(channel, ARRIVAL) == "twice":
        return 2
    return 1
