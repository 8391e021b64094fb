"""ApiView: base of the API's views. Each request runs in its token's tenant, in one transaction, as pages do."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.views import APIView

from api.models import ApiToken
from api.models.api_token import is_use_to_note
from api.requests.dry_run import HEADER as DRY_RUN
from api.requests.dry_run import asks_for_dry_run, files_for
from api.requests.file_body import FileBodyParser
from api.requests.idempotency import IdempotentWrite
from api.scopes import READ
from api.tokens.lookup import TokenPlace, find_token
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant


class TokenView(APIView):
    """A view whose requests carry a token. Names the scope it needs, and the permissions of the token's member."""

    # Without OPTIONS: there are no pages of other origins to answer.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    scope = ""
    # Whether it runs other views, so that it can't be run by itself.
    is_bulk = False
    read_permission = ""
    write_permission = ""
    # Of one action of a viewset, instead of the two above.
    permission = ""
    rate_headers: dict[str, str]
    idempotent_write: IdempotentWrite | None
    is_dry_run: bool

    def permission_for(self, access: str) -> str:
        """Return the permission that the member needs; blank: every member may."""
        if self.permission:
            return self.permission
        if access == READ:
            return self.read_permission
        return self.write_permission

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Enter the tenant of the token. Without a token, DRF answers 401."""
        self.rate_headers = {}
        self.idempotent_write = None
        self.is_dry_run = False
        if hasattr(request, "api_token"):
            # An operation of a bulk request, in whose tenant and transaction it runs.
            return super().dispatch(request, *args, **kwargs)
        # The reference, where an admin tries a call, has put their place on the request that it makes.
        request.api_token = getattr(request, "session_place", None)
        if request.api_token is None:
            request.api_token = find_token(request.headers.get("Authorization", ""))
        if request.api_token is None:
            return super().dispatch(request, *args, **kwargs)
        token: TokenPlace = request.api_token
        if token.token_id and is_use_to_note(token.last_used_at):
            with use_tenant(token.tenant_id):
                ApiToken.objects.get_queryset().note_use(token.token_id)
        with files_for(request), use_tenant(token.tenant_id, config_version=token.config_version):
            _enter_tenant(request, token)
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Check token, permission and rate; then answer a write that was done before, or lock the token for a write.

        Who revokes the token waits for the write, and afterwards knows that none follows.
        """
        if not any(isinstance(parser, FileBodyParser) for parser in request.parsers):
            # Read here, so that its size is limited as that of forms is.
            request._request.body  # noqa: B018
        super().initial(request, *args, **kwargs)
        self.is_dry_run = asks_for_dry_run(request)
        if not self.is_dry_run and request.auth.token_id:
            self.idempotent_write = IdempotentWrite.begin(request)
        if self.idempotent_write and self.idempotent_write.stored:
            setattr(self, request.method.lower(), self.idempotent_write.repeat_answer)
        elif request.method in ("POST", "PUT", "PATCH", "DELETE"):
            self._hold_token(request)

    def _hold_token(self, request: Any) -> None:
        if request.auth.token_id and not ApiToken.hold_live(request.auth.token_id):
            raise NotAuthenticated(_("The token was revoked."))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.idempotent_write:
            self.idempotent_write.store_answer(answer)
        if self.is_dry_run:
            transaction.set_rollback(True)
            answer[DRY_RUN] = "true"
        for name, value in self.rate_headers.items():
            answer[name] = value
        patch_cache_control(answer, private=True, no_cache=True)
        return answer


def _enter_tenant(request: HttpRequest, token: TokenPlace) -> None:
    organization = directory()
    request.tenant = organization.tenant  # type: ignore[attr-defined]
    request.member = organization.members[token.member_id]  # type: ignore[attr-defined]


class NothingHere(TokenView):
    """Answers addresses of the API that are none."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not request.path.endswith("/"):
            raise NotFound(_("There is no such address. All addresses of the API end with a slash, such as /people/."))
        raise NotFound(_("There is no such address. The reference and openapi.json list all of them."))
