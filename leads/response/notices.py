"""Notices about an unanswered new lead: offered to the team, taken, passed on, or overdue."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Job
from crm.web.models import Notice, NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from crm.web.timeline.event_words import name_of
from leads.models import FirstContact

OFFERED = "lead.offered"
TAKEN = "lead.taken"
UNANSWERED = "lead.unanswered"


def _describe_taken(data: dict[str, Any]) -> str:
    name = name_of(data.get("to"))
    if data.get("passed"):
        if not name:
            return _("Lead %(number)s was offered to the team, as nobody was in touch") % {"number": data["number"]}
        words = _("Lead %(number)s went to %(name)s, as nobody was in touch")
    else:
        words = _("%(name)s was first and has lead %(number)s")
    return words % {"name": name, "number": data["number"]}


KINDS = [
    NoticeKind(
        name=OFFERED,
        permission="jobs.claim",
        icon="zap",
        label=gettext_lazy("A new lead is open to claim"),
        words=gettext_lazy("New lead: the first to claim it gets it"),
        default=NoticeWay.MAIL,
        gathers=False,
        is_urgent=True,
        with_contact=True,
    ),
    NoticeKind(
        name=TAKEN,
        permission="jobs.view",
        icon="user-plus",
        label=gettext_lazy("A colleague took a new lead I was asked to answer"),
        words=_describe_taken,
    ),
    NoticeKind(
        name=UNANSWERED,
        permission="jobs.assign",
        icon="clock-alert",
        label=gettext_lazy("Nobody contacted a new lead in time"),
        words=gettext_lazy("Nobody was in touch in the time a new lead may wait"),
        default=NoticeWay.MAIL,
        gathers=False,
        is_urgent=True,
        with_contact=True,
    ),
]


def tell_offered(job: Job, member_ids: list[int]) -> None:
    """Notify the team that the first member to take a lead becomes its owner."""
    notify(OFFERED, member_ids, key=f"offer:{job.pk}", about=job)


def tell_passed_on(job: Job, before: int) -> None:
    """Notify the previous owner of the new owner, with the lead's number: a rep cannot see the lead any more."""
    data = {"to": job.member_id, "passed": True, "number": job.number}
    notify(TAKEN, [before], key=f"passed:{job.pk}:{before}", data=data)


def tell_taken(row: FirstContact) -> None:
    """Notify the other team members who took the lead; their earlier notices are settled."""
    Notice.objects.about(row.job).filter(kind=OFFERED).mark_read()
    others = [pk for pk in row.offered_to if pk != row.taken_by_id]
    notify(TAKEN, others, key=f"taken:{row.pk}", data={"to": row.taken_by_id, "number": row.job.number})


def tell_unanswered(job: Job, member_ids: list[int]) -> None:
    """Notify the managers that the first contact is overdue."""
    notify(UNANSWERED, member_ids, key=f"unanswered:{job.pk}", about=job)
