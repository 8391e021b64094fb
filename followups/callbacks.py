"""Calls that were planned and are due, on the callback list (comms/callbacks)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from comms.callbacks.source import Callback, CallbackSource
from crm.jobs.models import ContactOutcome
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp, Kind, Outcome

# Who did not answer is tried again so much later.
AGAIN = timedelta(hours=2)
# What completes it: the call, which the lead was told of.
CAUSE = "callback"


def _waiting(member: Member, *, everybodys: bool) -> Any:
    rows = FollowUp.objects.visible_to(member).overdue(clock.now()).filter(kind=Kind.CALL)
    return rows if everybodys else rows.filter(Q(assignee=member) | Q(assignee=None))


def _found(member: Member, reader: Reader, slug: str, *, everybodys: bool, most: int) -> list[Callback]:
    rows = _waiting(member, everybodys=everybodys).select_related("person", "job")
    shown = list(rows.prefetch_related("person__contact_points").by_time()[:most])
    return [
        Callback(
            key=str(row.uid),
            since=row.sort_at,
            name=row.person.name if row.person else row.job.title if row.job else row.subject,
            phone=_phone(row.person),
            why=_("Planned for %(when)s: %(subject)s") % {"when": reader.near(row.sort_at), "subject": row.subject},
            url=record_url(row.job or row, slug),
        )
        for row in shown
    ]


def _phone(person: Person | None) -> str:
    points = person.contact_points.all() if person else ()
    return next((str(point.value) for point in points if point.kind == "phone"), "")


@transaction.atomic
def _log(member: Member, key: str, outcome: str, note: str) -> None:
    """Tell the lead how the call went, and be done with it; who did not answer is called again later."""
    found = FollowUp.objects.visible_to(member).select_related("job")
    row = found.filter(uid=key).first() if len(key) == 36 else None
    if row is None:
        raise Http404
    row.lock()
    if not row.is_open:
        raise Refused(_("Somebody has done or cancelled it meanwhile."))
    if row.job:
        row.job.contact("call", outcome, by=member, note=note)
    try:
        if outcome == ContactOutcome.NO_ANSWER:
            row.reschedule(clock.now() + AGAIN, by=member)
        else:
            ended = Outcome.SUCCESSFUL if outcome == ContactOutcome.REACHED else Outcome.NO_ANSWER
            row.complete(ended, by=member, note="" if row.job else note, cause=CAUSE if row.job else "")
    except Stale as late:
        raise Refused(late.text or _("Somebody has done or cancelled it meanwhile.")) from None


PLANNED = CallbackSource("planned", "followups.work", _waiting, _found, _log)
