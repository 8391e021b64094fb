"""Own fields of customers and properties: set up, filled in, undone, found by, merged, erased."""

from collections.abc import Callable, Iterator

import pytest
from django.utils.html import escape

from crm.jobs.correction import fill_in
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.jobs.fields.setup import own_fields_of
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel.refusal import Refused
from crm.people.erasure import erase
from crm.people.merging.merge import merge, unmerge
from crm.people.models import Person, Property
from crm.platform.models import Change, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.undo import undo_change
from tests.cast import Cast, House
from tests.followups.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def as_member(house: House) -> Callable[[str], Browser]:
    return lambda name: Browser(house, getattr(house, name))


@pytest.fixture
def passport(house: House) -> OwnField:
    return OwnField.add("Passport", kind="date", record="person", by=None)


@pytest.fixture
def roof(house: House) -> OwnField:
    return OwnField.add("Roof", kind="choice", options=["Shingle", "Metal"], record="property", by=None)


def _site(house: House) -> Property:
    site: Property = Property.objects.get(pk=Job.objects.get(pk=house.job.pk).site_id)
    return site


def _save(browser: Browser, page: str, field: OwnField, typed: str, status: int = 302) -> str:
    key = f"own-{field.pk}"
    version = browser.client.get(f"{browser.prefix}{page}correct/?part={key}").context["part"].version
    data = {"part": key, "version": version, key: typed}
    return str(browser.post(f"{page}correct/", data, status=status).content.decode())


def test_each_kind_of_records_has_its_own(house: House, passport: OwnField, roof: OwnField) -> None:
    fields = [own_fields_of(model).live for model in (Job, Person, Property)]
    assert fields == [[], [passport], [roof]]


def test_a_name_is_taken_by_a_field_of_other_records(house: House, passport: OwnField) -> None:
    with pytest.raises(Refused, match="already exists"):
        OwnField.add("passport", kind="date", record="job", by=None)


def test_it_is_of_leads_customers_or_properties(house: House) -> None:
    with pytest.raises(Refused, match="Choose whether"):
        OwnField.add("Colour", kind="text", record="ticket", by=None)


