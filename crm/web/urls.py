"""The platform's URLs: the start page, probes, sign-in, and each tenant's settings."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path

from crm.web import probes, recent_changes
from crm.web.account.views import (
    demo_mail,
    invitation,
    photo,
    preferences,
    security,
)
from crm.web.actions import undo
from crm.web.lists.views import exports
from crm.web.live import ticket_view
from crm.web.notices import devices
from crm.web.organization.views import access_log, parked_work
from crm.web.requests.reauthentication import confirm_first
from crm.web.shell import views as shell

change_password = login_required(confirm_first()(account.password_change))

urlpatterns = [
    path("", shell.home, name="home"),
    path("healthz", probes.alive, name="healthz"),
    path("readyz", probes.ready, name="readyz"),
    path("demo/mail/", demo_mail.mail, name="demo_mail"),
    path("account/look/", shell.look, name="look"),
    path("account/login/", account.login, name="account_login"),
    path("account/push/worker.js", devices.worker, name="push_worker"),
    path("account/confirm/", security.confirm_by_password, name="account_reauthenticate"),
    path("account/second-factor/", include("crm.web.account.second_factor_urls")),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/change/", change_password, name="account_change_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        security.reset_by_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/invitation/<str:secret>/", invitation.invitation, name="invitation"),
    path("account/sessions/", security.sessions, name="usersessions_list"),
    path("account/sessions/<int:pk>/end/", security.end_session, name="session_end"),
    path("<slug:tenant>/", shell.tenant_home, name="tenant_home"),
    path("<slug:tenant>/counts/", shell.counts, name="counts"),
    path("<slug:tenant>/pins/", shell.pin, name="pin"),
    path("<slug:tenant>/live/ticket/", ticket_view.ticket, name="live_ticket"),
    path("<slug:tenant>/changes/", recent_changes.recent_changes, name="recent_changes"),
    path("<slug:tenant>/undo/<uuid:uid>/", undo.take_back, name="undo"),
    path("<slug:tenant>/exports/", exports.exports, name="exports"),
    path("<slug:tenant>/exports/of/<slug:kind>/", exports.export, name="export"),
    path("<slug:tenant>/exports/<uuid:uid>/", exports.export_run, name="export_run"),
    path("<slug:tenant>/exports/<uuid:uid>/file/", exports.export_file, name="export_file"),
    path("<slug:tenant>/exports/<uuid:uid>/cancel/", exports.cancel_export, name="cancel_export"),
    path("<slug:tenant>/preferences/", preferences.preferences, name="preferences"),
    path("<slug:tenant>/preferences/keys/", preferences.single_keys, name="single_keys"),
    path("<slug:tenant>/preferences/photo/", photo.own_photo, name="own_photo"),
    path("<slug:tenant>/preferences/photo/image/", photo.own_photo_image, name="own_photo_image"),
    path("<slug:tenant>/notices/", include("crm.web.notices.urls")),
    path("<slug:tenant>/health/", include("crm.web.health.urls")),
    path("<slug:tenant>/palette/", shell.palette, name="palette"),
    path("<slug:tenant>/settings/", shell.settings_index, name="settings"),
    path("<slug:tenant>/settings/", include("crm.web.organization.urls")),
    path("<slug:tenant>/settings/security/", security.security, name="security"),
    path("<slug:tenant>/settings/access-log/", access_log.access_log, name="access_log"),
    path("<slug:tenant>/settings/parked/", parked_work.parked, name="parked"),
    path("<slug:tenant>/settings/parked/replay/", parked_work.replay, name="parked_replay"),
]
