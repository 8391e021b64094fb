"""The page where a customer chooses a time: no tenant in the address, as the link says which."""

from django.urls import path

from service.booking import views

urlpatterns = [path("<str:token>/", views.customer_booking, name="customer_booking")]
