"""URLs of service without a tenant: the customer's link says which, and so does the secret forecasts are posted to."""

from django.urls import path

from service.booking.views import customer_booking
from service.weather.views import forecast

urlpatterns = [
    path("booking/<str:token>/", customer_booking, name="customer_booking"),
    path("forecast/<str:secret>/", forecast, name="forecast"),
]
