"""What a customer has to do: what they are asked for, and times to confirm."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.appointments.links import Link
from crm.platform.tenancy.context import required_tenant_id
from portal.job.calendar import CustomerCalendar
from portal.job.reading import Asked, Coming, Story


@dataclass(frozen=True)
class Task:
    """Something to do. `act`: what its button says, and where it leads."""

    title: str
    text: str
    url: str
    act: str
    icon: str


def tasks_of(story: Story, company: str) -> list[Task]:
    """List what to do, what is asked for first."""
    asked = [_asked(one, story.calendar, company, story.job.number) for one in story.asked]
    to_confirm = [one for one in story.coming if one.held_until or not (one.is_confirmed or one.is_being_moved)]
    return asked + [_to_confirm(one, story.calendar) for one in to_confirm]


def _asked(one: Asked, calendar: CustomerCalendar, company: str, number: int) -> Task:
    parts = [one.reason and _("Please send it again: %(reason)s") % {"reason": one.reason}, one.note]
    parts.append(_("Until %(day)s.") % {"day": calendar.say(one.due)} if one.due else "")
    url = reverse("portal:documents", kwargs={"company": company, "number": number}) + f"#asked-{one.uid}"
    return Task(one.title, " ".join(filter(None, parts)), url, _("Send it"), "upload")


def _to_confirm(one: Coming, calendar: CustomerCalendar) -> Task:
    title = _("Does this time suit you?")
    text = _("%(what)s, %(when)s") % {"what": one.what, "when": calendar.moment(one.offered or one.starts)}
    if one.held_until:
        text = _("%(said)s. We hold it until %(until)s.") % {"said": text, "until": calendar.moment(one.held_until)}
    return Task(title, text, appointment_address(one), _("Confirm"), "calendar-clock")


def appointment_address(one: Coming) -> str:
    """Return the customer's own page of an appointment, where they confirm it or ask for another time."""
    token = Link(required_tenant_id(), one.uid).token()
    return f"{settings.SITE_URL}{reverse('customer_appointment', args=[token])}"
