"""URL to which providers return members after their sign-in: without a tenant, as providers have to know it."""

from django.urls import path

from crm.integrations.views.sign_in import provider_return

urlpatterns = [path("signed-in/", provider_return, name="calendar_provider_return")]
