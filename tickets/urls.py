"""The URLs of tickets, inside a tenant."""

from tickets.views.urls import ACT_URLS

app_name = "tickets"
urlpatterns = [*ACT_URLS]
