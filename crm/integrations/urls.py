"""URLs of integrations inside a tenant."""

from django.urls import include, path

from crm.integrations.views import calendars, conflicts, sign_in, zoom

CONNECTION = "<uuid:uid>/"
CALENDAR_URLS = [
    path("", calendars.calendars, name="calendars"),
    path("meetings/", calendars.choose_meetings, name="choose_meetings"),
    path("sign-in/", sign_in.begin_sign_in, name="begin_sign_in"),
    path("signed-in/", sign_in.finish_sign_in, name="finish_sign_in"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path(f"conflicts/{CONNECTION}", conflicts.decide, name="decide"),
    path(f"{CONNECTION}choose/", calendars.choose, name="choose"),
    path(f"{CONNECTION}sync/", calendars.sync, name="sync"),
    path(f"{CONNECTION}reconnect/", calendars.reconnect, name="reconnect"),
    path(f"{CONNECTION}disconnect/", calendars.disconnect, name="disconnect"),
]
ZOOM_URLS = [
    path("", zoom.zoom, name="zoom"),
    path("connect/", zoom.connect, name="connect"),
    path("disconnect/", zoom.disconnect, name="disconnect"),
]
urlpatterns = [
    path("settings/zoom/", include((ZOOM_URLS, "video_meetings"))),
    path("preferences/calendars/", include((CALENDAR_URLS, "connected_calendars"))),
]
