"""A button that an app adds to the selection bar of lists: who sees it, where, and which list its page reads."""

from collections.abc import Iterator

import pytest
from django.http import Http404, QueryDict
from django.test import Client

from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.selection_actions import SelectionAction, posted_list
from tests.cast import Cast, House

PAGE = "leads:list"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    added = SelectionAction(
        lists=("people", "leads"), page=PAGE, permission="jobs.assign", act="try", icon="zap", label="Try these"
    )
    with features.extra_features(added), use_tenant(cast.house.tenant):
        yield cast.house


def customers_page(house: House, name: str, path: str = "people/") -> str:
    client = Client()
    client.force_login(getattr(house, name).user)
    return client.get(f"/{house.tenant.slug}/{path}").content.decode()


@pytest.fixture
def no_other_action(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rep may do nothing with selected customers: the actions of other apps are switched off."""
    monkeypatch.setattr(
        "crm.web.lists.selection_actions.allows", lambda member, name: name == "jobs.assign" and allows(member, name)
    )


@pytest.mark.usefixtures("no_other_action")
def test_the_list_of_customers_has_boxes_for_those_who_may_act_on_a_selection(house: House) -> None:
    page = customers_page(house, "mona")
    assert "Try these" in page
    assert 'name="pick"' in page
    assert '<input type="hidden" name="list" value="people">' in page
    assert 'name="pick"' not in customers_page(house, "rita")


@pytest.mark.usefixtures("no_other_action")
def test_how_many_would_be_selected_is_counted_for_them(house: House) -> None:
    assert 'id="matching"' in customers_page(house, "mona", "people/counts/")
    assert 'id="matching"' not in customers_page(house, "rita", "people/counts/")


def test_its_page_reads_the_list_that_the_selection_was_made_on(house: House) -> None:
    assert posted_list(QueryDict("list=leads"), PAGE).key == "leads"
    assert posted_list(QueryDict(""), PAGE).key == "people"
    for other in ("tickets", "nonesuch"):
        with pytest.raises(Http404):
            posted_list(QueryDict(f"list={other}"), PAGE)
