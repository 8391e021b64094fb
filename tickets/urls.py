"""The URLs of tickets and their report, inside a tenant."""

from django.urls import include, path

from tickets.calls.urls import CALL_URLS
from tickets.figures.urls import FIGURE_URLS
from tickets.inbox.urls import INBOX_URLS
from tickets.life.urls import LIFE_URLS
from tickets.macros.urls import MACRO_URLS
from tickets.matching.urls import MATCHING_URLS
from tickets.notes.urls import NOTE_URLS
from tickets.privacy.urls import PRIVACY_URLS
from tickets.sla.urls import SLA_URLS
from tickets.views.urls import ACT_URLS

app_name = "tickets"
TICKETS = [
    *INBOX_URLS,
    *ACT_URLS,
    *CALL_URLS,
    *LIFE_URLS,
    *MACRO_URLS,
    *MATCHING_URLS,
    *NOTE_URLS,
    *PRIVACY_URLS,
    *SLA_URLS,
]
urlpatterns = [
    path("tickets/", include(TICKETS)),
    *FIGURE_URLS,
]
