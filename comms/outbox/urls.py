"""The URLs of the outbox, under /<tenant>/messages/outbox/."""

from django.urls import path

from comms.outbox.outbox_list import OUTBOX
from comms.outbox.views import figures, outbox
from crm.web.lists.urls import list_urls

app_name = "outbox"
urlpatterns = [
    path("", outbox.outbox, name="list"),
    *list_urls(OUTBOX),
    path("figures/", figures.sent_figures, name="figures"),
    path("<uuid:uid>/cancel/", outbox.cancel, name="cancel"),
    path("<uuid:uid>/send/", outbox.send_now, name="send_now"),
    path("<uuid:uid>/retry/", outbox.retry, name="retry"),
    path("<uuid:uid>/confirm/", outbox.confirm, name="confirm"),
    path("<uuid:uid>/call/", outbox.log_call, name="log_call"),
]
