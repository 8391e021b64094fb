"""URLs of the own fields of leads."""

from django.urls import path

from crm.jobs.fields import views

urlpatterns = [
    path("fields/", views.fields, name="fields"),
    path("fields/add/", views.add_field, name="add_field"),
    path("fields/<int:pk>/edit/", views.edit_field, name="edit_field"),
    path("fields/<int:pk>/archive/", views.archive_field, name="archive_field"),
    path("fields/<int:pk>/restore/", views.restore_field, name="restore_field"),
]