def test_the_settings_page_adds_one_and_counts_who_has_it(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    fill_in(house.cora, passport, "2031-07-31", by=house.rita)
    mona = as_member("mona")
    page = mona.get("settings/fields/")
    assert "Customer · A date · have a value: 1" in page
    version = mona.client.get(f"{mona.prefix}settings/fields/").context["version"]
    posted = {"version": version, "name": "Roof age", "kind": "number", "record": "property"}
    mona.post("settings/fields/add/", posted)
    assert OwnField.objects.get(name="Roof age").record == "property"


def test_a_customers_page_shows_it_and_saves_it(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    rita = as_member("rita")
    page = f"people/{house.cora.uid}/"
    assert "Passport" in rita.get(page)
    assert 'type="date"' in rita.get(f"{page}correct/?part=own-{passport.pk}")
    _save(rita, page, passport, "2031-07-31")
    assert "2031" in rita.get(page)
    assert Person.objects.get(pk=house.cora.pk).own_fields == {passport.key: "2031-07-31"}


def test_what_a_field_does_not_hold_is_refused(
    house: House, passport: OwnField, roof: OwnField, as_member: Callable[[str], Browser]
) -> None:
    rita = as_member("rita")
    assert "date" in _save(rita, f"people/{house.cora.uid}/", passport, "soon", 422)
    refused = _save(rita, f"service/places/{_site(house).uid}/", roof, "Thatch", 422)
    assert "Choose an option from the list." in refused


def test_a_propertys_page_shows_it_and_saves_it(
    house: House, roof: OwnField, as_member: Callable[[str], Browser]
) -> None:
    rita = as_member("rita")
    page = f"service/places/{_site(house).uid}/"
    assert "Roof" in rita.get(page)
    _save(rita, page, roof, "metal")
    assert "Metal" in rita.get(page)
    assert Event.objects.filter(kind="property.corrected", actor=house.rita).count() == 1


def test_a_form_that_somebody_else_was_faster_with_shows_the_new_value(
    house: House, roof: OwnField, as_member: Callable[[str], Browser]
) -> None:
    page = f"service/places/{_site(house).uid}/correct/"
    key = f"own-{roof.pk}"
    rita = as_member("rita")
    version = rita.client.get(f"{rita.prefix}{page}?part={key}").context["part"].version
    fill_in(_site(house), roof, "Metal", by=house.mona)
    answer = rita.post(page, {"part": key, "version": version, key: "Shingle"}, status=409)
    assert 'value="Metal" selected' in answer.content.decode()


def test_a_field_of_other_records_or_of_a_hidden_place_is_unknown(
    house: House, passport: OwnField, roof: OwnField, as_member: Callable[[str], Browser]
) -> None:
    place = f"service/places/{_site(house).uid}/correct/?part=own-"
    as_member("rita").get(f"{place}{passport.pk}", status=404)
    elsewhere = Property.objects.create(street="9 Far Rd", city="Tampa", country="US")
    as_member("rita").get(f"service/places/{elsewhere.uid}/correct/?part=own-{roof.pk}", status=404)


@pytest.mark.parametrize("record", ["person", "property"])
def test_it_is_undone_like_other_corrections(
    house: House, passport: OwnField, roof: OwnField, record: str, as_member: Callable[[str], Browser]
) -> None:
    pages = {"person": f"people/{house.cora.uid}/", "property": f"service/places/{_site(house).uid}/"}
    fields = {"person": (passport, "2031-07-31"), "property": (roof, "Metal")}
    _save(as_member("rita"), pages[record], *fields[record])
    undo_change(Change.objects.latest("pk").uid, by=house.rita)
    assert Person.objects.get(pk=house.cora.pk).own_fields == _site(house).own_fields == {}


def test_customers_are_found_by_it(house: House, passport: OwnField) -> None:
    fill_in(house.cora, passport, "2001-07-31", by=house.rita)

    def find(**given: str) -> list[int]:
        rows = CUSTOMERS.apply(CUSTOMERS.filters(**given), house.mona)
        return list(rows.values_list("pk", flat=True))

    assert find(own_date=f"{passport.key}-past") == [house.cora.pk]
    assert find(own_date=f"{passport.key}-30") == []


def test_a_merge_fills_what_the_kept_one_lacks_and_is_undone(house: House, passport: OwnField) -> None:
    note = OwnField.add("Gate", kind="text", record="person", by=None)
    other = Person.objects.create(name="Cora Twin", own_fields={passport.key: "2031-07-31", note.key: "2"})
    fill_in(house.cora, note, "1", by=house.rita)
    done = merge(house.cora, other, by=house.ada)
    assert Person.objects.get(pk=house.cora.pk).own_fields == {passport.key: "2031-07-31", note.key: "1"}
    unmerge(done.uid, by=house.ada)
    assert Person.objects.get(pk=house.cora.pk).own_fields == {note.key: "1"}


def test_erasing_a_customer_empties_theirs_and_those_of_their_place(
    house: House, passport: OwnField, roof: OwnField
) -> None:
    fill_in(house.cora, passport, "2031-07-31", by=house.rita)
    fill_in(_site(house), roof, "Metal", by=house.rita)
    erase(Person.objects.get(pk=house.cora.pk), by=house.ada)
    assert Person.objects.get(pk=house.cora.pk).own_fields == _site(house).own_fields == {}


def test_a_value_is_shown_as_typed_not_as_markup(house: House, as_member: Callable[[str], Browser]) -> None:
    field = OwnField.add("Gate", kind="text", record="person", by=None)
    fill_in(house.cora, field, "<b>4711", by=house.rita)
    assert escape("<b>4711") in as_member("rita").get(f"people/{house.cora.uid}/")


def test_the_list_of_customers_shows_a_field_that_a_member_chooses(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    fill_in(house.cora, passport, "2031-04-05", by=house.rita)
    rita = as_member("rita")
    assert "Sat, Apr 5, 2031" not in rita.get("people/")
    rita.client.post(f"{rita.prefix}people/columns/", {"column": f"own-{passport.pk}"})
    shown = rita.get("people/")
    assert '<th scope="col">Passport</th>' in shown
    assert "<td>Sat, Apr 5, 2031</td>" in shown
    passport.archive(by=None)
    assert "Passport" not in rita.get("people/")


def test_a_saved_address_of_the_list_names_its_columns(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    fill_in(house.cora, passport, "2031-04-05", by=house.rita)
    listed = as_member("rita").get(f"people/?columns=own-{passport.pk}&where=own-{passport.pk}:since:2031-01-01")
    assert "Sat, Apr 5, 2031" in listed
