"""Addresses of the page of health."""

from django.urls import path

from crm.web.health import views

urlpatterns = [
    path("", views.health, name="health"),
    path("alarms/<int:pk>/take/", views.take, name="health_take"),
    path("alarms/<int:pk>/quiet/", views.quiet, name="health_quiet"),
    path("acts/", views.act, name="health_act"),
    path("acts/replay/", views.replay_all, name="health_replay_all"),
    path("checklist/", views.tick, name="health_tick"),
]
