"""URL to which systems return members after their sign-in: without a tenant, as systems have to know it."""

from django.urls import path

from connections.views.sign_in import provider_return

urlpatterns = [path("signed-in/", provider_return, name="connection_provider_return")]
