"""Planned calls that are due, on the callback list (comms/callbacks)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from comms.callbacks.source import Callback, CallbackSource, is_uuid
from crm.jobs.models import ContactOutcome
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person
from crm.platform import undo
from crm.platform.models import Event, Member
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp, FollowUpKind, FollowUpOutcome

# Who did not answer is tried again so much later.
AGAIN = timedelta(hours=2)
# What completes it: the call, which the lead was told of.
CAUSE = "callback"
COMPLETED = "followup.completed"
RESCHEDULED = "followup.rescheduled"


def _due_calls(member: Member, *, everybodys: bool) -> Any:
    rows = FollowUp.objects.visible_to(member).overdue(clock.now()).filter(kind=FollowUpKind.CALL)
    if everybodys:
        return rows
    return rows.filter(Q(assignee=member) | Q(assignee=None))


def _find_callbacks(member: Member, reader: Reader, slug: str, *, everybodys: bool, most: int) -> list[Callback]:
    rows = _due_calls(member, everybodys=everybodys).select_related("person", "job")
    page = list(rows.prefetch_related("person__contact_points").by_time()[:most])
    return [
        Callback(
            key=str(row.uid),
            since=row.sort_at,
            name=_name_of(row),
            phone=_first_phone(row.person),
            why=_("Planned for %(when)s: %(subject)s") % {"when": reader.near(row.sort_at), "subject": row.subject},
            url=record_url(row.job or row, slug),
        )
        for row in page
    ]


def _name_of(row: FollowUp) -> str:
    """Return the name of its customer, else of its lead, else its subject."""
    if row.person:
        return str(row.person.name)
    if row.job:
        return row.job.title
    return row.subject


def _first_phone(person: Person | None) -> str:
    if person is None:
        return ""
    return next((str(point.value) for point in person.contact_points.all() if point.kind == "phone"), "")


@transaction.atomic
def _log_call(member: Member, key: str, outcome: str, note: str) -> str:
    """Log the call on the lead and complete the follow-up; without an answer it is rescheduled."""
    follow_ups = FollowUp.objects.visible_to(member).select_related("job")
    row = None
    if len(key) == 36:
        row = follow_ups.filter(uid=key).first()
    if row is None:
        raise Http404
    row.lock()
    if not row.is_open:
        raise Refused(_("A colleague has completed or cancelled it in the meantime."))
    if outcome == ContactOutcome.NO_ANSWER:
        act = RESCHEDULED
    else:
        act = COMPLETED
    with undo.record_undoable(act, [row], by=member, locked=True) as change:
        if row.job:
            row.job.contact("call", outcome, by=member, note=note)
        try:
            _complete_call(row, outcome, note, member)
        except Stale as late:
            raise Refused(late.text or _("A colleague has completed or cancelled it in the meantime.")) from None
    return str(change.uid)


def _complete_call(row: FollowUp, outcome: str, note: str, by: Member) -> None:
    if outcome == ContactOutcome.NO_ANSWER:
        row.reschedule(clock.now() + AGAIN, by=by)
        return
    if outcome == ContactOutcome.REACHED:
        ended = FollowUpOutcome.SUCCESSFUL
    else:
        ended = FollowUpOutcome.NO_ANSWER
    row.complete(ended, by=by, note="" if row.job else note, cause=CAUSE if row.job else "")


@transaction.atomic
def _take_back(member: Member, key: str) -> None:
    """Restore the planned follow-up and withdraw the logged contact."""
    if not is_uuid(key):
        raise Http404
    done = undo.undo_change(UUID(key), by=member)
    for row in done.rows:
        if row.job:
            contacts = Event.objects.of(row.job).filter(kind="job.contacted")
        else:
            contacts = Event.objects.none()
        contact = contacts.filter(actor=member, at__gte=done.change.at).order_by("pk").first()
        if contact:
            row.job.withdraw_contact(datetime.fromisoformat(contact.data["touched_at"]))


PLANNED = CallbackSource(
    name="planned",
    permission="followups.work",
    waiting=_due_calls,
    found=_find_callbacks,
    log=_log_call,
    take_back=_take_back,
)
