"""The URLs of customers' own pages, outside any tenant's prefix; their address is the key."""

from django.urls import path

from comms.gate.views import public

urlpatterns = [
    path("unsubscribe/<str:token>/", public.unsubscribe, name="unsubscribe"),
    path("preferences/<str:token>/", public.message_preferences, name="message_preferences"),
]
