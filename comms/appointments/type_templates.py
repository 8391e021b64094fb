"""The template of an appointment message: the one chosen for its type, else the shared one."""

from django.utils.translation import gettext as _

from comms.library.catalogue import catalogue
from comms.library.seeding import create_missing
from comms.models import Template
from crm.jobs.appointments.texts import Choices, CustomerTexts
from crm.jobs.models.appointments import Appointment

SHARED = {
    "confirmation": "appointment_booked",
    "reminder": "appointment_reminder",
    "moved": "appointment_changed",
    "cancelled": "appointment_cancelled",
}
# The confirmation of work that an organization has from the start; it stands among the templates of orders.
WORK = "appointment_confirmation"
_SHELVES = (Template.Category.APPOINTMENT, Template.Category.OWN)


def template_key(row: Appointment, moment: str) -> str:
    """Return the template key for a moment, one of SHARED; an archived choice is ignored."""
    type_ = row.type
    chosen = {
        "confirmation": type_.confirmation_template,
        "reminder": type_.reminder_template,
        "moved": type_.moved_template,
        "cancelled": type_.cancelled_template,
    }[moment]
    library = catalogue()
    brand_id = row.job.brand_id
    if chosen and library.find(chosen, brand_id):
        return chosen
    # A tenant older than the shared confirmation, between two releases.
    if moment == "confirmation" and library.find(SHARED[moment], brand_id) is None:
        create_missing(SHARED[moment])
    return SHARED[moment]


def choices(moment: str) -> Choices:
    """Return the templates a type may choose for a moment, by name; "" is the shared one."""
    library = catalogue()
    shared = library.find(SHARED[moment], None)
    rows = {row.key: row for row in library.live() if row.category in _SHELVES or row.key == WORK}
    first = _("%(name)s (shared)") % {"name": shared.name if shared else SHARED[moment]}
    others = sorted((row.name, key) for key, row in rows.items() if key != SHARED[moment])
    return [("", first), *((key, name) for name, key in others)]


TEXTS = CustomerTexts("templates", choices)
