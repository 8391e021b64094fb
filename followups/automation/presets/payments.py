"""Presets for unpaid invoices: days 3, 7, 10 and 14.

Whether money came in is for a person to say, by the outcome of a payment follow-up: nobody who has paid is written to.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition
from crm.automation.registry.presets import RulePreset
from crm.automation.span import SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.parts import build_definition, document_kind, escalate, plan_follow_up, wait_for

GROUP = gettext_lazy("Payments")
PAID = "job.paid"


def _unpaid_invoice_rule() -> Definition:
    return build_definition(
        "job",
        "job.document_shown",
        wait_for(3, SpanUnit.DAYS, PAID),
        plan_follow_up("payment", _("Invoice not paid: send a friendly reminder by email"), until=PAID),
        wait_for(4, SpanUnit.DAYS, PAID),
        plan_follow_up("payment", _("Invoice not paid: remind them by email and text"), until=PAID),
        wait_for(3, SpanUnit.DAYS, PAID),
        plan_follow_up("payment", _("Invoice not paid: call"), priority=Priority.HIGH, until=PAID),
        wait_for(4, SpanUnit.DAYS, PAID),
        escalate("managers", _("An invoice is not paid after two weeks")),
        options={"kind": document_kind("invoice")},
    )


PRESETS = [
    RulePreset(
        key="payments.invoice",
        group=GROUP,
        name=gettext_lazy("Invoice sent: check for payment on days 3, 7, 10 and 14"),
        description=gettext_lazy(
            "For invoices that another program sends. Plans reminders, then escalates to the managers. It stops when "
            "a payment follow-up is closed as successful. Invoices made here are reminded by themselves."
        ),
        definition=_unpaid_invoice_rule,
    ),
]
