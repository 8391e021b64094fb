"""Every address of the product. A tenant's begin with its slug; the others are reserved words."""

from django.urls import include, path

urlpatterns = [
    path("", include("crm.platform.urls")),
    path("<slug:tenant>/settings/", include("crm.jobs.urls")),
    path("<slug:tenant>/leads/", include("leads.urls")),
    path("<slug:tenant>/followups/", include("followups.urls")),
]

handler400 = "crm.platform.errors.bad_request"
handler403 = "crm.platform.errors.forbidden"
handler404 = "crm.platform.errors.not_found"
handler429 = "crm.platform.errors.too_many"
handler500 = "crm.platform.errors.server_error"
