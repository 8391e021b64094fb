"""URLs of the way in: the code, the language, the way out."""

from django.urls import path

from portal.access.views import sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
]
