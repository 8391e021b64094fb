"""Register what service adds: permissions, topics, notices, event words."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from service import erasure
from service.event_words import EVENT_WORDS
from service.hand_offs.notices import KINDS

OFFICE = frozenset({Role.SERVICE, Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup(23, "service", _("Service")),
    Permission(
        "handoffs.view", EVERYBODY, "service", _("See hand-offs"), _("Of what they sold, and of the leads they see.")
    ),
    Permission(
        "handoffs.answer",
        OFFICE,
        "service",
        _("Accept what is sold, or send it back"),
        _("Say of each promise whether it can be kept, and set the job up."),
    ),
    Permission(
        "projects.view", EVERYBODY, "service", _("See projects"), _("Of what they sold, and of the leads they see.")
    ),
    Permission(
        "projects.work",
        OFFICE,
        "service",
        _("Work on projects"),
        _("Milestones, photos, days, crews, and what holds the work up."),
    ),
    Permission(
        "projects.set_up",
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up templates of projects"),
        _("What a type of job is set up from when service accepts it."),
    ),
]
FEATURES: list[Feature] = [
    *erasure.DATA,
    *PERMISSIONS,
    *KINDS,
    *EVENT_WORDS,
    Topic("service", ("handoff", "project", "milestone")),
]
