"""URLs of timing, under /<tenant>/timing/."""

from django.urls import path

from assistant.timing import views

app_name = "timing"
urlpatterns = [
    path("lead/<int:number>/", views.lead, name="lead"),
    path("person/<uuid:uid>/", views.person, name="person"),
    path("calibration/", views.calibration, name="calibration"),
]
