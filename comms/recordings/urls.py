"""The URLs of recordings, under /<tenant>/messages/recordings/."""

from django.urls import path

from comms.recordings import views

app_name = "recordings"
urlpatterns = [
    path("", views.policy, name="policy"),
    path("set/", views.set_policy, name="set_policy"),
    path("<uuid:uid>/", views.recording, name="recording"),
]
