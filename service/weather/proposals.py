"""Propose new times for the appointments of a day: free for the attendees, distinct, and with customers' wishes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format

from comms.appointments.sending import channel_of
from comms.models import Medium
from crm.jobs.appointments.availability import HORIZON, next_free, taken_by
from crm.jobs.models.appointments import Appointment
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from service.models import Promise

# Appointments that one hold takes, and times to choose from for each.
MOST = 60
OFFERED = 4
Stretch = tuple[datetime, datetime]
Points = dict[tuple[int | None, str], ContactPoint]


@dataclass(frozen=True)
class Proposal:
    """An appointment of the day with possible new times, the customer's request, and how they are notified.

    Without a medium nobody is told by itself.
    """

    appointment: Appointment
    times: tuple[datetime, ...]
    wishes: tuple[str, ...]
    # Times of these on a weekday the wishes name.
    against: frozenset[datetime]
    medium: str = ""
    point: ContactPoint | None = None

    @property
    def told_by(self) -> str:
        if self.medium:
            return str(Medium(self.medium).label)
        return ""


def proposals(day: date, member: Member) -> list[Proposal]:
    """Return a proposal for each active visit of a day that the member sees, in order of time."""
    zone = directory().zone
    first = datetime.combine(day, time(), zone)
    rows = Appointment.objects.visible_to(member).live().filter(type__way="visit")
    rows = rows.between(first, first + timedelta(days=1)).select_related("job__brand", "job__site", "type", "person")
    visits = list(rows.prefetch_related("attendances").order_by("starts_at", "pk")[:MOST])
    wishes = _wishes_by_job([row.job_id for row in visits])
    after = first + timedelta(days=1)
    members = {pk for row in visits for pk in row.member_ids}
    # What is booked, and what is proposed to others of the day.
    taken = taken_by(members, first, after + timedelta(days=1) + HORIZON)
    points = _points_by_person({row.person_id for row in visits if row.person_id})
    return [_build_proposal(row, after, wishes.get(row.job_id, ()), taken, points) for row in visits]


def _build_proposal(
    row: Appointment, after: datetime, wishes: Sequence[str], taken: dict[int, list[Stretch]], points: Points
) -> Proposal:
    members = [one for pk in row.member_ids if (one := directory().members.get(pk)) and one.active]
    times = []
    if members:
        offers = next_free(
            row.type, members[:1], row.zone, count=3 * OFFERED, minutes=row.minutes, after=after, taken=taken
        )
        length = timedelta(minutes=row.minutes + row.travel_minutes)
        for offer in offers:
            stretch = (offer.starts_at, offer.starts_at + length)
            if not any(_do_overlap(stretch, other) for pk in row.member_ids for other in taken.get(pk, ())):
                times.append(offer.starts_at)
    against = frozenset(at for at in times if names_weekday(wishes, at.astimezone(row.zone).date()))
    chosen = sorted(times, key=lambda at: (at in against, at))[:OFFERED]
    if chosen:
        for pk in row.member_ids:
            taken.setdefault(pk, []).append(
                (chosen[0], chosen[0] + timedelta(minutes=row.minutes + row.travel_minutes))
            )
    return Proposal(row, tuple(chosen), tuple(wishes), against, *_told_at(row, points))


def _do_overlap(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def names_weekday(wishes: Iterable[str], day: date) -> bool:
    """True if the customer's wish names the day's weekday: "not Mondays"."""
    name = date_format(day, "l").casefold()
    return any(name in wish.casefold() for wish in wishes)


def _wishes_by_job(jobs: Sequence[int]) -> dict[int, list[str]]:
    """Return customers' wishes for work on site, by job, from the promises."""
    by_job: dict[int, list[str]] = {}
    promised = Promise.objects.filter(hand_off_id__in=jobs, kind=Promise.Kind.ON_SITE).order_by("pk")
    for job_id, text in promised.values_list("hand_off_id", "text"):
        by_job.setdefault(job_id, []).append(text)
    return by_job


def _points_by_person(people: set[int]) -> Points:
    """Return each person's email address and number for messages, verified ones first. One query."""
    points: Points = {}
    for point in ContactPoint.objects.filter(person_id__in=people).verified_first():
        points.setdefault((point.person_id, point.kind), point)
    return points


def _told_at(row: Appointment, points: Points) -> tuple[str, ContactPoint | None]:
    """Return medium and address at which the customer is notified; blank if there is none."""
    if row.type.invites:
        for medium, kind in ((Medium.EMAIL, ContactPoint.PointKind.EMAIL), (Medium.SMS, ContactPoint.PointKind.PHONE)):
            point = points.get((row.person_id, kind))
            if point is not None and channel_of(row, medium) is not None:
                return medium, point
    return "", None
