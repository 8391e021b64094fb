"""URLs of a member's own page."""

from django.urls import path

from reports.home import views

urlpatterns = [path("home/", views.home, name="home")]
