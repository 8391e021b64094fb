"""Settings: the members' work and limits, who is available now, and upcoming absences."""

from typing import NamedTuple

from crm.jobs.assignment.explanation import VERDICTS
from crm.jobs.assignment.features import MANAGE
from crm.jobs.assignment.pool import Pool
from crm.jobs.assignment.ranking import AT_WORK, CandidateVerdict
from crm.jobs.assignment.views.absence_words import AbsenceWords, describe_absence
from crm.jobs.assignment.work import AssignableWork, kinds
from crm.jobs.models.assignment import AssignmentPolicy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


class LoadWords(NamedTuple):
    """A member's load and limit for a kind of work; None: no limit."""

    kind: str
    load: float
    limit: int | None
    is_full: bool


class WorkloadLine(NamedTuple):
    """A member in the list."""

    member: Member
    presence: str
    is_at_work: bool
    loads: list[LoadWords]
    skills: str
    territories: str


@settings_page("jobs:workload", MANAGE, "jobs/assignment/workload.html")
def workload(request: TenantRequest) -> Context:
    """List the active members with their work, and upcoming absences."""
    pools = [(work, _pool_now(work)) for work in kinds()]
    reader = Reader.of(request.member, clock.now())
    setup = assignment_setup()
    coming = sorted((one for absences in setup.absences.values() for one in absences), key=lambda one: one.starts_at)
    away: list[tuple[Member, AbsenceWords]] = [
        (directory().members[one.member_id], describe_absence(one, reader))
        for one in coming
        if one.ends_at is None or one.ends_at > reader.now
    ]
    active = [member for member in directory().members.values() if member.active]
    return {"lines": [_member_line(member, pools) for member in active], "away": away, "kinds": kinds()}


def _pool_now(work: AssignableWork) -> Pool:
    return Pool.of_now(work, assignment_setup().policies.get(work.kind) or AssignmentPolicy(kind=work.kind))


def _member_line(member: Member, pools: list[tuple[AssignableWork, Pool]]) -> WorkloadLine:
    setup = assignment_setup()
    candidates = [(work, pool.candidates[member.pk]) for work, pool in pools]
    # Their role may bar them from one kind of work, and not from another.
    presence = next(
        (one.presence for _work, one in candidates if one.presence is not CandidateVerdict.BARRED),
        CandidateVerdict.BARRED,
    )
    loads = [
        LoadWords(work.kind, one.load / 100, None if one.limit is None else one.limit // 100, one.is_full)
        for work, one in candidates
    ]
    skills = [row.name for pk, row in setup.skills.items() if pk in setup.skills_of.get(member.pk, ())]
    areas = [row.name for pk, row in setup.territories.items() if pk in setup.territories_of.get(member.pk, ())]
    return WorkloadLine(
        member, str(VERDICTS[presence]), presence in AT_WORK, loads, ", ".join(skills), ", ".join(areas)
    )
