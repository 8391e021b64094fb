"""All open follow-ups of one member to another or to nobody: the set form of `FollowUp.assign_to`, for who leaves."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import ngettext

from crm.jobs.models import Job
from crm.platform.events import events
from crm.platform.events.events import Fact
from crm.platform.models import Member
from followups.models import FollowUp


def count(member: Member) -> int:
    """The member's open follow-ups."""
    found: int = FollowUp.objects.open().filter(assignee=member).count()
    return found


@transaction.atomic
def hand_over(member: Member, to: Member | None, by: Member | None) -> int:
    """One statement for the follow-ups, one for the events; returns how many."""
    mine = FollowUp.objects.open().filter(assignee=member)
    # The jobs first: whoever changes a follow-up waits there.
    list(Job.objects.filter(pk__in=mine.values("job_id")).order_by("pk").select_for_update().values_list("pk"))
    found = list(mine.order_by("pk").select_for_update())
    if not found:
        return 0
    new = to.pk if to else None
    ids = [follow_up.pk for follow_up in found]
    FollowUp.objects.filter(pk__in=ids).update(assignee_id=new, version=F("version") + 1)
    data = {"from": member.pk, "to": new, "cause": "offboarding"}
    events.record_all([Fact("followup.assigned", one, data, job_id=one.job_id) for one in found], by=by)
    return len(found)


def say(number: int) -> str:
    return ngettext("%(number)s open follow-up", "%(number)s open follow-ups", number) % {"number": number}
