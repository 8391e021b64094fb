"""The URLs of the outbox and its report, under /<tenant>/."""

from django.urls import include, path

from comms.outbox.outbox_list import OUTBOX, SEE_ALL
from comms.outbox.views import figures, outbox
from crm.web.lists.urls import list_urls
from crm.web.requests.moved import moved

app_name = "outbox"
OUTBOX_URLS = [
    path("", outbox.outbox, name="list"),
    *list_urls(OUTBOX),
    path("<uuid:uid>/cancel/", outbox.cancel, name="cancel"),
    path("<uuid:uid>/send/", outbox.send_now, name="send_now"),
    path("<uuid:uid>/retry/", outbox.retry, name="retry"),
    path("<uuid:uid>/confirm/", outbox.confirm, name="confirm"),
    path("<uuid:uid>/call/", outbox.log_call, name="log_call"),
]
urlpatterns = [
    path("messages/outbox/", include(OUTBOX_URLS)),
    path("messages/outbox/figures/", moved("outbox:figures", SEE_ALL), name="old_figures"),
    path("reports/messages/", figures.sent_figures, name="figures"),
]
