"""URLs of scores, under /<tenant>/scores/."""

from django.urls import path

from assistant.scores import views

app_name = "scores"
urlpatterns = [
    path("lead/<int:number>/", views.lead, name="lead"),
    path("lead/<int:number>/set/", views.set_score, name="set"),
    path("person/<uuid:uid>/", views.person, name="person"),
    path("person/<uuid:uid>/objection/", views.objection, name="objection"),
    path("calibration/", views.calibration, name="calibration"),
]
