"""Completing a follow-up of a date asks for the new date: it is saved, the trigger plans the next, undo restores it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from crm.documents.models import DocumentKind, DocumentRequest
from crm.jobs.correction import expect_on, fill_in
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.kernel import clock
from crm.people.correction import rename
from crm.people.models import Person, Property
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from crm.platform.undo import undo_change
from followups.automation.renewal import find_renewal
from followups.models import FollowUp
from service.models import Asset
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.followups.preset_acts import DAY, MONDAY, use

NOW = MONDAY + 11 * DAY
# 180 days before the new date.
NEXT = datetime(2036, 3, 12, 15, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def passport(house: House) -> OwnField:
    """A passport that ends in 190 days, so that its renewal is planned in ten."""
    field = OwnField.add("Passport valid until", kind="date", record="person", by=None)
    use("dates.passport")
    fill_in(house.cora, field, (MONDAY + 190 * DAY).date().isoformat(), by=house.rita)
    work()
    work(NOW)
    return field


def _renewal() -> FollowUp:
    found: FollowUp = FollowUp.objects.filter(origin__startswith="rule:").latest("pk")
    return found


def _complete(browser: Browser, day: str, status: int = 302) -> str:
    row = _renewal()
    posted = {"version": row.version, "outcome": "successful", "renewal": day}
    response = browser.client.post(f"{browser.prefix}followups/{row.uid}/complete/", posted, follow=True)
    assert (response.redirect_chain != []) == (status == 302), response.content.decode()[:300]
    if status != 302:
        assert response.status_code == status
    return response.content.decode()


def _passport_of(house: House) -> str:
    return str(next(iter(Person.objects.get(pk=house.cora.pk).own_fields.values())))


def test_the_forms_ask_for_the_new_date(house: House, passport: OwnField, as_member: Callable[[str], Browser]) -> None:
    with clock.at(NOW):
        rita = as_member("rita")
        for page in ("", "complete/"):
            shown = rita.get(f"followups/{_renewal().uid}/{page}", htmx=bool(page))
            assert "New date: Passport valid until" in shown
            assert "Now Tue, Sep 8." in shown


def test_a_follow_up_of_no_date_asks_for_none(house: House, as_member: Callable[[str], Browser]) -> None:
    row = FollowUp.plan(kind="call", subject="Call", due_at=NOW, by=house.rita, job=house.job, assignee=house.rita)
    assert "New date" not in as_member("rita").get(f"followups/{row.uid}/")


def test_the_new_date_is_saved_and_the_next_follow_up_is_planned_by_it(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    with clock.at(NOW):
        said = _complete(as_member("rita"), "2036-09-08")
        work()
    assert "The next follow-up is planned on" in said
    assert _passport_of(house) == "2036-09-08"
    assert not FollowUp.objects.open().exists()
    work(NEXT)
    assert [row.status for row in FollowUp.objects.order_by("pk")] == ["completed", "pending"]
    assert _renewal().due_at == NEXT + DAY


def test_completing_without_a_new_date_changes_none(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    with clock.at(NOW):
        _complete(as_member("rita"), "")
    assert _passport_of(house) == "2026-09-08"
    assert _renewal().status == "completed"


@pytest.mark.parametrize(("day", "why"), [("2026-09-08", "Choose a day after"), ("soon", "date")])
def test_a_date_that_is_no_later_one_is_refused(
    house: House, passport: OwnField, day: str, why: str, as_member: Callable[[str], Browser]
) -> None:
    with clock.at(NOW):
        assert why in _complete(as_member("rita"), day, 422)
    assert (_renewal().status, _passport_of(house)) == ("pending", "2026-09-08")


def test_undoing_the_completion_restores_the_date(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    with clock.at(NOW):
        _complete(as_member("rita"), "2036-09-08")
        undo_change(Change.objects.latest("pk").uid, by=house.rita)
        work()
    assert (_renewal().status, _passport_of(house)) == ("pending", "2026-09-08")


def test_reopening_leaves_a_date_that_was_changed_since(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    with clock.at(NOW):
        _complete(as_member("rita"), "2036-09-08")
        fill_in(house.cora, passport, "2037-01-01", by=house.mona)
        _renewal().reopen(by=house.rita)
        work()
    assert _passport_of(house) == "2037-01-01"


def test_an_archived_field_asks_for_no_date_and_moves_none(
    house: House, passport: OwnField, as_member: Callable[[str], Browser]
) -> None:
    passport.archive(by=None)
    with clock.at(NOW):
        shown = as_member("rita").get(f"followups/{_renewal().uid}/")
        assert "New date" not in shown
        assert _renewal().subject in shown
        rename(house.cora, "Cora Bell", by=house.rita)
        work()
    assert _renewal().status == "pending"


def test_reopening_leaves_a_date_whose_record_takes_no_past_one(
    house: House, as_member: Callable[[str], Browser]
) -> None:
    call = do("followup.plan", kind="call", title="Ask", who="owner", count=0, unit="days", priority=2)
    rule("job.document_due", call)
    permit = DocumentKind.add("Permit", by=None)
    due_on = (MONDAY + DAY).date()
    asked = DocumentRequest.ask(Job.objects.get(pk=house.job.pk), "", kind=permit, by=house.rita, due_on=due_on)
    work()
    work(MONDAY + 2 * DAY)
    with clock.at(MONDAY + 2 * DAY):
        _complete(as_member("ada"), "2026-09-08")
        _renewal().reopen(by=house.rita)
        work()
    asked.refresh_from_db()
    assert asked.due_on == date(2026, 9, 8)
    assert _renewal().renewed_to is None


def test_a_member_who_may_not_edit_the_customer_is_not_asked(house: House, passport: OwnField) -> None:
    Job.objects.filter(pk=house.job.pk).update(member=house.mona)
    assert find_renewal(_renewal(), house.rita) is None
    assert find_renewal(_renewal(), house.mona) is not None


def test_a_call_is_renewed_in_the_call_list(house: House, as_member: Callable[[str], Browser]) -> None:
    job = Job.objects.get(pk=house.job.pk)
    job.site = Property.objects.create(street="1 Oak St", city="Tampa", country="US")
    job.save(update_fields=["site"])
    use("dates.warranty")
    roof = Asset.register(job, "Roof", by=house.sam, warranty_until=(MONDAY + 40 * DAY).date())
    work()
    work(NOW)
    with clock.at(NOW):
        row = _renewal()
        ada = as_member("ada")
        assert "New date: Warranty of Roof" in ada.get(f"followups/calls/{row.uid}/")
        posted = {"version": row.version, "outcome": "reached", "renewal": "2031-04-11"}
        ada.post(f"followups/calls/{row.uid}/end/", posted)
    roof.refresh_from_db()
    assert roof.warranty_until == date(2031, 4, 11)


def test_the_expected_close_is_asked_for_by_its_name(house: House) -> None:
    call = do("followup.plan", kind="call", title="Ask", who="owner", count=0, unit="days", priority=2)
    rule("job.expected", call)
    expect_on(Job.objects.get(pk=house.job.pk), (MONDAY + 2 * DAY).date(), by=house.rita)
    work()
    work(MONDAY + 3 * DAY)
    renewal = find_renewal(_renewal(), house.rita)
    assert renewal is not None
    assert (renewal.label, renewal.day) == ("Expected close", (MONDAY + 2 * DAY).date())
