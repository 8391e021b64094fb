"""Free times that customers may book themselves, not earlier than the notice period of the type allows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.appointments.appointment_form_values import chosen_slot
from crm.jobs.appointments.availability import FreeTime, next_free
from crm.jobs.appointments.slots import Stretch
from crm.jobs.models.appointments.appointment_type import AppointmentType
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class CustomerTimes(NamedTuple):
    """Parameters for offering appointment times to a customer. `besides` and `besides_time` are as in `next_free`."""

    type: AppointmentType
    brand_id: int
    zone: ZoneInfo
    minutes: int = 0
    besides: int | None = None
    besides_time: Stretch | None = None

    def offers(self, members: Sequence[Member], count: int) -> list[FreeTime]:
        """Return the next free times a customer may book."""
        return self._free_times(members, count, earliest_start(self.type, self.brand_id))

    def take(self, value: str, members: Sequence[Member]) -> FreeTime:
        """Return the offered time of a submitted button. Raises Refused if it is too late or already taken."""
        slot = chosen_slot(value)
        if slot is None:
            raise Refused(_("Choose a time."))
        starts_at, member = slot
        if starts_at < earliest_start(self.type, self.brand_id):
            raise Refused(too_late_words(self.type))
        free = []
        if member in members:
            free = self._free_times([member], 1, starts_at)
        if not free or free[0].starts_at != starts_at:
            raise Refused(_("Somebody else took that time just now. Choose another one."))
        return free[0]

    def _free_times(self, members: Sequence[Member], count: int, after: datetime) -> list[FreeTime]:
        return next_free(
            self.type,
            members,
            self.zone,
            count=count,
            minutes=self.minutes,
            after=after,
            besides=self.besides,
            besides_time=self.besides_time,
        )


def earliest_start(type_: AppointmentType, brand_id: int) -> datetime:
    """Return the earliest instant a customer of a brand can book now, given the type's notice period."""
    hours = directory().calendars.get(directory().calendar_of(brand_id) or 0)
    if type_.notice_in_working_hours and hours:
        return hours.add(clock.now(), type_.notice_minutes * 60)
    return clock.now() + timedelta(minutes=type_.notice_minutes)


def notice_words(type_: AppointmentType) -> str:
    """Format the notice period of a type: "24 hours", "8 working hours"; blank for none."""
    hours = -(-type_.notice_minutes // 60)
    if not hours:
        return ""
    if type_.notice_in_working_hours:
        return ngettext("%(count)s working hour", "%(count)s working hours", hours) % {"count": hours}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def too_late_words(type_: AppointmentType) -> str:
    """Return the message that a time can no longer be booked, and until when it could be."""
    if not (notice := notice_words(type_)):
        return _("That time has passed. Choose another one.")
    return _("It is too late for that time: it can be chosen here until %(notice)s before. Choose another one.") % {
        "notice": notice
    }
