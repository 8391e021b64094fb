"""Presets of the system that stands for all others: what estimating, projects, inventory and suppliers usually take."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connections.models import FieldRuleDraft, SyncDirection
from connections.system_kinds import SystemPreset

_PLACE = ("street", "postcode", "city", "region", "country")
_CUSTOMER = ("customer", "company", "email", "phone")


def _preset(name: str, label: str | Promise, note: str | Promise, icon: str, *fields: str) -> SystemPreset:
    """Return a preset that sends these fields of a job under their own names."""
    rules = tuple(FieldRuleDraft(f"job.{field}", field, SyncDirection.OUT) for field in ("number", "title", *fields))
    return SystemPreset(name=name, label=label, note=note, icon=icon, rules=rules)


PRESETS = (
    _preset(
        "estimating",
        _("Estimating"),
        _("Jobs out with customer, address and value; values and steps in, by external ID."),
        "table-2",
        *(*_CUSTOMER, *_PLACE, "value", "currency"),
    ),
    _preset(
        "projects",
        _("Project management"),
        _("Jobs out with step, colleague, customer and address; steps in, by external ID."),
        "square-kanban",
        *("state", "step", "colleague", *_CUSTOMER, *_PLACE, "value", "currency"),
    ),
    _preset(
        "inventory",
        _("Inventory"),
        _("Jobs out with step, colleague and address, so that material is reserved for them."),
        "boxes",
        *("state", "step", "colleague", *_PLACE),
    ),
    _preset(
        "suppliers",
        _("Suppliers"),
        _("Jobs out with step and address for deliveries; nothing about the customer."),
        "truck",
        *("state", "step", *_PLACE),
    ),
)
