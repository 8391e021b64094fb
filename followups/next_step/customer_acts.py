"""Complete follow-ups that wait for the customer: by an answer on any channel, a clicked link, a visit to the portal.

The opening of an email completes nothing (docs/rules.md#k6), nor does a click by a scanner (docs/rules.md#sending-law).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from comms.models import Direction, Message
from crm.kernel.refusal import Stale
from crm.platform.models import Event
from followups.models import CustomerAct, FollowUp, FollowUpOutcome

ANSWERED = "message.received"
CLICKED = "message.clicked"
VISITED = "portal.visited"
# The causes in the events of follow-ups that the customer completed.
CAUSES: dict[str, str | Promise] = {
    ANSWERED: gettext_lazy("the customer answered"),
    CLICKED: gettext_lazy("the customer opened a link"),
    VISITED: gettext_lazy("the customer visited their page"),
}
_COMPLETED = "followup.completed"


def complete_by_answers(received: Sequence[Event]) -> None:
    """Complete what waits for an answer of these messages' senders. Idempotent."""
    for message in _load_messages(Message.objects.answers(), received):
        _complete_waiting(message.person_id, message.job_id, message.at, ANSWERED, CustomerAct.values)


def complete_by_clicks(clicked: Sequence[Event]) -> None:
    """Complete what waits until these messages are looked at. Idempotent."""
    # A delivery reported later may have turned the click into a scanner's.
    ours = Message.objects.filter(direction=Direction.OUT, delivery=Message.Delivery.CLICKED)
    times = {event.subject_id: event.at for event in clicked}
    for message in _load_messages(ours, clicked):
        _complete_waiting(message.person_id, message.job_id, times[message.pk], CLICKED, [CustomerAct.LOOK])


def complete_by_visit(*, person_id: int, at: datetime, **_sent: object) -> None:
    """Complete what waits until this customer looks, because they visited the portal. Idempotent."""
    _complete_waiting(person_id, None, at, VISITED, [CustomerAct.LOOK])


def why_completed(follow_up: FollowUp) -> str:
    """Return in words what the customer did to complete it; "" if a member did, or it is open. One query."""
    if follow_up.is_open or follow_up.completed_by_id:
        return ""
    event = Event.objects.of(follow_up).filter(kind=_COMPLETED).order_by("-pk").first()
    cause = event.data.get("cause", "") if event else ""
    return str(CAUSES.get(cause, ""))


def _load_messages(messages: Any, heard: Sequence[Event]) -> Iterable[Any]:
    ids = [event.subject_id for event in heard]
    return messages.filter(pk__in=ids, person__isnull=False).order_by("pk")


def _complete_waiting(person_id: int, job_id: int | None, at: datetime, cause: str, acts: Sequence[str]) -> None:
    """Complete the customer's follow-ups that were planned before; where both have a lead, it is the same one."""
    waiting = FollowUp.objects.open().filter(person_id=person_id, completes_on__in=acts, created_at__lt=at)
    if job_id:
        waiting = waiting.filter(Q(job_id=job_id) | Q(job=None))
    for row in waiting.order_by("job_id", "pk"):
        if not _was_reopened_since(row, at, cause):
            try:
                row.complete(FollowUpOutcome.SUCCESSFUL, by=None, cause=cause)
            except Stale:
                # A colleague cancelled it meanwhile.
                continue


def _was_reopened_since(row: FollowUp, at: datetime, cause: str) -> bool:
    """True if this very act completed it before, and a member reopened it."""
    completions = Event.objects.of(row).filter(kind=_COMPLETED, data__cause=cause, at__gte=at)
    return bool(completions.exists())
