"""Reassign a leaving member's open jobs to another member, or leave them unassigned."""

from django.db import transaction
from django.utils.translation import ngettext

from crm.jobs.bulk.verbs import assign_all
from crm.jobs.models import Job
from crm.platform.models import Member


def count(member: Member) -> int:
    """Count the member's open jobs."""
    number: int = Job.objects.open().filter(member=member).count()
    return number


@transaction.atomic
def reassign_open_jobs(member: Member, to: Member | None, by: Member | None) -> int:
    """Reassign the member's open jobs; returns how many. The member who sold a job keeps the credit."""
    return len(assign_all(Job.lock_all(Job.objects.open().filter(member=member)), to, by=by, cause="offboarding"))


def say(number: int) -> str:
    return ngettext("%(number)s open lead", "%(number)s open leads", number) % {"number": number}
