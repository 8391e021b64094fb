"""The URLs of the callback list, under /<tenant>/messages/calls/."""

from django.urls import path

from comms.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("", views.callback_list, name="list"),
    path("log/", views.log, name="log"),
    path("log/<slug:source>/<uuid:key>/undo/", views.take_back, name="take_back"),
]
