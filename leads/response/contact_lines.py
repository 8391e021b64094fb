"""Contact points of a new lead's customer, and their message, for the mail that notifies a member."""

from collections.abc import Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comms.models import Direction, Message
from crm.jobs.models import Job, Note
from crm.kernel import formats
from crm.people.models import ContactPoint
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_contacts import RecordContact

# Of what they wrote so much stands in the mail; the rest on the lead.
LONGEST = 600


def contact_lines(jobs: Sequence[Job], member: Member, reader: Reader) -> dict[int, list[str]]:
    """Return phone, call link, email and message of the leads without a first contact. Three queries."""
    new = [job for job in jobs if job.is_untouched]
    people = [job.person_id for job in new if job.person_id]
    if not new:
        return {}
    points: dict[tuple[int, str], str] = {}
    for point in ContactPoint.objects.filter(person__in=people).verified_first():
        points.setdefault((point.person_id, point.kind), point.value)
    messages = _last_messages(new, member)
    lines: dict[int, list[str]] = {}
    for job in new:
        person_id = job.person_id or 0
        lines[job.pk] = _reach_lines(points.get((person_id, "phone"), ""), points.get((person_id, "email"), ""), reader)
        if job.pk in messages:
            lines[job.pk].append(_("They wrote: %(message)s") % {"message": messages[job.pk]})
    return lines


def _reach_lines(phone: str, email: str, reader: Reader) -> list[str]:
    lines = []
    if phone:
        lines.append(_("Phone: %(number)s") % {"number": formats.phone(phone, reader.country)})
        lines.append(_("Call: %(link)s") % {"link": f"tel:{phone}"})
    if email:
        lines.append(_("Email: %(address)s") % {"address": email})
    return lines


def _last_messages(jobs: Sequence[Job], member: Member) -> dict[int, str]:
    """Return each customer's last message, by a form or a message that the member may read."""
    messages: dict[int, str] = {}
    received = Message.objects.readable_by(member).filter(job__in=jobs, direction=Direction.IN).exclude(text="")
    for message in received.order_by("at", "pk"):
        if message.job_id:
            messages[message.job_id] = _shorten_text(message.text)
    for note in Note.objects.filter(job__in=jobs).exclude(sent_by="").order_by("at", "pk"):
        messages[note.job_id] = _shorten_text(note.body)
    return messages


def _shorten_text(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST)


CONTACT = RecordContact(Job, contact_lines)
