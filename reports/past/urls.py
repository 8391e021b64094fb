"""URLs of the past list."""

from django.urls import path

from crm.web.requests.moved import moved
from reports.past import views

urlpatterns = [
    path("past-day/", views.past, name="past"),
    path("past/", moved("reports:past", "reports.past"), name="old_past"),
]
