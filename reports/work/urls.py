"""URLs of the page of work."""

from django.urls import path

from crm.web.requests.moved import moved
from reports.work import views

urlpatterns = [
    path("workload/", views.work, name="work"),
    path("work/", moved("reports:work", "reports.work"), name="old_work"),
    path("workload/minutes/", views.set_minutes, name="work_minutes"),
]
