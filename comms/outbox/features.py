"""Register outbox, figures, permission and event words of sending."""

from django.utils.translation import gettext_lazy as _

from comms.outbox import notice_template
from comms.outbox.event_words import EVENT_WORDS
from comms.outbox.outbox_list import OUTBOX, SEE_ALL, attention
from comms.outbox.staff_texts import TEXT_WAY, WHATSAPP_WAY
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.navigation import NavigationPage, Number

_MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
FEATURES: list[Feature] = [
    TEXT_WAY,
    WHATSAPP_WAY,
    notice_template.PACK,
    notice_template.VARIABLE,
    Permission(
        name=SEE_ALL,
        roles=_MANAGERS,
        group="comms",
        label=_("See everybody’s outbox"),
        note=_("View everything members and triggers send, what waits, what failed, and figures."),
    ),
    PaletteList(OUTBOX),
    NavigationPage(
        name="outbox:list",
        permission="comms.send",
        icon="send",
        label=_("Outbox"),
        section=True,
        number=Number(attention, _("not sent"), topics="messages", event="messages"),
        tab_of="tickets:list",
    ),
    NavigationPage(
        name="outbox:figures",
        permission=SEE_ALL,
        icon="send",
        label=_("Messages"),
        tab_of="reports:dashboard",
    ),
    *EVENT_WORDS,
]
