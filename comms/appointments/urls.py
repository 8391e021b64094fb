"""URLs of a customer's page of an appointment: no tenant in the address, as the link says which."""

from django.urls import path

from comms.appointments.views import public

urlpatterns = [path("<str:token>/", public.customer_appointment, name="customer_appointment")]
