"""The URL of members' feeds: no tenant in the address, as the secret says which."""

from django.urls import path

from crm.jobs.appointments.views import feed

urlpatterns = [path("public/calendar/<str:secret>.ics", feed.calendar_feed, name="calendar_feed")]
