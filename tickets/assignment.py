"""Register tickets with the assignment engine: open, unassigned tickets wait for a member."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from comms.models import Medium
from crm.jobs.assignment.work import AssignableWork, MemberLoad, WorkFacts
from crm.jobs.models import Job, Side
from crm.jobs.models.assignment import AssignmentRule
from crm.kernel import formats
from crm.people.models import Property
from crm.platform.models import Member
from tickets.models import Ticket
from tickets.models.ticket_verbs.assignment import assign_tickets

KIND = "tickets"


def create_rule() -> None:
    """Create the first assignment rule of a new tenant: all members, fewest open tickets first."""
    if not AssignmentRule.objects.filter(kind=KIND).exists():
        AssignmentRule.add(KIND, str(_("All conversations")), by=None)


def _open_tickets() -> Any:
    return Ticket.objects.open().for_everybody().filter(merged_into=None)


def _unassigned_tickets() -> Any:
    return _open_tickets().filter(member=None).in_list_order()


def _tickets_of_member(member: Member) -> Any:
    return _open_tickets().filter(member=member)


def _load_by_member() -> Mapping[int, MemberLoad]:
    ours = Q(side=Side.US)
    assigned = _open_tickets().filter(member__isnull=False).order_by().values_list("member_id")
    counts = assigned.annotate(ours=Count("pk", filter=ours), waiting=Count("pk", filter=~ours))
    return {member_id: MemberLoad(ours, waiting) for member_id, ours, waiting in counts}


def facts(tickets: Sequence[Ticket]) -> list[WorkFacts]:
    """Return the attributes of tickets that assignment rules use. Three queries."""
    jobs = Job.objects.in_bulk({ticket.job_id for ticket in tickets if ticket.job_id})
    sites = Property.objects.in_bulk({job.site_id for job in jobs.values() if job.site_id})
    known_people = _known_to(
        {ticket.person_id for ticket in tickets if ticket.person_id}, {ticket.pk for ticket in tickets}
    )
    return [_ticket_facts(ticket, jobs.get(ticket.job_id), sites, known_people) for ticket in tickets]


def _ticket_facts(
    ticket: Ticket, job: Job | None, sites: Mapping[int, Property], known: Mapping[int, int]
) -> WorkFacts:
    site = None
    if job and job.site_id:
        site = sites.get(job.site_id)
    return WorkFacts(
        ticket,
        member_id=ticket.member_id,
        brand_id=ticket.brand_id,
        priority=ticket.priority,
        channel=ticket.source_medium,
        tag_ids=ticket.tag_ids,
        value=formats.whole_units(job.value, job.currency) if job and job.value else None,
        is_sold=job is not None and job.is_sold,
        team_id=ticket.team_id,
        postal_code=site.postcode if site else "",
        state=site.region if site else "",
        knows_id=(job.member_id if job else None) or known.get(ticket.person_id or 0),
        is_waiting=ticket.side != Side.US,
        came_at=ticket.created_at,
    )


def _known_to(people: Iterable[int], besides: Iterable[int]) -> dict[int, int]:
    """Return, by person, the member who has, or last had, another ticket of theirs."""
    theirs = Ticket.objects.for_everybody().filter(person_id__in=list(people), member__isnull=False)
    theirs = theirs.exclude(pk__in=list(besides))
    last = theirs.order_by("person_id", "-last_message_at", "-pk").distinct("person_id")
    return dict(last.values_list("person_id", "member_id"))


def _assign_all(pairs: Sequence[tuple[Ticket, Member | None]], cause: str) -> None:
    assign_tickets(pairs, by=None, cause=cause)


def _recent_tickets(count: int) -> Iterable[Any]:
    return list(Ticket.objects.order_by("-pk")[:count])


TICKETS = AssignableWork(
    kind=KIND,
    label=_("Conversations"),
    model=Ticket,
    permission="tickets.view",
    queue=_unassigned_tickets,
    held=_tickets_of_member,
    loads=_load_by_member,
    facts=facts,
    assign_all=_assign_all,
    recent=_recent_tickets,
    channels=lambda: Medium.choices,
    has_tags=True,
)
