"""Register connected calendars: the member's page, notices, event words and the health check."""

from django.utils.translation import gettext_lazy as _

from crm.integrations import health
from crm.integrations.models.calendar_connection import TOPIC
from crm.integrations.notices import KINDS
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.account.own_pages import OwnPage
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    OwnPage(name="connected_calendars:calendars", permission="preferences.edit", label=_("My calendars")),
    Topic(TOPIC),
    EventWords("calendar_connection.added", "calendar", _("connected a calendar")),
    EventWords("calendar_connection.removed", "calendar", _("disconnected a calendar")),
    *KINDS,
    health.CHECK,
]
