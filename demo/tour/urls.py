"""The URLs of the demo's first page and its tour, outside any tenant."""

from django.urls import path

from demo.tour import views

app_name = "demo"
urlpatterns = [
    path("", views.first_page, name="tour"),
    path("close/", views.close, name="close"),
    path("<slug:company>/<slug:role>/<int:number>/", views.stop, name="stop"),
]
