"""The URLs of the composer, inside a tenant."""

from django.urls import path

from comms.composer import views

app_name = "composer"
urlpatterns = [
    path("<int:number>/", views.write, name="write"),
    path("person/<uuid:uid>/", views.write_to_person, name="person"),
]
