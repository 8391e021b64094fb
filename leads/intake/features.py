"""Register the extensions of intake: pages, permissions, words of events, the row of the health page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.health.findings import ChecklistItem, HealthAct, ParkedSource
from crm.web.health.replay_action import retried_sentence
from crm.web.settings.sections import Section
from crm.web.shell.palette import PaletteAction
from crm.web.timeline.event_words import EventWords
from leads.intake import erasure, health, notices, retention, systems
from leads.intake.notices import SEE
from leads.models.intake_door import doors

SET_UP = "intake.set_up"


def _describe_received(data: dict[str, Any]) -> str:
    door = doors().get(data.get("door", 0))
    if door:
        name = door.name
    else:
        name = _("a lead form or endpoint")
    if data.get("joined"):
        return _("They wrote again through “%(door)s”") % {"door": name}
    return _("What they sent through “%(door)s” is kept") % {"door": name}


FEATURES: list[Feature] = [
    *erasure.DATA,
    Permission(
        name=SET_UP,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=gettext_lazy("Set up how leads come in"),
        note=gettext_lazy("Forms, endpoints, ads and lead mail, with their tokens."),
    ),
    Permission(
        name=SEE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="leads",
        label=gettext_lazy("See submissions as they came in"),
        note=gettext_lazy(
            "Including those that could not be read: say what their fields mean, and have them read again."
        ),
    ),
    Section(
        group="sales",
        name="intake:doors",
        permission=SET_UP,
        icon="log-in",
        label=gettext_lazy("Lead capture"),
        note=gettext_lazy("Web forms, ads, email and systems that send you leads."),
        affects=gettext_lazy("Affects how leads come in, and their source, brand and fields."),
        words=gettext_lazy("web form website intake embed api facebook google lead ads zapier landing page"),
        below=("leads/intake/door.html",),
    ),
    Section(
        group="sales",
        name="intake:submissions",
        permission=SEE,
        icon="inbox",
        label=gettext_lazy("Submissions"),
        note=gettext_lazy("Every lead as it was sent; first those that could not be read."),
        affects=gettext_lazy("Affects leads: a submission becomes a lead once it can be read."),
        words=gettext_lazy("incoming raw form entries failed log"),
        tab_of="intake:doors",
        count=health.parked_count,
    ),
    PaletteAction(name="intake:log", permission="leads.open", icon="phone", label=gettext_lazy("Log a call or chat")),
    EventWords("lead.received", "inbox", _describe_received, mark="in"),
    EventWords("submission.parked", "inbox", gettext_lazy("a lead came in that could not be read"), mark="auto"),
    EventWords("submission.replayed", "rotate-cw", gettext_lazy("had a submission read again")),
    EventWords("submission.ignored", "x", gettext_lazy("left out a submission")),
    EventWords("intake_door.added", "log-in", gettext_lazy("added a lead form or endpoint")),
    EventWords("intake_door.edited", "log-in", gettext_lazy("edited a lead form or endpoint")),
    EventWords("intake_door.mapped", "log-in", gettext_lazy("mapped the fields of a lead form or endpoint")),
    EventWords("intake_door.rotated", "key-round", gettext_lazy("gave a lead form or endpoint a new token")),
    EventWords("intake_door.archived", "archive", gettext_lazy("switched off a lead form or endpoint")),
    EventWords("intake_door.restored", "undo-2", gettext_lazy("switched on a lead form or endpoint")),
    notices.KIND,
    systems.SYSTEM,
    TenantStart(retention.keep_forgetting, again=retention.resume_forgetting),
    ParkedSource("submissions", health.find_parked),
    HealthAct(
        name="submissions",
        permission=SEE,
        icon="rotate-cw",
        label=gettext_lazy("Replay"),
        do=health.replay,
        told=retried_sentence,
        is_replay=True,
    ),
    ChecklistItem(
        name="intake_tried",
        section="integrations",
        label=gettext_lazy("A lead came in by every form and endpoint"),
    ),
]
