"""The reminders of a job's late invoices, as its page shows them: what was done, what pauses them, what comes next."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.dunning.ladder_steps import next_step, obstacle, step_time
from billing.models import DunningAct, DunningKind, Invoice
from crm.kernel.clock import now
from crm.platform.models import Due
from crm.web.reader import Reader

OBSTACLES = {
    "dispute": lambda: _("Stands still: the customer disputes it"),
    "complaint": lambda: _("Stands still until the issue is closed"),
    "promise": lambda: _("Stands still until the promise"),
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
    """Return the reminders of the bills that were reminded, or are owed and late."""
    reminders = []
    for bill in bills:
        steps = [_taken_step(act, reader) for act in DunningAct.objects.filter(invoice=bill).in_order()]
        if not steps and not bill.is_late_at(now()):
            continue
        why = obstacle(bill) if bill.is_owed else ""
        if why:
            steps.append(ReminderStep("is-held", "", OBSTACLES[why](), "", ""))
        elif bill.is_owed:
            steps += _coming_step(bill, reader)
        reminders.append(InvoiceReminders(bill, steps, bool(why)))
    return reminders


def _taken_step(act: DunningAct, reader: Reader) -> ReminderStep:
    note = ""
    if act.result != DunningAct.Result.DONE:
        note = act.get_result_display()
    elif act.follow_up and act.follow_up.assignee:
        note = act.follow_up.assignee.name
    return ReminderStep("is-done", f"+{act.days}", act.get_kind_display(), reader.day(act.at), note)


def _coming_step(bill: Invoice, reader: Reader) -> list[ReminderStep]:
    step = next_step(bill)
    if step is None:
        return []
    due_row = Due.objects.filter(key=f"billing.dunning:{bill.pk}", tenant_id=bill.tenant_id).first()
    at = due_row.due_at if due_row else step_time(bill, step)
    return [ReminderStep("is-next", f"+{step.days}", str(DunningKind(step.kind).label), reader.day(at), "")]
