"""URLs of the settings of online payments, under /<tenant>/settings/payments/."""

from django.urls import path

from billing.providers.views import accounts

app_name = "payment_accounts"
urlpatterns = [
    path("", accounts.accounts, name="accounts"),
    path("connect/", accounts.connect, name="connect"),
    path("disconnect/", accounts.disconnect, name="disconnect"),
    path("replay/", accounts.replay, name="replay"),
]
