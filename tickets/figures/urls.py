"""The URL of the figures of tickets."""

from django.urls import path

from tickets.figures import views

FIGURE_URLS = [path("figures/", views.ticket_figures, name="figures")]
