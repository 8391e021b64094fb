"""URLs of runs that issue many invoices, under /<tenant>/invoices/."""

from django.urls import path

from billing.invoice_runs import views

RUN = "runs/<uuid:uid>/"
URLS = [
    path("runs/issue/", views.issue_selected, name="issue_selected"),
    path("runs/bill/", views.bill_selected, name="bill_selected"),
    path(RUN, views.invoice_run, name="invoice_run"),
    path(f"{RUN}cancel/", views.cancel_invoice_run, name="cancel_invoice_run"),
]
