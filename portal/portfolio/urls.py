"""URLs of somebody's places."""

from django.urls import path

from portal.portfolio import views

urlpatterns = [
    path("", views.home, name="home"),
    path("places/", views.places, name="places"),
]
