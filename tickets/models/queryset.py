"""QuerySet methods of tickets."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from crm.jobs.models import Job, Level
from crm.jobs.models.visibility import limited_to
from crm.platform.models import Member, TenantQuerySet
from crm.platform.organization.configuration import directory


class TicketQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter tickets visible to a member: their own, their teams', those of visible jobs, and unassigned ones.

        A private one is seen by its one reader and by nobody else, whatever their role.

        One given to a team is its members' to answer, though the lead is a colleague's: that one they still don't see.
        """
        mine = limited_to(member)
        rows = self.filter(Q(sole_reader__isnull=True) | Q(sole_reader=member))
        if mine is None:
            return rows
        of_visible_job = Exists(Job.objects.visible_to(member).filter(pk=OuterRef("job_id")))
        seen = Q(member_id=mine) | Q(job__isnull=True, member__isnull=True) | of_visible_job
        teams = [team.pk for team in directory().teams_of(member)]
        return rows.filter(seen | Q(team_id__in=teams) if teams else seen)

    def for_everybody(self) -> Self:
        """Exclude private tickets, which only one member sees."""
        return self.filter(sole_reader__isnull=True)

    def open(self) -> Self:
        return self.filter(level__lt=Level.ENDED)

    def awake(self, now: datetime) -> Self:
        """Exclude snoozed tickets."""
        return self.exclude(snoozed_until__gt=now)

    def waiting(self) -> Self:
        """Filter tickets whose customer wrote and has no answer yet."""
        return self.filter(waiting_since__isnull=False)

    def in_list_order(self) -> Self:
        """Order by urgency: level, then due date. One index, for keyset pagination."""
        return self.order_by("level", "sort_at", "id")
