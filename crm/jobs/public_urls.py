"""URL of members' calendar feeds: without a tenant in the path, as the token identifies it."""

from django.urls import path

from crm.jobs.appointments.views import feed

urlpatterns = [path("public/calendar/<str:secret>.ics", feed.calendar_feed, name="calendar_feed")]
