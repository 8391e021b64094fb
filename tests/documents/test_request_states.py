"""What is asked of a customer, from each state: what each verb does there, refuses, plans and tells."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.documents.files.inspection import Inspected
from crm.documents.models import Document, DocumentRequest, RequestState
from crm.documents.notices import tell_overdue
from crm.jobs.models import Side
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.models.due import Due
from crm.web.models import Notice
from tests.documents.conftest import NOW, kind

TODAY = NOW.date()


@pytest.fixture
def sent(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Permit"), job=house.job, sent_by=house.cora)


@pytest.fixture
def asked(house: Any) -> DocumentRequest:
    return DocumentRequest.ask(house.job, "Letter", kind=kind("Permit"), by=house.mona, due_on=TODAY)


@pytest.fixture
def in_state(house: Any, asked: DocumentRequest, sent: Document) -> Callable[[str], DocumentRequest]:
    """The request, brought into a state by its verbs."""

    def bring(state: str) -> DocumentRequest:
        if state != RequestState.OPEN:
            asked.mark_sent()
        if state in (RequestState.RECEIVED, RequestState.ACCEPTED, RequestState.REFUSED):
            asked.receive(sent)
        if state == RequestState.ACCEPTED:
            asked.accept(by=house.rita)
        if state == RequestState.REFUSED:
            asked.refuse("Unreadable", by=house.rita)
        if state == RequestState.WITHDRAWN:
            asked.withdraw(by=house.rita)
        assert asked.state == state
        return asked

    return bring


def recorded(what: str) -> int:
    return int(Event.objects.filter(kind=f"document_request.{what}").count())


VERBS: dict[str, Callable[[DocumentRequest, Any], None]] = {
    "remind": lambda row, by: row.remind(by=by),
    "postpone": lambda row, by: row.postpone(TODAY + timedelta(days=3), by=by),
    "receive": lambda row, by: row.receive(Document.objects.get(), keeps_earlier=False),
    "remove_page": lambda row, by: row.remove_page(Document.objects.get(), by=by),
    "raise_page": lambda row, by: row.raise_page(Document.objects.get(), by=by),
    "accept": lambda row, by: row.accept(by=by),
    "refuse": lambda row, by: row.refuse("Again, please", by=by),
    "withdraw": lambda row, by: row.withdraw(by=by),
}
REFUSED_IN = {
    "remind": (RequestState.RECEIVED, RequestState.ACCEPTED, RequestState.WITHDRAWN),
    "postpone": (RequestState.RECEIVED, RequestState.ACCEPTED, RequestState.WITHDRAWN),
    "receive": (RequestState.ACCEPTED, RequestState.WITHDRAWN),
    "remove_page": (RequestState.ACCEPTED, RequestState.WITHDRAWN),
    "raise_page": (RequestState.ACCEPTED, RequestState.WITHDRAWN),
    "accept": (RequestState.OPEN, RequestState.SENT, RequestState.REFUSED, RequestState.WITHDRAWN),
    "refuse": (
        RequestState.OPEN,
        RequestState.SENT,
        RequestState.REFUSED,
        RequestState.ACCEPTED,
        RequestState.WITHDRAWN,
    ),
    "withdraw": (RequestState.ACCEPTED,),
}


@pytest.mark.parametrize(("verb", "state"), [(verb, state) for verb, states in REFUSED_IN.items() for state in states])
def test_a_verb_that_comes_too_late_or_too_soon(house: Any, in_state: Any, verb: str, state: str) -> None:
    row = in_state(state)
    with pytest.raises(Stale):
        VERBS[verb](row, house.rita)
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("state", [RequestState.OPEN, RequestState.SENT, RequestState.REFUSED, RequestState.RECEIVED])
def test_what_is_not_done_can_be_withdrawn(house: Any, in_state: Any, state: str) -> None:
    row = in_state(state)
    for _time in range(2):
        row.withdraw(by=house.rita)
    assert (row.state, recorded("withdrawn")) == (RequestState.WITHDRAWN, 1)
    assert not Due.objects.filter(key=f"document_request.due:{row.pk}").exists()


@pytest.mark.parametrize("state", [RequestState.OPEN, RequestState.SENT, RequestState.REFUSED])
def test_while_it_waits_the_customer_is_reminded(house: Any, in_state: Any, state: str) -> None:
    row = in_state(state)
    row.remind(by=house.rita)
    assert (row.reminded_at, recorded("reminded"), row.state) == (NOW, 1, state)


def test_a_request_without_a_title_is_called_as_its_kind(house: Any) -> None:
    row = DocumentRequest.ask(house.job, " ", kind=kind("Permit"), by=house.rita)
    assert (row.title, row.due_on, row.asked_id) == ("Permit", None, house.cora.pk)


@pytest.mark.parametrize("days", [-1, -400])
def test_nothing_is_asked_until_a_day_that_has_passed(house: Any, days: int) -> None:
    with pytest.raises(Refused, match="future"):
        DocumentRequest.ask(house.job, "", kind=kind("Permit"), by=house.rita, due_on=TODAY + timedelta(days=days))


def test_nothing_of_an_archived_kind_is_asked(house: Any) -> None:
    kind("Permit").archive(by=house.ada)
    with pytest.raises(Refused, match="no longer available"):
        DocumentRequest.ask(house.job, "", kind=kind("Permit"), by=house.rita)


def test_told_of_the_same_event_twice_it_was_sent_once(asked: DocumentRequest) -> None:
    asked.mark_sent(7)
    version = asked.version
    with clock.at(NOW + timedelta(hours=1)):
        asked.mark_sent(7)
        asked.mark_sent(3)
    assert (asked.sent_at, asked.told_event, asked.version) == (NOW, 7, version)
    asked.mark_sent(9)
    assert (asked.sent_at, asked.told_event) == (NOW, 9)


def test_being_told_of_a_refusal_does_not_make_it_asked_anew(in_state: Any) -> None:
    row = in_state(RequestState.REFUSED)
    row.mark_sent(99)
    assert row.state == RequestState.REFUSED


def test_a_second_page_is_no_second_answer(in_state: Any, house: Any, paper: Inspected) -> None:
    row = in_state(RequestState.RECEIVED)
    row.receive(Document.add(paper, kind=kind("Permit"), job=house.job, sent_by=house.cora))
    assert (recorded("received"), recorded("page_added"), row.pages.count()) == (1, 1, 2)


def test_a_page_of_something_else_is_not_taken_back(in_state: Any, house: Any, paper: Inspected) -> None:
    row = in_state(RequestState.RECEIVED)
    other = Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita)
    row.remove_page(other)
    other.refresh_from_db()
    assert (other.archived_at, row.pages.count(), recorded("page_removed")) == (None, 1, 0)


def test_the_first_page_stays_the_first(in_state: Any, sent: Document) -> None:
    row = in_state(RequestState.RECEIVED)
    version = row.version
    row.raise_page(sent)
    assert (row.document, row.version) == (sent, version)


def test_the_last_page_taken_back_of_what_was_sent_back_leaves_it_so(in_state: Any, sent: Document) -> None:
    row = in_state(RequestState.REFUSED)
    row.remove_page(sent)
    assert (row.state, row.reason, row.document) == (RequestState.REFUSED, "Unreadable", None)


def test_the_same_date_again_is_nothing(house: Any, asked: DocumentRequest) -> None:
    asked.postpone(TODAY, by=house.rita)
    assert recorded("postponed") == 0
    asked.postpone(None, by=house.rita)
    assert (asked.due_on, recorded("postponed")) == (None, 1)
    assert not Due.objects.filter(key=f"document_request.due:{asked.pk}").exists()


def test_without_a_date_nobody_is_told(house: Any) -> None:
    row = DocumentRequest.ask(house.job, "", kind=kind("Permit"), by=house.rita)
    row.tell_due()
    assert (recorded("due"), recorded("overdue")) == (0, 0)


@pytest.mark.parametrize("state", [RequestState.RECEIVED, RequestState.ACCEPTED, RequestState.WITHDRAWN])
def test_what_waits_no_more_is_not_due(in_state: Any, state: str) -> None:
    row = in_state(state)
    with clock.at(NOW + timedelta(days=2)):
        row.tell_due()
    assert (recorded("due"), recorded("overdue")) == (0, 0)


def test_who_asked_and_whose_customer_it_is_hear_that_it_is_late(house: Any, asked: DocumentRequest) -> None:
    with clock.at(NOW + timedelta(days=1)):
        asked.tell_due()
        late = list(Event.objects.filter(kind="document_request.overdue"))
        for _time in range(2):
            tell_overdue(late)
    assert set(Notice.objects.values_list("member", flat=True)) == {house.mona.pk, house.rita.pk}


def test_nobody_hears_of_what_came_meanwhile(house: Any, asked: DocumentRequest, sent: Document) -> None:
    with clock.at(NOW + timedelta(days=1)):
        asked.tell_due()
        asked.receive(sent)
        tell_overdue(list(Event.objects.filter(kind="document_request.overdue")))
    assert not Notice.objects.exists()


def test_undoing_a_request_withdraws_it_and_gives_the_move_back(house: Any, asked: DocumentRequest) -> None:
    change = undo.record_created("document_request.asked", [asked], by=house.mona, at=NOW)
    undo.undo_change(change.uid, by=house.mona)
    asked.refresh_from_db()
    house.job.refresh_from_db()
    assert (asked.state, house.job.side) == (RequestState.WITHDRAWN, Side.US)


def test_undoing_a_withdrawal_asks_again(house: Any, asked: DocumentRequest) -> None:
    with undo.record_undoable("document_request.withdrawn", [asked], by=house.rita) as change:
        asked.withdraw(by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    asked.refresh_from_db()
    house.job.refresh_from_db()
    assert (asked.state, house.job.side, recorded("undone")) == (RequestState.OPEN, Side.CUSTOMER, 1)
    assert Due.objects.filter(key=f"document_request.due:{asked.pk}").exists()


def test_undoing_an_acceptance_has_it_looked_at_again(house: Any, in_state: Any, sent: Document) -> None:
    row = in_state(RequestState.RECEIVED)
    with undo.record_undoable("document_request.accepted", [row], by=house.rita) as change:
        row.accept(by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    row.refresh_from_db()
    assert (row.state, row.document) == (RequestState.RECEIVED, sent)
