"""URLs of the API in the settings, under /<tenant>/settings/api/."""

from django.urls import path

from api.events import types_page
from api.oauth import apps_page as apps
from api.schema import reference
from api.tokens import settings_page as tokens
from api.webhooks import tool_recipes

app_name = "api_tokens"
urlpatterns = [
    path("", tokens.tokens, name="tokens"),
    path("reference/", reference.reference, name="reference"),
    path("events/", types_page.event_types, name="events"),
    path("recipes/", tool_recipes.recipes, name="recipes"),
    path("add/", tokens.add_token, name="add"),
    path("apps/", apps.apps, name="apps"),
    path("apps/add/", apps.add_app, name="add_app"),
    path("apps/<int:pk>/remove/", apps.remove_app, name="remove_app"),
    path("<int:pk>/revoke/", tokens.revoke_token, name="revoke"),
]
