"""The tokens of the demo."""

from api.models import ApiToken
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from demo.systems.api_tokens import create_tokens
from tests.cast import Cast


def test_one_token_is_in_use_and_one_revoked(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        create_tokens(clock.now())

        assert [token.name for token in ApiToken.objects.live().exclude(last_used_at=None)] == ["Estimating tool"]
        assert ApiToken.objects.exclude(revoked_at=None).count() == 1
