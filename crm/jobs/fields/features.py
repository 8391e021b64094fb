"""Register what custom fields of leads add: their permission, settings page, filters and event words."""

from collections.abc import Iterable
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.fields.setup import WITH_ANY, job_fields, part_key
from crm.jobs.pipelines.key_fields import KeyField, KeyFieldSource
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

MANAGE = "job_fields.manage"


def _key_fields() -> Iterable[KeyField]:
    for field in job_fields().live:
        missing = gettext("No “%(field)s”") % {"field": field.name}
        yield KeyField(part_key(field), field.name, missing, partial(_has_field, field.key), part=part_key(field))


def _has_field(key: str) -> Q:
    return WITH_ANY & Q(own_fields__has_key=key)


FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up lead fields"),
        note=_("Add, rename and archive custom fields. Anyone who can edit a lead can fill them in."),
    ),
    Section(
        group="sales",
        name="jobs:fields",
        permission=MANAGE,
        icon="list-checks",
        label=_("Lead fields"),
        note=_("Custom fields for leads."),
        affects=_("Affects the page of a lead, the columns and filters of lists, and triggers."),
        words=_("custom fields properties attributes columns dates numbers choices dropdown yes no links"),
    ),
    EventWords("job_field.added", "plus", _("added a lead field")),
    EventWords("job_field.edited", "pencil", _("renamed a lead field")),
    EventWords("job_field.archived", "archive", _("archived a lead field")),
    EventWords("job_field.restored", "undo-2", _("restored a lead field")),
    KeyFieldSource("own_fields", _key_fields),
]
