"""Subscribers and due handlers of billing."""

from billing.commissions import earning, monthly
from billing.commissions.sending import follow_issued_statements
from billing.dunning import promise_effects
from billing.dunning.ladder_steps import take_steps
from billing.invoice_runs import kind  # noqa: F401 (the run is registered)
from billing.invoices import issue_effects
from billing.invoices.expected_price import note_expected_price
from billing.invoices.quote_deposit import bill_accepted
from billing.ledger.books_health import CHECK_BOOKS, check_books
from billing.models.invoice import DUNNING
from billing.models.payment_promise import PROMISE
from billing.notices import tell_to_approve
from billing.payments import effects
from billing.providers import checkouts, events, fees, refunds, settling
from billing.retention import FORGET, forget
from crm.platform.events.events import on
from crm.platform.work import due_io
from crm.platform.work.due import handler

# What is issued is sent, uses the customer's credit, and is reminded; parts are drafted when what starts them happens.
on("quote.accepted")(bill_accepted)
on("invoice.issued")(issue_effects.follow_issued)
on("project.progressed", "milestone.completed")(issue_effects.follow_begun)
on("project.finished")(issue_effects.follow_finished)

# What the job is going to cost stands beside what was said.
on("payment_plan.agreed", "invoice.issued", "invoice.credit_issued")(note_expected_price)

# What is paid stops the reminders, ends promises, and moves the job on.
on("payment.received")(effects.follow_payments)
on("invoice.paid")(effects.follow_paid)
on("quote.contract_approved")(effects.follow_approved_contracts)
on("invoice.reopened")(promise_effects.follow_reopened)
on("instalment_plan.agreed", "instalment_plan.taken_back")(promise_effects.follow_instalments)
on("payment.reversed")(promise_effects.follow_reversed)

# What partners earn by it; after the credit of the customer was used for what is issued.
on(
    *("invoice.issued", "invoice.paid", "invoice.reopened", "invoice.credit_issued"),
    *("payment.received", "payment.reversed", "refund.approved", "refund.paid"),
    *("job.party_added", "job.party_removed"),
)(earning.follow_money)
on("commission_agreement.made")(earning.follow_agreements)
on("commission_statement.issued")(follow_issued_statements)

# Whom it concerns.
on("payment_promise.broken")(promise_effects.follow_broken)
on("refund.requested")(tell_to_approve)

# Due work.
handler(DUNNING)(take_steps)
handler(PROMISE)(promise_effects.settle_due)
handler(CHECK_BOOKS)(check_books)
handler(FORGET)(forget)
handler(earning.SETTLE)(earning.settle_jobs)
handler(monthly.MONTHLY)(monthly.draw_up_last_month)

# Calls of payment providers.
on("refund.approved")(refunds.follow_approved)
due_io.handler(checkouts.CHECKOUT, when_parked=checkouts.fail_attempt)(checkouts.create_checkout)
due_io.handler(checkouts.CHECK)(settling.check_attempt)
due_io.handler(events.READ, when_parked=events.park_event)(events.read_event)
due_io.handler(refunds.PAY_BACK)(refunds.pay_back)
due_io.handler(fees.FEES)(fees.fetch_fees)
