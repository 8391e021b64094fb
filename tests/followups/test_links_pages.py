"""Follow-ups planned from the page of any record, and where they are shown."""

import re
from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from followups.links.planned_record import PARAMETERS
from followups.models import FollowUp
from tests.cast import House
from tests.documents.conftest import begin, files
from tests.followups.test_calendar_busy import make_busy
from tests.followups.test_links import add_document, begin_ticket, book, colleagues_job
from tests.queries import data_queries

__all__ = ["files"]
NAMES = ("person", "job", "ticket", "appointment", "document", "property")


@pytest.fixture
def records(house: House, files: Any) -> dict[str, Any]:
    """A record of each kind that Rita sees, by its name in the address."""
    with use_tenant(house.tenant):
        begin()
        document = add_document(house, person=house.cora)
        rows = (house.cora, house.job, begin_ticket(), book(house), document, house.job.site)
        for row in rows:
            row.refresh_from_db()
        return dict(zip(NAMES, rows, strict=True))


def key_of(record: Any) -> str:
    return str(next(getattr(record, column) for model, column in PARAMETERS.values() if isinstance(record, model)))


def page_of(name: str, record: Any) -> str:
    paths = {"person": "people/", "job": "leads/", "ticket": "tickets/", "property": "service/places/"}
    paths |= {"appointment": "calendar/", "document": "documents/"}
    return f"{paths[name]}{key_of(record)}/"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_planned_about_any_record_and_stands_on_its_page(
    as_member: Any, house: House, records: dict[str, Any], name: str
) -> None:
    rita, record = as_member("rita"), records[name]
    address = f"followups/new/?{name}={key_of(record)}"
    assert f'value="{key_of(record)}"' in rita.get(address, htmx=True)
    values = {name: key_of(record), "text": "call tomorrow 3pm"}
    back = rita.post("followups/new/", values | {"next": f"/{house.tenant.slug}/followups/"})
    assert back["Location"].endswith("/followups/")
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
        assert (record in (row.record, row.person, row.job), row.is_personal) == (True, False)
    if name not in ("person", "job"):
        assert "Call" in rita.get(f"followups/about/?{name}={key_of(record)}", htmx=True)


@pytest.mark.parametrize("name", ["person", "job"])
def test_the_button_is_on_the_page(as_member: Any, records: dict[str, Any], name: str) -> None:
    assert f"followups/new/?{name}={key_of(records[name])}" in as_member("rita").get(page_of(name, records[name]))


def test_another_customer_is_chosen_in_the_form(as_member: Any, house: House, records: dict[str, Any]) -> None:
    rita = as_member("rita")
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Walt Jernigan")
        other.refresh_from_db()
    assert str(other.uid) in rita.get("followups/new/customers/?find=Jernigan", htmx=True)
    ticket = key_of(records["ticket"])
    rita.post("followups/new/", {"ticket": ticket, "customer": str(other.uid), "text": "call tomorrow 3pm"})
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
        assert (row.person, row.ticket, row.job) == (other, None, None)


def test_what_is_a_colleagues_is_not_there(as_member: Any, house: House) -> None:
    rita = as_member("rita")
    with use_tenant(house.tenant):
        theirs = Person.objects.create(name="Walt Jernigan")
        theirs.refresh_from_db()
        colleagues_job(house, person=theirs)
        ticket = begin_ticket(member=house.mona)
    assert "Jernigan" not in rita.get("followups/new/customers/?find=Jernigan", htmx=True)
    for query in (f"person={theirs.uid}", f"customer={theirs.uid}", f"ticket={ticket.number}", "person=nonsense"):
        rita.get(f"followups/new/?{query}", status=404)
        rita.get(f"followups/about/?{query}", status=404)


def test_a_row_names_its_customer_and_its_record(as_member: Any, house: House, records: dict[str, Any]) -> None:
    with use_tenant(house.tenant):
        about = records["document"]
        FollowUp.plan(kind="call", subject="Ask", due_at=None, by=house.rita, assignee=house.rita, about=about)
    page = as_member("rita").get("followups/")
    assert f"people/{house.cora.uid}/" in page
    assert f"documents/{about.uid}/" in page
    assert "Deed.pdf" in page
    assert 'href="tel:+18135550142"' in page, "and is a call to make"


def test_a_row_does_not_name_what_its_reader_may_not_see(as_member: Any, house: House) -> None:
    with use_tenant(house.tenant):
        theirs = Person.objects.create(name="Walt Jernigan")
        colleagues_job(house, person=theirs)
        row = FollowUp.plan(kind="call", subject="Ask", due_at=None, by=None, assignee=house.rita, about=theirs)
    rita = as_member("rita")
    assert "Jernigan" not in rita.get("followups/")
    assert "Jernigan" not in rita.get(f"followups/{row.uid}/")


def test_what_comes_after_is_about_the_same(as_member: Any, house: House, records: dict[str, Any]) -> None:
    with use_tenant(house.tenant):
        row = FollowUp.plan(kind="call", subject="Ask", due_at=None, by=None, assignee=house.rita, about=house.cora)
    values = {"outcome": "no_answer", "then": "call friday 10am", "version": "1"}
    as_member("rita").post(f"followups/{row.uid}/complete/", values)
    with use_tenant(house.tenant):
        assert FollowUp.objects.open().get().person == house.cora


def spoken(page: str) -> set[str]:
    """What each entry of the calendar is about."""
    return set(re.findall(r'<bdi class="for">([^<]*)</bdi>', page))


@pytest.mark.parametrize(("layout", "most"), [("calendar/?span=month", 8), ("calendar/?span=week", 8), ("board/", 8)])
@pytest.mark.parametrize("member", ["rita", "mona"])
def test_a_layout_costs_the_same_with_records_of_every_kind(
    as_member: Any, house: House, records: dict[str, Any], layout: str, most: int, member: str
) -> None:
    make_busy(house, house.rita, 2, 1)
    with use_tenant(house.tenant):
        for nth, (name, record) in enumerate(records.items()):
            at = clock.now() + timedelta(days=nth // 2, hours=1)
            FollowUp.plan(kind="call", subject=name, due_at=at, assignee=house.rita, by=house.rita, about=record)
    browser = as_member(member)
    path = f"followups/{layout}{'&' if '?' in layout else '?'}who=all"
    browser.get(path)
    with data_queries() as asked:
        page = browser.get(path)
    assert len(asked) <= most, "\n".join(one[:300] for one in asked)
    for name in records:
        assert name in page


def test_the_calendar_names_what_each_is_about(as_member: Any, house: House, records: dict[str, Any]) -> None:
    with use_tenant(house.tenant):
        for record in records.values():
            at = clock.now() + timedelta(days=1)
            FollowUp.plan(kind="call", subject="Call", due_at=at, assignee=house.rita, by=house.rita, about=record)
        names = {house.job.title, house.cora.name, f"Conversation #{records['ticket'].number} · Leak"}
        names |= {str(house.job.site)}
    assert names <= spoken(as_member("rita").get("followups/calendar/?span=day&day=2026-11-26"))
