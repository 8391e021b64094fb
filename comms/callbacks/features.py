"""What the callback list adds: its page with a number, who may work through it, keys."""

from django.utils.translation import gettext_lazy as _

from comms.callbacks.failed import FAILED
from comms.callbacks.source import count
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.web.shell.navigation import Number, Page
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

IN_CALLS = _("In the list of calls")
FEATURES: list[Feature] = [
    Permission(
        "comms.call",
        EVERYBODY,
        "comms",
        _("Work through the calls to make"),
        _("Missed calls, people no message got through to, and calls planned; only of what they see."),
    ),
    Page(
        22,
        "callbacks:list",
        "comms.call",
        "phone",
        _("Calls"),
        number=Number(count, _("to call"), topics="messages", event="callbacks"),
        tab_of="tickets:list",
    ),
    Shortcut(18, "g c", going_to("callbacks:list"), _("Go to calls"), ANYWHERE),
    Shortcut(85, "r", "callback-reached", _("Reached"), IN_CALLS, within="callbacks"),
    Shortcut(86, "n", "callback-no_answer", _("No answer"), IN_CALLS, within="callbacks"),
    Shortcut(87, "m", "callback-message_left", _("Left a message"), IN_CALLS, within="callbacks"),
    FAILED,
]
