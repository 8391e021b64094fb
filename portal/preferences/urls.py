"""URLs of the preferences."""

from django.urls import path

from portal.preferences import views

urlpatterns = [
    path("preferences/", views.preferences_page, name="preferences"),
]
