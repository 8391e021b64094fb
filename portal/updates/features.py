"""Register customer updates: permissions, pages, event words, notices, templates, triggers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from comms.library.packs.pack_entries import TemplatePack
from comms.models import Medium
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.lists.counted_list import CountedList
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from crm.web.timeline.event_words import EventWords, Words
from portal.models import CustomerUpdate
from portal.updates import notices
from portal.updates.automation.presets import PRESETS
from portal.updates.automation.triggers import TRIGGERS
from portal.updates.queue.update_list import UPDATES, to_approve
from portal.updates.texts import dutch, english
from portal.updates.texts.variables import VARIABLES

VIEW = "updates.view"
WORK = "updates.work"
FIGURES = "updates.figures"
SET_UP = "updates.set_up"
PERMISSIONS = [
    PermissionGroup("updates", gettext_lazy("Customer updates")),
    Permission(
        name=VIEW,
        roles=EVERYBODY,
        group="updates",
        label=gettext_lazy("See updates to customers"),
        note=gettext_lazy("What needs approval, what was sent and whether it was viewed; for the leads they see."),
    ),
    Permission(
        name=WORK,
        roles=EVERYBODY,
        group="updates",
        label=gettext_lazy("Approve updates"),
        note=gettext_lazy("Approve, edit or skip updates, and set how often a customer gets them."),
    ),
    Permission(
        name=FIGURES,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="updates",
        label=gettext_lazy("See the figures of updates"),
        note=gettext_lazy("For everyone: updates due, missed, seen and answered, and customer satisfaction."),
    ),
    Permission(
        name=SET_UP,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=gettext_lazy("Set up updates"),
        note=gettext_lazy("How often customers get updates, and whether they are sent automatically."),
    ),
]


def _by_channel(words: str) -> Words:
    """Return event words that name the channel."""

    def event_words(data: dict[str, object]) -> str:
        medium = str(data.get("medium", ""))
        return _(words) % {"medium": Medium(medium).label if medium in Medium.values else _("Message")}

    return event_words


EVENT_WORDS = [
    EventWords("update_plan.begun", "megaphone", gettext_lazy("started updates to the customer"), mark="auto"),
    EventWords("update_plan.paused", "pause", gettext_lazy("paused the updates to the customer")),
    EventWords("update_plan.resumed", "play", gettext_lazy("resumed the updates to the customer")),
    EventWords("update_plan.cadence_set", "clock", gettext_lazy("set how often the customer gets updates")),
    EventWords("update_policy.edited", "settings", gettext_lazy("edited how often customers get updates")),
    EventWords("update.drafted", "pencil", gettext_lazy("drafted an update to the customer"), mark="auto"),
    EventWords("update.edited", "pencil", gettext_lazy("changed an update to the customer")),
    EventWords("update.approved", "check", gettext_lazy("approved an update to the customer")),
    EventWords("update.taken_back", "undo-2", gettext_lazy("cancelled an update before it was sent")),
    EventWords("update.skipped", "circle-x", gettext_lazy("skipped an update")),
    EventWords("update.restored", "undo-2", gettext_lazy("restored a skipped update")),
    EventWords(
        "update.sent", "send", _by_channel(gettext_noop("Update sent to the customer: %(medium)s")), mark="auto"
    ),
    EventWords("update.sent_again", "send", _by_channel(gettext_noop("sent an update again: %(medium)s"))),
    EventWords("update.missed", "triangle-alert", gettext_lazy("An update to the customer was missed"), mark="auto"),
    EventWords("update.seen", "eye", gettext_lazy("opened the update"), mark="in"),
    EventWords("update.answered", "message-square", gettext_lazy("answered the update"), mark="in"),
    EventWords("update.unseen", "eye", gettext_lazy("The customer has not opened the update"), mark="auto"),
    EventWords("update.left_unseen", "check", gettext_lazy("left an unseen update as it is")),
    EventWords(
        "update.take_off_failed", "triangle-alert", gettext_lazy("reported that the work could not begin, and why")
    ),
    EventWords("update.take_off_undone", "undo-2", gettext_lazy("undid that the work could not begin")),
]
IN_UPDATES = gettext_lazy("In the updates")
COUNTED = [
    CountedList(
        section="service",
        name="updates_to_approve",
        label=gettext_lazy("Updates to approve"),
        preset=UPDATES,
        css="late",
    ),
    CountedList(
        section="service",
        name="updates_missed",
        label=gettext_lazy("Updates missed"),
        preset=UPDATES,
        css="crit",
        plain={"missed": "1", "state": "draft"},
    ),
]
PAGES = [
    NavigationPage(
        name="updates:list",
        permission=VIEW,
        icon="megaphone",
        label=gettext_lazy("Updates"),
        section=True,
        number=Number(to_approve, gettext_lazy("to approve"), topics="updates", event="updates"),
        tab_of="service:list",
    ),
    NavigationPage(
        name="updates:satisfaction",
        permission=FIGURES,
        icon="trophy",
        label=gettext_lazy("Satisfaction"),
        tab_of="reports:dashboard",
    ),
    NavigationPage(
        name="updates:figures",
        permission=FIGURES,
        icon="megaphone",
        label=gettext_lazy("Customer updates"),
        tab_of="reports:dashboard",
    ),
    RecordLink(model=Job, purpose="updates", name="updates:of_job", permission=VIEW, key="number"),
    RecordPage(model=CustomerUpdate, name="updates:update", list="updates:list", event="updates", titles=job_titles),
    Section(
        group="portal",
        name="updates:policy",
        permission=SET_UP,
        icon="megaphone",
        label=gettext_lazy("Customer updates"),
        note=gettext_lazy("How often customers hear about their job, and who sends it."),
        affects=gettext_lazy("Affects the updates customers get, and when drafts of them are ready for you."),
        words=gettext_lazy("status update progress newsletter proactive cadence"),
    ),
    notices.KIND,
    PaletteList(UPDATES),
    Shortcut(keys="g u", act=going_to("updates:list"), label=gettext_lazy("Go to the updates"), group=ANYWHERE),
    Shortcut(keys="a", act="update-approve", label=gettext_lazy("Approve"), group=IN_UPDATES, within="updates"),
    Shortcut(
        keys="e",
        act="update-edit",
        label=gettext_lazy("Edit the text"),
        group=IN_UPDATES,
        within="updates",
    ),
    Shortcut(keys="s", act="update-skip", label=gettext_lazy("Skip it"), group=IN_UPDATES, within="updates"),
    Shortcut(
        keys="x",
        act="update-pause",
        label=gettext_lazy("Pause the updates of the job"),
        group=IN_UPDATES,
        within="updates",
    ),
    Shortcut(
        keys="t",
        act="update-otherwise",
        label=gettext_lazy("Send by another channel"),
        group=IN_UPDATES,
        within="updates",
    ),
]
FEATURES: list[Feature] = [
    *COUNTED,
    *PERMISSIONS,
    *PAGES,
    *EVENT_WORDS,
    *VARIABLES,
    *TRIGGERS,
    *PRESETS,
    TemplatePack("updates", {"en": english.ENTRIES, "nl": dutch.ENTRIES}),
    Topic("updates", ("update", "update_plan")),
]
