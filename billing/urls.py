"""URLs of billing, under /<tenant>/invoices/."""

from django.urls import path

from billing.invoice_runs.urls import URLS as RUN_URLS
from billing.invoices.invoice_list import INVOICES
from billing.invoices.views import draft, instalments, invoice, job_money, list
from billing.ledger import views as ledger
from billing.paper import views as paper
from billing.payments import views as payments
from billing.setup import views as setup
from crm.web.lists.urls import list_urls

PAPER_URLS = [
    path("<uuid:uid>/pdf/", paper.invoice_pdf, name="invoice_pdf"),
    path("<uuid:uid>/ubl/", paper.invoice_ubl, name="invoice_ubl"),
    path("receipts/<uuid:uid>/", paper.receipt_pdf, name="receipt_pdf"),
    path("statements/<uuid:uid>/", paper.statement_pdf, name="statement_pdf"),
]

app_name = "billing"
JOB = "jobs/<int:number>/"
INVOICE = "<uuid:uid>/"
urlpatterns = [
    *PAPER_URLS,
    *RUN_URLS,
    path("", list.invoices, name="list"),
    *list_urls(INVOICES),
    path(JOB, job_money.money, name="money"),
    path(f"{JOB}panel/", job_money.panel, name="panel"),
    path(f"{JOB}account.csv", job_money.account_file, name="account_file"),
    path(f"{JOB}bill/", job_money.bill, name="bill"),
    path(f"{JOB}credit/", job_money.credit, name="credit"),
    path(f"{JOB}payment/", payments.record, name="record"),
    path(f"{JOB}refund/", payments.ask_refund, name="ask_refund"),
    path("books/", ledger.books, name="books"),
    path("books/ledger.csv", ledger.ledger_file, name="ledger_file"),
    path("terms/", setup.terms, name="terms"),
    path("terms/set/", setup.set_terms, name="set_terms"),
    path("reminders/", setup.reminders, name="reminders"),
    path("reminders/set/", setup.set_reminders, name="set_reminders"),
    path("payments/<uuid:uid>/reverse/", payments.reverse, name="reverse"),
    path("refunds/<uuid:uid>/approve/", payments.approve, name="approve"),
    path("refunds/<uuid:uid>/refuse/", payments.refuse, name="refuse"),
    path("refunds/<uuid:uid>/paid/", payments.pay_back, name="pay_back"),
    path(INVOICE, invoice.invoice, name="invoice"),
    path(f"{INVOICE}edit/", draft.edit_draft, name="edit_draft"),
    path(f"{INVOICE}issue/", invoice.issue, name="issue"),
    path(f"{INVOICE}discard/", invoice.discard, name="discard"),
    path(f"{INVOICE}dispute/", invoice.dispute, name="dispute"),
    path(f"{INVOICE}settle/", invoice.settle, name="settle"),
    path(f"{INVOICE}ask/", invoice.ask, name="ask"),
    path(f"{INVOICE}promise/", invoice.promise, name="promise"),
    path(f"{INVOICE}parts/", instalments.parts, name="parts"),
    path(f"{INVOICE}parts/take-back/", instalments.take_back_parts, name="take_back_parts"),
]
