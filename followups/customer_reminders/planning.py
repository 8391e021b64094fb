"""Plan the reminders to customers: after each change of a follow-up that has some. Rule: docs/rules.md#k3."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.customer_reminders.message import WantedReminder, departures
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
    changed: list[tuple[CustomerReminder, WantedReminder]] = []
    for row in rows:
        for (minutes, channel), at in wanted[row.pk].items():
            reminder = stored.get((row.pk, minutes, channel))
            if reminder is None:
                reminder = CustomerReminder(follow_up=row, minutes_before=minutes, channel=channel)
            if not _is_settled(reminder, row):
                changed.append((reminder, WantedReminder(row, channel, at)))
    _plan_all(changed)


def _wanted_times(row: FollowUp) -> dict[tuple[int, str], datetime]:
    """Return when the customer is to be reminded, by offset and channel. Whole days keep the clock on the wall."""
    now = clock.now()
    if not row.is_open or row.due_at is None or row.due_at <= now or not row.person_id:
        return {}
    times = read_times(row.customer_reminders)
    return {(one.minutes, one.channel): wanted_time(row.due_at, one.minutes, directory().zone) for one in times}


def _is_settled(reminder: CustomerReminder, row: FollowUp) -> bool:
    """True if it was queued or skipped for the time that the follow-up still has."""
    return reminder.due_at == row.due_at and bool(reminder.message_id or reminder.skipped_reason)


def _plan_all(changed: Sequence[tuple[CustomerReminder, WantedReminder]]) -> None:
    """Plan new and changed reminders, with the queries of one."""
    if not changed:
        return
    prefetch_related_objects([wanted.row for _reminder, wanted in changed], "job", "ticket")
    with override(directory().tenant.language):
        too_late = _("Its time had passed already.")
    now = clock.now()
    times = departures([wanted for _reminder, wanted in changed])
    for (reminder, wanted), planned_at in zip(changed, times, strict=True):
        assert wanted.row.due_at is not None, "it has a time to be reminded of"
        reminder.due_at = wanted.row.due_at
        reminder.message = None
        reminder.planned_at = planned_at
        reminder.skipped_reason = too_late if wanted.at <= now else ""
    reminders = [reminder for reminder, _wanted in changed]
    CustomerReminder.objects.bulk_create([one for one in reminders if one.pk is None])
    fields = ["due_at", "message", "planned_at", "skipped_reason"]
    CustomerReminder.objects.bulk_update([one for one in reminders if one.pk is not None], fields)
    due.cancel(REMIND_CUSTOMER, [one.pk for one in reminders if one.skipped_reason])
    waiting = [(one.pk, one.planned_at) for one in reminders if not one.skipped_reason]
    due.schedule_all(REMIND_CUSTOMER, waiting)
