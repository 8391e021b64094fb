"""URLs of webhooks in the settings, under /<tenant>/settings/webhooks/."""

from django.urls import path

from api.webhooks import pages

app_name = "webhooks"
urlpatterns = [
    path("", pages.webhooks, name="webhooks"),
    path("add/", pages.add_webhook, name="add"),
    path("<int:pk>/", pages.webhook, name="webhook"),
    path("<int:pk>/edit/", pages.edit_webhook, name="edit"),
    path("<int:pk>/events/", pages.choose_events, name="events"),
    path("<int:pk>/secret/", pages.renew_secret, name="secret"),
    path("<int:pk>/ping/", pages.send_ping, name="ping"),
    path("<int:pk>/switch-off/", pages.switch_off_webhook, name="switch_off"),
    path("<int:pk>/enable/", pages.enable_webhook, name="enable"),
    path("<int:pk>/replay/", pages.replay_all, name="replay"),
    path("<int:pk>/calls/<int:call>/retry/", pages.retry_call, name="retry"),
    path("<int:pk>/archive/", pages.archive_webhook, name="archive"),
    path("<int:pk>/restore/", pages.restore_webhook, name="restore"),
]
