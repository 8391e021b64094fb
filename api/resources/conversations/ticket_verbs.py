"""Verbs of a ticket as the bodies of requests ask for them: open, assign, tag."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from api.requests.problems import Problem, conflict_at
from api.resources.jobs.job_serializers import PRIORITIES
from api.resources.named_setup import find_brand, find_member
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.tag import Tag, tags
from crm.people.models import Person
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from tickets.models import Entry, Ticket
from tickets.views.ticket_verbs import receivers, teams


def find_job(number: int, member: Member) -> Job:
    """Return a job that a member may see. Raises Http404."""
    job: Job | None = Job.objects.visible_to(member).filter(number=number).first()
    if job is None:
        raise Http404
    return job


def find_person(uid: Any, member: Member) -> Person:
    """Return a customer among those that a member may see. Raises Http404."""
    person: Person | None = visible_people(member).filter(uid=uid).first()
    if person is None:
        raise Http404
    return person


def open_ticket(values: dict[str, Any], *, by: Member) -> Ticket:
    """Open the ticket of a body. Raises Http404, or Problem (409) for what names nothing."""
    job = None
    if "job" in values:
        job = find_job(values["job"], by)
    person = None
    if "person" in values:
        person = find_person(values["person"], by)
    elif job:
        person = job.person
    if job is None and person is None:
        raise conflict_at("/person", _("A ticket is of a customer or of a lead."))
    brand = find_brand(values.get("brand"))
    if job and "brand" not in values:
        brand = directory().brands[job.brand_id]
    priority = next(number for number, name in PRIORITIES.items() if name == values["priority"])
    ticket = Ticket.begin(by=by, brand=brand, subject=values["subject"], person=person, job=job, priority=priority)
    if values.get("note", "").strip():
        Entry.write(ticket, values["note"], by=by)
    return ticket


def assign_ticket(ticket: Ticket, values: dict[str, Any], *, by: Member) -> None:
    """Assign a locked ticket to the member or team of a body. Raises Problem (403) where the role does not allow it."""
    if not values:
        raise conflict_at("", _("Choose a member or a team."))
    if "member" in values:
        member = find_member(values["member"]) if values["member"] else None
        if member != directory().members.get(ticket.member_id or 0):
            if member not in receivers(ticket, by):
                raise _not_allowed()
            ticket.assign_to(member, by=by)
    if "team" in values:
        team = _find_team(values["team"], by)
        ticket.give_to_team(team, by=by)


def _find_team(uid: Any, by: Member) -> Team | None:
    choices = teams(by)
    if not choices:
        raise _not_allowed()
    if uid is None:
        return None
    team = next((one for one in choices if one.uid == uid), None)
    if team is None:
        raise conflict_at("/team", _("There is no such team."))
    return team


def _not_allowed() -> Problem:
    return Problem(403, _("The role of the token’s member does not allow this."))


def tag_ticket(ticket: Ticket, values: dict[str, Any], *, by: Member) -> None:
    """Add and remove the tags of a body. Raises Problem (409) for a tag that is not there."""
    added = _find_tags(values.get("add", []), tags().live, "/add")
    removed = _find_tags(values.get("remove", []), list(tags().all.values()), "/remove")
    ticket.tag(added, removed, by=by)


def _find_tags(names: list[str], offered: list[Tag], pointer: str) -> list[Tag]:
    """Return the tags of these names. Raises Problem (409) for one that is not offered."""
    by_name = {tag.name.casefold(): tag for tag in offered}
    chosen = []
    for place, name in enumerate(names):
        if name.casefold() not in by_name:
            raise conflict_at(f"{pointer}/{place}", _("There is no “%(name)s”.") % {"name": name})
        chosen.append(by_name[name.casefold()])
    return chosen


def find_ticket(number: int, member: Member) -> Ticket:
    """Return a ticket that a member may see. Raises Http404."""
    ticket: Ticket | None = Ticket.objects.visible_to(member).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket
