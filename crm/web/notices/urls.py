"""Addresses of a member's notices."""

from django.urls import path

from crm.web.notices import acts, devices, numbers, views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="notices_read"),
    path("mute/", views.mute_record, name="notice_mute"),
    path("settings/", views.settings, name="notice_settings"),
    path("settings/number/", numbers.ask, name="number_ask"),
    path("settings/number/confirm/", numbers.confirm, name="number_confirm"),
    path("settings/number/remove/", numbers.remove, name="number_remove"),
    path("settings/devices/", devices.add, name="device_add"),
    path("settings/devices/<uuid:uid>/remove/", devices.remove, name="device_remove"),
    path("settings/devices/<uuid:uid>/show/", devices.show, name="device_show"),
    path("<uuid:uid>/", views.notice, name="notice"),
    path("<uuid:uid>/read/", acts.read, name="notice_read"),
    path("<uuid:uid>/take/", acts.take, name="notice_take"),
    path("<uuid:uid>/kind/", acts.mute_kind, name="notice_mute_kind"),
]
