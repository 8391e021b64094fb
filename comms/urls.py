"""The URLs of messages and channels, inside a tenant."""

from django.urls import path

from comms.views import message

app_name = "comms"
urlpatterns = [
    path("<uuid:uid>/", message.message_page, name="message"),
    path("<uuid:uid>/confirm/", message.confirm_sender, name="confirm_sender"),
]
