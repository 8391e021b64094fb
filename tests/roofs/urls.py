"""The roofs' addresses."""

from django.urls import path

from tests.roofs import views

app_name = "roofs"
urlpatterns = [
    path("", views.roofs, name="list"),
    path("<uuid:uid>/", views.roof, name="roof"),
    path("job/<int:number>/", views.panel, name="panel"),
    path("materials/", views.materials, name="materials"),
]
