"""URLs of the mailed reports."""

from django.urls import path

from reports.mailed import views

urlpatterns = [
    path("mailed/", views.mailed, name="mailed"),
    path("mailed/new/", views.add, name="mailed_add"),
    path("mailed/<uuid:uid>/", views.report, name="mailed_report"),
    path("mailed/<uuid:uid>/archive/", views.archive, name="mailed_archive"),
    path("mailed/<uuid:uid>/restore/", views.restore, name="mailed_restore"),
    path("mailed/<uuid:uid>/send/", views.send_now, name="mailed_send"),
    path("mailed/<uuid:uid>/preview/", views.preview, name="mailed_preview"),
    path("mailed/<uuid:uid>/stop/", views.stop, name="mailed_stop"),
]
