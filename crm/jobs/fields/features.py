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
        _("Set up lead fields"),
        _("Add, rename and archive custom fields. Anyone who can edit a lead can fill them in."),
    ),
    Section(
        group="sales",
        position=100,
        name="jobs:fields",
        permission=MANAGE,
        icon="list-checks",
        label=_("Lead fields"),
        note=_("Custom fields for leads."),
        affects=_("Affects the page of a lead, the columns and filters of lists, and triggers."),
        words=_("custom fields properties attributes columns dates numbers choices dropdown yes no links"),
    ),
    EventWords("job_field.added", "plus", _("added a field of leads")),
    EventWords("job_field.edited", "pencil", _("renamed a field of leads")),
    EventWords("job_field.archived", "archive", _("archived a field of leads")),
    EventWords("job_field.restored", "undo-2", _("restored a field of leads")),
    *filters.FEATURES,
]
