"""Addresses of what looks before; among those of triggers (crm/automation/urls.py)."""

from django.urls import path

from crm.automation.preview import views

PATHS = [
    path("map/", views.rule_map, name="map"),
    path("ahead/", views.preview, name="preview"),
    path("<uuid:uid>/dry-run/", views.look_back, name="dry_run"),
    path("<uuid:uid>/dry-run/start/", views.start_dry_run, name="start_dry_run"),
    path("dry-runs/<uuid:uid>/cancel/", views.cancel_dry_run, name="cancel_dry_run"),
]
