"""Register pages, permissions, links on leads and persons, and event words of the gate."""

from django.utils.translation import gettext_lazy as _

from comms.gate.consent import erasure
from comms.gate.consent.consent_filter import FILTERS
from comms.gate.decision_list import DECISIONS
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords

EVENT_WORDS = [
    EventWords("consent.given", "circle-check", _("recorded consent")),
    EventWords("consent.withdrawn", "ban", _("recorded that consent was withdrawn")),
    EventWords("suppression.added", "ban", _("stopped messages to an address")),
    EventWords("suppression.lifted", "undo-2", _("allowed messages to an address again")),
    EventWords("kill_switch.put", "ban", _("stopped messages")),
    EventWords("sending_policy.edited", "sliders-horizontal", _("changed how often customers are written to")),
    EventWords("person.language_chosen", "pencil", _("chose a language")),
    EventWords("kill_switch.ended", "play", _("resumed messages")),
]
EVERYWHERE = [
    Permission(
        name="comms.consent",
        roles=EVERYBODY,
        group="comms",
        label=_("Record consent"),
        note=_("Record what a customer agreed to or withdrew, and stop messages to them."),
    ),
    Permission(
        name="comms.stop",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="comms",
        label=_("Stop messages"),
        note=_("Stop messages for everyone, a brand or a channel; set limits; resume messages."),
    ),
    PaletteList(DECISIONS),
    NavigationPage(
        name="ledger:list",
        permission="comms.view",
        icon="shield-check",
        label=_("Sending log"),
        section=True,
        tab_of="tickets:list",
    ),
    RecordLink(model=Job, purpose="ledger", name="ledger:job", permission="comms.view", key="number"),
    RecordLink(model=Person, purpose="consent", name="ledger:panel", permission="comms.view"),
    RecordLink(model=Person, purpose="ledger", name="ledger:person", permission="comms.view"),
    Section(
        group="messages",
        name="ledger:switches",
        permission="comms.stop",
        icon="ban",
        label=_("Stops and limits"),
        note=_("Stop sending, and limit how many messages one person gets."),
        affects=_("Affects every email and text to customers, those of triggers included."),
        words=_("pause sending kill switch frequency cap unsubscribe maximum quiet"),
    ),
]
FEATURES: list[Feature] = [*erasure.DATA, *FILTERS, *EVENT_WORDS, *EVERYWHERE]
