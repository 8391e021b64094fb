"""Register the page of messages set aside, and its event words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.features import Feature
from crm.web.lists.saved.palette import PaletteList
from crm.web.shell.navigation import NavigationPage
from crm.web.timeline.event_words import EventWords
from tickets.set_aside.set_aside_list import REASONS, SET_ASIDE_LIST


def _accepted_words(data: dict[str, Any]) -> str:
    reason = REASONS.get(data.get("was", ""), data.get("was", ""))
    return _("moved a message that was set aside to the inbox: %(reason)s") % {"reason": reason}


FEATURES: list[Feature] = [
    PaletteList(SET_ASIDE_LIST),
    NavigationPage(
        name="set_aside:list",
        permission="tickets.view",
        icon="archive",
        label=gettext_lazy("Set aside"),
        section=True,
        tab_of="tickets:list",
    ),
    EventWords("ticket.accepted", "inbox", _accepted_words),
    EventWords("ticket.marked_spam", "ban", gettext_lazy("marked it as spam")),
    EventWords("message.accepted", "inbox", gettext_lazy("treated a message that was set aside as a person’s")),
]
