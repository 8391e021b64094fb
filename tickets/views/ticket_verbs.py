"""Actions on a ticket: assign, prioritize, snooze, solve, close, reopen."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from crm.jobs.models import Priority, Side
from crm.jobs.models.tag import tags
from crm.jobs.tags.features import MANAGE
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import InvalidForm
from crm.web.reader import Reader
from crm.web.requests.future_morning import MORNING, parse_future_morning
from crm.web.requests.http import TenantRequest
from tickets.models import Ticket
from tickets.views.ticket_action import action, sheet, ticket_label

NOBODY = "nobody"
# When something put off comes back on its day, by the reader's clock; and the farthest such day.
EVENING = time(18)
FARTHEST = timedelta(days=730)
REASON = 120


# Who has it


def receivers(ticket: Ticket, member: Member) -> list[Member | None]:
    """List possible assignees: self and unassigned; with the permission, all colleagues."""
    if allows(member, "tickets.assign"):
        choices: list[Member | None] = [*holders(member)]
    else:
        choices = []
        if ticket.member_id is None:
            choices = [member]
    if ticket.member_id == member.pk or (ticket.member_id and allows(member, "tickets.assign")):
        choices.append(None)
    return [each for each in choices if (each.pk if each else None) != ticket.member_id]


def holders(member: Member) -> list[Member]:
    """List all possible assignees: the member first, then colleagues by name."""
    members = [each for each in directory().members.values() if each.active and allows(each, "tickets.view")]
    return sorted(members, key=lambda each: (each.pk != member.pk, each.name))


def teams(member: Member) -> list[Team]:
    """List the teams a member may give a ticket to."""
    if not allows(member, "tickets.assign"):
        return []
    return sorted((team for team in directory().teams.values() if team.archived_at is None), key=lambda team: team.name)


def _ask_whom(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    owner = None
    if ticket.member_id:
        owner = directory().members.get(ticket.member_id)
    team = None
    if ticket.team_id:
        team = directory().teams.get(ticket.team_id)
    choices = {"receivers": receivers(ticket, request.member), "teams": teams(request.member)}
    return sheet(request, ticket, "assign", {"owner": owner, "team": team, **choices})


@action("ticket.assigned", ask=_ask_whom)
def assign(request: TenantRequest, ticket: Ticket) -> str:
    """Assign the ticket to a member or a team, unassign it, or show the choices."""
    had = None
    if ticket.member_id:
        had = directory().members.get(ticket.member_id)
    if request.POST.get("had", "") != (str(had.uid) if had else NOBODY):
        raise Stale(ticket)
    if "team" in request.POST:
        return _give_to_team(request, ticket)
    wanted = request.POST.get("member", "")
    choices = {str(each.uid) if each else NOBODY: each for each in receivers(ticket, request.member)}
    if wanted not in choices:
        raise Http404
    new = choices[wanted]
    ticket.assign_to(new, by=request.member)
    if new is None:
        return _("%(title)s: unassigned.") % {"title": ticket_label(ticket)}
    return _("%(title)s: assigned to %(name)s.") % {"title": ticket_label(ticket), "name": new.name}


def _give_to_team(request: TenantRequest, ticket: Ticket) -> str:
    choices = {str(team.uid): team for team in teams(request.member)}
    wanted = request.POST["team"]
    if wanted not in choices and wanted != NOBODY:
        raise Http404
    team = choices.get(wanted)
    ticket.give_to_team(team, by=request.member)
    if team is None:
        return _("%(title)s: no team.") % {"title": ticket_label(ticket)}
    return _("%(title)s: assigned to %(name)s.") % {"title": ticket_label(ticket), "name": team.name}


# How urgent it is


def _ask_priority(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    return sheet(request, ticket, "prioritize", {"priorities": Priority.choices})


@action("ticket.prioritized", ask=_ask_priority)
def prioritize(request: TenantRequest, ticket: Ticket) -> str:
    """Set the priority; the clock takes the priority's own target."""
    wanted = request.POST.get("priority", "")
    if wanted not in map(str, Priority.values):
        raise Refused(_("Choose a priority."))
    if request.POST.get("was", str(ticket.priority)) != str(ticket.priority):
        raise Stale(ticket)
    ticket.prioritize(int(wanted), by=request.member)
    words = {"title": ticket_label(ticket), "priority": Priority(ticket.priority).label}
    return _("%(title)s: priority %(priority)s.") % words


