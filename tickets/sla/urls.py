"""The URLs of the response times."""

from django.urls import path

from tickets.sla import views

SLA_URLS = [
    path("settings/response-times/", views.sla, name="sla"),
    path("settings/response-times/add/", views.add_sla, name="add_sla"),
    path("settings/response-times/partners/", views.add_partners, name="add_partners"),
    path("settings/response-times/usual-channel/", views.set_usual_channel, name="set_usual_channel"),
    path("settings/response-times/<uuid:uid>/", views.edit_sla, name="edit_sla"),
    path("settings/response-times/<uuid:uid>/move/", views.move_sla, name="move_sla"),
    path("settings/response-times/<uuid:uid>/archive/", views.archive_sla, name="archive_sla"),
    path("settings/response-times/<uuid:uid>/restore/", views.restore_sla, name="restore_sla"),
]
