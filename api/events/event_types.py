"""The types of events that programs get, with what each means and the fields of its data.

A type that is added to the product is put here, or among the withheld ones: tests/api/test_event_types.py asks.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.events.event_fields import (
    CURRENCY,
    MONEY,
    EventField,
    amount,
    code,
    flag,
    member,
    moment,
    number,
    priority,
    stage,
)
from api.events.public_records import RECORDS, PublicRecord


@dataclass(frozen=True)
class EventType:
    """A type of public events: "lead.won"."""

    name: str
    label: Promise
    fields: tuple[EventField, ...] = ()
    # Of its record, if it is not what the name begins with.
    record_kind: str = ""

    @property
    def record(self) -> PublicRecord:
        return RECORDS[self.record_kind or self.name.partition(".")[0]]


_CHANNEL = code("channel", "By which channel: email, sms, whatsapp, phone or portal.")
_MEDIUM = code("medium", "email, sms, whatsapp, phone or portal.")
_PURPOSE = code("purpose", "Why it was sent: a code.")
_STAGE = stage("stage", "The step it is in.")
_STEPS = (stage("from", "The step it left."), stage("to", "The step it entered."))
_MEMBERS = (member("from", "Who had it."), member("to", "Who has it now."))
_PRIORITIES = (priority("from", "The priority before."), priority("to", "The priority now."))
_UNTIL = moment("until", "When it goes on, if that is known.")
_TIMES = (moment("from", "When it was to begin."), moment("to", "When it begins now."))
_KIND = code("kind", "What kind it is: a code.")
_QUOTE = (number("quote", "Its number."), number("version", "Its version."), amount("total"), CURRENCY)
_JOINED = flag("joined", "It joined a lead that was there.")
_DAYS = number("days", "Days after it was due.")
_BY_CREDIT = flag("by_credit", "By a credit note instead of money.", key="void")
_ALL = flag("all", "Nothing else of the job is owed.")
_INVOICE = (code("kind", "Of invoice."), amount("total"), CURRENCY)

_JOB = [
    EventType("job.opened", _("A lead or job is created"), (_STAGE,)),
    EventType("job.moved", _("A job moves to another step"), _STEPS),
    EventType("job.assigned", _("A job gets another owner"), _MEMBERS),
    EventType("job.prioritized", _("A job gets another priority"), _PRIORITIES),
    EventType(
        "job.next_step_planned",
        _("The next step of a job is planned or removed"),
        (code("kind", "Of step; null: there is none any more."), moment("at", "When it is due.")),
    ),
    EventType("job.paused", _("A job is put on hold"), (_UNTIL,)),
    EventType("job.resumed", _("A job goes on after a hold")),
    EventType("job.turned", _("It becomes our or the customer’s move"), (code("side", "us or customer."),)),
    EventType("job.finished", _("A job is completed"), (_STAGE,)),
    EventType("job.lost", _("A lead is lost"), (_STAGE,)),
    EventType("job.dropped", _("A lead is dropped"), (_STAGE,)),
    EventType("job.reopened", _("A job is reopened"), _STEPS),
    EventType("job.corrected", _("Details of a job are edited")),
    EventType("job.filled_in", _("Missing details of a job are added")),
    EventType("job.heard", _("The customer writes or calls"), (_CHANNEL,)),
    EventType("job.answered", _("The customer is answered"), (_CHANNEL,)),
    EventType(
        "job.contacted",
        _("A contact with the customer is logged"),
        (code("kind", "call, text, email, whatsapp, video, meeting or visit."), code("outcome", "How it ended.")),
    ),
    EventType("job.contact_withdrawn", _("A logged contact is undone")),
    EventType("job.due_soon", _("A job is due soon"), (_STAGE,)),
    EventType("job.overdue", _("A job is late"), (_STAGE,)),
    EventType("job.far_overdue", _("A job is very late"), (_STAGE,)),
    EventType("job.undone", _("A change of a job is undone"), (code("of", "The type of the change."),)),
    EventType("job.party_added", _("A contact is added to a job")),
    EventType("job.party_removed", _("A contact is removed from a job")),
    EventType("note.written", _("A note is written"), record_kind="job"),
    EventType(
        "lead.received",
        _("A form or portal delivers a lead"),
        (flag("joined", "It joined a lead that was there."),),
        "job",
    ),
    EventType("lead.won", _("A lead is won"), record_kind="job"),
    EventType("lead.win_withdrawn", _("A win is withdrawn"), record_kind="job"),
    EventType("lead.handed_on", _("A lead is handed to a partner"), record_kind="job"),
    EventType("handoff.opened", _("A sold job is handed to service"), record_kind="job"),
    EventType("handoff.accepted", _("Service accepts a job"), record_kind="job"),
    EventType("handoff.returned", _("Service returns a job to sales"), record_kind="job"),
]
_CUSTOMERS = [
    EventType("person.added", _("A customer is added")),
    EventType("person.corrected", _("Details of a customer are edited")),
    EventType("person.confirmed", _("An unknown sender is confirmed as a customer")),
    EventType("person.merged", _("Another record is merged into a customer")),
    EventType("person.taken_apart", _("A merge of customers is undone")),
    EventType("person.erased", _("The personal data of a customer is erased")),
]
_MONEY = [
    EventType("quote.created", _("A quote is written"), _QUOTE),
    EventType("quote.sent", _("A quote is sent"), _QUOTE),
    EventType("quote.revised", _("A new version of a quote is begun"), _QUOTE),
    EventType("quote.viewed", _("The customer opens a quote"), (*_QUOTE, number("visit", "How often so far."))),
    EventType("quote.accepted", _("A quote is accepted"), _QUOTE),
    EventType("quote.declined", _("A quote is declined"), (*_QUOTE, code("reason", "Why: a code."))),
    EventType("quote.withdrawn", _("A quote is withdrawn"), _QUOTE),
    EventType("quote.expired", _("A quote expires"), _QUOTE),
    EventType("quote.approval_requested", _("A quote needs approval"), _QUOTE),
    EventType("quote.approved", _("A quote is approved"), _QUOTE),
    EventType("quote.approval_refused", _("A quote is not approved"), _QUOTE),
    EventType("quote.contract_approved", _("A contract is approved"), _QUOTE),
    EventType("quote.contract_returned", _("A contract is returned"), _QUOTE),
    EventType("invoice.drafted", _("An invoice is drafted"), _INVOICE),
    EventType("invoice.issued", _("An invoice is issued"), _INVOICE),
    EventType("invoice.credit_issued", _("A credit note is issued"), _INVOICE),
    EventType(
        "invoice.paid",
        _("An invoice is paid"),
        (
            *_INVOICE,
            flag("by_credit", "By a credit note instead of money.", key="void"),
            flag("all", "Nothing else of the job is owed."),
        ),
    ),
    EventType("invoice.reopened", _("A paid invoice is open again"), (amount("open"), CURRENCY)),
    EventType("invoice.reminded", _("A customer is reminded of an invoice"), (_DAYS,)),
    EventType("invoice.disputed", _("A customer disputes an invoice")),
    EventType("invoice.dispute_settled", _("The dispute of an invoice is settled")),
    EventType("payment.received", _("A payment is received"), (*MONEY, code("method", "How it was paid."))),
    EventType("payment.reversed", _("A payment is reversed"), MONEY),
    EventType("payment.charged_back", _("A bank takes back a payment"), MONEY),
    EventType("refund.requested", _("A refund is requested"), MONEY),
    EventType("refund.approved", _("A refund is approved"), MONEY),
    EventType("refund.refused", _("A refund is refused"), MONEY),
    EventType("refund.paid", _("A refund is paid"), MONEY),
]
_CONVERSATIONS = [
    EventType("ticket.created", _("A conversation starts"), (_MEDIUM,)),
    EventType("ticket.received", _("A customer writes in a conversation"), (_MEDIUM,)),
    EventType("ticket.replied", _("A conversation is answered")),
    EventType("ticket.assigned", _("A conversation gets another owner"), _MEMBERS),
    EventType("ticket.prioritized", _("A conversation gets another priority"), _PRIORITIES),
    EventType("ticket.paused", _("A conversation is put on hold"), (_UNTIL,)),
    EventType("ticket.resumed", _("A conversation goes on after a hold")),
    EventType("ticket.snoozed", _("A conversation is snoozed"), (_UNTIL,)),
    EventType("ticket.solved", _("A conversation is solved")),
    EventType("ticket.reopened", _("A conversation is reopened")),
    EventType("ticket.closed", _("A conversation is closed")),
    EventType("ticket.due_soon", _("An answer is due soon")),
    EventType("ticket.overdue", _("An answer is late")),
    EventType("ticket.far_overdue", _("An answer is very late")),
    EventType("ticket.upset", _("A customer seems upset")),
    EventType("message.received", _("A message is received"), (_MEDIUM,)),
    EventType("message.queued", _("A message is written"), (_MEDIUM, _PURPOSE)),
    EventType("message.sent", _("A message is sent"), (_MEDIUM, _PURPOSE)),
    EventType("message.delivered", _("A message is delivered"), (_MEDIUM, _PURPOSE)),
    EventType("message.clicked", _("A link of a message is opened"), (_MEDIUM, _PURPOSE)),
    EventType("message.bounced", _("A message bounces"), (_MEDIUM, _PURPOSE)),
    EventType("message.failed", _("A message can’t be sent"), (_MEDIUM, _PURPOSE)),
    EventType("message.cancelled", _("A message is cancelled before it is sent"), (_MEDIUM, _PURPOSE)),
]
_PLANNED = [
    EventType(
        "followup.planned",
        _("A follow-up is planned"),
        (_KIND, member("assignee", "Whose it is."), moment("at", "When it is due.")),
    ),
    EventType("followup.rescheduled", _("A follow-up is rescheduled")),
    EventType("followup.assigned", _("A follow-up gets another owner"), _MEMBERS),
    EventType("followup.completed", _("A follow-up is completed"), (_KIND,)),
    EventType("followup.cancelled", _("A follow-up is cancelled"), (_KIND,)),
    EventType("followup.reopened", _("A follow-up is reopened"), (_KIND,)),
    EventType("followup.missed", _("A follow-up is missed"), (_KIND,)),
    EventType("appointment.booked", _("An appointment is booked")),
    EventType("appointment.confirmed", _("The customer confirms an appointment")),
    EventType("appointment.rescheduled", _("An appointment is moved"), _TIMES),
    EventType("appointment.cancelled", _("An appointment is cancelled")),
    EventType("appointment.completed", _("An appointment took place"), (code("outcome", "How it went."),)),
    EventType("appointment.missed", _("The customer misses an appointment")),
    EventType("appointment.reopened", _("A closed appointment is reopened")),
    EventType("document.added", _("A document is added")),
    EventType("document.replaced", _("A document gets a new version"), (number("number", "Of the version."),)),
    EventType("document.archived", _("A document is archived")),
    EventType("document.restored", _("A document is restored")),
    EventType("document.expiring", _("A document expires soon")),
]
_SERVICE = [
    EventType("project.started", _("A project is created")),
    EventType("project.scheduled", _("A project gets its dates")),
    EventType("project.progressed", _("The progress of a project changes")),
    EventType("project.held", _("A project is put on hold")),
    EventType("project.resumed", _("A project goes on after a hold")),
    EventType("project.finished", _("A project is finished")),
    EventType("project.reopened", _("A project is reopened")),
    EventType("milestone.completed", _("A milestone is reached")),
    EventType("milestone.reopened", _("A milestone is open again")),
    EventType("issue.opened", _("An issue is reported")),
    EventType("issue.approved", _("The customer approves extra work"), (amount("amount", "In minor units."),)),
    EventType("issue.declined", _("The customer declines extra work")),
    EventType("issue.ended", _("An issue is closed"), (code("state", "How it ended."),)),
    EventType("issue.reopened", _("An issue is reopened")),
]
_CALLS = [
    EventType("call.counted", _("A call counts as a lead"), (number("seconds", "How long they spoke."),)),
    EventType("call.excused", _("A call is excused: it is no lead"), (code("reason", "Why: a code."),)),
    EventType("call.decision_taken_back", _("A decision about a call is taken back")),
]
_CLAIMS = [
    EventType("job_claim.recorded", _("An insurance claim is recorded")),
    EventType("job_claim.edited", _("An insurance claim is edited")),
    EventType("claim_mail.filed", _("An email of an insurance carrier is filed on a claim")),
    EventType(
        "claim_mail.decided",
        _("A value that an insurance carrier wrote is accepted or refused"),
        (code("decision", "accepted or refused."),),
    ),
]
# By group, in the order in which they are shown.
GROUPS: list[tuple[Promise, list[EventType]]] = [
    (_("Leads and jobs"), _JOB),
    (_("Customers"), _CUSTOMERS),
    (_("Quotes, invoices and payments"), _MONEY),
    (_("Conversations"), _CONVERSATIONS),
    (_("Follow-ups, appointments and documents"), _PLANNED),
    (_("Delivery"), _SERVICE),
    (_("Tracked calls"), _CALLS),
    (_("Insurance claims"), _CLAIMS),
]
EVENT_TYPES: dict[str, EventType] = {one.name: one for _label, types in GROUPS for one in types}
# What the names of such types begin with.
SUBJECTS = frozenset(one.name.partition(".")[0] for one in EVENT_TYPES.values())
