"""The packs: quotes, onboarding, payments, documents, status, re-engagement, a year in touch, expiry, appointments."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.span import SpanUnit
from crm.jobs.models import Priority
from followups.automation.presets.payments import PAID
from followups.sequences import registry
from followups.sequences.definition import Otherwise, SequenceDefinition, Unanswered
from followups.sequences.models import Reentry, SequencePurpose
from followups.sequences.preset_entries import SequencePreset
from followups.sequences.presets.parts import ask, do, plan, send, wait_days
from followups.sequences.registry import USUAL_STOPS

WORKING_DAYS = SpanUnit.WORKING_DAYS
DOCUMENT_RECEIVED = "job.document_received"
# The number of updates on an application: every 14 days for half a year.
UPDATES = 12
# The working days of three months.
QUARTER = 65


def _quotes() -> SequenceDefinition:
    return SequenceDefinition(
        (
            send("quote_follow_up"),
            wait_days(2, WORKING_DAYS),
            send("checking_in", by=("sms", "email")),
            wait_days(1, WORKING_DAYS),
            ask(
                "visited",
                yes=(plan("call", _("They are back at the quote: call"), hours=4, priority=Priority.HIGH),),
                no=(send("checking_in", by=("whatsapp", "email"), otherwise=Otherwise.SKIP),),
            ),
            wait_days(4, WORKING_DAYS),
            send("quote_follow_up", by=("email",)),
            wait_days(5, WORKING_DAYS),
            plan("call", _("Call about the quote, last try"), unanswered=Unanswered.END),
            plan("task", _("Close it, or keep it? Then plan the next step"), holds=False),
        ),
        stops=USUAL_STOPS,
    )


def _onboarding() -> SequenceDefinition:
    return SequenceDefinition(
        (
            wait_days(2),
            plan("call", _("First consultation")),
            wait_days(3),
            send("document_checklist"),
            wait_days(2),
            plan("documents", _("Check received documents")),
            wait_days(7),
            plan("call", _("Update the customer"), holds=False),
        ),
        stops=(registry.LOST,),
    )


def _payments() -> SequenceDefinition:
    return SequenceDefinition(
        (
            wait_days(3),
            send("invoice_reminder", by=("email", "sms")),
            wait_days(4),
            send("invoice_reminder", by=("email",)),
            send("invoice_reminder", by=("sms",)),
            wait_days(3),
            plan("payment", _("Invoice not paid: call"), priority=Priority.HIGH, holds=False),
            wait_days(4),
            do("escalate", who="managers", text=_("An invoice is not paid after two weeks")),
        ),
        stops=(PAID, registry.LOST),
    )


def _documents() -> SequenceDefinition:
    return SequenceDefinition(
        (
            send("document_checklist"),
            wait_days(3),
            send("documents_missing"),
            wait_days(3),
            send("documents_missing", by=("sms", "email")),
            wait_days(3),
            send("documents_missing"),
            wait_days(1),
            plan("call", _("Documents are missing: call"), priority=Priority.HIGH, holds=False),
        ),
        stops=(DOCUMENT_RECEIVED, registry.LOST),
    )


def _status() -> SequenceDefinition:
    updates = tuple(step for _time in range(UPDATES) for step in (wait_days(14), send("application_status")))
    ask_again = plan("application", _("No decision after half a year: ask, and start the updates again"), holds=False)
    return SequenceDefinition((*updates, ask_again), stops=(registry.WON, registry.LOST))


def _re_engagement() -> SequenceDefinition:
    return SequenceDefinition(
        (
            plan("call", _("Not in touch for 60 days: call"), priority=Priority.HIGH),
            wait_days(3, WORKING_DAYS),
            send("checking_in"),
            wait_days(7),
            plan("task", _("Close it, or keep it? Then plan the next step"), holds=False),
        ),
        stops=(*USUAL_STOPS, registry.TOUCHED),
    )


def _year() -> SequenceDefinition:
    return SequenceDefinition(
        (
            wait_days(1, WORKING_DAYS),
            send("keep_in_touch"),
            wait_days(QUARTER, WORKING_DAYS),
            send("product_information", by=("email",)),
            wait_days(QUARTER, WORKING_DAYS),
            plan("call", _("Half a year later: ask how their plans are"), hours=24),
            wait_days(QUARTER, WORKING_DAYS),
            send("keep_in_touch"),
            wait_days(QUARTER, WORKING_DAYS),
            send("keep_in_touch_year"),
            plan("task", _("Close it, or keep it? Then plan the next step"), hours=40, holds=False),
        ),
        stops=(*USUAL_STOPS, registry.TOUCHED),
    )


def _expiry() -> SequenceDefinition:
    return SequenceDefinition(
        (
            plan("visa", _("Inform the customer about the renewal")),
            wait_days(30),
            plan("visa", _("Check the renewal"), holds=False),
        ),
        stops=(registry.LOST,),
    )


def _appointments() -> SequenceDefinition:
    check = plan("documents", _("Check received documents"), hours=56, holds=False)
    payment = plan("payment", _("Payment: as they said at the appointment"), hours=24, holds=False)
    return SequenceDefinition(
        (
            plan("email", _("Send a summary and the next steps"), holds=False),
            ask("spoke_of_documents", yes=(check,)),
            ask("spoke_of_payment", yes=(payment,)),
        ),
        stops=(registry.LOST,),
    )


NEWS, OFFERS = SequencePurpose.NEWS, SequencePurpose.OFFERS
PACKS = [
    SequencePreset(
        key="quotes",
        name=gettext_lazy("Quote follow-up"),
        description=gettext_lazy("email, text, call or WhatsApp; after three weeks: close it or keep it"),
        purpose=SequencePurpose.QUOTES,
        definition=_quotes,
        reentry=Reentry.DAYS,
    ),
    SequencePreset(
        key="onboarding",
        name=gettext_lazy("New client onboarding"),
        description=gettext_lazy("days 2 · 5 · 7 · 14"),
        purpose=NEWS,
        definition=_onboarding,
    ),
    SequencePreset(
        key="payments",
        name=gettext_lazy("Payment reminders"),
        description=gettext_lazy("days 3 · 7 · 10 · 14, then the managers"),
        purpose=SequencePurpose.MONEY,
        definition=_payments,
        reentry=Reentry.ALWAYS,
    ),
    SequencePreset(
        key="documents",
        name=gettext_lazy("Document collection"),
        description=gettext_lazy("days 0 · 3 · 6 · 9, then a call"),
        purpose=NEWS,
        definition=_documents,
        reentry=Reentry.ALWAYS,
    ),
    SequencePreset(
        key="status",
        name=gettext_lazy("Application status"),
        description=gettext_lazy("every 14 days until decided"),
        purpose=NEWS,
        definition=_status,
        reentry=Reentry.ALWAYS,
    ),
    SequencePreset(
        key="silence",
        name=gettext_lazy("60 days of silence"),
        description=gettext_lazy("call, email, close or keep"),
        purpose=OFFERS,
        definition=_re_engagement,
        reentry=Reentry.DAYS,
    ),
    SequencePreset(
        key="year",
        name=gettext_lazy("Keep in touch for a year"),
        description=gettext_lazy("every three months: email, email, call, email, email"),
        purpose=OFFERS,
        definition=_year,
        reentry=Reentry.DAYS,
    ),
    SequencePreset(
        key="expiry",
        name=gettext_lazy("A document expires"),
        description=gettext_lazy("tell the customer, check the renewal after 30 days"),
        purpose=NEWS,
        definition=_expiry,
        reentry=Reentry.DAYS,
    ),
    SequencePreset(
        key="appointments",
        name=gettext_lazy("After an appointment"),
        description=gettext_lazy("the summary, and what was spoken of: documents, payment"),
        purpose=SequencePurpose.QUOTES,
        definition=_appointments,
        reentry=Reentry.ALWAYS,
    ),
]
