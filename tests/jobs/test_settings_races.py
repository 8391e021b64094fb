"""Two admins at the same moment, each with a connection of their own: one wins, the other is shown the fresh form."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from crm.jobs.models import Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast, load_cast
from tests.together import together

TIMES = 4


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    """The cast, committed: other connections see it."""
    yield load_cast()
    connection.close()


def at_once(cast: Cast, page: str, verb: str, data: list[dict[str, str]]) -> list[int]:
    """Post from as many clients at the same moment, all with the version one of them read."""
    clients = [Client() for _ in data]
    for client in clients:
        client.force_login(cast.house.ada.user)
    version = re.search(r'name="version" value="(\w+)"', clients[0].get(page).content.decode())[1]  # type: ignore[index]

    def post(client: Client, sent: dict[str, str]) -> int:
        return client.post(page + verb, sent | {"version": version}).status_code

    return sorted(together(*(partial(post, *pair) for pair in zip(clients, data, strict=True))))


def test_of_four_names_for_a_step_one_is_kept(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        page = f"/{HOUSE}/settings/pipelines/{pipeline_setup().default_pipeline.uid}/"
        new = cast.house.stage("New").pk
    names = [{"name": f"Name {number}"} for number in range(TIMES)]
    assert at_once(cast, page, f"steps/{new}/rename/", names) == [302] + [409] * (TIMES - 1)
    with use_tenant(cast.house.tenant):
        assert Event.objects.filter(kind="stage.renamed").count() == 1
        assert Stage.objects.get(pk=new).name.startswith("Name ")
