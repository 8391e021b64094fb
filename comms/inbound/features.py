"""What receiving adds: the page of a message, search, words of events."""

from django.utils.translation import gettext_lazy as _

from comms.models import Message
from comms.search.messages import messages_found, messages_on_page
from crm.platform.features import Feature
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.shell.palette import Source
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    RecordPage(Message, "comms:message"),
    Source(12, "comms.view", messages_found, on_page=messages_on_page),
    DefinerFunction("messages_found(text[], bigint, bigint, integer, integer)"),
    EventWords("message.received", "mail", _("a message came in"), "in"),
    EventWords("person.confirmed", "user-plus", _("confirmed who wrote")),
]
