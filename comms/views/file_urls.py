"""The URL of a file by a signed address, outside any tenant's prefix: it is asked for without a cookie."""

from django.urls import path

from comms.views import attachments

app_name = "attachments"
urlpatterns = [
    path("outgoing/<str:token>/", attachments.outgoing_file, name="outgoing"),
    path("<str:token>/", attachments.signed_file, name="file"),
]
