"""What of our messages has not left: one for the next working day, one that may be sent, and one to call about."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from comms.models import Channel, Direction, Medium, Message, Purpose
from comms.models.message import searchable_text
from comms.models.outbound import schedule_sending
from crm.jobs.models import Job
from crm.people.models import ContactPoint
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from demo.conversations.opening_hours import last_opening

# Subject and text of what leaves tomorrow, what may have left, and what nobody got.
TEXTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Your start date", "Good morning! The crew arrives between 7:30 and 8:00. Please keep the drive free."),
        ("The color samples", "I left the three samples with your neighbor at no. 14. Take your time with them."),
        ("", "We are running 30 minutes late today, sorry! We will be there at 10:30."),
    ),
    "nl": (
        ("Je installatiedatum", "Goedemorgen! De monteur komt tussen 7:30 en 8:00. Houd je de oprit vrij?"),
        ("De offerte met twee opties", "In de bijlage staan beide opties. Kijk er rustig naar."),
        ("", "We zijn vandaag een half uur later, sorry! We zijn er om 10:30 uur."),
    ),
}


def create_stuck(now: datetime) -> None:
    """Create them inside the tenant, after its jobs and channels: of the rep people sign in as, and of a colleague."""
    here = directory()
    members = sorted(here.members.values(), key=lambda row: row.pk)
    reps = [row for row in members if row.role == Role.REP and row.active]
    texts = TEXTS.get(here.tenant.language, TEXTS["en"])
    for number, member in enumerate(reps[:2]):
        rows = list(_reachable(member, 3))
        if len(rows) == 3:
            _hold(rows[0], member, texts[0], now)
            if number == 0:
                _leave_unknown(rows[1], member, texts[1], now)
            _fail(rows[2], member, texts[2], now)


def _reachable(member: Member, count: int) -> Iterator[tuple[Job, ContactPoint, ContactPoint]]:
    """Yield open jobs of a member whose customer has an email address and a number, calm ones first."""
    jobs = Job.objects.open().filter(member=member, person__isnull=False, waiting_since=None)
    for job in jobs.exclude(person__contact_points__value__startswith="customer@").order_by("level", "-number"):
        points = {point.kind: point for point in job.person.contact_points.all()}
        if {"email", "phone"} <= points.keys() and count:
            count -= 1
            yield job, points["email"], points["phone"]


def _message(
    job: Job, point: ContactPoint, medium: str, member: Member, said: tuple[str, str], at: datetime
) -> Message:
    channel = Channel.objects.filter(brand=job.brand, medium=medium, role="support", archived_at=None, owner=None)[0]
    message = Message(
        brand=job.brand,
        channel=channel,
        medium=medium,
        direction=Direction.OUT,
        purpose=Purpose.SERVICE,
        author=member,
        person=job.person,
        contact_point=point,
        job=job,
        address=point.value,
        address_name=job.person.name if job.person else "",
        subject=said[0],
        text=said[1],
        at=at,
        created_at=at,
    )
    message.search_text = searchable_text(message)
    return message


def _hold(row: tuple[Job, ContactPoint, ContactPoint], member: Member, said: tuple[str, str], now: datetime) -> None:
    job, email, _phone = row
    message = _message(job, email, Medium.EMAIL, member, said, now - timedelta(minutes=35))
    opening = _next_opening(job, now)
    message.state, message.send_at, message.at = Message.State.HELD, opening, opening
    message.save()
    schedule_sending(message.pk, message.channel_id, opening)


def _next_opening(job: Job, now: datetime) -> datetime:
    """Return the first full hour of tomorrow or later in which the job's brand works."""
    hours = directory().calendars[directory().calendar_of(job.brand_id) or 0]
    tomorrow = (now + timedelta(days=1)).astimezone(directory().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tried = (tomorrow + timedelta(hours=hour) for hour in range(24 * 10))
    return next((at for at in tried if hours.between(at, at + timedelta(seconds=1))), tomorrow)


def _leave_unknown(
    row: tuple[Job, ContactPoint, ContactPoint], member: Member, said: tuple[str, str], now: datetime
) -> None:
    job, email, _phone = row
    message = _message(job, email, Medium.EMAIL, member, said, last_opening(job, now - timedelta(hours=3)))
    message.state, message.attempts = Message.State.UNKNOWN, 1
    message.save()


def _fail(row: tuple[Job, ContactPoint, ContactPoint], member: Member, said: tuple[str, str], now: datetime) -> None:
    job, _email, phone = row
    message = _message(job, phone, Medium.SMS, member, said, last_opening(job, now - timedelta(hours=2)))
    message.state, message.attempts, message.error = Message.State.FAILED, 3, "number out of service"
    message.call_wanted_at = message.at
    message.save()
