"""What the sample app does in the product; run by test_sample.py in a process that has the app installed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from crm.jobs.clock.arithmetic import Level
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import SavedView
from tests.cast import Cast, House
from tests.roofs.models import Material, Roof


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


@pytest.fixture
def roof(house: House) -> Roof:
    with use_tenant(house.tenant):
        roof = Roof(name="Chapel", brand=directory().default_brand)
        roof.create(by=house.rita)
        return roof


@pytest.fixture
def rita(house: House, client: Client) -> Client:
    client.force_login(house.rita.user)
    return client


def test_its_entries_are_in_order() -> None:
    call_command("check")


def test_it_ages(roof: Roof, house: House) -> None:
    with clock.at(clock.now() + timedelta(days=8)):
        due.run_due_work()
        with use_tenant(house.tenant):
            roof.refresh_from_db()
            assert roof.level == Level.LATE
            assert [event.kind for event in Event.objects.filter(subject_id=roof.pk).order_by("at")][
                -1
            ] == "roof.overdue"


def test_its_list_has_a_filter_and_a_saved_view(roof: Roof, house: House, rita: Client) -> None:
    place = f"/{house.tenant.slug}/roofs/"
    assert "Chapel" in rita.get(f"{place}?waiting=1").content.decode()
    rita.post(f"{place}views/save/", {"name": "To inspect", "query": "?waiting=1"})
    with use_tenant(house.tenant):
        view = SavedView.objects.get(list_key="roofs")
        assert (view.name, view.query) == ("To inspect", "waiting=1")
    page = rita.get(place).content.decode()
    assert "To inspect" in page
    assert f'href="{place}"' in page, "it stands in the navigation"


def test_its_verb_is_undone(roof: Roof, house: House, rita: Client) -> None:
    place = f"/{house.tenant.slug}/roofs/"
    act = {"result": "dry", "version": ""}
    answer: Any = rita.post(f"{place}{roof.uid}/inspect/", act, follow=True)
    (message,) = answer.context["messages"]
    with use_tenant(house.tenant):
        roof.refresh_from_db()
        assert roof.inspected_at
        assert Event.objects.filter(kind="roof.inspected", data={"result": "dry"}).count() == 1
    rita.post(message.extra_tags)
    with use_tenant(house.tenant):
        roof.refresh_from_db()
        assert roof.inspected_at is None
        assert roof.is_running


def test_of_two_one_wins(roof: Roof, house: House, rita: Client) -> None:
    stale = {"result": "wet", "version": "another"}
    answer: Any = rita.post(f"/{house.tenant.slug}/roofs/{roof.uid}/inspect/", stale, follow=True)
    assert "Someone else changed this in the meantime" in answer.content.decode()
    with use_tenant(house.tenant):
        roof.refresh_from_db()
        assert roof.inspected_at is None


def test_its_event_has_words() -> None:
    from crm.web.timeline import event_words

    assert event_words.describe_event("roof.inspected", {"result": "dry"}, None).words == "inspected the roof: dry"


def test_its_list_is_exported(roof: Roof, house: House) -> None:
    from crm.web.lists.exports import exportable

    source = exportable("roofs")
    assert source
    with use_tenant(house.tenant):
        assert list(source.rows([roof.pk], house.mona)) == [["Chapel"]]
        assert source.headings() == ["Roof"]


def test_its_settings_page(house: House, client: Client) -> None:
    place = f"/{house.tenant.slug}/roofs/materials/"
    client.force_login(house.rita.user)
    assert client.get(place).status_code == 404
    client.force_login(house.ada.user)
    client.post(f"{place}add/", {"name": "Slate"})
    assert "Slate" in client.get(place).content.decode()
    assert place in client.get(f"/{house.tenant.slug}/settings/").content.decode()
    with use_tenant(house.tenant):
        assert Material.objects.count() == 1


def test_another_organization_sees_none_of_it(roof: Roof, cast: Cast, client: Client) -> None:
    client.force_login(cast.otto.user)
    assert "Chapel" not in client.get(f"/{cast.other.tenant.slug}/roofs/").content.decode()
    assert client.get(f"/{cast.house.tenant.slug}/roofs/").status_code == 404
