"""The follow-ups tab of a customer, and where neglected customers are shown."""

from typing import Any

import pytest

from crm.kernel import clock
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from followups.neglect.models import ContactCadence, Neglect
from tests.cast import House
from tests.followups.test_kinds import version


@pytest.fixture
def neglect(house: House) -> Neglect:
    with use_tenant(house.tenant):
        row: Neglect = Neglect.objects.create(person=house.cora, touched_at=clock.now(), days=60)
        return row


def test_the_tab_shows_what_is_open_and_what_was(as_member: Any, house: House, planned: Any) -> None:
    with use_tenant(house.tenant):
        planned("Measure the roof").complete("successful", by=house.rita)
    planned("Too late", hours=-5)
    planned("About her", job=None, person_id=house.cora.pk)
    planned("By a trigger", origin="rule:1:0")
    page = as_member("rita").get(f"followups/customer/{house.cora.uid}/")
    assert page.count('class="todo-row') == 3
    for words in ("Measure the roof", "Too late", "About her", "overdue", "by a trigger", "Successful"):
        assert words in page
    assert f"followups/new/?person={house.cora.uid}" in page
    mark = as_member("rita").get(f"followups/customer/{house.cora.uid}/mark/", htmx=True)
    assert "<small>3</small>" in mark
    assert "1 overdue" in mark


def test_the_customers_page_leads_to_it(as_member: Any, house: House) -> None:
    page = as_member("rita").get(f"people/{house.cora.uid}/")
    assert f"followups/customer/{house.cora.uid}/" in page
    assert f"followups/customer/{house.cora.uid}/mark/" in page


def test_one_without_a_lead_stands_in_their_activity(as_member: Any, house: House, planned: Any) -> None:
    planned("Bring the brochure", job=None, person_id=house.cora.pk, assignee=house.mona)
    assert "Bring the brochure" in as_member("rita").get(f"people/{house.cora.uid}/")
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    as_member("rita").get(f"people/{house.cora.uid}/", status=404)


def test_a_colleagues_customer_has_no_tab(as_member: Any, house: House) -> None:
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    as_member("rita").get(f"followups/customer/{house.cora.uid}/", status=404)
    as_member("rita").get(f"followups/customer/{house.cora.uid}/mark/", status=404)


def test_neglected_customers_are_shown_and_calls_planned(as_member: Any, house: House, neglect: Neglect) -> None:
    rita = as_member("rita")
    line = rita.get("followups/neglected/", htmx=True)
    assert "1 customer" in line
    assert "Plan a call for 1 customer" in line
    assert "Cora Customer" in rita.get("people/?neglected=1")
    assert "Customers without contact" in rita.get("home/")
    rita.post("followups/neglected/plan/", {})
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
        assert (row.person, row.kind) == (house.cora, "call")
        change = Change.objects.latest("pk")
    assert "Plan a call" not in rita.get("followups/neglected/", htmx=True)
    rita.post("followups/neglected/plan/", {})
    rita.post(f"undo/{change.uid}/", {})
    with use_tenant(house.tenant):
        assert [one.status for one in FollowUp.objects.all()] == ["cancelled"], "once, and taken back"


def test_a_colleagues_neglected_customers_are_not_counted(as_member: Any, house: House, neglect: Neglect) -> None:
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    assert "customer" not in as_member("rita").get("followups/neglected/", htmx=True)


def test_cadences_are_set_in_the_settings(as_member: Any, house: House) -> None:
    ada = as_member("ada")
    seen = {"version": version(ada.get("followups/cadences/"))}
    ada.post("followups/cadences/add/", seen | {"name": "With work", "days": "30", "query": "work=open"})
    seen = {"version": version(ada.get("followups/cadences/"))}
    assert "after 30 days" in ada.get("followups/cadences/")
    ada.post("followups/cadences/add/", seen | {"name": "Odd", "days": "0", "query": ""}, status=422)
    ada.post("followups/cadences/add/", seen | {"name": "Odd", "days": "30", "query": "q=nonsense"}, status=422)
    with use_tenant(house.tenant):
        assert ContactCadence.objects.get().query == "work=open"
    as_member("rita").get("followups/cadences/", status=404)
