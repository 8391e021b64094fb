"""URLs of sharing a job."""

from django.urls import path

from portal.sharing import views

urlpatterns = [
    path("jobs/<int:number>/sharing/", views.sharing, name="sharing"),
    path("jobs/<int:number>/sharing/<uuid:uid>/end/", views.end_share, name="end_share"),
]
