"""Register what own fields of leads add: the permission to set them up, their settings page, filters, event words."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.fields import filters
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

MANAGE = "job_fields.manage"

FEATURES: list[Feature] = [
    Permission(
        MANAGE,
        frozenset({Role.MANAGER, Role.ADMIN}),
        "settings",
        _("Set up fields of leads"),
        _("Add, rename and archive fields of your own; whoever may correct a lead fills them in."),
    ),
    Section(
        "line",
        37,
        "jobs:fields",
        MANAGE,
        "list-checks",
        _("Fields of leads"),
        _("Dates and words of your own that a lead has; triggers count from the dates."),
    ),
    EventWords("job_field.added", "plus", _("added a field of leads")),
    EventWords("job_field.edited", "pencil", _("renamed a field of leads")),
    EventWords("job_field.archived", "archive", _("archived a field of leads")),
    EventWords("job_field.restored", "undo-2", _("restored a field of leads")),
    *filters.FEATURES,
]
