"""`receive_email` says which ticket a mail is on, and by what; a dry run says it and stores nothing."""

from typing import Any

from comms.inbound.delivery import deliver
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.mails import BOUNCE, raw_mail
from tests.tickets.matching.conftest import Office
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
