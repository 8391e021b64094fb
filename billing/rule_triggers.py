"""What rules can do about money: triggers by payment, moves into a step, and the signal that stops reminders."""

from django.utils.translation import gettext_lazy as _

from crm.automation.registry.moves import StageMove, StageMoveSource
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import Chosen, EventTrigger, about_job
from crm.platform.features import Feature
from crm.platform.models import Event

JOB = "job"
RECEIVED = "job.payment_received"
DEPOSIT_PAID = "job.deposit_paid"
ALL_PAID = "job.all_paid"


def _is_deposit(event: Event, chosen: Chosen) -> bool:
    return event.data.get("kind") == "deposit" and not event.data.get("void")


def _is_all(event: Event, chosen: Chosen) -> bool:
    return bool(event.data.get("all")) and not event.data.get("void")


FEATURES: list[Feature] = [
    EventTrigger(
        name=RECEIVED, record=JOB, label=_("a payment is received"), events=("payment.received",), about=about_job
    ),
    EventTrigger(
        name=DEPOSIT_PAID,
        record=JOB,
        label=_("the deposit is paid"),
        events=("invoice.paid",),
        about=about_job,
        heeds=_is_deposit,
    ),
    EventTrigger(
        name=ALL_PAID,
        record=JOB,
        label=_("everything is paid"),
        events=("invoice.paid",),
        about=about_job,
        heeds=_is_all,
    ),
    StageMoveSource(
        lambda: (
            StageMove("deposit_paid", _("the deposit is paid"), DEPOSIT_PAID),
            StageMove("all_paid", _("everything is paid"), ALL_PAID),
            StageMove("payment", _("a payment is received"), RECEIVED, is_common=False),
        )
    ),
    StopSignal(
        name="job.invoice_paid",
        record=JOB,
        label=_("an invoice is paid"),
        events=("invoice.paid",),
        about=about_job,
        heeds=lambda event: not event.data.get("void"),
    ),
]
