"""URLs of the dashboard."""

from django.urls import path

from reports.dashboard import views
from reports.unusual.views import acknowledge

DASHBOARD_URLS = [
    path("", views.dashboard_page, name="dashboard"),
    path("ages/", views.ages_page, name="ages"),
    path("overview/sources/", views.sources_card, name="sources"),
    path("unusual/<uuid:uid>/acknowledge/", acknowledge, name="acknowledge"),
]
