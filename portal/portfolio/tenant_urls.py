"""URLs of the staff's side of somebody's places, inside a tenant."""

from django.urls import path

from portal.portfolio import staff_views

app_name = "portal_places"
urlpatterns = [
    path("<uuid:uid>/", staff_views.places, name="places"),
    path("<uuid:uid>/<int:number>/", staff_views.answer, name="answer"),
]
