"""URLs of the portal: all under the company's own, which no tenant's prefix is (`company`, never `tenant`)."""

from django.urls import include, path

from portal.access.views.home import home

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("", include("portal.access.urls")),
]
