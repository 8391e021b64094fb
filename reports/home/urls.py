"""URLs of a member's own page."""

from django.urls import path

from crm.web.requests.moved import moved
from reports.home import views

urlpatterns = [
    path("home/", views.home, name="home"),
    path("reports/home/", moved("reports:home", "reports.home"), name="old_home"),
]
