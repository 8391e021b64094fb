"""Register what updates add: permissions, pages, words of events, notices, templates, triggers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Medium
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.tenancy.tenant_creation import TenantStart
from crm.web.timeline.event_words import EventWords, Words
from portal.updates.texts.library import begin
from portal.updates.texts.variables import VARIABLES

VIEW, WORK, FIGURES, SET_UP = "updates.view", "updates.work", "updates.figures", "updates.set_up"
PERMISSIONS = [
    PermissionGroup(28, "updates", gettext_lazy("Updates to customers")),
    Permission(
        VIEW,
        EVERYBODY,
        "updates",
        gettext_lazy("See updates to customers"),
        gettext_lazy("What is to be approved, what was sent, and whether they looked at it; of the leads they see."),
    ),
    Permission(
        WORK,
        EVERYBODY,
        "updates",
        gettext_lazy("Approve updates"),
        gettext_lazy("Approve them, change their words, leave one out, and say how often a customer hears of a job."),
    ),
    Permission(
        FIGURES,
        frozenset({Role.MANAGER, Role.ADMIN}),
        "updates",
        gettext_lazy("See the figures of updates"),
        gettext_lazy("Of everybody: what was due, missed, seen and answered, and how content customers are."),
    ),
    Permission(
        SET_UP,
        frozenset({Role.ADMIN}),
        "settings",
        gettext_lazy("Set up updates"),
        gettext_lazy("How often customers hear of their work, and whether an update may leave by itself."),
    ),
]


def _by(words: str) -> Words:
    """Return words that name the channel."""

    def said(data: dict[str, object]) -> str:
        medium = str(data.get("medium", ""))
        return _(words) % {"medium": Medium(medium).label if medium in Medium.values else _("Message")}

    return said


EVENT_WORDS = [
    EventWords("update_plan.begun", "megaphone", gettext_lazy("began to tell the customer how it goes"), mark="auto"),
    EventWords("update_plan.paused", "pause", gettext_lazy("paused the updates to the customer")),
    EventWords("update_plan.resumed", "play", gettext_lazy("resumed the updates to the customer")),
    EventWords("update_plan.cadence_set", "clock", gettext_lazy("set how often the customer hears of it")),
    EventWords("update_policy.edited", "settings", gettext_lazy("edited how often customers hear of their work")),
    EventWords("update.drafted", "pencil", gettext_lazy("drafted an update to the customer"), mark="auto"),
    EventWords("update.edited", "pencil", gettext_lazy("changed an update to the customer")),
    EventWords("update.approved", "check", gettext_lazy("approved an update to the customer")),
    EventWords("update.taken_back", "undo-2", gettext_lazy("took an update back before it was sent")),
    EventWords("update.skipped", "circle-x", gettext_lazy("left an update out")),
    EventWords("update.restored", "undo-2", gettext_lazy("brought an update back that was left out")),
    EventWords("update.sent", "send", _by("The customer was told how it goes: %(medium)s"), mark="auto"),
    EventWords("update.sent_again", "send", _by("sent an update once more: %(medium)s")),
    EventWords("update.missed", "triangle-alert", gettext_lazy("An update to the customer was missed"), mark="auto"),
    EventWords("update.seen", "eye", gettext_lazy("looked at the update"), mark="in"),
    EventWords("update.answered", "message-square", gettext_lazy("answered the update"), mark="in"),
    EventWords("update.unseen", "eye", gettext_lazy("The customer has not looked at the update"), mark="auto"),
    EventWords("update.left_unseen", "check", gettext_lazy("left an unseen update as it is")),
    EventWords("update.take_off_failed", "triangle-alert", gettext_lazy("said that the work could not begin, and why")),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *EVENT_WORDS,
    *VARIABLES,
    TenantStart(begin),
    Topic("updates", ("update", "update_plan")),
]
