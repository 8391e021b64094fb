"""The URLs of private conversations."""

from django.urls import path

from tickets.privacy import share_view, views

PRIVACY_URLS = [
    path("<int:number>/share/", share_view.share, name="share"),
    path("settings/departed/", views.departed_mail, name="departed_mail"),
    path("settings/departed/<uuid:member>/", views.take_over_mail, name="take_over_mail"),
]
