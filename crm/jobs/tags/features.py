"""Register what tags add: the permission to edit them, their settings page, their event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.tags.event_words import EVENT_WORDS
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section

MANAGE = "tags.manage"

FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up tags"),
        note=_("Add, rename, color, merge and archive tags. Anyone can use them."),
    ),
    Section(
        group="sales",
        name="jobs:tags",
        permission=MANAGE,
        icon="tag",
        label=_("Tags"),
        note=_("Labels for leads, conversations and jobs."),
        affects=_("Affects the tags you can choose and filter by."),
        words=_("labels categories keywords"),
        tab_of="jobs:fields",
    ),
    *EVENT_WORDS,
]
