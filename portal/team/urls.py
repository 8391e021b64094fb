"""URLs of the team."""

from django.urls import path

from portal.team import views

urlpatterns = [
    path("jobs/<int:number>/team/<uuid:uid>/", views.photo, name="colleague_photo"),
]
