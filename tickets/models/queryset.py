"""QuerySet methods of tickets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from crm.jobs.models import Job, Level
from crm.jobs.models.visibility import limited_to
from crm.platform.database.display import read_for_display
from crm.platform.models import Member, TenantQuerySet
from crm.platform.organization.configuration import directory


def sight_of(member: Member) -> tuple[int, ...]:
    """Return what `visible_to` goes by: nothing for who sees all, else the member and their teams."""
    mine = limited_to(member)
    return () if mine is None else (mine, *(team.pk for team in directory().teams_of(member)))


class TicketQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter the tickets a member may see: their own, their teams', those of jobs they see, and nobody's yet.

        One given to a team is its members' to answer, though the lead is a colleague's: that one they still don't see.
        """
        mine = limited_to(member)
        if mine is None:
            return self
        jobs = Job.objects.visible_to(member).order_by().filter(pk=OuterRef("job_id"))
        seen = Q(member_id=mine) | Q(job__isnull=True, member__isnull=True) | Exists(jobs)
        teams = [team.pk for team in directory().teams_of(member)]
        return self.filter(seen | Q(team_id__in=teams) if teams else seen)

    def open(self) -> Self:
        return self.filter(level__lt=Level.ENDED)

    def awake(self, now: datetime) -> Self:
        """Leave out those that are snoozed."""
        return self.exclude(snoozed_until__gt=now)

    def to_look_at(self, attnames: Sequence[str]) -> list[Any]:
        """Read tickets for display only (crm/platform/database/display.py)."""
        return read_for_display(self, attnames)

    def waiting(self) -> Self:
        """Filter tickets whose customer wrote and is not answered."""
        return self.filter(waiting_since__isnull=False)

    def in_list_order(self) -> Self:
        """Order by urgency: by level, then by when it is due. One index, one keyset."""
        return self.order_by("level", "sort_at", "id")
