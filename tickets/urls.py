"""The URLs of tickets, inside a tenant."""

from tickets.life.urls import LIFE_URLS
from tickets.sla.urls import SLA_URLS
from tickets.views.urls import ACT_URLS

app_name = "tickets"
urlpatterns = [*ACT_URLS, *LIFE_URLS, *SLA_URLS]
