"""Addresses of a member's notices."""

from django.urls import path

from crm.web.notices import acts, devices, views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="notices_read"),
    path("mute/", views.mute_record, name="notice_mute"),
    path("settings/", views.settings, name="notice_settings"),
    path("settings/devices/", devices.add, name="device_add"),
    path("settings/devices/<uuid:uid>/remove/", devices.remove, name="device_remove"),
    path("settings/devices/<uuid:uid>/show/", devices.show, name="device_show"),
    path("<uuid:uid>/", views.notice, name="notice"),
    path("<uuid:uid>/read/", acts.read, name="notice_read"),
    path("<uuid:uid>/take/", acts.take, name="notice_take"),
    path("<uuid:uid>/kind/", acts.mute_kind, name="notice_mute_kind"),
]
