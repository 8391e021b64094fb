"""Reassign a leaving member's open and recurring follow-ups to another member, or unassign them."""

from django.db import transaction
from django.utils.translation import ngettext

from crm.platform.models import Member
from followups.models import FollowUp, FollowUpSeries


def count_open(member: Member) -> int:
    """Count the member's open follow-ups."""
    count: int = FollowUp.objects.open().filter(assignee=member).count()
    return count


@transaction.atomic
def reassign_open_follow_ups(member: Member, to: Member | None, by: Member | None) -> int:
    """Reassign the member's open follow-ups; returns how many."""
    mine = FollowUp.lock_all(FollowUp.objects.open().filter(assignee=member))
    return FollowUp.assign_all([(row, to.pk if to else None) for row in mine], by=by, cause="offboarding")


def count_series(member: Member) -> int:
    """Count the recurring follow-ups that go on and are the member's."""
    count: int = FollowUpSeries.objects.filter(assignee=member, ended_at__isnull=True).count()
    return count


@transaction.atomic
def reassign_series(member: Member, to: Member | None, by: Member | None) -> int:
    """Assign a member's recurring follow-ups to another member; None unassigns them. Returns how many."""
    mine = FollowUpSeries.lock_all(FollowUpSeries.objects.filter(assignee=member, ended_at__isnull=True))
    for series in mine:
        series.assignee = to
        series.save_change("series.edited", by, {"fields": ["assignee"]}, "assignee")
    return len(mine)


def describe_series(number: int) -> str:
    return ngettext("%(number)s recurring follow-up", "%(number)s recurring follow-ups", number) % {"number": number}


def describe_count(number: int) -> str:
    return ngettext("%(number)s open follow-up", "%(number)s open follow-ups", number) % {"number": number}
