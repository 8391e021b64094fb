"""URLs of the reports."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [path("", include("reports.past.urls"))]
