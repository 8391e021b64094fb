"""Plan the reminders to customers: after each change of a follow-up that has some. Rule: docs/rules.md#k3."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.customer_reminders.message import departure
from followups.customer_reminders.models import CustomerReminder
from followups.models import FollowUp
from followups.models.reminder_plan import read_times, wanted_time

# The due work of one reminder.
REMIND_CUSTOMER = "followup.remind_customer"
EVENTS = (
    *("followup.planned", "followup.rescheduled", "followup.reopened", "followup.reminders_set"),
    *("followup.completed", "followup.cancelled"),
)


def plan_for_events(events: Sequence[Event]) -> None:
    """Plan the reminders to the customers of the follow-ups that changed."""
    ids = {event.subject_id for event in events}
    waiting = CustomerReminder.objects.waiting().filter(follow_up_id__in=ids)
    rows = FollowUp.objects.filter(pk__in=ids)
    plan_customer_reminders(rows.filter(~Q(customer_reminders=[]) | Q(pk__in=waiting.values("follow_up_id"))))


@transaction.atomic
def plan_customer_reminders(follow_ups: Sequence[FollowUp]) -> None:
    """Plan the reminders to the customers of these follow-ups again; what was queued for this time stays. Idempotent.

    A closed or undated follow-up, or one without a customer, has none.
    """
    rows = FollowUp.lock_all(FollowUp.objects.filter(pk__in=[one.pk for one in follow_ups]))
    wanted = {row.pk: _wanted_times(row) for row in rows}
    stored: dict[tuple[int, int, str], CustomerReminder] = {}
    gone: list[int] = []
    for one in CustomerReminder.objects.filter(follow_up__in=rows):
        stored[one.follow_up_id, one.minutes_before, one.channel] = one
        if one.message_id is None and (one.minutes_before, one.channel) not in wanted[one.follow_up_id]:
            gone.append(one.pk)
    CustomerReminder.objects.filter(pk__in=gone).delete()
    due.cancel(REMIND_CUSTOMER, gone)
    for row in rows:
        for (minutes, channel), at in wanted[row.pk].items():
            reminder = stored.get((row.pk, minutes, channel))
            if reminder is None:
                reminder = CustomerReminder(follow_up=row, minutes_before=minutes, channel=channel)
            _plan_one(row, reminder, at)


def _wanted_times(row: FollowUp) -> dict[tuple[int, str], datetime]:
    """Return when the customer is to be reminded, by offset and channel. Whole days keep the clock on the wall."""
    now = clock.now()
    if not row.is_open or row.due_at is None or row.due_at <= now or not row.person_id:
        return {}
    times = read_times(row.customer_reminders)
    return {(one.minutes, one.channel): wanted_time(row.due_at, one.minutes, directory().zone) for one in times}


def _plan_one(row: FollowUp, reminder: CustomerReminder, at: datetime) -> None:
    is_settled = reminder.message_id is not None or reminder.skipped_reason
    if reminder.due_at == row.due_at and is_settled:
        return
    assert row.due_at is not None, "it has a time to be reminded of"
    reminder.due_at = row.due_at
    reminder.message = None
    reminder.skipped_reason = ""
    reminder.planned_at = departure(row, reminder.channel, at)
    if at <= clock.now():
        with override(directory().tenant.language):
            reminder.skipped_reason = _("Its time had passed already.")
    reminder.save()
    if reminder.skipped_reason:
        due.cancel(REMIND_CUSTOMER, [reminder.pk])
    else:
        due.schedule(REMIND_CUSTOMER, reminder.pk, reminder.planned_at)
