"""The URLs of messages and channels, inside a tenant."""

from django.urls import URLPattern

app_name = "comms"
urlpatterns: list[URLPattern] = []
