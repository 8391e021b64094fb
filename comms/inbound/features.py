"""Register the message page, search and event words of receiving."""

from django.utils.translation import gettext_lazy as _

from comms.inbound.inbound_processing import parked_count
from comms.inbound.retention import keep_forgetting
from comms.models import Message
from comms.search.messages import messages_found, messages_on_page
from comms.timeline import SHOWN_AS_MESSAGES, message_titles, person_entries
from crm.jobs.timeline.parts import TimelineKinds
from crm.jobs.timeline.sources import TimelineSource
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.settings.sections import Section
from crm.web.shell.palette import PaletteSource
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    TenantStart(keep_forgetting),
    RecordPage(model=Message, name="comms:message", titles=message_titles),
    Section(
        group="data",
        name="comms:unread",
        permission="comms.set_up",
        icon="mail",
        label=_("Unreadable messages"),
        note=_("Incoming messages that could not be read."),
        affects=_("Affects the inbox: a message appears there once it can be read."),
        words=_("failed inbound email parse error"),
        count=parked_count,
        tab_of="parked",
    ),
    TimelineSource(person_entries, SHOWN_AS_MESSAGES),
    TimelineKinds("message.", by="medium"),
    PaletteSource(name="messages", permission="comms.view", find=messages_found, on_page=messages_on_page),
    DefinerFunction("messages_found(text[], bigint, integer)"),
    EventWords("message.received", "mail", _("a message came in"), mark="in"),
    EventWords("message.set_aside", "inbox", _("an email was set aside"), mark="auto"),
    EventWords("invitation.answered", "calendar", _("answered an invitation")),
    EventWords("invitation.cancelled", "calendar", _("an invitation that was accepted is cancelled"), mark="in"),
    EventWords("message.reacted", "check", _("reacted to a message"), mark="in"),
    EventWords("message.edited", "pencil", _("changed a message they had sent"), mark="in"),
    EventWords("message.revoked", "x", _("deleted a message they had sent"), mark="in"),
    EventWords("inbound.parked", "mail", _("something that arrived could not be read"), mark="auto"),
    EventWords("inbound.replayed", "history", _("processed something again")),
    EventWords("inbound.discarded", "x", _("discarded something that could not be read")),
    EventWords("person.confirmed", "user-plus", _("confirmed who wrote")),
]
