"""`receive_email` says which ticket a mail is on, and by what; a dry run says it and stores nothing."""

from typing import Any

import pytest
from django.db import OperationalError

from comms.inbound import delivery
from comms.inbound.delivery import deliver, deliver_all
from comms.inbound.files import MailFile
from comms.models import Message
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.mails import BOUNCE, raw_mail
from tests.tickets.matching.conftest import Office
from tickets.matching import placement
from tickets.models import Entry, Ticket


def test_it_says_the_ticket_and_what_it_was_matched_by(cast: Cast, office: Office, begun: Ticket) -> None:
    sent = office.write()
    answer = raw_mail("Fine", Subject="Re: Your roof", Message_ID="<n1@home.example>", In_Reply_To=sent.message_id)
    other = raw_mail("Hello", Subject="Something else", Message_ID="<n2@home.example>")
    bounce = BOUNCE % sent.message_id.encode()

    def told(raw: bytes, **more: Any) -> tuple[Any, ...]:
        line = deliver(raw, cast.house.tenant, **more).as_json("-")
        return line["outcome"], line["ticket"], line["matched_by"]

    assert told(answer, dry_run=True) == ("reply", begun.number, "in_reply_to")
    assert told(other, dry_run=True) == ("ticket", None, None)
    assert Entry.objects.count() == 2
    assert told(answer) == ("reply", begun.number, "in_reply_to")
    new = told(other)
    assert (new[0], new[2]) == ("ticket", None)
    with use_tenant(cast.house.tenant):
        assert Ticket.objects.filter(number=new[1]).exists()
    assert told(bounce)[:2] == ("bounce", begun.number)
    assert told(answer)[:2] == ("duplicate", begun.number)


FIRST = raw_mail("Hello", Subject="The gutter", Message_ID="<b1@home.example>", From="Bea <bea@home.example>")
ANSWER = raw_mail(
    "And the roof",
    Subject="Re: The gutter",
    Message_ID="<b2@home.example>",
    From="Bea <bea@home.example>",
    In_Reply_To="<b1@home.example>",
)
OTHERS = [
    raw_mail("Hello", Subject=f"Door {number}", Message_ID=f"<c{number}@home.example>", From=f"C <c{number}@c.example>")
    for number in range(3)
]


def told_all(cast: Cast, *mails: bytes) -> list[tuple[Any, ...]]:
    """What is said of mails that are delivered together: outcome, ticket and evidence."""
    delivered = deliver_all([MailFile("-", raw) for raw in mails], cast.house.tenant)
    lines = [each.as_json("-") for each in delivered]
    return [(line["outcome"], line["ticket"], line["matched_by"]) for line in lines]


def test_mails_together_end_as_one_after_the_other(cast: Cast, office: Office) -> None:
    first, door, answer, again, last = told_all(cast, FIRST, OTHERS[0], ANSWER, FIRST, OTHERS[1])
    assert (first[0], answer, again[0]) == ("ticket", ("reply", first[1], "in_reply_to"), "duplicate")
    assert [door[1] - first[1], last[1] - door[1]] == [1, 1], "in their order"
    with use_tenant(cast.house.tenant):
        assert Ticket.objects.get(number=first[1]).unread_count == 2
        assert not Due.objects.filter(kind="comms.read").exists()


def test_one_that_cannot_be_placed_holds_up_no_other(
    cast: Cast, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_together = placement.place_together

    def fail(placing: Any) -> None:
        place_together(placing)
        if any(each.message.subject == "Door 1" for each in placing):
            raise ValueError("no place")

    monkeypatch.setattr(placement, "place_together", fail)
    door, broken, last = told_all(cast, *OTHERS)
    assert (broken[1], last[1] > door[1]) == (None, True)
    with use_tenant(cast.house.tenant):
        assert Message.objects.filter(subject="Door 1").exists(), "a worker places it"


def test_a_lock_of_another_transaction_has_them_read_one_by_one(
    cast: Cast, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_all = delivery._read_all

    def read(mails: Any, *more: Any) -> Any:
        if len(mails) > 1:
            raise OperationalError("deadlock detected")
        return read_all(mails, *more)

    monkeypatch.setattr(delivery, "_read_all", read)
    assert [line[0] for line in told_all(cast, *OTHERS)] == ["ticket"] * 3
