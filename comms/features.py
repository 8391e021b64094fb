"""Register permissions, settings pages and event words of messages."""

from django.utils.translation import gettext_lazy as _

from comms import notices
from comms.appointments import features as appointments
from comms.automation import features as automation
from comms.callbacks import features as callbacks
from comms.configuration.messages import SECTIONS as FILE_SECTIONS
from comms.gate import features as gate
from comms.health import features as health
from comms.inbound import features as inbound
from comms.library import features as library
from comms.mailboxes import features as mailboxes
from comms.outbox import features as outbox
from comms.recordings import features as recordings
from comms.survey import features as survey
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords

PERMISSIONS = [
    PermissionGroup("comms", _("Messages")),
    Permission(
        name="comms.view",
        roles=EVERYBODY,
        group="comms",
        label=_("Read messages"),
        note=_("Of the leads and customers they see, and those of their own mailbox."),
    ),
    Permission(
        name="comms.send",
        roles=EVERYBODY,
        group="comms",
        label=_("Write messages"),
        note=_("To the customers they see, as far as consent, hours and the channel allow."),
    ),
    Permission(
        name="comms.set_up",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up channels"),
        note=_("Addresses, numbers, providers and their secrets; quiet hours; incoming items that could not be read."),
    ),
]
EVENT_WORDS = [
    EventWords("channel.created", "plus", _("added a channel")),
    EventWords("channel.edited", "pencil", _("edited a channel")),
    EventWords("channel.webhook_renewed", "key-round", _("gave a channel a new webhook address")),
    EventWords("brand.sender_edited", "pen-line", _("edited how a brand writes")),
    EventWords("channel.shared", "eye", _("changed what colleagues see of their mailbox")),
    EventWords("channel.archived", "archive", _("archived a channel")),
    EventWords("channel.restored", "undo-2", _("restored a channel")),
]
MESSAGES = Topic("messages", ("message",))
CHANNELS = Topic("channels", ("channel",))
SECTIONS = [
    Section(
        group="messages",
        name="comms:channels",
        permission="comms.set_up",
        icon="radio-tower",
        label=_("Channels"),
        note=_("Email addresses, phone numbers and providers of each brand."),
        affects=_(
            "Affects what messages are sent from, where replies arrive, signatures, and the hours in which messages "
            "are sent."
        ),
        words=_(
            "email address phone number twilio mailgun smtp imap provider whatsapp signature sender domain mailbox "
            "connect quiet hours"
        ),
        below=(
            "comms/channels/channel.html",
            "comms/channels/sender_profile.html",
        ),
    ),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *PERMISSIONS,
    *SECTIONS,
    RecordLink(model=Job, purpose="write", name="composer:write", permission="comms.send", key="number"),
    RecordLink(model=Person, purpose="write", name="composer:person", permission="comms.send"),
    MESSAGES,
    CHANNELS,
    *notices.KINDS,
    *EVENT_WORDS,
    *outbox.FEATURES,
    *automation.FEATURES,
    *callbacks.FEATURES,
    *recordings.FEATURES,
    *gate.FEATURES,
    *health.FEATURES,
    *inbound.FEATURES,
    *library.FEATURES,
    *mailboxes.FEATURES,
    *appointments.FEATURES,
    *survey.FEATURES,
]
