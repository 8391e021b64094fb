"""The address forecasts are posted to: no tenant in it, as the secret says which."""

from django.urls import path

from service.weather import views

urlpatterns = [path("<str:secret>/", views.forecast, name="forecast")]
