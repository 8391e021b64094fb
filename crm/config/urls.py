"""The root URLconf. A tenant's URLs begin with its slug; others with a reserved word, or the portal's two letters."""

from django.urls import include, path

urlpatterns = [
    path("hooks/", include("comms.inbound.urls")),
    path("demo/phone/", include("comms.phone.urls")),
    path("demo/tour/", include("demo.tour.urls")),
    path("mail/", include("comms.gate.urls")),
    path("public/appointment/", include("comms.appointments.urls")),
    path("public/calendar/", include("crm.jobs.appointments.feed.urls")),
    path("mail/", include("comms.survey.urls")),
    path("public/intake/", include("leads.intake.public_urls")),
    path("public/attachments/", include("comms.views.file_urls")),
    path("public/documents/", include("crm.documents.public_urls")),
    path("my/<slug:company>/", include("portal.urls")),
    path("", include("crm.web.urls")),
    path("<slug:tenant>/", include("crm.jobs.urls")),
    path("<slug:tenant>/calendar/", include("crm.jobs.appointments.urls")),
    path("<slug:tenant>/settings/webhooks/", include("crm.automation.webhooks.urls")),
    path("<slug:tenant>/people/", include("crm.jobs.customers.urls")),
    path("<slug:tenant>/", include("comms.outbox.urls")),
    path("<slug:tenant>/messages/calls/", include("comms.callbacks.urls")),
    path("<slug:tenant>/messages/recordings/", include("comms.recordings.urls")),
    path("<slug:tenant>/messages/decisions/", include("comms.gate.tenant_urls")),
    path("<slug:tenant>/messages/appointments/", include("comms.appointments.tenant_urls")),
    path("<slug:tenant>/messages/", include("comms.urls")),
    path("<slug:tenant>/messages/write/", include("comms.composer.urls")),
    path("<slug:tenant>/documents/", include("crm.documents.urls")),
    path("<slug:tenant>/triggers/", include("crm.automation.urls")),
    path("<slug:tenant>/portal/", include("portal.access.staff.tenant_urls")),
    path("<slug:tenant>/portal/places/", include("portal.portfolio.tenant_urls")),
    path("<slug:tenant>/leads/intake/", include("leads.intake.urls")),
    path("<slug:tenant>/", include("leads.urls")),
    path("<slug:tenant>/followups/", include("followups.urls")),
    path("<slug:tenant>/tickets/set-aside/", include("tickets.set_aside.urls")),
    path("<slug:tenant>/", include("tickets.urls")),
    path("public/booking/", include("service.booking.public_urls")),
    path("public/forecast/", include("service.weather.public_urls")),
    path("<slug:tenant>/service/weather/", include("service.weather.urls")),
    path("<slug:tenant>/service/issues/", include("service.issues.urls")),
    path("<slug:tenant>/service/", include("service.urls")),
    path("<slug:tenant>/", include("reports.urls")),
    path("<slug:tenant>/", include("portal.updates.urls")),
]

handler400 = "crm.web.requests.error_pages.bad_request"
handler403 = "crm.web.requests.error_pages.forbidden"
handler404 = "crm.web.requests.error_pages.not_found"
handler429 = "crm.web.requests.error_pages.too_many"
handler500 = "crm.web.requests.error_pages.server_error"
