"""URLs of the job page."""

from django.urls import path

from portal.job_page import views

urlpatterns = [
    path("jobs/<int:number>/", views.job, name="job"),
    path("jobs/<int:number>/now/", views.job_now, name="job_now"),
    path("appointments/<uuid:uid>/", views.appointment, name="appointment"),
    path("bookings/<uuid:uid>/", views.booking, name="booking"),
]
