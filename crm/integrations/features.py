"""Register connected calendars: the member's page, notices, event words and the health check."""

from django.utils.translation import gettext_lazy as _

from crm.integrations import health
from crm.integrations.models.calendar_connection import TOPIC
from crm.integrations.notices import KINDS
from crm.integrations.system_rows import SYSTEMS
from crm.platform.access.permissions import Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.account.own_pages import OwnPage
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    OwnPage(name="connected_calendars:calendars", permission="preferences.edit", label=_("My calendars")),
    Topic(TOPIC),
    EventWords("calendar_connection.added", "calendar", _("connected a calendar")),
    EventWords("calendar_connection.removed", "calendar", _("disconnected a calendar")),
    Permission(
        name="meetings.set_up",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Connect Zoom"),
        note=_("The organization’s app at Zoom, with which meetings by video are created."),
    ),
    Section(
        group="sales",
        name="video_meetings:zoom",
        permission="meetings.set_up",
        icon="video",
        label=_("Zoom"),
        note=_("Create a Zoom meeting for each appointment by video."),
        affects=_("Affects the links of appointments and follow-ups by video."),
        words=_("video meetings conference call link"),
    ),
    EventWords("zoom_account.connected", "video", _("connected Zoom")),
    EventWords("zoom_account.disconnected", "video", _("disconnected Zoom")),
    *KINDS,
    health.CHECK,
    *SYSTEMS,
]
