"""URLs of what customers were told of an appointment, inside a tenant."""

from django.urls import path

from comms.appointments.views import told

app_name = "appointment_messages"
urlpatterns = [path("<uuid:uid>/", told.told, name="told")]
