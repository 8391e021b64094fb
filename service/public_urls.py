"""URLs of service without a tenant prefix: the customer's link, or the secret of a forecast, identifies the tenant."""

from django.urls import path

from service.booking.views import customer_booking
from service.weather.views import forecast

urlpatterns = [
    path("booking/<str:token>/", customer_booking, name="customer_booking"),
    path("forecast/<str:secret>/", forecast, name="forecast"),
]
