"""The time zone of an appointment, and conversion of local days and times to instants."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.jobs.models.job import Job
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.zone_names import zone_name
from crm.kernel.zones import zones_of_place
from crm.people.models import Property
from crm.platform.organization.configuration import directory


def zone_of(job: Job, site: Property | None) -> str:
    """Return the zone of the place if it is certain, else of the brand's calendar, else the organization's."""
    if site is not None:
        names = {zone.name for zone in zones_of_place(site.country, site.region, site.postcode)}
        if len(names) == 1:
            return names.pop()
    organization = directory()
    hours = organization.calendars.get(organization.calendar_of(job.brand_id) or 0)
    return str(hours.zone if hours else organization.zone)


def zone_words(zone: ZoneInfo, at: datetime, brand_id: int) -> str:
    """Return a zone's name for a customer; "" if its time equals that of the brand's office at an instant."""
    organization = directory()
    hours = organization.calendars.get(organization.calendar_of(brand_id) or 0)
    if hours:
        office = hours.zone
    else:
        office = organization.zone
    if at.astimezone(zone).utcoffset() == at.astimezone(office).utcoffset():
        return ""
    return zone_name(zone)


def instant(day: str, at: str, zone: ZoneInfo) -> datetime:
    """Return the instant of a local day and time in a zone. Raises Refused if there is no such time.

    Of a time that comes twice, as the clock is put back, the first is meant.
    """
    try:
        local = datetime.combine(date.fromisoformat(day[:10]), time.fromisoformat(at[:5]), zone)
    except ValueError:
        raise Refused(_("Choose a day and a time.")) from None
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(_("That time does not exist on that day: the clock goes forward."))
    return found


def clock_time(at: datetime, zone: str) -> str:
    """Format a time of day in a zone."""
    return formats.clock_time(at, ZoneInfo(zone), directory().tenant.country)


def moment(at: datetime, zone: str) -> str:
    """Format a day and a time in a zone: "Thu, May 7, 2:30 PM"."""
    there = ZoneInfo(zone)
    organization = directory()
    day = formats.long_day(
        at.astimezone(there).date(), clock.now().astimezone(there).date(), organization.tenant.country
    )
    return f"{day}, {clock_time(at, zone)}"
