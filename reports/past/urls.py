"""URLs of the past list."""

from django.urls import path

from reports.past import views

urlpatterns = [path("past/", views.past, name="past")]
