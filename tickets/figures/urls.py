"""The URLs of the report of tickets: response times."""

from django.urls import path

from crm.web.requests.moved import moved
from tickets.figures import views

FIGURE_URLS = [
    path("reports/response-times/", views.ticket_figures, name="figures"),
    path("tickets/figures/", moved("tickets:figures", "tickets.view"), name="old_figures"),
]
