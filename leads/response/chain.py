"""Escalation of an unanswered new lead by its working minutes: the next rep, the whole team, the managers.

What the rules gave a rep who says nothing goes to the next one, then to whoever is first. What a person was given by a
colleague, or has taken, stays theirs: of that only the managers hear, once the first step's time is up.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm.jobs.assignment import engine
from crm.jobs.bulk.verbs import assign_each
from crm.jobs.models import Job
from crm.jobs.models.assignment import Placement
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from leads import assignment
from leads.models import FirstContact, ResponsePolicy
from leads.models.first_contact import Rung
from leads.models.response_policy import response_policy
from leads.response import notices
from leads.response.first_contact import CLIMB, settle


def rungs(row: FirstContact, policy: ResponsePolicy) -> list[tuple[Rung, datetime]]:
    """Return when a lead reaches each remaining escalation level, in order; none after the managers'."""
    minutes = ((Rung.NEXT, policy.next_after), (Rung.TEAM, policy.team_after))
    wanted = [(rung, row.minutes_after(after)) for rung, after in minutes if after is not None and rung > row.rung]
    levels = [(rung, at) for rung, at in wanted if at < row.due_at]
    if row.rung < Rung.MANAGERS:
        return [*levels, (Rung.MANAGERS, row.due_at)]
    return []


def climb(job_ids: Sequence[int]) -> None:
    """Escalate leads to the level their waiting time has reached (due work)."""
    for job_id in sorted(job_ids):
        _escalate_lead(job_id)


@transaction.atomic
def _escalate_lead(job_id: int) -> None:
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return
    job.lock()
    # The events may be on their way still: what happened counts.
    settle([job_id])
    row = FirstContact.objects.select_related("job").filter(pk=job_id).first()
    if row is None or row.contacted_at or not job.is_open:
        return
    if row.rung == Rung.OWNER and row.given_to_id is None:
        _notify_owner(row, job)
    for rung, at in rungs(row, response_policy()):
        if at > clock.now():
            due.schedule(CLIMB, job_id, at)
            break
        row.rung = max(rung, row.rung)
        _STEPS[rung](row, job)
    row.save(update_fields=FirstContact.LADDER)


def _notify_owner(row: FirstContact, job: Job) -> None:
    """Notify the owner the rules chose; without one, offer the lead to the team."""
    if job.member_id is None:
        engine.assign(assignment.KIND, job)
    if job.member_id is None:
        _offer_to_team(row, job)
        return
    last = Placement.objects.filter(kind=assignment.KIND, subject_id=job.pk).order_by("-pk").first()
    if last is not None and last.member_id == job.member_id:
        row.given_to_id = job.member_id


def _pass_on(row: FirstContact, job: Job) -> None:
    """Assign it to the next rep by the rules, if its present one does not respond."""
    if _is_somebodys(row, job):
        return
    before = job.member_id
    if before is not None and assignment_setup().rules_of(assignment.KIND):
        engine.place(assignment.LEADS, [job], relieve=True, cause=engine.UNANSWERED)
        row.given_to_id = job.member_id
        notices.tell_passed_on(job, before)
    if job.member_id is None:
        _offer_to_team(row, job)


def _offer_to_team(row: FirstContact, job: Job) -> None:
    """Offer it to the team: the first member to take it becomes the owner."""
    row.rung = Rung.TEAM
    if _is_somebodys(row, job):
        return
    before = job.member_id
    if before is not None:
        assign_each([(job, None)], by=None, cause=engine.UNANSWERED)
        row.given_to_id = None
    row.offered_to = [member.pk for member in _offered_members(job)]
    notices.tell_offered(job, row.offered_to)


def _call_managers(row: FirstContact, job: Job) -> None:
    """Notify the managers that its time is up; an unassigned lead is assigned by the rules again."""
    notices.tell_unanswered(job, [member.pk for member in _members_allowed("jobs.assign")])
    if job.member_id is None:
        engine.assign(assignment.KIND, job)


_STEPS = {Rung.NEXT: _pass_on, Rung.TEAM: _offer_to_team, Rung.MANAGERS: _call_managers}


def _is_somebodys(row: FirstContact, job: Job) -> bool:
    """True if a member has taken the lead, or a person assigned it to its present owner."""
    return row.taken_at is not None or (job.member_id is not None and job.member_id != row.given_to_id)


def _offered_members(job: Job) -> list[Member]:
    """Return the members it is offered to: the rule's team, else all sellers; absent members are left out."""
    rule = engine.rule_for(assignment.facts([job])[0], assignment_setup().rules_of(assignment.KIND))
    team = None
    if rule and rule.team_id:
        team = directory().teams.get(rule.team_id)
    candidates = []
    if team:
        candidates = [member for member in directory().members_of(team) if member.active]
    candidates = candidates or _members_allowed(assignment.SELL)
    setup = assignment_setup()
    now = clock.now()
    there = [one for one in candidates if not setup.absence_of(one.pk, now) and not setup.is_paused(one.pk, now)]
    return there or _members_allowed("jobs.assign")


def _members_allowed(permission: str) -> list[Member]:
    return [member for member in directory().members.values() if member.active and allows(member, permission)]


def note_taken(assigned: Sequence[Event]) -> None:
    """Record who took an offered lead, or was assigned to it, and notify the others (subscriber)."""
    for event in assigned:
        if event.actor_id and event.data.get("to"):
            _note_taken(event)


@transaction.atomic
def _note_taken(event: Event) -> None:
    rows = FirstContact.objects.select_for_update(of=("self",)).select_related("job")
    row = rows.filter(pk=event.job_id, contacted_at=None).first()
    if row is None or row.job.member_id != event.data["to"]:
        return
    if row.taken_by_id != row.job.member_id:
        row.taken_by_id = row.job.member_id
        row.taken_at = event.at
        row.save(update_fields=["taken_by", "taken_at"])
    if row.offered_to:
        notices.tell_taken(row)
