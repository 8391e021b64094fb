"""URLs of the way in: links, codes, devices, the language, the way out."""

from django.urls import path

from portal.access.views import devices, language, links, logo, preview, sign_in

urlpatterns = [
    path("open/<str:token>/", links.open_link, name="open"),
    path("seen.gif", links.seen, name="seen"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<uuid:asked>/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", language.language, name="language"),
    path("logo/<uuid:brand>/", logo.logo, name="logo"),
    path("devices/", devices.devices, name="devices"),
    path("devices/forget/", devices.forget_devices, name="forget_devices"),
    path("devices/<uuid:device>/forget/", devices.forget_device, name="forget_device"),
    path("looking/end/", preview.end, name="end_preview"),
]
