"""Which documents and requests somebody may see, answer and open: by what the document is, and how they came in."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from comms.models import Message
from crm.documents.files.inspection import Inspected
from crm.documents.kinds import begin
from crm.documents.models import Document, DocumentRequest
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from portal.access import links
from portal.access.entrance import brand_for
from portal.access.viewer import Level, PortalViewer
from portal.documents.asked import asked_cards, found_request, names_little
from portal.documents.asking import announce_requests, said_of
from portal.documents.reading import documents_of, found_document, may_see, papers_of
from portal.job.calendar import CustomerCalendar
from portal.models import PortalAccess
from tests.cast import Cast, House
from tests.documents.conftest import PDF, files, kind

__all__ = ["files"]
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
PAPER = Inspected("a.pdf", "application/pdf", PDF)
See = Callable[..., PortalViewer]
Put = Callable[..., Document]


@pytest.fixture
def house(writing_house: House, files: Path) -> Iterator[House]:
    with clock.at(NOW):
        begin()
        yield writing_house


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.select_related("site", "brand").get(pk=house.job.pk)
    return row


@pytest.fixture
def nora(house: House) -> Person:
    found: Person = Person.objects.create(name="Nora")
    return found


@pytest.fixture
def see(house: House) -> See:
    """Look as somebody, known as surely as `level` says; by a link: to `job`."""

    def look(person: Person, level: Level = Level.SESSION, *, job: Job | None = None, **link: Any) -> PortalViewer:
        access = PortalAccess.invite(person, by=None)
        made = links.make_link(person, job=job, **link) if level == Level.LINK else None
        return PortalViewer(person, brand_for(person.pk), level, access, link=made)

    return look


@pytest.fixture
def put(house: House, job: Job) -> Put:
    """Put a paper on the job, shown to the customer unless said otherwise."""

    def add(name: str = "Permit", **more: Any) -> Document:
        given = {"job": job, "by": house.rita, "visibility": "customer", "title": f"{name} paper"} | more
        return Document.add(PAPER, kind=kind(name), **given)

    return add


def test_what_is_internal_is_not_theirs(house: House, job: Job, see: See, put: Put) -> None:
    row = put(visibility="internal")
    assert not may_see(see(house.cora), job, row)
    row.show(by=house.rita)
    assert may_see(see(house.cora), job, row)


def test_what_is_archived_is_not_shown(house: House, job: Job, see: See, put: Put) -> None:
    row = put()
    row.archive(by=house.rita)
    assert (may_see(see(house.cora), job, row), documents_of(see(house.cora), job)) == (False, [])


def test_what_somebody_sent_they_see_whatever_their_role(
    house: House, job: Job, nora: Person, see: See, put: Put
) -> None:
    JobParty.involve(job, nora, "resident", by=house.rita)
    row = put(by=None, sent_by=nora)
    assert (may_see(see(nora), job, row), may_see(see(nora, Level.LINK, job=job), job, row)) == (True, False)


def test_a_resident_sees_no_papers_of_others(house: House, job: Job, nora: Person, see: See, put: Put) -> None:
    JobParty.involve(job, nora, "resident", by=house.rita)
    assert not may_see(see(nora), job, put())


def test_what_is_a_persons_is_that_persons_alone(house: House, job: Job, nora: Person, see: See, put: Put) -> None:
    JobParty.involve(job, nora, "spouse", by=house.rita)
    row = put("Passport", job=None, person=house.cora)
    assert (may_see(see(house.cora), job, row), may_see(see(nora), job, row)) == (True, False)
    assert not may_see(see(house.cora, Level.LINK, job=job), job, row)


def test_a_paper_about_the_claim_needs_a_code_and_the_section(
    house: House, job: Job, nora: Person, see: See, put: Put
) -> None:
    JobParty.involve(job, nora, "property_manager", by=house.rita)
    row = put("Insurance claim")
    viewers = (see(house.cora), see(house.cora, Level.LINK, job=job), see(nora))
    assert [may_see(viewer, job, row) for viewer in viewers] == [True, False, False]


def test_of_a_job_that_is_not_theirs_nothing_is_found(house: House, nora: Person, see: See, put: Put) -> None:
    row = put()
    for viewer in (see(nora), see(nora, Level.LINK, job=None)):
        with pytest.raises(Http404):
            found_document(viewer, row.uid)


def test_a_document_is_found_by_who_may_see_it(house: House, job: Job, see: See, put: Put) -> None:
    row = put()
    assert found_document(see(house.cora), row.uid) == (row, job)
    with pytest.raises(Http404):
        found_document(see(house.cora), uuid4())


def test_a_link_to_one_document_opens_that_one_alone(house: House, job: Job, see: See, put: Put) -> None:
    linked, other = put(), put()
    viewer = see(house.cora, Level.LINK, job=job, document=str(linked.uid))
    assert found_document(viewer, linked.uid)[0] == linked
    with pytest.raises(Http404):
        found_document(viewer, other.uid)


def test_a_link_to_a_document_of_another_customers_job_opens_nothing(
    house: House, job: Job, nora: Person, see: See, put: Put
) -> None:
    row = put()
    with pytest.raises(Http404):
        found_document(see(nora, Level.LINK, job=job, document=str(row.uid)), row.uid)


def test_another_companys_document_is_not_found(cast: Cast, house: House, see: See, put: Put) -> None:
    row, viewer = put(), see(house.cora)
    with use_tenant(cast.other.tenant), pytest.raises(Http404):
        found_document(viewer, row.uid)


def test_what_is_personal_is_locked_until_a_code_is_given(house: House, job: Job, see: See, put: Put) -> None:
    row, calendar = put("Passport"), CustomerCalendar.of(job, NOW)
    locked = [
        papers_of([row], viewer, calendar)[0].is_locked
        for viewer in (see(house.cora), see(house.cora, Level.LINK, job=job))
    ]
    assert locked == [False, True]


def test_a_paper_says_what_it_is_and_its_day(house: House, job: Job, see: See, put: Put) -> None:
    [paper] = papers_of([put()], see(house.cora), CustomerCalendar.of(job, NOW + timedelta(days=1)))
    assert (paper.kind, paper.day, paper.opens, paper.has_image) == ("Permit", "yesterday", True, False)
    assert paper.what.startswith("PDF, ")


@pytest.fixture
def asked(house: House, job: Job) -> DocumentRequest:
    row = DocumentRequest.ask(job, "Your permit", kind=kind("Permit"), by=house.rita, due_on=date(2026, 5, 20))
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("role", "finds"), [("spouse", True), ("owner", True), ("adjuster", False), ("resident", False)]
)
def test_who_shares_the_household_answers_a_request(
    house: House, job: Job, nora: Person, see: See, asked: DocumentRequest, role: str, finds: bool
) -> None:
    JobParty.involve(job, nora, role, by=house.rita)
    viewer = see(nora)
    if finds:
        assert found_request(viewer, asked.uid) == (asked, job)
    else:
        with pytest.raises(Http404):
            found_request(viewer, asked.uid)


def test_a_request_that_never_was_is_not_found(house: House, see: See, asked: DocumentRequest) -> None:
    with pytest.raises(Http404):
        found_request(see(house.cora), uuid4())


def test_a_link_names_no_private_request_but_the_one_it_came_with(house: House, job: Job, see: See) -> None:
    row = DocumentRequest.ask(job, "Your passport", kind=kind("Passport"), by=house.rita)
    row.refresh_from_db()
    viewers = (
        see(house.cora),
        see(house.cora, Level.LINK, job=job),
        see(house.cora, Level.LINK, job=job, request=str(row.uid)),
    )
    assert [names_little(viewer, row) for viewer in viewers] == [False, True, False]


def test_a_link_names_what_is_not_private(house: House, job: Job, see: See, asked: DocumentRequest) -> None:
    assert not names_little(see(house.cora, Level.LINK, job=job), asked)


def test_what_waits_is_told_the_soonest_due_first(house: House, job: Job, see: See, asked: DocumentRequest) -> None:
    DocumentRequest.ask(job, "Sooner", kind=kind("Permit"), by=house.rita, due_on=date(2026, 5, 12))
    DocumentRequest.ask(job, "Whenever", kind=kind("Permit"), by=house.rita)
    cards = asked_cards(see(house.cora), job, CustomerCalendar.of(job, NOW))
    assert [(card.title, card.until, card.waits) for card in cards] == [
        ("Sooner", "tomorrow", True),
        ("Your permit", "Wednesday, May 20", True),
        ("Whenever", "", True),
    ]


def test_of_a_closed_job_nothing_waits(house: House, job: Job, see: See, asked: DocumentRequest) -> None:
    job.finish(by=house.rita)
    [card] = asked_cards(see(house.cora), job, CustomerCalendar.of(job, NOW))
    assert (card.waits, card.takes_pages) == (False, False)


def test_a_request_that_was_withdrawn_is_no_card(house: House, job: Job, see: See, asked: DocumentRequest) -> None:
    asked.withdraw(by=house.rita)
    assert asked_cards(see(house.cora), job, CustomerCalendar.of(job, NOW)) == []


def test_pages_somebody_else_sent_are_not_theirs_to_take_back(
    house: House, job: Job, nora: Person, see: See, put: Put, asked: DocumentRequest
) -> None:
    JobParty.involve(job, nora, "spouse", by=house.rita)
    for person in (house.cora, nora):
        asked.receive(put(by=None, sent_by=person), keeps_earlier=True)
    [card] = asked_cards(see(nora), job, CustomerCalendar.of(job, NOW))
    assert [(page.number, page.is_own) for page in card.pages] == [(1, False), (2, True)]


def test_a_link_shows_no_pages(house: House, job: Job, see: See, put: Put, asked: DocumentRequest) -> None:
    asked.receive(put(by=None, sent_by=house.cora))
    [card] = asked_cards(see(house.cora, Level.LINK, job=job), job, CustomerCalendar.of(job, NOW))
    assert card.pages == []


@pytest.mark.parametrize(
    ("changed", "until", "note"),
    [
        ({}, "by Wednesday, May 20", ""),
        ({"due_on": None}, "", ""),
        ({"note": "Both sides."}, "by Wednesday, May 20", "Both sides."),
        ({"reason": "Blurred", "note": "Both."}, "by Wednesday, May 20", "Please send it again: Blurred Both."),
    ],
)  # fmt: skip
def test_what_a_message_says_of_a_request(
    asked: DocumentRequest, changed: dict[str, Any], until: str, note: str
) -> None:
    for name, value in changed.items():
        setattr(asked, name, value)
    said = said_of(asked, "en", "US")
    assert (said["document.title"], said["document.until"], said["document.note"]) == ("Your permit", until, note)


def asks(asked: DocumentRequest) -> list[Event]:
    return list(Event.objects.filter(kind="document_request.asked", subject_id=asked.pk))


def test_who_was_asked_is_written_to_once(house: House, asked: DocumentRequest) -> None:
    for _time in range(2):
        announce_requests(asks(asked))
    assert Message.objects.count() == 1
    assert Message.objects.get().address == "cora@suncoast-test-mail.example"


def test_who_may_not_come_in_is_not_written_to_and_the_asker_hears_of_it(house: House, asked: DocumentRequest) -> None:
    PortalAccess.invite(house.cora, by=house.rita).revoke(by=house.rita)
    announce_requests(asks(asked))
    assert not Message.objects.exists()
    assert {notice.member for notice in Notice.objects.all()} == {house.rita}


def test_of_what_waits_no_more_nobody_is_written_to(house: House, asked: DocumentRequest) -> None:
    asked.withdraw(by=house.rita)
    announce_requests(asks(asked))
    assert (Message.objects.exists(), Notice.objects.exists()) == (False, False)


def test_somebody_without_an_address_is_told_of_to_the_asker(house: House, job: Job, nora: Person) -> None:
    other = open_job(title="Nora", person=nora, member=house.mona, by=house.mona)
    row = DocumentRequest.ask(other, "Your permit", kind=kind("Permit"), by=house.ada)
    row.refresh_from_db()
    announce_requests(asks(row))
    assert not Message.objects.exists()
    assert {notice.member for notice in Notice.objects.all()} == {house.ada, house.mona}


def test_a_job_of_nobody_asks_nobody(house: House) -> None:
    row = DocumentRequest.ask(open_job(title="Alone", by=house.rita), "Your permit", kind=kind("Permit"), by=house.rita)
    announce_requests(asks(row))
    assert (Message.objects.exists(), Notice.objects.exists()) == (False, False)
