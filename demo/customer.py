"""The customer a visitor plays: they have begun to set their page up, asked something on it, and were answered."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from comms.models import Channel, Direction, Medium, Message, Purpose
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Role
from crm.platform.organization.configuration import directory
from portal.models import Onboarding, PortalAccess
from portal.models.onboarding import Step
from tickets.matching.outgoing import place_ours
from tickets.matching.placement import place_messages

# What they ask, what service answers, and the subject of the mail that carries it.
TALK = {
    "en": (
        "Hi! Does the dumpster stay over the weekend? We have guests on Saturday and need the drive.",
        "It leaves on Friday before five, and we sweep the drive with a magnet first. Your guests can park there.",
        "Your message about the dumpster",
    ),
    "nl": (
        "Hoi! Gaat de stroom er lang af? Ik werk thuis en heb om elf uur een vergadering.",
        "Ongeveer een uur, en we beginnen er pas na twaalven mee. Je vergadering gaat dus gewoon door.",
        "Je bericht over de stroom",
    ),
}


def create_customer(slug: str, now: datetime) -> None:
    """Create it inside the tenant, after its people."""
    point = ContactPoint.objects.filter(value=f"customer@{slug}.example").select_related("person").first()
    if point is not None:
        done = {str(step): (now - timedelta(days=9)).isoformat() for step in (Step.PLACES, Step.TEAM)}
        Onboarding.objects.create(person_id=point.person_id, started_at=now - timedelta(days=10), confirmed=done)
        create_talk(point, now)


def create_talk(point: ContactPoint, now: datetime) -> None:
    """Create what they asked and what service answered."""
    # The job in work, whose page they look at.
    found = Job.objects.filter(person=point.person, project__finished_at=None, project__starts_on__lte=now.date())
    job = found.select_related("brand").order_by("-project__starts_on", "pk").first()
    if job is None:
        return
    said = TALK.get(job.brand.language, TALK["en"])
    answered = _in_our_hours(job, now)
    asked = answered - timedelta(minutes=40)
    with clock.at(asked):
        place_messages(_asked(point, job, said[0], asked))
    with clock.at(answered):
        place_ours(_answered(point, job, said[1:], answered))
    PortalAccess.objects.filter(person=point.person).update(seen_at=answered + timedelta(minutes=9))


def _in_our_hours(job: Job, now: datetime) -> datetime:
    """Return when service last worked, yesterday or before."""
    hours = directory().calendars[directory().calendar_of(job.brand_id) or 0]
    tried = (now - timedelta(hours=back) for back in range(25, 24 * 14))
    return next((at for at in tried if hours.between(at, at + timedelta(seconds=1))), now - timedelta(hours=25))


def _asked(point: ContactPoint, job: Job, text: str, at: datetime) -> Message:
    message: Message = Message.objects.create(
        medium=Medium.PORTAL,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        text=text,
        at=at,
        provider_id=str(uuid5(NAMESPACE_URL, f"{job.tenant_id}:portal")),
        **_about(point, job, point.person),
    )
    return message


def _answered(point: ContactPoint, job: Job, said: tuple[str, ...], at: datetime) -> Message:
    author = next(one for one in directory().members.values() if one.role == Role.SERVICE)
    channel = Channel.objects.filter(brand=job.brand, medium=Medium.EMAIL, role="support").order_by("pk").first()
    message: Message = Message.objects.create(
        medium=Medium.EMAIL,
        direction=Direction.OUT,
        state=Message.State.SENT,
        purpose=Purpose.SERVICE,
        channel=channel,
        author=author,
        text=said[0],
        subject=said[1],
        at=at,
        sent_at=at,
        **_about(point, job, point.person),
    )
    return message


def _about(point: ContactPoint, job: Job, person: Person) -> dict[str, object]:
    return {
        "brand": job.brand,
        "person": person,
        "contact_point": point,
        "job": job,
        "address": point.value,
        "address_name": person.name,
    }
