"""A saved view keeps the layout it was saved in, in every list that has several."""

from typing import Any

import pytest
from django.test import Client

from crm.platform.tenancy.context import use_tenant
from crm.web.models import SavedView
from tests.cast import Cast, House
from tests.markup import flat


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


@pytest.fixture
def rita(house: House) -> Client:
    client = Client()
    client.force_login(house.rita.user)
    return client


def save(client: Client, house: House, layout: str) -> str:
    data = {"name": "Urgent", "query": "priority=1", "layout": layout}
    response = client.post(f"/{house.tenant.slug}/leads/views/save/", data)
    assert response.status_code == 302, response.content.decode()[:500]
    return str(response["Location"])


def test_it_opens_in_the_layout_it_was_saved_in(rita: Client, house: House) -> None:
    assert save(rita, house, "board").startswith(f"/{house.tenant.slug}/leads/board/?priority=1")
    page = flat(rita.get(f"/{house.tenant.slug}/leads/").content.decode())
    assert f'href="/{house.tenant.slug}/leads/board/?priority=1&amp;view=' in page, "from the table, too"


def test_an_unknown_layout_is_not_kept(rita: Client, house: House) -> None:
    assert save(rita, house, "x" * 40).startswith(f"/{house.tenant.slug}/leads/?priority=1")


def test_the_form_of_a_board_carries_its_layout(rita: Client, house: House) -> None:
    page = flat(rita.get(f"/{house.tenant.slug}/leads/board/").content.decode())
    assert "/leads/views/save/?&amp;layout=board" in page
    form = flat(rita.get(f"/{house.tenant.slug}/leads/views/save/?&layout=board").content.decode())
    assert '<input type="hidden" name="layout" value="board">' in form


def test_another_layout_is_a_change_that_updating_keeps(rita: Client, house: House) -> None:
    address = save(rita, house, "board")
    query = address.partition("?")[2]
    page = flat(rita.get(f"/{house.tenant.slug}/leads/?{query}").content.decode())
    assert "Update “Urgent”" in page
    with use_tenant(house.tenant):
        view: Any = SavedView.objects.get(name="Urgent")
    data = {"query": "priority=1", "seen": view.version, "layout": "list"}
    rita.post(f"/{house.tenant.slug}/leads/views/{view.uid}/update/", data)
    with use_tenant(house.tenant):
        assert SavedView.objects.get(name="Urgent").layout == "list"
