"""Register what custom fields add: their permission, settings page, filters and event words."""

from collections.abc import Iterable
from functools import partial

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.fields.setup import having_own_field, job_fields, part_key
from crm.jobs.pipelines.key_fields import KeyField, KeyFieldSource
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

MANAGE = "own_fields.manage"


def _key_fields() -> Iterable[KeyField]:
    for field in job_fields().live:
        missing = gettext("No “%(field)s”") % {"field": field.name}
        yield KeyField(part_key(field), field.name, missing, partial(having_own_field, field.key), part=part_key(field))


FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up custom fields"),
        note=_("Add, rename and archive custom fields. Anyone who can edit a lead or customer can fill them in."),
    ),
    Section(
        group="sales",
        name="jobs:fields",
        permission=MANAGE,
        icon="list-checks",
        label=_("Custom fields"),
        note=_("Fields of your own for leads, customers and properties."),
        affects=_("Affects the pages of leads, customers and properties, lists, imports and triggers."),
        words=_("custom fields properties attributes columns dates numbers choices dropdown yes no links"),
    ),
    EventWords("own_field.added", "plus", _("added a custom field")),
    EventWords("own_field.edited", "pencil", _("renamed a custom field")),
    EventWords("own_field.archived", "archive", _("archived a custom field")),
    EventWords("own_field.restored", "undo-2", _("restored a custom field")),
    KeyFieldSource("own_fields", _key_fields),
]
