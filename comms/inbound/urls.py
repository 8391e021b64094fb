"""The URL that providers send to, outside any tenant's prefix."""

from django.urls import path

from comms.inbound import webhook

app_name = "hooks"
urlpatterns = [path("<slug:provider>/<str:token>/", webhook.webhook, name="webhook")]
