"""The roofs' addresses."""

from django.urls import path

from crm.web.lists.urls import list_urls
from tests.roofs import views
from tests.roofs.roof_list import ROOFS

app_name = "roofs"
urlpatterns = [
    path("", views.roofs, name="list"),
    path("<uuid:uid>/inspect/", views.inspect, name="inspect"),
    path("materials/", views.materials, name="materials"),
    path("materials/add/", views.add_material, name="add_material"),
    *list_urls(ROOFS),
]
