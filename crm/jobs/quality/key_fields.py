"""The key fields of leads: contact details, place, value, source, owner and next step."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.models.appointments import Appointment
from crm.jobs.pipelines.key_fields import KeyField, key_fields
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.viewer import Viewer


def _reached_by(*kinds: str) -> Q:
    return Q(Exists(ContactPoint.objects.filter(person=OuterRef("person"), kind__in=kinds)))


PHONE = ContactPoint.PointKind.PHONE
EMAIL = ContactPoint.PointKind.EMAIL
FIELDS = (
    KeyField(
        "reach",
        _("Phone or email"),
        _("No phone number and no email address"),
        lambda: _reached_by(PHONE, EMAIL),
        part="reach",
        from_phase=0,
    ),
    KeyField("phone", _("Phone"), _("No phone number"), lambda: _reached_by(PHONE), part="reach"),
    KeyField("email", _("Email"), _("No email address"), lambda: _reached_by(EMAIL), part="reach"),
    KeyField("place", _("Address"), _("No address"), lambda: Q(site__isnull=False), part="place", from_phase=1),
    KeyField("source", _("Source"), _("No source"), lambda: Q(source__isnull=False), part="source", from_phase=0),
    KeyField("value", _("Value"), _("No value"), lambda: Q(value__gt=0), part="value", from_phase=2),
    KeyField("owner", _("Owner"), _("No owner"), lambda: Q(member__isnull=False), part="owner"),
    KeyField("next_step", _("Next step"), _("No next step"), lambda: ~Q(next_step_kind=""), link="plan"),
    KeyField("contacted", _("Contact"), _("Nobody has been in touch"), lambda: Q(touched_at__isnull=False)),
    KeyField(
        "appointment",
        _("Appointment"),
        _("No appointment"),
        lambda: Q(Exists(Appointment.objects.live().filter(job=OuterRef("pk")))),
        link="book",
    ),
)


def fields() -> Iterable[KeyField]:
    """Return the key fields every tenant has."""
    return FIELDS


def choices(member: Member) -> list[Choice]:
    """Return the filter choices of missing facts for the list of leads."""
    return [Choice(key, str(one.label)) for key, one in key_fields().items()]


def is_missing(value: str, viewer: Viewer) -> Q:
    """Return the condition that a field is missing."""
    return ~key_fields()[value].is_there()
