"""What a tenant has set up is read once a process, and anew after each edit, also after one that was taken back."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.jobs.models import Source
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast


def sources() -> list[str]:
    return [source.name for source in pipeline_setup().sources.values()]


def add_radio_and_fail() -> None:
    Source.objects.create(name="Radio")
    assert "Radio" in sources()
    raise ZeroDivisionError


def test_a_warm_process_reads_only_the_version(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        pipeline_setup(), directory()
    with (
        use_tenant(cast.house.tenant),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        pipeline_setup(), directory()
        pipeline_setup(), directory()
    assert [query["sql"] for query in queries if "config_version" not in query["sql"]] == []
    assert len(queries) == 1


def test_an_edit_shows_at_once_and_in_the_next_scope(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        assert "Radio" not in sources()
        Source.objects.create(name="Radio")
        assert "Radio" in sources()
    with use_tenant(cast.house.tenant):
        assert "Radio" in sources()


def test_an_edit_that_was_taken_back_is_never_seen_again(cast: Cast) -> None:
    """The next edit gets the same version number; what was read in between must not be taken for it."""
    with use_tenant(cast.house.tenant):
        before = sources()
    with pytest.raises(ZeroDivisionError), transaction.atomic(), use_tenant(cast.house.tenant):
        add_radio_and_fail()
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.rita.pk).save()
    with use_tenant(cast.house.tenant):
        assert sources() == before


def test_tenants_do_not_share_what_is_kept(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        mine = set(directory().members)
    with use_tenant(cast.other.tenant):
        assert not mine & set(directory().members)
