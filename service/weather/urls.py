"""URLs of the weather, under /<tenant>/service/weather/."""

from django.urls import path

from service.weather import views

app_name = "weather"
urlpatterns = [
    path("", views.weather, name="weather"),
    path("panel/", views.panel, name="panel"),
    path("note/", views.note, name="note"),
    path("connect/", views.connect, name="connect"),
    path("<uuid:uid>/", views.hold, name="hold"),
    path("<uuid:uid>/take-back/", views.take_back, name="take_back"),
]
