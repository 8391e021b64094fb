"""Register permission, retention setting and access log of recordings."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    Permission(
        name="comms.listen",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="comms",
        label=_("Listen to recorded calls"),
        note=_("Of the customers they see. Each time they listen is logged."),
    ),
    Section(
        group="messages",
        name="recordings:policy",
        permission="comms.set_up",
        icon="phone",
        label=_("Call recordings"),
        note=_("How long recordings of calls are kept."),
        affects=_("Affects which calls can still be played on leads and conversations."),
        words=_("phone call recording retention voice"),
        tab_of="comms:channels",
    ),
    EventWords("message.listened", "phone", _("listened to the recording of a call")),
    EventWords("recording_policy.edited", "sliders-horizontal", _("changed how long recordings are kept")),
]
