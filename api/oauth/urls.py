"""URLs of connected apps inside a tenant, under /<tenant>/apps/."""

from django.urls import path

from api.oauth import connected_page, consent

app_name = "connected_apps"
urlpatterns = [
    path("", connected_page.apps, name="apps"),
    path("authorize/", consent.authorize, name="authorize"),
    path("<uuid:uid>/disconnect/", connected_page.disconnect, name="disconnect"),
]
