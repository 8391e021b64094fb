"""First contact on the page of a new lead: the time it is due, the members asked, and the button to take it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from leads.models import FirstContact


@dataclass(frozen=True)
class Awaited:
    """The pending first contact. `act`: the label of the button; blank for none."""

    sentence: str
    act: str = ""
    is_due: bool = False


def awaited_contact(job: Job, member: Member, reader: Reader) -> Awaited | None:
    """Return the pending first contact; None for a lead already contacted, without a query.

    By the lead itself: its row is settled by a worker, a moment after the touch.
    """
    if not job.is_untouched:
        return None
    row = FirstContact.objects.filter(pk=job.pk, contacted_at=None).first()
    if row is None:
        return None
    sentences = [_said_of_time(row, reader)]
    if row.is_offered and job.member_id is None:
        sentences.append(_("Whoever is first has it."))
    elif row.taken_at and job.member_id == row.taken_by_id and job.member_id:
        sentences.append(_("%(name)s is on it.") % {"name": directory().members[job.member_id].name})
    return Awaited(" ".join(sentences), _take_label(row, job, member), row.due_at <= reader.now)


def _said_of_time(row: FirstContact, reader: Reader) -> str:
    if row.due_at > reader.now:
        words = _("First contact until %(moment)s.")
    else:
        words = _("First contact was due %(moment)s.")
    return words % {"moment": reader.moment(row.due_at)}


def _take_label(row: FirstContact, job: Job, member: Member) -> str:
    if not allows(member, "jobs.claim"):
        return ""
    if job.member_id is None:
        return _("I take it")
    if job.member_id == member.pk and row.taken_by_id != member.pk:
        return _("I’m on it")
    return ""
