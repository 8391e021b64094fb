"""URL of asking for a visit or new work."""

from django.urls import path

from portal.asks import views

urlpatterns = [path("ask/", views.ask, name="ask")]
