"""The page of a conversation draws a settled message once, and asks for what is beside it when that is to be seen."""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from comms.gate.consent.suppressions import suppress
from comms.models import Message
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import AccessLog, Event, Member, access_log
from tests.cast import Cast, House
from tests.tickets.messages import message
from tests.tickets.test_inbox import begin, get, say
from tickets.matching.changed_messages import hide_revoked
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_what_is_beside_a_conversation_is_asked_for_when_it_is_to_be_seen(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    other = begin(house, "The gutter", member=house.sam, person=house.cora)
    number = ContactPoint.objects.create(person=house.cora, kind="phone", value="+13055550142", note="at work")
    page = get(cast, house.sam, f"{ticket.number}/").content.decode().split('id="conversation"')[1]
    assert f'hx-get="/suncoast-test/tickets/{ticket.number}/side/" hx-trigger="intersect once"' in page
    assert other.subject not in page
    assert f'href="tel:{number.value}"' in page, "to call takes no second look"
    assert "at work" in page
    beside = get(cast, house.sam, f"{ticket.number}/side/", **{"HX-Request": "true"}).content.decode()
    assert other.subject in beside
    assert f'href="tel:{number.value}"' in beside


def test_why_a_ticket_is_due_then_is_asked_for(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    ticket.receive(message("in"))
    page = get(cast, house.sam, f"{ticket.number}/").content.decode()
    [url] = set(re.findall(r'hx-get="[^"]*/(due/)"', page))
    assert "day and night, from" in get(cast, house.sam, f"{ticket.number}/{url}").content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(due_at=None)
    assert "/due/" not in get(cast, house.sam, f"{ticket.number}/").content.decode()
    assert "Nothing is due" in get(cast, house.sam, f"{ticket.number}/due/").content.decode()


def test_a_read_is_recorded_once_by_a_process_that_has_recorded_it(
    house: House, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "_noted", set())
    ticket, at = begin(house, "Leak"), datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def read(member: Member, now: datetime = at) -> int:
        """Read it, commit, and say how many statements that took."""
        with clock.at(now), django_capture_on_commit_callbacks(execute=True):
            with CaptureQueriesContext(connection) as asked:
                AccessLog.objects.note_read(ticket, by=member)
            return len(asked)

    with clock.at(at), contextlib.suppress(ZeroDivisionError), transaction.atomic():
        AccessLog.objects.note_read(ticket, by=house.sam)
        raise ZeroDivisionError  # It never was: what is rolled back is not remembered.
    assert (read(house.sam) > 0, read(house.sam)) == (True, 0)
    assert read(house.mona) > 0
    assert read(house.sam, at + timedelta(hours=1)) > 0, "an hour has passed"
    assert AccessLog.objects.of(ticket).count() == 3


def test_what_may_be_a_wish_to_stop_is_asked_on_the_conversation(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam, person=house.cora)
    asking = "They may have asked us to stop"
    assert asking not in get(cast, house.sam, f"{ticket.number}/").content.decode()
    point = ContactPoint.objects.filter(person=ticket.person, kind="phone").first()
    assert point
    suppress(point.value, "unclear", covers="marketing", source="message", evidence="Too many texts!!")
    page = get(cast, house.sam, f"{ticket.number}/").content.decode()
    assert asking in page
    assert "Too many texts!!" in page


def test_what_a_customer_did_with_messages_is_shown_on_them(cast: Cast, house: House) -> None:
    ticket = begin(house, "Leak", member=house.sam)
    ours, changed, gone = (say(ticket, "out", by=house.sam), say(ticket, "in"), say(ticket, "in", text="My secret"))
    mark = {"sign": "👍", "name": "Cora", "words": "", "at": ""}
    Message.objects.filter(pk=ours.pk).update(reactions={"+1813": mark})
    Message.objects.filter(pk=changed.pk).update(revisions=[{"id": "e", "at": "", "text": "On Tuesday"}])
    hidden = {"text": "", "revisions": [{"id": "v", "at": "", "text": "My secret"}]}
    Message.objects.filter(pk=gone.pk).update(revoked_at=clock.now(), **hidden)
    hide_revoked([Event(kind="message.revoked", subject_id=gone.pk)])
    page = get(cast, house.sam, f"{ticket.number}/").content.decode()
    assert all(words in page for words in ("👍 Cora", "On Tuesday", "The customer deleted this message"))
    assert "My secret" not in page
