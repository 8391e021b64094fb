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
    second_factor,
    security,
)
from crm.web.actions import undo
from crm.web.configuration import practice
from crm.web.configuration import views as configuration
from crm.web.health import views as health
from crm.web.lists.views import exports
from crm.web.notices import devices, notice_actions, numbers
from crm.web.notices import views as notices
from crm.web.organization.views import (
    access_log,
    brands,
    calendars,
    member_changes,
    members,
    organization,
    parked_work,
    teams,
)
from crm.web.requests.reauthentication import confirm_first
from crm.web.shell import views as shell

change_password = login_required(confirm_first()(account.password_change))

SECOND_FACTOR_URLS = [  # under the names allauth looks them up by
    path("", second_factor.index, name="mfa_index"),
    path("required/", second_factor.second_factor_required, name="second_factor_required"),
    path("authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("confirm/", second_factor.confirm_by_code, name="mfa_reauthenticate"),
    path("app/add/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", second_factor.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", second_factor.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", second_factor.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/confirm/", second_factor.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("passkeys/sign-in/", second_factor.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/name/", second_factor.edit_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
]
CONFIGURATION_URLS = [
    path("", configuration.configuration, name="configuration"),
    path("file/", configuration.download, name="configuration_file"),
    path("book/", configuration.book, name="configuration_book"),
    path("book/pdf/", configuration.book_pdf, name="configuration_book_pdf"),
    path("practice/create/", practice.create, name="practice_create"),
    path("practice/reset/", practice.reset, name="practice_reset"),
    path("practice/delete/", practice.delete, name="practice_delete"),
    path("practice/<uuid:uid>/", practice.show_run, name="practice_run"),
    path("practice/<uuid:uid>/cancel/", practice.cancel, name="practice_cancel"),
    path("<uuid:uid>/", configuration.show_import, name="configuration_import"),
    path("<uuid:uid>/apply/", configuration.apply_import, name="configuration_apply"),
    path("<uuid:uid>/undo/", configuration.undo_import, name="configuration_undo"),
]
NOTICE_URLS = [
    path("", notices.notices, name="notices"),
    path("read/", notices.read_all, name="notices_read"),
    path("mute/", notices.mute_record, name="notice_mute"),
    path("settings/", notices.settings, name="notice_settings"),
    path("settings/number/", numbers.ask, name="number_ask"),
    path("settings/number/confirm/", numbers.confirm, name="number_confirm"),
    path("settings/number/remove/", numbers.remove, name="number_remove"),
    path("settings/devices/", devices.add, name="device_add"),
    path("settings/devices/<uuid:uid>/remove/", devices.remove, name="device_remove"),
    path("settings/devices/<uuid:uid>/show/", devices.show, name="device_show"),
    path("<uuid:uid>/", notices.notice, name="notice"),
    path("<uuid:uid>/read/", notice_actions.read, name="notice_read"),
    path("<uuid:uid>/take/", notice_actions.take, name="notice_take"),
    path("<uuid:uid>/kind/", notice_actions.mute_kind, name="notice_mute_kind"),
]
HEALTH_URLS = [
    path("", health.health, name="health"),
    path("alarms/<int:pk>/take/", health.take, name="health_take"),
    path("alarms/<int:pk>/quiet/", health.quiet, name="health_quiet"),
    path("acts/", health.act, name="health_act"),
    path("acts/replay/", health.replay_all, name="health_replay_all"),
    path("checklist/", health.tick, name="health_tick"),
]
SETTINGS_URLS = [
    path("members/", members.listing, name="members"),
    path("members/invite/", member_changes.invite, name="member_invite"),
    path("members/invitations/<uuid:invitation>/resend/", member_changes.resend, name="invitation_resend"),
    path("members/invitations/<uuid:invitation>/withdraw/", member_changes.withdraw, name="invitation_withdraw"),
    path("members/<uuid:member>/", members.member, name="member"),
    path("members/<uuid:member>/sight/", members.visibility, name="member_sight"),
    path("members/<uuid:member>/deactivate/", member_changes.deactivate, name="member_deactivate"),
    path("members/<uuid:member>/reactivate/", member_changes.reactivate, name="member_reactivate"),
    path("roles/", members.roles, name="roles"),
    path("teams/", teams.listing, name="teams"),
    path("teams/new/", teams.create, name="team_create"),
    path("teams/<uuid:team>/", teams.team, name="team"),
    path("teams/<uuid:team>/archive/", teams.archive, name="team_archive"),
    path("teams/<uuid:team>/restore/", teams.restore, name="team_restore"),
    path("organization/", organization.organization, name="organization"),
    path("brands/", brands.listing, name="brands"),
    path("brands/new/", brands.create, name="brand_create"),
    path("brands/<uuid:brand>/", brands.brand, name="brand"),
    path("brands/<uuid:brand>/default/", brands.make_default, name="brand_make_default"),
    path("brands/<uuid:brand>/archive/", brands.archive, name="brand_archive"),
    path("brands/<uuid:brand>/restore/", brands.restore, name="brand_restore"),
    path("calendars/", calendars.listing, name="calendars"),
    path("calendars/new/", calendars.create, name="calendar_create"),
    path("calendars/<uuid:calendar>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:calendar>/progress/", calendars.progress, name="calendar_progress"),
    path("calendars/<uuid:calendar>/close/", calendars.close, name="calendar_close"),
    path("calendars/<uuid:calendar>/open/", calendars.reopen, name="calendar_reopen"),
    path("calendars/<uuid:calendar>/default/", calendars.make_default, name="calendar_make_default"),
    path("calendars/<uuid:calendar>/archive/", calendars.archive, name="calendar_archive"),
    path("calendars/<uuid:calendar>/restore/", calendars.restore, name="calendar_restore"),
]
urlpatterns = [
    path("", shell.home, name="home"),
    path("healthz", probes.alive, name="healthz"),
    path("readyz", probes.ready, name="readyz"),
    path("demo/mail/", demo_mail.mail, name="demo_mail"),
    path("demo/mail/<int:pk>/", demo_mail.mail_html, name="demo_mail_html"),
    path("account/look/", shell.look, name="look"),
    path("account/login/", account.login, name="account_login"),
    path("account/push/worker.js", devices.worker, name="push_worker"),
    path("account/confirm/", security.confirm_by_password, name="account_reauthenticate"),
    path("account/second-factor/", include(SECOND_FACTOR_URLS)),
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
    path("<slug:tenant>/live/ticket/", shell.live_ticket, name="live_ticket"),
    path("<slug:tenant>/changes/", recent_changes.recent_changes, name="recent_changes"),
    path("<slug:tenant>/undo/<uuid:uid>/", undo.undo_change, name="undo"),
    path("<slug:tenant>/exports/", exports.exports, name="exports"),
    path("<slug:tenant>/exports/of/<slug:kind>/", exports.export, name="export"),
    path("<slug:tenant>/exports/<uuid:uid>/", exports.export_run, name="export_run"),
    path("<slug:tenant>/exports/<uuid:uid>/file/", exports.export_file, name="export_file"),
    path("<slug:tenant>/exports/<uuid:uid>/cancel/", exports.cancel_export, name="cancel_export"),
    path("<slug:tenant>/preferences/", preferences.preferences, name="preferences"),
    path("<slug:tenant>/preferences/keys/", preferences.single_keys, name="single_keys"),
    path("<slug:tenant>/preferences/photo/", photo.own_photo, name="own_photo"),
    path("<slug:tenant>/preferences/photo/image/", photo.own_photo_image, name="own_photo_image"),
    path("<slug:tenant>/notices/", include(NOTICE_URLS)),
    path("<slug:tenant>/health/", include(HEALTH_URLS)),
    path("<slug:tenant>/palette/", shell.palette, name="palette"),
    path("<slug:tenant>/settings/", shell.settings_index, name="settings"),
    path("<slug:tenant>/settings/", include(SETTINGS_URLS)),
    path("<slug:tenant>/settings/configuration/", include(CONFIGURATION_URLS)),
    path("<slug:tenant>/settings/security/", security.security, name="security"),
    path("<slug:tenant>/settings/access-log/", access_log.access_log, name="access_log"),
    path("<slug:tenant>/settings/parked/", parked_work.listing, name="parked"),
    path("<slug:tenant>/settings/parked/replay/", parked_work.replay, name="parked_replay"),
]
