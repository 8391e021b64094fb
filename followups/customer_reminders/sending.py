"""Queue the reminders to customers whose time has come, and check them again in the second before they leave."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from comms.gate.origin_check import OriginCheck
from comms.gate.verdict import GateCheck, Outcome
from comms.stored_words import words
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.organization.configuration import directory
from followups.customer_reminders.message import ORIGIN, origin_of, queue_reminder
from followups.customer_reminders.models import CustomerReminder
from followups.models import FollowUp
from tickets.matching.outgoing import place_ours


@transaction.atomic
def remind_customers(reminder_ids: Sequence[int]) -> None:
    """Queue the reminders that are due; of several of one follow-up, delayed by an outage, the last (due work)."""
    ids = CustomerReminder.objects.waiting().filter(pk__in=reminder_ids).values_list("follow_up_id", flat=True)
    follow_ups = {row.pk: row for row in FollowUp.lock_all(FollowUp.objects.filter(pk__in=set(ids)))}
    by_follow_up: dict[int, list[CustomerReminder]] = defaultdict(list)
    waiting = CustomerReminder.objects.waiting().filter(follow_up_id__in=follow_ups, planned_at__lte=clock.now())
    for reminder in waiting.order_by("minutes_before", "pk"):
        by_follow_up[reminder.follow_up_id].append(reminder)
    with override(directory().tenant.language):
        for pk, reminders in by_follow_up.items():
            _send_last(follow_ups[pk], reminders)


def _send_last(row: FollowUp, reminders: Sequence[CustomerReminder]) -> None:
    """Queue the reminders nearest to the due time, by each of their channels; the others are replaced by them."""
    for reminder in reminders:
        if reminder.minutes_before != reminders[0].minutes_before:
            reminder.skipped_reason = _("A later reminder was sent instead.")
        elif not row.is_open or row.due_at is None or row.due_at <= clock.now():
            reminder.skipped_reason = _("Its time had passed already.")
        else:
            _queue_one(row, reminder)
        reminder.save(update_fields=["message", "skipped_reason"])


def _queue_one(row: FollowUp, reminder: CustomerReminder) -> None:
    try:
        reminder.message = queue_reminder(row, reminder)
    except Refused as why:
        reminder.skipped_reason = str(why)[:200]
        return
    if row.ticket:
        # The subscriber, which knows only the customer, would choose their newest conversation.
        place_ours(reminder.message, about=row.ticket)


def check_reminders(origins: Mapping[int, str]) -> dict[int, GateCheck]:
    """Return the reminders, by the id of their message, that must not leave: closed, moved, or no longer wanted."""
    keys = {pk: read_number(origin.removeprefix(ORIGIN).partition(":")[0]) for pk, origin in origins.items()}
    reminders = CustomerReminder.objects.select_related("follow_up").in_bulk({key for key in keys.values() if key})
    over = GateCheck(
        words(gettext_noop("What it reminds of is closed, or at another time")), Outcome.DROP, "reminder_over"
    )
    return {pk: over for pk, key in keys.items() if not _is_wanted(reminders.get(key or 0), origins[pk])}


def _is_wanted(reminder: CustomerReminder | None, origin: str) -> bool:
    if reminder is None:
        return False
    row = reminder.follow_up
    is_chosen = [reminder.minutes_before, reminder.channel] in row.customer_reminders
    return bool(row.is_open and row.due_at == reminder.due_at and origin == origin_of(reminder) and is_chosen)


CHECK = OriginCheck(prefix=ORIGIN, check_messages=check_reminders)
