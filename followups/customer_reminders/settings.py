"""Choose by which template and when customers are reminded of follow-ups of a type."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from comms.library.catalogue import catalogue
from comms.library.seeding import create_missing
from comms.models import Purpose
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.customer_reminders.models import CustomerReminderSetting
from followups.customer_reminders.texts import SHARED
from followups.models.reminder import clean_customer_times


def template_options() -> list[tuple[str, str]]:
    """Return the templates to remind customers by, the shared one first. Offers are none."""
    rows = {row.key: row.name for row in catalogue().live() if row.purpose != Purpose.MARKETING}
    shared = rows.pop(SHARED, None) or _("Reminder of what was agreed")
    return [(SHARED, shared), *sorted(rows.items(), key=lambda pair: pair[1].casefold())]


@transaction.atomic
def set_customer_reminders(kind: str, *, template: str, times: Sequence[tuple[int, str]], by: Member | None) -> None:
    """Set how customers are reminded of follow-ups of a type; without a template they are not. Idempotent.

    Raises Refused for a template that there is not, and for what is no reminder.
    """
    row = CustomerReminderSetting.objects.filter(kind=kind).first()
    if not template:
        if row:
            row.delete()
    else:
        if template not in dict(template_options()):
            raise Refused(_("This template is no longer available."))
        if template == SHARED:
            create_missing(SHARED)
        row = row or CustomerReminderSetting(kind=kind)
        row.template = template
        row.times = clean_customer_times(times)
        row.save()
    events.record("reminders.changed", subject=directory().tenant, by=by, data={"kind": kind})
