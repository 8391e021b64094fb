"""The root URLconf. A tenant's URLs begin with its slug; others with a reserved word, or the portal's two letters."""

from django.urls import include, path

urlpatterns = [
    path("", include("comms.public_urls")),
    path("demo/tour/", include("demo.tour.urls")),
    path("", include("crm.jobs.public_urls")),
    path("public/intake/", include("leads.intake.public_urls")),
    path("public/calendars/", include("crm.integrations.public_urls")),
    path("public/documents/", include("crm.documents.public_urls")),
    path("public/verify/", include("crm.documents.seals.urls")),
    path("public/payments/", include("billing.providers.public_urls")),
    path("public/connections/", include("connections.public_urls")),
    path("my/<slug:company>/", include("portal.urls")),
    path("api/v1/", include("api.urls")),
    path("", include("crm.web.urls")),
    path("<slug:tenant>/", include("crm.integrations.urls")),
    path("<slug:tenant>/", include("crm.jobs.urls")),
    path("<slug:tenant>/", include("comms.urls")),
    path("<slug:tenant>/documents/", include("crm.documents.urls")),
    path("<slug:tenant>/", include("crm.automation.urls")),
    path("<slug:tenant>/", include("portal.tenant_urls")),
    path("<slug:tenant>/", include("leads.urls")),
    path("<slug:tenant>/followups/", include("followups.urls")),
    path("<slug:tenant>/reports/quotes/", include("quotes.figures.urls")),
    path("<slug:tenant>/reports/receivables/", include("billing.figures.urls")),
    path("<slug:tenant>/reports/follow-ups/", include("followups.figures.urls")),
    path("<slug:tenant>/sequences/", include("followups.sequences.urls")),
    path("<slug:tenant>/", include("tickets.urls")),
    path("public/", include("service.public_urls")),
    path("<slug:tenant>/service/", include("service.urls")),
    path("<slug:tenant>/prices/", include("quotes.prices.urls")),
    path("<slug:tenant>/taxes/", include("quotes.taxes.urls")),
    path("<slug:tenant>/quotes/", include("quotes.urls")),
    path("<slug:tenant>/settings/payments/", include("billing.providers.urls")),
    path("<slug:tenant>/reports/reviews/", include("connections.reviews.urls")),
    path("<slug:tenant>/settings/connections/", include("connections.urls")),
    path("<slug:tenant>/", include("assistant.urls")),
    path("<slug:tenant>/invoices/bank/", include("billing.bank.urls")),
    path("<slug:tenant>/invoices/accounting/", include("billing.accounting.urls")),
    path("<slug:tenant>/invoices/commissions/", include("billing.commissions.urls")),
    path("<slug:tenant>/invoices/", include("billing.urls")),
    path("<slug:tenant>/apps/", include("api.oauth.urls")),
    path("<slug:tenant>/settings/api/", include("api.tenant_urls")),
    path("<slug:tenant>/settings/webhooks/", include("api.webhooks.urls")),
    path("<slug:tenant>/labels/", include("assistant.labels.urls")),
    path("<slug:tenant>/scores/", include("assistant.scores.urls")),
    path("<slug:tenant>/suggestions/", include("assistant.suggestions.urls")),
    path("<slug:tenant>/timing/", include("assistant.timing.urls")),
    path("<slug:tenant>/", include("reports.urls")),
]

handler400 = "crm.web.requests.error_pages.bad_request"
handler403 = "crm.web.requests.error_pages.forbidden"
handler404 = "crm.web.requests.error_pages.not_found"
handler429 = "crm.web.requests.error_pages.too_many"
handler500 = "crm.web.requests.error_pages.server_error"
