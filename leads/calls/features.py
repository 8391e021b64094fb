"""Register call tracking: the list, its permission and settings, and the words of its events."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Message
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from leads.calls.call_list import CALLS
from leads.models import ExcuseReason


def _excused_words(data: dict[str, Any]) -> str:
    reason = data.get("reason")
    if reason in ExcuseReason.values:
        return _("excused a call: %(reason)s") % {"reason": ExcuseReason(reason).label}
    return _("excused a call")


FEATURES: list[Feature] = [
    PaletteList(CALLS),
    Permission(
        name="leads.decide_calls",
        roles=EVERYBODY,
        group="leads",
        label=gettext_lazy("Decide which calls count"),
        note=gettext_lazy("Excuse a call on a tracking number, or count it as a lead; of the calls they see."),
    ),
    NavigationPage(
        name="calls:list",
        permission="sources.view",
        icon="phone",
        label=gettext_lazy("Tracked calls"),
        section=True,
        tab_of="reports:dashboard",
    ),
    Section(
        group="sales",
        name="leads:tracking",
        permission="sources.manage",
        icon="phone",
        label=gettext_lazy("Call tracking"),
        note=gettext_lazy("Phone numbers of campaigns, and which calls count as leads."),
        affects=gettext_lazy("Affects the source of leads that call, and the calls in the report on sources."),
        words=gettext_lazy("phone number call tracking campaign seconds duration inbound calls attribution"),
        tab_of="jobs:sources",
    ),
    RecordLink(model=Message, purpose="call", name="calls:panel", permission="comms.view"),
    Topic("messages", ("call",)),
    EventWords("call.counted", "phone", gettext_lazy("counted a call as a lead")),
    EventWords("call.excused", "phone", _excused_words),
    EventWords("call.decision_taken_back", "undo-2", gettext_lazy("took a decision about a call back")),
    EventWords("tracking_number.added", "phone", gettext_lazy("assigned a tracking number")),
    EventWords("tracking_number.assigned", "phone", gettext_lazy("assigned a tracking number to another campaign")),
    EventWords("tracking_number.archived", "archive", gettext_lazy("archived a tracking number")),
    EventWords("tracking_number.restored", "undo-2", gettext_lazy("restored a tracking number")),
    EventWords("call_policy.set", "sliders-horizontal", gettext_lazy("changed from which length calls count")),
]
