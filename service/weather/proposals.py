"""Propose new times for the appointments of a day: free ones of who comes, no two alike, with what was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format

from comms.appointments.sending import channel_of, point_of
from comms.models import Medium
from crm.jobs.appointments.availability import next_free
from crm.jobs.models.appointments import Appointment
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from service.models import Promise

# Appointments that one hold takes, and times to choose from for each.
MOST, OFFERED = 60, 4
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Proposal:
    """An appointment of the day, the times it may have instead, what the customer asked for, and how they are told."""

    appointment: Appointment
    times: tuple[datetime, ...]
    wishes: tuple[str, ...]
    # Times of these on a weekday the wishes name.
    against: frozenset[datetime]
    told_by: str


def proposals(day: date, member: Member) -> list[Proposal]:
    """Propose for each live visit of a day that a member sees, in the order of the day."""
    zone = directory().zone
    first = datetime.combine(day, time(), zone)
    rows = Appointment.objects.visible_to(member).live().filter(type__way="visit")
    rows = rows.between(first, first + timedelta(days=1)).select_related("job__brand", "job__site", "type", "person")
    found = list(rows.prefetch_related("attendances").order_by("starts_at", "pk")[:MOST])
    wishes = _wishes([row.job_id for row in found])
    taken: dict[int, list[Stretch]] = {}
    return [_proposal(row, first + timedelta(days=1), wishes.get(row.job_id, ()), taken) for row in found]


def _proposal(row: Appointment, after: datetime, wishes: Sequence[str], taken: dict[int, list[Stretch]]) -> Proposal:
    members = [one for pk in row.member_ids if (one := directory().members.get(pk)) and one.active]
    times = []
    if members:
        offers = next_free(row.type, members[:1], row.zone, count=3 * OFFERED, minutes=row.minutes, after=after)
        length = timedelta(minutes=row.minutes + row.travel_minutes)
        for offer in offers:
            stretch = (offer.starts_at, offer.starts_at + length)
            if not any(_overlap(stretch, other) for pk in row.member_ids for other in taken.get(pk, ())):
                times.append(offer.starts_at)
    against = frozenset(at for at in times if names_weekday(wishes, at.astimezone(row.zone).date()))
    chosen = sorted(times, key=lambda at: (at in against, at))[:OFFERED]
    if chosen:
        for pk in row.member_ids:
            taken.setdefault(pk, []).append(
                (chosen[0], chosen[0] + timedelta(minutes=row.minutes + row.travel_minutes))
            )
    return Proposal(row, tuple(chosen), tuple(wishes), against, _told_by(row))


def _overlap(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def names_weekday(wishes: Iterable[str], day: date) -> bool:
    """Whether what was asked for names the weekday of a day: "not Mondays"."""
    name = date_format(day, "l").casefold()
    return any(name in wish.casefold() for wish in wishes)


def _wishes(jobs: Sequence[int]) -> dict[int, list[str]]:
    """Return what customers asked for on site, by job: the promises about it."""
    found: dict[int, list[str]] = {}
    promised = Promise.objects.filter(hand_off_id__in=jobs, kind=Promise.Kind.ON_SITE).order_by("pk")
    for job_id, text in promised.values_list("hand_off_id", "text"):
        found.setdefault(job_id, []).append(text)
    return found


def _told_by(row: Appointment) -> str:
    """Return by which way the customer is told, as comms does it; blank where nobody can be."""
    if not row.type.invites:
        return ""
    for medium in (Medium.EMAIL, Medium.SMS):
        if channel_of(row, medium) is not None and point_of(row, medium) is not None:
            return str(medium.label)
    return ""