# Whose move it is


@action("ticket.turned")
def turn(request: TenantRequest, ticket: Ticket) -> str:
    """Make it the customer's move, or ours again."""
    side = request.POST.get("side", "")
    if side not in (Side.US, Side.CUSTOMER):
        raise Http404
    ticket.turn_to(side, by=request.member, version=request.POST["version"])
    if side == Side.CUSTOMER:
        said_of = _("%(title)s: it is their move.")
    else:
        said_of = _("%(title)s: it is our move.")
    return said_of % {"title": ticket_label(ticket)}


def _ask_reason(request: TenantRequest, ticket: Ticket, problem: str = "", field: str = "") -> HttpResponse:
    today = Reader.of(request.member, clock.now()).today
    days = {"soonest": (today + timedelta(days=1)).isoformat(), "farthest": (today + FARTHEST).isoformat()}
    context = {"given": request.POST, "problem": problem, "field": field, **days}
    return sheet(request, ticket, "pause", context, status=422 if problem else 200)


@action("ticket.paused", ask=_ask_reason)
def pause(request: TenantRequest, ticket: Ticket) -> str:
    """Put it on hold, with a reason and an end, or show the form."""
    reason = " ".join(request.POST.get("reason", "").split())[:REASON]
    if not reason:
        raise InvalidForm(partial(_ask_reason, request, ticket, _("Enter what it is waiting for."), "reason"))
    try:
        until = parse_future_morning(
            request.POST.get("until", ""), Reader.of(request.member, clock.now()), farthest=FARTHEST
        )
        if until is None:
            raise Refused(_("Choose until when to snooze it."))
    except Refused as why:
        raise InvalidForm(partial(_ask_reason, request, ticket, str(why), "until")) from None
    ticket.pause(reason=reason, until=until, by=request.member, version=request.POST["version"])
    return _("%(title)s: on hold, %(reason)s.") % {"title": ticket_label(ticket), "reason": reason}


@action("ticket.resumed")
def resume(request: TenantRequest, ticket: Ticket) -> str:
    """Take it off hold."""
    ticket.resume(by=request.member, version=request.POST["version"])
    return _("%(title)s: resumed.") % {"title": ticket_label(ticket)}


# When it is looked at


def _snooze_times(reader: Reader) -> list[tuple[str, str, str]]:
    """List the snooze choices: form value, label and time."""
    tomorrow = reader.today + timedelta(days=1)
    monday = reader.today + timedelta(days=7 - reader.today.weekday())
    times = [
        (_("This evening"), datetime.combine(reader.today, EVENING, reader.zone)),
        (_("Tomorrow morning"), datetime.combine(tomorrow, MORNING, reader.zone)),
        (_("On Monday"), datetime.combine(monday, MORNING, reader.zone)),
        (_("In a week"), datetime.combine(reader.today + timedelta(days=7), MORNING, reader.zone)),
    ]
    # On a Monday the next one is in a week.
    first = {at: label for label, at in reversed(times)}
    return [(at.isoformat(), label, reader.near(at)) for label, at in times if at > reader.now and first[at] == label]


