"""The URLs of what tickets/life adds: its settings, and acts on a ticket."""

from django.urls import path

from tickets.life.views import policy

LIFE_URLS = [
    path("settings/end/", policy.policy, name="policy"),
    path("settings/end/set/", policy.set_policy, name="set_policy"),
    path("settings/end/<uuid:uid>/", policy.policy_run, name="policy_run"),
]
