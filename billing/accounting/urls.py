"""URLs of accounting, under /<tenant>/invoices/accounting/."""

from django.urls import path

from billing.accounting import views

app_name = "accounting"
urlpatterns = [
    path("", views.exports, name="exports"),
    path("export/", views.export, name="export"),
    path("<uuid:uid>/file/", views.export_file, name="export_file"),
    path("terms/", views.terms, name="terms"),
    path("terms/set/", views.set_terms, name="set_terms"),
]
