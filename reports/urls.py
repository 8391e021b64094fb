"""URLs of the reports."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("reports.home.urls")),
    path("", include("reports.mailed.urls")),
    path("", include("reports.past.urls")),
]
