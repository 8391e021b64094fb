"""What tests/known_configuration.py gives is what the test would have read itself."""

from collections.abc import Iterator

import pytest

from crm.platform.models import Team, Tenant
from crm.platform.organization import configuration
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.known_configuration import known
from tests.queries import data_queries


@pytest.fixture
def tenant(cast: Cast) -> Iterator[Tenant]:
    with use_tenant(cast.house.tenant):
        yield cast.house.tenant


def read(tenant: Tenant) -> configuration.Directory:
    """The directory, as the next request would get it of another process."""
    configuration.clear_configuration_caches()
    with use_tenant(tenant):
        return directory()


def test_what_was_read_is_not_asked_for_again(tenant: Tenant) -> None:
    first = read(tenant)
    with data_queries() as asked:
        again = read(tenant)
    assert not [sql for sql in asked if "platform_member" in sql]
    assert (again.members, again.zone) == (first.members, first.zone)
    assert again.tenant is not first.tenant


def test_what_a_test_writes_it_reads_and_nobody_else(tenant: Tenant) -> None:
    before = set(read(tenant).teams)
    with known.taken_back():
        team = Team.objects.create(name="Storm crew")
        assert set(read(tenant).teams) == before | {team.pk}
    assert set(read(tenant).teams) == before


def test_what_is_read_by_a_patched_product_is_not_kept(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    known.values.clear()
    monkeypatch.setattr(configuration, "KEPT", 400)
    read(tenant)
    assert known.values == {}
    monkeypatch.undo()
    read(tenant)
    assert known.values != {}
