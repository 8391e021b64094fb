"""URLs of the reports."""

from django.urls import URLPattern, URLResolver, include, path

from reports.dashboard.urls import DASHBOARD_URLS

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    *DASHBOARD_URLS,
    path("", include("reports.home.urls")),
    path("", include("reports.mailed.urls")),
    path("", include("reports.past.urls")),
    path("", include("reports.work.urls")),
]
