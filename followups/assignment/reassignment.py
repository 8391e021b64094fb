"""Reassign a leaving member's open follow-ups to another member, or unassign them."""

from django.db import transaction
from django.utils.translation import ngettext

from crm.platform.models import Member
from followups.models import FollowUp


def count_open(member: Member) -> int:
    """Count the member's open follow-ups."""
    count: int = FollowUp.objects.open().filter(assignee=member).count()
    return count


@transaction.atomic
def reassign_open_follow_ups(member: Member, to: Member | None, by: Member | None) -> int:
    """Reassign the member's open follow-ups; returns how many."""
    mine = FollowUp.lock_all(FollowUp.objects.open().filter(assignee=member))
    return FollowUp.assign_all([(row, to.pk if to else None) for row in mine], by=by, cause="offboarding")


def describe_count(number: int) -> str:
    return ngettext("%(number)s open follow-up", "%(number)s open follow-ups", number) % {"number": number}
