"""The reminders of a job's late invoices, as its page shows them: what was done, what pauses them, what comes next."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.dunning.ladder_steps import NextReminder, next_reminders, obstacles
from billing.models import DunningAct, DunningKind, Invoice
from billing.models.invoice import DUNNING
from crm.kernel.clock import now
from crm.platform.models import Due
from crm.platform.tenancy.context import required_tenant_id
from crm.web.reader import Reader

OBSTACLES = {
    "dispute": lambda: _("Paused: the customer disputes it"),
    "complaint": lambda: _("Paused until the issue is closed"),
    "promise": lambda: _("Paused until the promised day"),
}


class ReminderStep(NamedTuple):
    """A reminder step on the page: CSS class, day, kind, date and result."""

    css: str
    days: str
    label: str
    day: str
    note: str


class InvoiceReminders(NamedTuple):
    """The reminders of an invoice."""

    invoice: Invoice
    steps: list[ReminderStep]
    is_paused: bool


def reminder_steps(bills: list[Invoice], reader: Reader) -> list[InvoiceReminders]:
    """Return the reminders of the bills of a job that were reminded, or are owed and late."""
    acts: dict[int, list[DunningAct]] = defaultdict(list)
    rows = DunningAct.objects.filter(invoice__in=bills).select_related("follow_up__assignee")
    for act in rows.in_order():
        acts[act.invoice_id].append(act)
    late_bills = [bill for bill in bills if acts[bill.pk] or bill.is_late_at(now())]
    reasons = obstacles([bill for bill in late_bills if bill.is_owed])
    times = _scheduled_times(late_bills)
    coming = next_reminders(late_bills)
    reminders = []
    for bill in late_bills:
        steps = [_taken_step(act, reader) for act in acts[bill.pk]]
        why = reasons.get(bill.pk, "")
        if why:
            steps.append(ReminderStep("is-held", "", OBSTACLES[why](), "", ""))
        elif bill.is_owed:
            steps += _coming_step(coming.get(bill.pk), times.get(bill.pk), reader)
        reminders.append(InvoiceReminders(bill, steps, bool(why)))
    return reminders


def _scheduled_times(bills: list[Invoice]) -> dict[int, datetime]:
    """Return when the next reminder of each bill is scheduled."""
    rows = Due.objects.filter(tenant_id=required_tenant_id(), kind=DUNNING, subject_id__in=[one.pk for one in bills])
    return dict(rows.values_list("subject_id", "due_at"))


def _taken_step(act: DunningAct, reader: Reader) -> ReminderStep:
    note = ""
    if act.result != DunningAct.Result.DONE:
        note = act.get_result_display()
    elif act.follow_up and act.follow_up.assignee:
        note = act.follow_up.assignee.name
    return ReminderStep("is-done", f"+{act.days}", act.get_kind_display(), reader.day(act.at), note)


def _coming_step(coming: NextReminder | None, at: datetime | None, reader: Reader) -> list[ReminderStep]:
    if coming is None:
        return []
    note = ""
    if coming.part is not None:
        note = _("of the part due on %(day)s") % {"day": reader.date(coming.part.due_on)}
    days = f"+{coming.step.days}"
    return [ReminderStep("is-next", days, str(DunningKind(coming.step.kind).label), reader.day(at or coming.at), note)]
