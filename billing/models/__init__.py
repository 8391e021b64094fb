"""The models of billing."""

from billing.models.accounting import AccountingExport, AccountingSystem, AccountingTerms, ExportedInvoice
from billing.models.allocation import Allocation, FoundBy, apply_credit, reverse_payment, use_credit_note, use_payment
from billing.models.bank import BankEntry, BankFile, EntryState
from billing.models.billing_terms import BillingTerms, ServiceGate, terms_of
from billing.models.books_check import BooksCheck
from billing.models.commissions import (
    Commission,
    CommissionAgreement,
    CommissionBasis,
    CommissionLine,
    CommissionStatement,
    StatementState,
)
from billing.models.crediting import credit_invoice, credited_so_far
from billing.models.dunning import DunningAct, DunningKind, DunningStep, ladder
from billing.models.instalment_plan import Instalment, InstalmentPlan
from billing.models.invoice import Invoice
from billing.models.invoice_counter import InvoiceCounter
from billing.models.invoice_follow_up import InvoiceFollowUp
from billing.models.invoice_line import InvoiceLine, LineDraft
from billing.models.invoice_state import OPEN_STATES, InvoiceKind, InvoiceState
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from billing.models.online import PaymentAttempt, ProviderAccount, ProviderEvent
from billing.models.payment import HAND, Payment, PaymentMethod
from billing.models.payment_plan import PartDraft, PartStart, PaymentPart, PaymentPlan
from billing.models.payment_promise import PaymentPromise
from billing.models.refund import Refund, may_approve

__all__ = [
    "HAND",
    "OPEN_STATES",
    "AccountingExport",
    "AccountingSystem",
    "AccountingTerms",
    "Allocation",
    "BankEntry",
    "BankFile",
    "BillingTerms",
    "BooksCheck",
    "Commission",
    "CommissionAgreement",
    "CommissionBasis",
    "CommissionLine",
    "CommissionStatement",
    "DunningAct",
    "DunningKind",
    "DunningStep",
    "EntryKind",
    "EntryState",
    "ExportedInvoice",
    "FoundBy",
    "Instalment",
    "InstalmentPlan",
    "Invoice",
    "InvoiceCounter",
    "InvoiceFollowUp",
    "InvoiceKind",
    "InvoiceLine",
    "InvoiceState",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "LineDraft",
    "PartDraft",
    "PartStart",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "PaymentPart",
    "PaymentPlan",
    "PaymentPromise",
    "ProviderAccount",
    "ProviderEvent",
    "Refund",
    "ServiceGate",
    "StatementState",
    "apply_credit",
    "credit_invoice",
    "credited_so_far",
    "ladder",
    "may_approve",
    "reverse_payment",
    "terms_of",
    "use_credit_note",
    "use_payment",
]
