"""URLs of the settings of lost reasons, under /<tenant>/settings/."""

from django.urls import path

from crm.jobs.losses import views

urlpatterns = [
    path("lost-reasons/", views.reasons, name="lost_reasons"),
    path("lost-reasons/add/", views.add, name="add_lost_reason"),
    path("lost-reasons/<int:pk>/edit/", views.edit, name="edit_lost_reason"),
    path("lost-reasons/<int:pk>/move/", views.move, name="move_lost_reason"),
    path("lost-reasons/<int:pk>/archive/", views.archive, name="archive_lost_reason"),
    path("lost-reasons/<int:pk>/restore/", views.restore, name="restore_lost_reason"),
]
