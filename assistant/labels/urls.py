"""URLs of labels, under /<tenant>/labels/."""

from django.urls import path

from assistant.labels import quality, views

app_name = "labels"
urlpatterns = [
    path("<int:number>/", views.panel, name="panel"),
    path("lead/<int:number>/", views.lead, name="lead"),
    path("message/<uuid:uid>/<slug:facet>/", views.review, name="review"),
    path("quality/", quality.quality, name="quality"),
]
