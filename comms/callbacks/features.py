"""Register the page of callbacks, its counter, permission and keys."""

from django.utils.translation import gettext_lazy as _

from comms.callbacks.source import count
from comms.callbacks.undelivered import FAILED
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to

IN_CALLS = _("In the list of calls")
FEATURES: list[Feature] = [
    Permission(
        name="comms.call",
        roles=EVERYBODY,
        group="comms",
        label=_("Work through the calls to make"),
        note=_("Missed calls, people no message could reach, and planned calls; only of what they see."),
    ),
    NavigationPage(
        name="callbacks:list",
        permission="comms.call",
        icon="phone",
        label=_("Calls"),
        number=Number(count, _("to call"), topics="messages", event="callbacks"),
        tab_of="tickets:list",
    ),
    Shortcut(keys="g c", act=going_to("callbacks:list"), label=_("Go to calls"), group=ANYWHERE),
    Shortcut(keys="r", act="callback-reached", label=_("Reached"), group=IN_CALLS, within="callbacks"),
    Shortcut(keys="n", act="callback-no_answer", label=_("No answer"), group=IN_CALLS, within="callbacks"),
    Shortcut(
        keys="m",
        act="callback-message_left",
        label=_("Left a message"),
        group=IN_CALLS,
        within="callbacks",
    ),
    FAILED,
]
