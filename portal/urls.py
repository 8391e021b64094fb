"""URLs of the portal: all under the company's own, which no tenant's prefix is (`company`, never `tenant`)."""

from django.urls import include, path

app_name = "portal"
urlpatterns = [
    path("", include("portal.portfolio.urls")),
    path("", include("portal.access.urls")),
    path("", include("portal.job_page.urls")),
    path("", include("portal.messages.urls")),
    path("", include("portal.documents.urls")),
    path("", include("portal.preferences.urls")),
    path("", include("portal.team.urls")),
    path("", include("portal.onboarding.urls")),
    path("", include("portal.sharing.urls")),
    path("", include("portal.asks.urls")),
]
