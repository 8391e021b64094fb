"""Take the steps of the ladder for a late invoice: email, email and text, a call, the manager.

One due row an invoice. Each step is taken once; of an invoice that is paid in parts, once for each part, from its day
on. Nothing is sent while the customer disputes the invoice, has complained about the job, or has promised to pay by a
day that is not over.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.messages import PHONE, send_about
from billing.models import DunningAct, DunningKind, Instalment, InstalmentPlan, Invoice, PaymentPromise, ladder
from billing.models.dunning import DunningResult, LadderStep
from billing.models.instalment_plan import PartOfInvoice
from billing.models.invoice import DUNNING
from crm.kernel import clock, formats
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.notices.notify import notify
from followups.models import FollowUp, FollowUpKind
from service.models import Issue

MANAGER_TOLD = "invoice.very_late"
CAUSE = "dunning"
# The time of day of each step, and how long after a pause the next one is taken.
AT = time(10)
PAUSE = timedelta(days=1)
CALL_WITHIN = timedelta(hours=6)
MAIL_KEYS = {DunningKind.MAIL: "payment_reminder", DunningKind.MAIL_AND_TEXT: "payment_second_reminder"}


def take_steps(invoice_ids: Sequence[int]) -> None:
    """Take the step of each of these invoices that is due, and schedule the next (due work)."""
    rows = Invoice.objects.filter(pk__in=invoice_ids).select_related("job__member", "brand", "person")
    for invoice in rows.order_by("pk"):
        invoice.lock()
        if invoice.is_owed:
            _take_step(invoice)


def schedule_first(invoice: Invoice) -> None:
    """Schedule the first step of an invoice that was issued or is open again, or of its first unpaid part."""
    following = next_reminder(invoice)
    if following is not None and invoice.is_owed:
        due.schedule(DUNNING, invoice.pk, max(following.at, clock.now()))


class NextReminder(NamedTuple):
    """The step that comes next, when it is due, and the part of the invoice that it is about."""

    step: LadderStep
    at: datetime
    part: Instalment | None


def next_reminder(invoice: Invoice) -> NextReminder | None:
    """Return the first step that was not taken, of an invoice or of its first unpaid part; None if all were."""
    return next_reminders([invoice]).get(invoice.pk)


def next_reminders(invoices: Sequence[Invoice]) -> dict[int, NextReminder]:
    """Return the next reminder of each of these invoices, by its id. Three queries."""
    taken: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    acts = DunningAct.objects.filter(invoice__in=invoices).order_by()
    for invoice_id, part_id, kind in acts.values_list("invoice_id", "instalment_id", "kind"):
        taken[invoice_id, part_id].add(kind)
    plans = InstalmentPlan.open_of(invoices)
    reminders = {}
    for invoice in invoices:
        plan = plans.get(invoice.pk)
        parts: list[Instalment | None] = [*plan.unpaid()] if plan else [None]
        for part in parts:
            step = first_not_taken(taken[invoice.pk, part.pk if part else None])
            if step is not None:
                reminders[invoice.pk] = NextReminder(step, step_time(invoice, step, part), part)
                break
    return reminders


def first_not_taken(taken: set[str]) -> LadderStep | None:
    """Return the first step whose kind is not among these; None if all are."""
    return next((step for step in ladder() if step.kind not in taken), None)


def step_time(invoice: Invoice, step: LadderStep, part: Instalment | None = None) -> datetime:
    """Return when a step is due: in the morning, so many days after the invoice, or its part, was due."""
    due_on = part.due_on if part else invoice.due_on
    assert due_on is not None
    return datetime.combine(due_on + timedelta(days=step.days), AT, directory().zone)


def obstacles(invoices: Sequence[Invoice]) -> dict[int, str]:
    """Return by id why invoices are not reminded now: "dispute", "complaint" or "promise"; not those that are."""
    jobs = Issue.objects.open().filter(job_id__in={one.job_id for one in invoices})
    with_complaint = set(jobs.values_list("job_id", flat=True))
    open_promises = PaymentPromise.objects.filter(invoice__in=invoices, state=PaymentPromise.State.OPEN)
    promised = set(open_promises.values_list("invoice_id", flat=True))
    reasons = {}
    for one in invoices:
        if one.disputed_at is not None:
            reasons[one.pk] = "dispute"
        elif one.job_id in with_complaint:
            reasons[one.pk] = "complaint"
        elif one.pk in promised:
            reasons[one.pk] = "promise"
    return reasons


def _take_step(invoice: Invoice) -> None:
    reminder = next_reminder(invoice)
    if reminder is None:
        return
    why = obstacles([invoice]).get(invoice.pk, "")
    if why == "complaint":
        due.schedule(DUNNING, invoice.pk, clock.now() + PAUSE)
    # A dispute that is settled and a promise that was not kept schedule it again.
    if why:
        return
    if clock.now() < reminder.at:
        due.schedule(DUNNING, invoice.pk, reminder.at)
        return
    step = reminder.step
    act = DunningAct(invoice=invoice, kind=step.kind, days=step.days, instalment=reminder.part)
    _carry_out(invoice, act)
    act.save()
    invoice._record("invoice.reminded", None, {"step": act.kind, "days": act.days, "result": act.result})
    following = next_reminder(invoice)
    if following is not None:
        # After a pause the steps keep their distance; the next part is reminded another day at the soonest.
        distance = max(following.step.days - step.days, 1)
        due.schedule(DUNNING, invoice.pk, max(following.at, clock.now() + timedelta(days=distance)))


def _carry_out(invoice: Invoice, act: DunningAct) -> None:
    if act.kind in MAIL_KEYS:
        _send_reminder(invoice, act)
    elif act.kind == DunningKind.CALL:
        act.follow_up = plan_call(invoice, _("Call about %(number)s: %(open)s is open"))
    else:
        managers = [pk for pk, one in directory().members.items() if one.active and one.role in _MANAGERS]
        notify(MANAGER_TOLD, managers, key=f"dunning:{_subject_key(act)}", about=invoice)
        act.follow_up = plan_call(invoice, _("%(number)s is very late: %(open)s"), assignee=manager_of(invoice))


_MANAGERS = (Role.MANAGER, Role.ADMIN)


def _send_reminder(invoice: Invoice, act: DunningAct) -> None:
    """Send the email; with it, or where there is no email address, a text."""
    key = MAIL_KEYS[DunningKind(act.kind)]
    occasion = f"dunning:{_subject_key(act)}:{act.kind}"
    part = _part_to_pay(invoice, act)
    act.message = send_about(invoice, key, occasion, part=part)
    if act.kind == DunningKind.MAIL_AND_TEXT or act.message is None:
        text = send_about(invoice, key, occasion, kind=PHONE, part=part)
        act.text = text
    if act.message is None and act.text is None:
        act.result = DunningResult.NOT_REACHED


def _subject_key(act: DunningAct) -> str:
    """Return what is reminded of: the invoice, or a part of it."""
    if act.instalment is None:
        return str(act.invoice_id)
    return f"{act.invoice_id}:{act.instalment.pk}"


def _part_to_pay(invoice: Invoice, act: DunningAct) -> PartOfInvoice | None:
    """Return the part that is reminded of, with all that is missing by today; None for the whole invoice."""
    plan = InstalmentPlan.find_open(invoice)
    if plan is None or act.instalment is None:
        return None
    missing = plan.missing_on(directory().today())
    return PartOfInvoice(act.instalment.due_on, act.instalment.amount, missing)


def plan_call(invoice: Invoice, subject: str, assignee: Member | None = None) -> FollowUp:
    """Plan a call about an invoice, today, for who has the job."""
    words = {
        "number": invoice.number,
        "open": formats.money(invoice.open, invoice.currency, directory().tenant.country, directory().tenant.language),
    }
    return FollowUp.plan(
        kind=FollowUpKind.CALL,
        subject=subject % words,
        due_at=clock.now() + CALL_WITHIN,
        by=None,
        job=invoice.job,
        about=invoice,
        assignee=assignee or invoice.job.member or invoice.issued_by,
        cause=CAUSE,
    )


def manager_of(invoice: Invoice) -> Member | None:
    """Return the first active manager, who takes on what is far overdue; None: who has the job."""
    managers = [one for one in directory().members.values() if one.active and one.role == Role.MANAGER]
    return min(managers, key=lambda one: one.pk, default=None)
