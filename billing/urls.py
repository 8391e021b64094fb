"""URLs of billing, under /<tenant>/invoices/."""

from django.urls import URLPattern, URLResolver, path

from billing.paper import views as paper

PAPER_URLS = [
    path("<uuid:uid>/pdf/", paper.invoice_pdf, name="invoice_pdf"),
    path("<uuid:uid>/ubl/", paper.invoice_ubl, name="invoice_ubl"),
    path("receipts/<uuid:uid>/", paper.receipt_pdf, name="receipt_pdf"),
    path("statements/<uuid:uid>/", paper.statement_pdf, name="statement_pdf"),
]

app_name = "billing"
urlpatterns: list[URLPattern | URLResolver] = [*PAPER_URLS]
