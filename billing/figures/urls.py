"""URL of the figures of billing, under /<tenant>/reports/receivables/."""

from django.urls import path

from billing.figures.views import receivables_page

app_name = "receivables"
urlpatterns = [path("", receivables_page, name="figures")]
