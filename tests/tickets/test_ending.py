"""How a ticket ends by itself, and what is not done to it afterwards (docs/rules.md#k5, docs/rules.md#tickets)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.http import QueryDict
from django.test import Client

from comms.inbound import retention
from comms.models import Inbound
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.platform.models import Brand, Due, Event
from crm.platform.work import due
from tests.cast import House
from tests.tickets.messages import message
from tickets.inbox.ticket_list import TICKETS
from tickets.life.ending_dates import EndingKind, set_policy
from tickets.matching.placement import place_messages
from tickets.models import EndingRun, Entry, LifePolicy, Participant, Status, Ticket

pytestmark = pytest.mark.django_db


def test_it_closes_and_is_archived_when_its_days_have_passed(ticket: Ticket, house: House) -> None:
    ticket.solve(by=house.rita)
    LifePolicy.set(reopen_days=2, close_days=3, archive_days=5, by=house.ada)
    after = clock.now()
    for days, status, archived in ((2, Status.SOLVED, False), (8, Status.CLOSED, False), (30, Status.CLOSED, True)):
        with clock.at(after + timedelta(days=days)):
            while due.run_due_work():
                pass
        ticket.refresh_from_db()
        assert (ticket.status, bool(ticket.archived_at)) == (status, archived), days
    for act in (
        lambda: ticket.assign_to(house.sam, by=house.mona),
        lambda: ticket.prioritize(Priority.LOW, by=house.mona),
        lambda: ticket.attach(house.job, by=house.mona),
    ):
        with pytest.raises(Refused):
            act()


def test_a_reply_opens_it_again_but_thanks_and_late_ones_do_not(ticket: Ticket, house: House) -> None:
    ticket.set_person(house.cora, by=house.rita)
    assert [each.person for each in Participant.objects.filter(is_requester=True)] == [house.cora]
    ticket.reply(message("out"), by=house.rita)
    ticket.solve(by=house.rita)
    ticket.receive(message("in", text="Bedankt!"))
    assert (ticket.status, ticket.waiting_since, ticket.last_message_text) == (Status.SOLVED, None, "Bedankt!")
    assert Event.objects.of(ticket).latest("pk").data["thanks"] is True
    ticket.receive(message("in", text="It leaks again"))
    assert (ticket.status, bool(ticket.waiting_since)) == (Status.OPEN, True)
    ticket.solve(by=house.rita)
    first = message("out", person=house.cora)
    Entry.objects.add_message(ticket, first, matched_by="written")
    late = message("in", person=house.cora, at=clock.now() + timedelta(days=8), text="And once more")
    entry = place_messages(late, first, "reply_token")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert entry is not None
    assert entry.ticket.continues == ticket


def test_a_legal_hold_says_why_and_keeps_raw_mail_in_rows_and_in_files(ticket: Ticket, house: House) -> None:
    old = clock.now() - timedelta(days=4000)
    held, other = (stored_files.store_file(BytesIO(b"raw"), "a.eml", purpose="inbound", by=None) for _two in range(2))
    rows = [
        Inbound.objects.create(kind="mail", provider="smtp", state="read", received_at=old, digest=digest, **content)
        for digest, content in (("a", {"body": b"raw"}), ("b", {"body": b"raw"}), ("c", {"file": held}))
    ]
    for inbound in (rows[0], rows[2]):
        Entry.objects.add_message(ticket, message("in", inbound=inbound), matched_by="written")
    with pytest.raises(Refused):
        ticket.place_legal_hold(" ", by=house.mona)
    ticket.place_legal_hold("claim 17", by=house.mona)
    told = Event.objects.of(ticket).latest("pk")
    assert (told.kind, told.actor, told.data) == ("ticket.hold_placed", house.mona, {"reason": "claim 17"})
    retention.forget([])
    assert [bytes(Inbound.objects.get(pk=row.pk).body) for row in rows] == [b"raw", b"", b""]
    for days, kept in ((31, [True, False]), (33, [True, False]), (40, [False, False])):
        with clock.at(clock.now() + timedelta(days=days)):
            if days == 40:
                ticket.lift_legal_hold("settled", by=house.mona)
            stored_files.expire_files([held.pk, other.pk])
            for file in (held, other):
                file.refresh_from_db()
            assert [file.is_kept for file in (held, other)] == kept, days


def test_the_days_are_set_on_a_page(house: House, client: Client) -> None:
    client.force_login(house.mona.user)
    page = f"/{house.tenant.slug}/tickets/settings/end/"
    shown = client.get(page).content.decode()
    marked = re.search(r'<a href="([^"]*)" aria-current="true"', shown)
    assert marked is not None
    assert marked[1].endswith("/settings/"), "though its address is below the inbox"
    sent = {"reopen_days": "9", "close_days": "8", "archive_days": "90"}
    assert client.post(f"{page}set/", sent).status_code == 422
    assert client.post(f"{page}set/", sent | {"close_days": "14"}).status_code == 302
    assert LifePolicy.objects.get().close_days == 14
    assert "moved no closing dates" in client.get(page).content.decode()
    run = EndingRun.objects.get()
    part = client.get(f"{page}{run.uid}/", headers={"HX-Request": "true"}).content.decode()
    assert "The dates have moved" in part
    assert client.get(f"{page}{run.uid}/").status_code == 302


def test_edited_days_move_the_dates_of_what_waits_in_slices_and_it_says_why(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shorter pulls them forward, longer moves them back; a reopened one, and the same days again, move nothing."""
    monkeypatch.setattr(EndingKind, "size", 2)
    monkeypatch.setattr(EndingKind, "small", 0)
    now = clock.now()
    rows = [Ticket.begin(brand=Brand.objects.get(), subject=str(at), medium="email", by=house.rita) for at in range(5)]
    for ticket in rows:
        ticket.solve(by=house.rita)
    rows[4].close(by=house.rita)

    def dates() -> dict[str, int]:
        kinds = Due.objects.filter(kind__in=["ticket.close", "ticket.archive"], subject_id__in=[row.pk for row in rows])
        found = kinds.values_list("kind", "subject_id", "due_at")
        return {f"{kind} {[row.pk for row in rows].index(pk)}": round((at - now).days) for kind, pk, at in found}

    closing = {f"ticket.close {at}" for at in range(5)}
    for days, archive in ((3, 20), (30, 40)):
        run = set_policy(reopen_days=2, close_days=days, archive_days=archive, by=house.ada)
        assert (run.is_working, run.total) == (True, 5)
        while due.run_due_work():
            pass
        run.refresh_from_db()
        assert (run.status, run.done) == ("done", 5)
        assert {key: at for key, at in dates().items() if key in closing - {"ticket.close 4"}} == dict.fromkeys(
            closing - {"ticket.close 4"}, days
        )
        assert dates()["ticket.archive 4"] == archive
        assert (run.sooner_count, run.later_count) == ((4, 0) if days == 3 else (0, 4))
        told = Event.objects.of(rows[0]).latest("pk")
        assert (told.kind, told.data["cause"], told.data["days"]) == ("ticket.end_moved", "policy", days)
    assert set_policy(reopen_days=5, close_days=30, archive_days=40, by=house.ada) is None
    assert Event.objects.filter(kind="ticket.end_moved").count() == 8


def test_an_archived_one_is_in_no_list_but_is_found(ticket: Ticket, house: House) -> None:
    """By its words, by its customer, by when it was solved, and among the archived ones."""
    ticket.set_person(house.cora, by=house.rita)
    said = message("in", person=house.cora, text="A hedgehog in the gutter")
    Entry.objects.create(ticket=ticket, kind="message", message=said)
    ticket.solve(by=house.rita)
    ticket.close(by=house.rita)

    def found(query: str) -> list[Ticket]:
        return list(TICKETS.apply(TICKETS.read(QueryDict(query), house.mona), house.mona))

    assert found("who=all&status=closed") == [ticket]
    ticket.archive(by=None)
    for query, there in {
        "who=all&status=closed": [],
        "who=all&archived=1": [ticket],
        "q=hedgehog": [ticket],
        "q=Cora": [ticket],
        "who=all&where=solved:within:2": [ticket],
    }.items():
        assert found(query) == there, query
