"""Track updates: sent or failed, opened, answered, or not opened for days."""

from collections.abc import Sequence
from datetime import datetime

from comms.models import Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from portal.letters import letter_sending
from portal.models import CustomerUpdate

_NOT_SENT = ("message.failed", "message.dropped", "message.cancelled", "message.bounced")
SENT = "message.sent"
MESSAGES = (SENT, "message.clicked", *_NOT_SENT)


def follow_messages(events: Sequence[Event]) -> None:
    """Record that updates were sent, opened or failed, from the events of their messages. Idempotent."""
    letters = CustomerUpdate.objects.letters().filter(message_id__in={event.subject_id for event in events})
    by_message = {update.message_id: update for update in CustomerUpdate.lock_all(letters)}
    for event in events:
        update = by_message.get(event.subject_id)
        if update is None:
            continue
        if event.kind == SENT:
            update.delivery.note_sent(event.at)
        elif event.kind == "message.clicked":
            update.delivery.note_seen(CustomerUpdate.Seen.CLICK, event.at)
        elif instead := Message.objects.filter(instead_of=event.subject_id).order_by("-pk").first():
            update.delivery.follow(instead)
        elif update.state == CustomerUpdate.State.APPROVED:
            update.become_draft("" if event.kind == "message.cancelled" else _send_problem(event))


def _send_problem(event: Event) -> str:
    return str(event.data.get("reason") or event.kind)


def follow_answers(events: Sequence[Event]) -> None:
    """Record replies of customers as answers to the last update sent to them. Idempotent."""
    theirs = Message.objects.answers().filter(pk__in=[event.subject_id for event in events])
    for message in theirs.filter(person__isnull=False).order_by("pk"):
        _note_last(message.person_id, message.job_id, message.at, answered=True)


def note_visit(*, person_id: int, at: datetime, **_sent: object) -> None:
    """Record the last update of a customer as seen, because they visited the portal."""
    _note_last(person_id, None, at, answered=False)


def _note_last(person_id: int | None, job_id: int | None, at: datetime, *, answered: bool) -> None:
    """Record it on the last update sent before: of that job, or of any if no job is given."""
    sent = CustomerUpdate.objects.filter(person_id=person_id, state=CustomerUpdate.State.SENT, sent_at__lte=at)
    if job_id:
        of_it = sent.filter(job_id=job_id)
    else:
        of_it = sent
    last = of_it.order_by("-sent_at", "-pk").first() or sent.order_by("-sent_at", "-pk").first()
    if last is None:
        return
    # A digest is seen with any of its jobs.
    last = last.digest or last
    last.lock()
    if answered:
        last.delivery.note_answered(at)
    else:
        last.delivery.note_seen(CustomerUpdate.Seen.VISIT, at)


def propose_channels(update_ids: Sequence[int]) -> None:
    """Propose another channel for updates that were sent days ago and not opened. Due work."""
    rows = CustomerUpdate.lock_all(CustomerUpdate.objects.filter(pk__in=update_ids))
    for update in rows:
        to = letter_sending.Recipient(update.job, update.person, update.brand, update.language)
        other = letter_sending.other_medium(to, update.medium)
        if other:
            update.delivery.propose(other)


def send_what_is_due(update_ids: Sequence[int]) -> None:
    """Close the day of these drafts: send those that may be sent automatically, mark others as missed. Due work."""
    now = clock.now()
    open_ones = CustomerUpdate.objects.letters().filter(pk__in=update_ids, state=CustomerUpdate.State.DRAFT)
    for update in CustomerUpdate.lock_all(open_ones.filter(due_at__lte=now)):
        if update.may_leave_by_itself and _send_by_itself(update):
            continue
        update.miss()


def _send_by_itself(update: CustomerUpdate) -> bool:
    """Send it automatically; if it can't be sent, record why."""
    try:
        update.approve(by=None)
    except Refused as why:
        update.problem = str(why)[:300]
        update.save(update_fields=["problem"])
        return False
    return True
