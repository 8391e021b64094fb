"""URLs of the API, under /api/v1/. Whatever is no address of it is answered as a problem too."""

from django.urls import path, re_path

from api.oauth import endpoints
from api.requests.api_view import NothingHere
from api.routes import router
from api.schema import document

app_name = "api"
urlpatterns = [
    path("openapi.json", document.openapi, name="openapi"),
    path("oauth/token/", endpoints.token, name="oauth_token"),
    path("oauth/revoke/", endpoints.revoke, name="oauth_revoke"),
    *router.urls,
    re_path("", NothingHere.as_view(), name="nothing"),
]
