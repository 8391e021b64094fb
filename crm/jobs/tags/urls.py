"""URLs of the tags."""

from django.urls import path

from crm.jobs.tags import views

urlpatterns = [
    path("settings/tags/", views.tags, name="tags"),
    path("settings/tags/add/", views.add_tag, name="add_tag"),
    path("settings/tags/<int:pk>/edit/", views.edit_tag, name="edit_tag"),
    path("settings/tags/<int:pk>/merge/", views.merge_tag, name="merge_tag"),
    path("settings/tags/<int:pk>/take-apart/", views.take_tag_apart, name="take_tag_apart"),
    path("settings/tags/<int:pk>/archive/", views.archive_tag, name="archive_tag"),
    path("settings/tags/<int:pk>/restore/", views.restore_tag, name="restore_tag"),
]
