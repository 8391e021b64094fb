"""Alarms: the owner is told at once, then by text, then a colleague, until somebody takes it on."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from billing.models import credit_invoice
from connections.models import AlertPolicy, Connection, ConnectionHour, SyncItem
from connections.models.connection import ESCALATE
from connections.notices import FAILED, PASSED_ON, REFUSED, TEXTED
from connections.sync.alerts import alert_key, escalate
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Due, Member, Role, User
from crm.web.models import Notice
from crm.web.notices.acknowledgements import take_up
from tests.billing.conftest import NOON
from tests.cast import House
from tests.connections.books_peer import Trouble
from tests.connections.conftest import Bill, Sync
from tests.connections.quickbooks_server import QuickBooks
from tests.followups.conftest import Browser

pytestmark = pytest.mark.django_db
PAGE = "settings/connections/"


@pytest.fixture
def abe(house: House) -> Member:
    """Another admin."""
    user = User.objects.create_user("abe@suncoast-test.example", "correct horse", name="Abe Admin")
    row: Member = Member.objects.create(user=user, name="Abe Admin", role=Role.ADMIN)
    return row


def names_notified(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("member__name", flat=True))


def escalate_at(minutes: int, connection: Connection) -> None:
    with clock.at(NOON + timedelta(minutes=minutes)):
        escalate([connection.pk])


def test_a_refused_sign_in_goes_up_the_ladder(books: QuickBooks, sync: Sync, abe: Member) -> None:
    books.is_revoked = True
    connection = sync()
    assert (names_notified(FAILED), names_notified(TEXTED), names_notified(PASSED_ON)) == (["Ada Admin"], [], [])
    assert Due.objects.get(kind=ESCALATE).due_at == NOON + timedelta(hours=1)
    escalate_at(60, connection)
    assert (names_notified(TEXTED), names_notified(PASSED_ON)) == (["Ada Admin"], [])
    assert Due.objects.get(kind=ESCALATE).due_at == NOON + timedelta(hours=3)
    escalate_at(180, connection)
    escalate_at(180, connection)
    assert names_notified(PASSED_ON) == ["Abe Admin"]


def test_nobody_else_is_told_once_it_is_taken_on(books: QuickBooks, sync: Sync, house: House, abe: Member) -> None:
    books.is_revoked = True
    connection = sync()
    take_up(FAILED, alert_key(connection), by=house.ada)
    escalate_at(60, connection)
    escalate_at(180, connection)
    assert names_notified(TEXTED) == names_notified(PASSED_ON) == []


def test_a_system_that_does_not_answer_is_told_after_a_while(books: QuickBooks, sync: Sync, house: House) -> None:
    AlertPolicy.set(patience=10, text=20, colleague=40, by=house.ada)
    books.troubles = [Trouble(500) for _round in range(3)]
    sync()
    with clock.at(NOON + timedelta(minutes=5)):
        sync()
    assert names_notified(FAILED) == []
    with clock.at(NOON + timedelta(minutes=15)):
        sync()
    assert names_notified(FAILED) == ["Ada Admin"]
    with clock.at(NOON + timedelta(minutes=16)):
        assert sync().failing_since is None
    assert not Due.objects.filter(kind=ESCALATE).exists()


def test_an_owner_who_left_is_replaced_by_a_colleague(
    books: QuickBooks, sync: Sync, abe: Member, connection: Connection
) -> None:
    Member.objects.filter(name="Ada Admin").update(active=False)
    books.is_revoked = True
    sync()
    assert names_notified(FAILED) == ["Abe Admin"]


def test_dead_letters_are_told_once_until_read(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill(10_000, tax_rate=190_000)
    bill(20_000, tax_rate=190_000)
    sync()
    notice = Notice.objects.get(kind=REFUSED)
    assert notice.data["count"] == 2


def test_hours_are_counted(books: QuickBooks, sync: Sync) -> None:
    sync()
    books.troubles = [Trouble(500)]
    sync()
    row = ConnectionHour.objects.get()
    assert (row.hour, row.done, row.failed) == (NOON.replace(minute=0), 1, 1)


def test_the_colleague_comes_after_the_text(house: House) -> None:
    with pytest.raises(Refused):
        AlertPolicy.set(patience=10, text=60, colleague=60, by=house.ada)


def test_the_page_shows_alarm_mapping_and_dead_letters(books: QuickBooks, bill: Bill, sync: Sync, ada: Browser) -> None:
    invoice = bill(10_000, tax_rate=190_000)
    sync()
    books.is_revoked = True
    with clock.at(NOON + timedelta(hours=2)):
        sync()
        page = ada.get(PAGE)
    assert "QuickBooks Online has not synchronized since" in page
    assert "I’m on it" in page
    assert "Payment received there" in page
    assert invoice.number in page


def test_the_dead_letter_of_a_credit_note_says_so(
    books: QuickBooks, bill: Bill, sync: Sync, ada: Browser, connection: Connection, house: House
) -> None:
    books.rows["Item"]["7"]["Active"] = False
    note = credit_invoice(bill(10_000), 10_000, "Wrong amount", by=house.sam)
    sync()
    assert f"Credit note <bdi>{note.number}" in ada.get(f"{PAGE}{connection.uid}/")


def test_the_page_takes_a_fixed_number_of_queries(
    sync: Sync, ada: Browser, house: House, connection: Connection, django_assert_max_num_queries: Any
) -> None:
    for place in range(8):
        row = Connection.connect("moneybird", f"Books {place}", owner=house.ada, by=house.ada)
        SyncItem.park(row.pk, "payment", "7", "Refused")
    with django_assert_max_num_queries(45):
        ada.get(PAGE)


def test_acts_of_the_page(sync: Sync, ada: Browser, connection: Connection, house: House) -> None:
    sync()
    url = f"{PAGE}{connection.uid}/"
    ada.get(url)
    ada.post(f"{url}off/", {})
    connection.refresh_from_db()
    assert (connection.state, connection.off_by_id) == ("off", house.ada.pk)
    ada.post(f"{url}on/", {})
    connection.refresh_from_db()
    assert connection.state == "connecting"
    SyncItem.park(connection.pk, "payment", "9", "Refused", label="INV-7")
    assert "INV-7" in ada.get(url)
    ada.post(f"{url}dismiss/", {"item": SyncItem.objects.get().uid})
    assert not SyncItem.objects.exists()
    assert "deleted for good" in ada.get(f"{url}disconnect/")
    assert Connection.objects.exists()
    ada.post(f"{url}disconnect/", {})
    assert not Connection.objects.exists()


def test_signing_in_connects_a_company(
    books: QuickBooks, terms: Any, ada: Browser, house: House, job: Any, settings: Any
) -> None:
    values = {"name": "Our books", "brand": job.brand.uid, "send_from": "2026-11-01"}
    # A form that is answered with a redirect to another site is stopped by its policy.
    ahead = ada.post(f"{PAGE}new/quickbooks/add/", values, status=200).text
    sign_in_url = ahead.partition('<meta http-equiv="refresh" content="0; url=')[2].partition('"')[0]
    there = ada.client.get(sign_in_url)["Location"]
    assert there.startswith("https://appcenter.intuit.com/connect/oauth2?client_id=throughline")
    state = there.split("state=")[1].split("&")[0]
    back = ada.client.get(f"/public/connections/signed-in/?state={state}&code=code-1&realmId=9130")
    ada.client.get(back["Location"])
    row = Connection.objects.get()
    assert (row.name, row.options["realm_id"], row.rules.count()) == ("Our books", "9130", 5)
    other = Client()
    other.force_login(house.mona.user)
    assert other.get(back["Location"]).status_code in (403, 404)
