"""Participants of a ticket: add, remove, set the role; and set the requester."""

from functools import partial
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.jobs.customer_visibility import person_refusal, visible_people
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people import correction
from crm.people.identity.names import is_name
from crm.people.models import Person
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.readable_address import readable_address
from crm.web.actions.row_action import InvalidForm, Toast
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from tickets.inbox.views.conversation import head_context, visible_ticket
from tickets.models import Participant, Ticket
from tickets.models.participant import Role
from tickets.participants import people as found_people
from tickets.participants.signature import sender_details
from tickets.participants.visibility import sees
from tickets.views.ticket_action import TicketAction, sheet, ticket_label


class ParticipantAction(TicketAction):
    """An action on participants, which is valid for any status of the ticket."""

    def check(self, request: TenantRequest, row: Ticket) -> None:
        """Skip the version check: the model methods compare what matters."""

    def answer(self, request: TenantRequest, row: Ticket, toast: Toast) -> HttpResponse:
        """Also render the panel beside the conversation, because it lists the participants."""
        response = super().answer(request, row, toast)
        if request.htmx and request.POST.get("on") == "conversation":
            ticket = visible_ticket(request, row.number)
            reader = Reader.of(request.member, clock.now())
            context = head_context(request, ticket, reader) | {"oob": True}
            response.content += render_to_string("tickets/_person.html", context, request).encode()
        return response


action = ParticipantAction()


def _ask_people(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    rows = ticket.participants.select_related("person").order_by("-is_requester", "pk")
    query = request.GET.get("q", "")[:200].strip()
    context = {
        "lines": [(one, sees(one)) for one in rows],
        "roles": Role.choices,
        "query": query,
        "found": found_people.search_people(query, request.member) if query else [],
        "given": request.POST,
        "problem": problem,
    }
    return sheet(request, ticket, "people", context, status=422 if problem else 200)


@action(ask=_ask_people)
def people(request: TenantRequest, ticket: Ticket) -> str:
    """Add a participant by address or from known people; or show the participants."""
    role = request.POST.get("role", Role.OTHER)
    if role not in Role.values:
        raise Http404
    try:
        _kind, address = found_people.read_address(
            request.POST.get("address", "").strip()[:300], _brand_country(ticket)
        )
        person = _find_person(request.POST.get("person", ""), request.member)
        name = " ".join(request.POST.get("name", "").split())
        Participant.add(ticket, address=address, name=name, role=role, person=person, by=request.member)
    except Refused as why:
        raise InvalidForm(partial(_ask_people, request, ticket, str(why))) from None
    return _("%(address)s is a participant now.") % {"address": name or address}


@action()
def change_role(request: TenantRequest, ticket: Ticket) -> str:
    """Set a participant's role."""
    one = _find_participant(request, ticket)
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    one.set_role(role, by=request.member)
    return _("%(name)s: %(role)s.") % {"name": one.name or one.address, "role": one.get_role_display()}


@action()
def confirm_participant(request: TenantRequest, ticket: Ticket) -> str:
    """Confirm an author as a participant."""
    one = _find_participant(request, ticket)
    one.confirm(by=request.member)
    return _("%(name)s is a participant now: replies may go there.") % {"name": one.name or one.address}


@action()
def remove_participant(request: TenantRequest, ticket: Ticket) -> str:
    """Remove a participant."""
    one = _find_participant(request, ticket)
    one.remove(by=request.member)
    return _("%(name)s is no longer a participant.") % {"name": one.name or one.address}


def _find_participant(request: TenantRequest, ticket: Ticket) -> Participant:
    try:
        uid = UUID(request.POST.get("participant", ""))
    except ValueError:
        raise Http404 from None
    one: Participant | None = ticket.participants.filter(uid=uid).first()
    if one is None:
        raise Http404
    one.ticket = ticket
    return one


def _brand_country(ticket: Ticket) -> str:
    return str(ticket.brand.country)


# Whose matter it is


def _ask_person(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    query = request.GET.get("q", "")[:200].strip()
    is_unknown = Q(person__isnull=True) | Q(person__unconfirmed_since__isnull=False)
    unknown = ticket.participants.filter(is_unknown).order_by("-is_requester", "pk").first()
    name = ""
    if unknown and is_name(unknown.name):
        name = unknown.name
    address = ""
    if unknown:
        address = readable_address(unknown.address)
    context = {
        "query": query,
        "found": found_people.search_people(query, request.member) if query else [],
        "on_it": found_people.on_ticket(ticket, request.member),
        "name": request.POST.get("name", name),
        "address": request.POST.get("address", address),
        "may_merge": bool(ticket.person and ticket.person.unconfirmed_since) and allows(request.member, "people.merge"),
        "problem": problem,
    }
    return sheet(request, ticket, "person", context, status=422 if problem else 200)


@action("ticket.person_changed", ask=_ask_person)
def person(request: TenantRequest, ticket: Ticket) -> str:
    """Set the requester: a known person or a new one; or show the choices."""
    try:
        chosen = _find_person(request.POST.get("person", ""), request.member) or found_people.somebody_new(
            request.POST.get("name", ""),
            request.POST.get("address", "")[:300],
            ticket=ticket,
            by=request.member,
        )
        ticket.set_person(chosen, by=request.member)
    except Refused as why:
        raise InvalidForm(partial(_ask_person, request, ticket, str(why))) from None
    return _("%(title)s: customer changed. Replies go to them.") % {"title": ticket_label(ticket)}


def _find_person(text: str, member: Member) -> Person | None:
    """Return a person by public id, if visible to the member; None without an id. Raises Http404."""
    if not text:
        return None
    try:
        person: Person | None = visible_people(member).filter(uid=UUID(text)).first()
    except ValueError:
        person = None
    if person is None:
        raise Http404
    return person


@action()
def take_details(request: TenantRequest, ticket: Ticket) -> str:
    """Save a name, address or number found in the customer's messages. Raises Refused."""
    details = sender_details(ticket, request.member)
    customer = ticket.person
    value = request.POST.get("value", "")
    if customer is None:
        raise Http404
    jobs = Job.objects.visible_to(request.member).filter(person=customer)
    if why := person_refusal(customer, jobs, by=request.member):
        raise Refused(why)
    if value and value == details.name:
        correction.rename(customer, value, by=request.member)
        return _("The customer is called %(name)s now.") % {"name": value}
    kind = next((kind for kind, point in details.points if point == value), "")
    if not kind:
        raise Refused(_("This is already on their record."))
    try:
        correction.add_point(customer, kind, value, by=request.member)
    except correction.PointTaken:
        raise Refused(_("This is confirmed as another customer’s. Compare the two records.")) from None
    return _("%(value)s is added.") % {"value": readable_address(value)}
