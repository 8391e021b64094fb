"""Contact preferences: channels per kind of message, frequency of updates, and quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comms.gate.preferences import preferences
from comms.gate.preferences.links import PreferenceLink
from comms.gate.preferences.preferences import PreferenceChoice
from comms.models import Medium
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from portal.models import UpdatePlan


class Pace(NamedTuple):
    """Frequency of updates: days between two (None: the default), or only when the work is done.

    `is_gathered`: all that happened comes in one letter, and nothing by itself.
    """

    days: int | None = None
    only_the_end: bool = False
    is_gathered: bool = False


PACES: dict[str, tuple[Pace, str | Promise]] = {
    "usual": (Pace(), _("Every change, and every two weeks")),
    "daily": (Pace(1, is_gathered=True), _("One message a day, on days with news")),
    "weekly": (Pace(7, is_gathered=True), _("One message a week")),
    "monthly": (Pace(28), _("Every change, and every four weeks")),
    "end": (Pace(None, True), _("Just tell me when it is done")),
}
NIGHTS: dict[str, tuple[time, time] | None] = {
    "": None,
    "20-8": (time(20), time(8)),
    "21-9": (time(21), time(9)),
    "18-8": (time(18), time(8)),
}


@dataclass(frozen=True)
class Way:
    """A contact point, with a checkbox per kind of message."""

    link: PreferenceLink
    medium: Medium
    address: str
    boxes: Sequence[PreferenceChoice]

    @property
    def name(self) -> str:
        """Name of its checkboxes in the form."""
        return f"get-{self.link.address}"


def links_of(person: Person, brand: Brand) -> list[PreferenceLink]:
    """Return the person's contact points, as used by the consent checks."""
    points = sorted(ContactPoint.objects.filter(person=person).verified_first(), key=lambda one: str(one.kind))
    kind = ContactPoint.PointKind
    media = {kind.EMAIL: Medium.EMAIL, kind.PHONE: Medium.SMS, kind.WHATSAPP: Medium.WHATSAPP}
    return [
        PreferenceLink(
            person.tenant_id, brand.pk, media[ContactPoint.PointKind(point.kind)], point.value, person_id=person.pk
        )
        for point in points
    ]


def ways_of(links: Sequence[PreferenceLink]) -> list[Way]:
    """Return each contact point with its current checkboxes."""
    return [
        Way(link, medium, link.address, [box for box in boxes if box.medium == medium])
        for link in links
        for boxes in [preferences.choices(link)]
        for medium in preferences.media_of(link)
    ]


def plans_of(jobs: Sequence[Job]) -> list[UpdatePlan]:
    """Return the update plans of these jobs."""
    plans = UpdatePlan.objects.filter(job_id__in=[job.pk for job in jobs]).select_related("job")
    return list(plans.order_by("-pk"))


def pace_of(plans: Sequence[UpdatePlan]) -> str:
    """Return the frequency of their newest job; "" if a member set another one."""
    if not plans:
        return "usual"
    now = Pace(plans[0].cadence_days, plans[0].only_the_end, plans[0].is_gathered)
    return next((key for key, (pace, _label) in PACES.items() if pace == now), "")


def night_of(links: Sequence[PreferenceLink]) -> str:
    """Return the chosen quiet hours, shared by all contact points."""
    chosen = {(row.quiet_from, row.quiet_until) for row in map(preferences.preference_of, links)}
    return next((key for key, night in NIGHTS.items() if chosen == {night}), "")


def night_labels(country: str) -> list[tuple[str, str]]:
    """Return the choices of quiet hours with their labels: "8:00 PM–8:00 AM" in the United States, "20:00–08:00"."""

    def clock(at: time) -> str:
        return formats.clock_time(datetime.combine(date(2000, 1, 1), at, UTC), ZoneInfo("UTC"), country)

    return [(key, "–".join(map(clock, night)) if night else str(_("As usual"))) for key, night in NIGHTS.items()]
