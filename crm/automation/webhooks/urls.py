"""URLs of the webhooks, inside the settings."""

from django.urls import path

from crm.automation.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("add/", views.add_webhook, name="add"),
    path("<int:pk>/edit/", views.edit_webhook, name="edit"),
    path("<int:pk>/secret/", views.renew_secret, name="secret"),
    path("<int:pk>/archive/", views.archive_webhook, name="archive"),
    path("<int:pk>/restore/", views.restore_webhook, name="restore"),
    path("calls/<int:pk>/retry/", views.retry_call, name="retry"),
]
