"""URLs of the page of work."""

from django.urls import path

from reports.work import views

urlpatterns = [
    path("work/", views.work, name="work"),
    path("work/minutes/", views.set_minutes, name="work_minutes"),
]
