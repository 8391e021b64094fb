"""URLs of intake for colleagues, under /<tenant>/leads/intake/."""

from django.urls import path

from leads.intake.pages import doors, log, submissions

app_name = "intake"
urlpatterns = [
    path("", submissions.submissions, name="submissions"),
    path("log/", log.log, name="log"),
    path("doors/", doors.doors, name="doors"),
    path("doors/add/", doors.add, name="add"),
    path("doors/<int:pk>/", doors.door, name="door"),
    path("doors/<int:pk>/edit/", doors.edit, name="edit"),
    path("doors/<int:pk>/example/", doors.example, name="example"),
    path("doors/<int:pk>/mapping/", doors.map_fields, name="mapping"),
    path("doors/<int:pk>/rotate/", doors.rotate, name="rotate"),
    path("doors/<int:pk>/archive/", doors.archive, name="archive"),
    path("doors/<int:pk>/restore/", doors.restore, name="restore"),
    path("<uuid:uid>/", submissions.submission, name="submission"),
    path("<uuid:uid>/mapping/", submissions.map_fields, name="map"),
    path("<uuid:uid>/replay/", submissions.replay, name="replay"),
    path("<uuid:uid>/ignore/", submissions.ignore, name="ignore"),
]
