"""Send a message as the composer does: the same channels, templates, checks and gate. Nothing bypasses them."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.conversations.ticket_verbs import find_job, find_person, find_ticket
from api.resources.jobs.job_verbs import LATEST
from comms.composer.composer import Composer
from comms.composer.matter import Matter
from comms.composer.sending import send
from comms.composer.written_message import subject_of_answer
from comms.gate.verdict import GateVerdict
from comms.models import Medium, Message
from comms.models.outbound import UNDO_HOLD
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from tickets.inbox.replies import SOLVE, add_reply
from tickets.inbox.ticket_matter import matter_of

# What drafts of the API are kept under: never over what the member is writing on the page.
ABOUT = "api"


@dataclass
class FilledForm:
    """The request as a composer reads it: the author, and the fields of its form."""

    member: Member
    POST: QueryDict = field(default_factory=partial(QueryDict, mutable=True))
    GET: QueryDict = field(default_factory=QueryDict)
    method: str = "POST"


def send_message(values: dict[str, Any], *, by: Member) -> tuple[Message, GateVerdict]:
    """Queue the message of a body; returns it with what the gate says now.

    Raises Http404 for an unknown ticket, job or customer, Refused for what can't be sent and why.
    """
    named = [name for name in ("ticket", "job", "person") if name in values]
    if len(named) != 1:
        raise conflict_at("", _("Name a ticket, a job, or a person."))
    sent = None
    if "ticket" in values:
        ticket = find_ticket(values["ticket"], by)
        ticket.lock()
        ticket.refuse_closed()
        matter = matter_of(ticket, url="", back="", about=f"{ABOUT} {ticket.pk}")
        then = ""
        if values["solve"]:
            then = SOLVE
        sent = partial(_add_to_ticket, ticket, by, then)
    elif values["solve"]:
        raise conflict_at("/solve", _("Only a ticket can be solved."))
    else:
        matter = _matter_of_customer(values, by)
    composer = _fill_in(matter, values, by)
    return send(composer, sent), composer.gate.verdict


def _add_to_ticket(ticket: Any, by: Member, then: str, message: Message) -> None:
    add_reply(ticket, message, by=by, then=then)


def _matter_of_customer(values: dict[str, Any], by: Member) -> Matter:
    if "job" in values:
        job = find_job(values["job"], by)
        return Matter(job.title, directory().brands[job.brand_id], job.person, "", "", job=job, about=ABOUT)
    person = find_person(values["person"], by)
    return Matter(person.name, _brand_for(person, by), person, "", "", about=ABOUT)


def _brand_for(person: Person, by: Member) -> Brand:
    """Return the brand of the customer's latest job that the member sees, else the default one."""
    job = Job.objects.visible_to(by).filter(person=person).order_by("-pk").first()
    if job:
        return directory().brands[job.brand_id]
    return directory().default_brand


def _fill_in(matter: Matter, values: dict[str, Any], by: Member) -> Composer:
    """Return the composer with the values of the body. Raises Refused, or Problem (409)."""
    form = FilledForm(by)
    form.POST["medium"] = values.get("medium", "")
    composer = Composer(cast("TenantRequest", form), matter)
    if composer.way is None:
        raise Refused(_("There is no channel by which this customer can be reached."))
    if "medium" in values and composer.way.medium != values["medium"]:
        raise conflict_at("/medium", _("The customer can’t be reached this way."))
    _write(composer, values)
    if "to" in values and values["to"].casefold() not in [
        point.value.casefold() for point in composer.recipient.addresses
    ]:
        raise conflict_at("/to", _("Choose an address of the customer."))
    return composer


def _write(composer: Composer, values: dict[str, Any]) -> None:
    """Write the message: its text, or a template filled in, where it goes and when it leaves."""
    written = composer.written
    written.to = values.get("to", "")
    written.cc = values.get("cc", [])
    if "template" in values:
        if "text" in values:
            raise conflict_at("/text", _("Send a text, or a template."))
        offer = next((one for one in composer.offers if one.template.name == values["template"]), None)
        if offer is None:
            raise conflict_at("/template", _("There is no “%(name)s”.") % {"name": values["template"]})
        written.given = {name: text for name, text in values.get("values", {}).items() if text}
        composer.text.use_template(offer.version)
    else:
        written.text = values.get("text", "").strip()
        written.is_typed = True
    if composer.way.medium == Medium.EMAIL:
        answered = written.subject or subject_of_answer(composer.matter, composer.way)
        written.subject = values.get("subject", answered)
    if "send_at" in values:
        if not clock.now() + UNDO_HOLD < values["send_at"] < LATEST:
            raise conflict_at("/send_at", _("Choose a time in the future."))
        local = values["send_at"].astimezone(composer.reader.zone)
        written.day = local.date().isoformat()
        written.clock = local.time().isoformat()
