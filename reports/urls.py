"""URLs of the reports and of the home page, under /<tenant>/."""

from django.urls import URLPattern, URLResolver, include, path

from reports.dashboard.urls import DASHBOARD_URLS

app_name = "reports"
REPORTS: list[URLPattern | URLResolver] = [
    *DASHBOARD_URLS,
    path("", include("reports.mailed.urls")),
    path("", include("reports.past.urls")),
    path("", include("reports.work.urls")),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reports.home.urls")),
    path("reports/", include(REPORTS)),
]
