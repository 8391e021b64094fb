"""All open jobs of one member to another or to nobody: the set form of `Job.assign_to`, for who leaves."""

from django.db import transaction
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.platform.database.write_batch import Ledger
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member


def count(member: Member) -> int:
    """The member's open jobs."""
    found: int = Job.objects.open().filter(member=member).count()
    return found


@transaction.atomic
def hand_over(member: Member, to: Member | None, by: Member | None) -> int:
    """One statement for the jobs and the events; returns how many. Who sold them keeps the credit."""
    jobs, new = list(Job.objects.open().filter(member=member).order_by("pk").select_for_update()), to.pk if to else None
    for job in jobs:
        job.member_id = new
    ledger, data = Ledger(), {"from": member.pk, "to": new, "cause": "offboarding"}
    ledger.keep(jobs, ["member_id"])
    events.record_all([Fact("job.assigned", job, data, job_id=job.pk) for job in jobs], by=by, into=ledger)
    ledger.send()
    return len(jobs)


def say(number: int) -> str:
    return ngettext("%(number)s open lead", "%(number)s open leads", number) % {"number": number}