def _ask_until(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    context = {"times": _snooze_times(reader), "problem": problem, "given": request.POST}
    context |= {"soonest": (reader.today + timedelta(days=1)).isoformat()}
    return sheet(request, ticket, "snooze", context, status=422 if problem else 200)


@action("ticket.snoozed", ask=_ask_until)
def snooze(request: TenantRequest, ticket: Ticket) -> str:
    """Snooze it until a time, or show the choices."""
    reader = Reader.of(request.member, clock.now())
    try:
        until = _time_of(request.POST.get("until", ""), request.POST.get("day", ""), reader)
    except Refused as why:
        raise InvalidForm(partial(_ask_until, request, ticket, str(why))) from None
    ticket.snooze(until, by=request.member)
    return _("%(title)s: back %(when)s.") % {"title": ticket_label(ticket), "when": reader.near(until)}


@action("ticket.woken")
def wake(request: TenantRequest, ticket: Ticket) -> str:
    """End the snooze."""
    ticket.wake(by=request.member)
    return _("%(title)s: back in the inbox.") % {"title": ticket_label(ticket)}


def _time_of(text: str, day: str, reader: Reader) -> datetime:
    """Return the chosen time, or the morning of the chosen day. Raises Refused."""
    if day and (morning := parse_future_morning(day, reader, farthest=FARTHEST)):
        return morning
    try:
        until = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(_("Choose until when to snooze it.")) from None
    if until.tzinfo is None or not reader.now < until < reader.now + FARTHEST:
        raise Refused(_("Choose a time in the future."))
    # Postgres takes no zone beyond sixteen hours.
    return until.astimezone(UTC)


# How it ends


@action("ticket.solved")
def solve(request: TenantRequest, ticket: Ticket) -> str:
    """Mark it as solved."""
    ticket.solve(by=request.member, version=request.POST["version"])
    return _("%(title)s: solved.") % {"title": ticket_label(ticket)}


@action("ticket.closed")
def close(request: TenantRequest, ticket: Ticket) -> str:
    """Close it for good."""
    ticket.close(by=request.member, version=request.POST["version"])
    return _("%(title)s: closed.") % {"title": ticket_label(ticket)}


@action("ticket.reopened")
def reopen(request: TenantRequest, ticket: Ticket) -> str:
    """Open it again."""
    ticket.reopen(by=request.member, version=request.POST["version"])
    return _("%(title)s: reopened.") % {"title": ticket_label(ticket)}


def _ask_why(request: TenantRequest, ticket: Ticket, problem: str = "") -> HttpResponse:
    return sheet(
        request, ticket, "legal_hold", {"given": request.POST, "problem": problem}, status=422 if problem else 200
    )


@action(permission="tickets.set_up", ask=_ask_why)
def legal_hold(request: TenantRequest, ticket: Ticket) -> str:
    """Place or lift the legal hold with a reason; or show the form."""
    places_hold = request.POST.get("held") == "yes"
    reason = request.POST.get("reason", "")
    try:
        if places_hold:
            ticket.place_legal_hold(reason, by=request.member)
        else:
            ticket.lift_legal_hold(reason, by=request.member)
    except Refused as why:
        raise InvalidForm(partial(_ask_why, request, ticket, str(why))) from None
    if places_hold:
        return _("%(title)s: on legal hold.") % {"title": ticket_label(ticket)}
    return _("%(title)s: the legal hold is lifted.") % {"title": ticket_label(ticket)}


def _ask_tags(request: TenantRequest, ticket: Ticket) -> HttpResponse:
    has = ticket.tags
    live = tags().live
    choices = [(tag, tag in has) for tag in [*live, *(tag for tag in has if tag not in live)]]
    return sheet(request, ticket, "tags", {"choices": choices, "may_set_up": allows(request.member, MANAGE)})


@action("ticket.tagged", ask=_ask_tags)
def tag(request: TenantRequest, ticket: Ticket) -> str:
    """Add the tags ticked since the form was shown, and remove the others; or show the form."""
    by_uid = {str(one.uid): one for one in tags().all.values()}
    wanted, had = ({uid for uid in request.POST.getlist(name)[:500] if uid in by_uid} for name in ("tag", "had"))
    added, taken = ([by_uid[uid] for uid in sorted(uids)] for uids in (wanted - had, had - wanted))
    ticket.tag(added, taken, by=request.member)
    if not ticket.tags:
        return _("%(title)s: tags removed.") % {"title": ticket_label(ticket)}
    return _("%(title)s: tagged %(tags)s.") % {
        "title": ticket_label(ticket),
        "tags": ", ".join(one.name for one in ticket.tags),
    }
