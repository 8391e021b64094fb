"""Authentication by `Authorization: Bearer`. The view has looked the token up, as it decides the tenant."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated

from api.tokens.lookup import TokenPlace
from crm.platform.models import Member


class BearerAuthentication(BaseAuthentication):
    """Makes the token's member `request.user`, and the token `request.auth`."""

    def authenticate(self, request: Any) -> tuple[Member, TokenPlace]:
        token = request._request.api_token
        if token is None:
            raise NotAuthenticated(_("Send a valid token: “Authorization: Bearer tl_…”."))
        return request._request.member, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'
