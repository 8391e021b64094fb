"""Pool: all members as candidates for one kind of work, as they are at an instant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.jobs.assignment.ranking import (
    WHOLE,
    AssignmentCandidate,
    AssignmentChoice,
    AssignmentNeeds,
    CandidateVerdict,
    choose,
)
from crm.jobs.assignment.work import AssignableWork, MemberLoad, WorkFacts
from crm.jobs.models.assignment import AssignmentPolicy, AssignmentRule, AssignmentTurn
from crm.jobs.models.assignment.setup import AssignmentSetup, assignment_setup
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.database import bulk_write
from crm.platform.models import Member
from crm.platform.organization.configuration import Directory, directory


@dataclass
class Pool:
    """The candidates of a choice. Each assignment updates their loads and turns in memory at once."""

    work: AssignableWork
    policy: AssignmentPolicy
    at: datetime
    candidates: dict[int, AssignmentCandidate]
    here: Directory = field(default_factory=directory)
    setup: AssignmentSetup = field(default_factory=assignment_setup)
    last_turn: int = 0
    given: set[int] = field(default_factory=set)
    # Kept, for a batch asks the same of a thousand rows.
    _teams: dict[int | None, Collection[int]] = field(default_factory=dict)
    _areas: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of_now(cls, work: AssignableWork, policy: AssignmentPolicy) -> "Pool":
        """Load the members as of now, with their open work and last turns. Three queries."""
        now = clock.now()
        seen = dict(Member.objects.active().values_list("pk", "seen_at"))
        turns = dict(AssignmentTurn.objects.filter(kind=work.kind).values_list("member_id", "turn"))
        pool = cls.at_instant(work, policy, now, seen=seen)
        loads = work.loads()
        for pk, candidate in pool.candidates.items():
            candidate.load = pool.weight(loads.get(pk, MemberLoad()))
            candidate.turn = turns.get(pk, 0)
        pool.last_turn = max(turns.values(), default=0)
        return pool

    @classmethod
    def at_instant(
        cls,
        work: AssignableWork,
        policy: AssignmentPolicy,
        at: datetime,
        *,
        seen: Mapping[int, datetime | None] | None = None,
    ) -> "Pool":
        """Return the members as of an instant, with no open work. Without `seen`, all count as recently active."""
        pool = cls(work, policy, at, {})
        for member in pool.here.members.values():
            limit = pool.setup.limit_of(member.pk, work.kind)
            pool.candidates[member.pk] = AssignmentCandidate(
                member.pk,
                pool.presence(member, seen),
                pool.setup.skills_of.get(member.pk, frozenset()),
                pool.setup.territories_of.get(member.pk, frozenset()),
                limit=None if limit is None else limit * WHOLE,
            )
        return pool

    def is_of_everybody(self, member: Member) -> bool:
        """Return True if a rule without a team includes this member."""
        needed = (self.work.permission, self.work.usual_permission or self.work.permission)
        return member.active and all(allows(member, permission) for permission in needed)

    def presence(self, member: Member, seen: Mapping[int, datetime | None] | None = None) -> CandidateVerdict:
        """Return whether a member is available, or what prevents new work for them."""
        if not member.active:
            return CandidateVerdict.GONE
        if not allows(member, self.work.permission):
            return CandidateVerdict.BARRED
        if self.setup.absence_of(member.pk, self.at):
            return CandidateVerdict.ABSENT
        if self.setup.is_paused(member.pk, self.at):
            return CandidateVerdict.PAUSED
        hours = self.setup.hours_of(member.pk)
        if hours is not None and not hours.between(self.at, self.at + timedelta(seconds=1)):
            return CandidateVerdict.OFF
        last = self.at if seen is None else seen.get(member.pk)
        lately = last is not None and last >= self.at - timedelta(minutes=self.policy.away_minutes)
        return CandidateVerdict.ACTIVE if lately else CandidateVerdict.AWAY

    def weight(self, load: MemberLoad) -> int:
        """Return the weight of a piece of work, in hundredths."""
        return load.ours * WHOLE + load.waiting * self.policy.waiting_percent

    def choose_for(self, facts: WorkFacts, rule: AssignmentRule, *, relieve: int | None = None) -> AssignmentChoice:
        """Choose by a rule who gets a row, and count it. `relieve`: the current member, who is to be replaced."""
        choice = choose(self._requirements(facts, rule, relieve), self.candidates)
        if choice.member_id is not None:
            self.count(choice.member_id, facts)
        return choice

    def count(self, member_id: int, facts: WorkFacts) -> None:
        """Count a row as given to a member: their load grows, and they go to the end of the line."""
        candidate = self.candidates[member_id]
        candidate.load += self.weight(MemberLoad(waiting=1) if facts.is_waiting else MemberLoad(ours=1))
        self.last_turn += 1
        candidate.turn = self.last_turn
        self.given.add(member_id)

    def save_turns(self) -> None:
        """Save the turns of the members who got work."""
        rows = [{"member": pk, "turn": self.candidates[pk].turn} for pk in sorted(self.given)]
        bulk_write.execute(_TURNS, "member bigint, turn bigint", rows, kind=self.work.kind, now=self.at)

    def _requirements(self, facts: WorkFacts, rule: AssignmentRule, relieve: int | None) -> AssignmentNeeds:
        return AssignmentNeeds(
            team=self._team_members(facts.team_id or rule.team_id),
            fallback=self._team_members(rule.fallback_team_id) if rule.fallback_team_id else (),
            last_resort=self._cover_of(rule.last_resort_id),
            skill=facts.skill_id or rule.skill_id,
            territories=self._covering_territories(facts.postal_code, facts.state) if rule.uses_territory else None,
            knows=facts.knows_id if rule.is_sticky else None,
            had=relieve,
            strategy=rule.strategy,
            waits_for_hours=rule.waits_for_hours,
        )

    def _covering_territories(self, postal_code: str, state: str) -> frozenset[int]:
        if (postal_code, state) not in self._areas:
            self._areas[postal_code, state] = self.setup.covering(postal_code, state)
        return self._areas[postal_code, state]

    def _team_members(self, team_id: int | None) -> Collection[int]:
        if team_id not in self._teams:
            self._teams[team_id] = self._members_of(team_id)
        return self._teams[team_id]

    def _members_of(self, team_id: int | None) -> Collection[int]:
        if team_id is None:
            # Nobody reads a log of those who are not among them.
            return [pk for pk in self.candidates if self.is_of_everybody(self.here.members[pk])]
        return [member.pk for member in self.here.members_of(self.here.teams[team_id]) if member.active]

    def _cover_of(self, member_id: int | None) -> int | None:
        absence = None
        if member_id:
            absence = self.setup.absence_of(member_id, self.at)
        if absence and absence.cover_id:
            return absence.cover_id
        return member_id


_TURNS = """
    insert into jobs_assignmentturn (tenant_id, kind, member_id, turn, at)
    select %(tenant)s::bigint, %(kind)s, row.member, row.turn, %(now)s::timestamptz from {rows}
    on conflict (tenant_id, kind, member_id) do update set turn = excluded.turn, at = excluded.at"""
