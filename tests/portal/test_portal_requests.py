"""Requests and messages of the portal: visits, new work, and which letters a person may read."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from comms.models import Message
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from followups.models import FollowUp
from portal.access.entrance import brand_for
from portal.access.viewer import Level, PortalViewer
from portal.asks.asking import ask_for_visit, ask_for_work
from portal.job.claims import claims_of
from portal.job.hero import arrival_words
from portal.messages.conversation import messages_for
from portal.models import JobShare, PortalAccess, PortalAsk, PortalSending, PortalVisit
from portal.models.ask import MOST_A_DAY
from portal.portfolio.places import places_of
from tests.cast import House
from tests.portal.conftest import Coming, point_of

NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
See = Callable[..., PortalViewer]


@pytest.fixture
def house(writing_house: House) -> Iterator[House]:
    with clock.at(NOW):
        yield writing_house


@pytest.fixture
def access(house: House) -> PortalAccess:
    return PortalAccess.invite(house.cora, by=house.rita)


@pytest.fixture
def see(house: House) -> See:
    """Look as somebody who gave a code."""

    def look(person: Person, **more: Any) -> PortalViewer:
        return PortalViewer(person, brand_for(person.pk), Level.SESSION, PortalAccess.invite(person, by=None), **more)

    return look


@pytest.fixture
def nora(house: House) -> Person:
    """Somebody who has Cora's address, too."""
    found: Person = Person.objects.create(name="Nora")
    ContactPoint.objects.create(person=found, kind="email", value=point_of(house.cora).value)
    return found


@pytest.fixture
def job(house: House) -> Job:
    row: Job = Job.objects.select_related("site", "brand").get(pk=house.job.pk)
    return row


def test_a_visit_is_asked_for_once(house: House, job: Job, see: See) -> None:
    key = uuid4()
    for _time in range(2):
        ask_for_visit(see(house.cora), job, "The gutter leaks", key)
    plan = FollowUp.objects.get()
    assert (PortalAsk.objects.count(), plan.assignee, plan.due_at) == (1, house.rita, NOW + 4 * HOUR)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_written_is_asked_for(house: House, job: Job, see: See, text: str) -> None:
    viewer = see(house.cora)
    for ask in (lambda: ask_for_visit(viewer, job, text, uuid4()), lambda: ask_for_work(viewer, None, text, uuid4())):
        with pytest.raises(Refused, match="what it is about"):
            ask()
    assert (PortalAsk.objects.exists(), PortalSending.objects.exists(), Job.objects.count()) == (False, False, 1)


def test_a_day_has_so_many_requests(house: House, job: Job, see: See) -> None:
    for _time in range(MOST_A_DAY):
        PortalAsk.objects.create(person=house.cora, job=job, kind=PortalAsk.Kind.VISIT, key=uuid4())
    with pytest.raises(Refused, match="limit of requests"):
        ask_for_visit(see(house.cora), job, "Once more", uuid4())
    with clock.at(NOW + timedelta(days=1, seconds=1)):
        ask_for_visit(see(house.cora), job, "Once more", uuid4())


def test_new_work_is_a_lead_of_theirs_at_the_place_named(house: House, job: Job, see: See) -> None:
    ask_for_work(see(house.cora), job.site, "A new porch", uuid4())
    lead = Job.objects.latest("pk")
    assert (lead.person, lead.site, lead.is_open, lead.pk != job.pk) == (house.cora, job.site, True, True)


def test_of_a_closed_job_a_visit_is_planned_with_the_person(house: House, job: Job, see: See) -> None:
    job.finish(by=house.rita)
    ask_for_visit(see(house.cora), job, "The gutter leaks", uuid4())
    plan = FollowUp.objects.get()
    assert (plan.job, plan.person_id) == (None, house.cora.pk)


def letter(job: Job, person: Person, direction: str, **more: Any) -> Message:
    given = {"medium": "email", "state": "received" if direction == "in" else "sent", "purpose": "service"} | more
    row: Message = Message.objects.create(
        job=job, person=person, brand_id=job.brand_id, direction=direction, address="x@x.example", text="Hi", **given
    )
    return row


def test_they_read_what_they_wrote_and_what_was_sent_to_them(house: House, job: Job, see: See) -> None:
    own, sent = letter(job, house.cora, "in"), letter(job, house.cora, "out", sent_at=NOW)
    assert set(messages_for(see(house.cora), job)) == {own, sent}


@pytest.mark.parametrize(
    "more",
    [{"state": "queued"}, {"purpose": "marketing"}, {"medium": "call"}, {"automatic": "auto_reply"}],
)
def test_they_read_nothing_that_did_not_reach_them_as_a_letter(
    house: House, job: Job, see: See, more: dict[str, str]
) -> None:
    letter(job, house.cora, "out", **({"sent_at": NOW} | more))
    assert not messages_for(see(house.cora), job).exists()


def test_who_shares_the_household_reads_its_letters_and_an_adjuster_their_own(
    house: House, job: Job, nora: Person, see: See
) -> None:
    letter(job, house.cora, "in")
    JobParty.involve(job, nora, "spouse", by=house.rita)
    adjuster = Person.objects.create(name="Adam")
    PortalAccess.invite(adjuster, by=None).see({"messages": True}, by=house.rita)
    JobParty.involve(job, adjuster, "adjuster", by=house.rita)
    own = letter(job, adjuster, "in")
    assert (messages_for(see(nora), job).count(), list(messages_for(see(adjuster), job))) == (1, [own])


def test_without_the_section_nothing_is_read(house: House, job: Job, nora: Person, see: See) -> None:
    letter(job, nora, "in")
    JobShare.share(job, nora, "other", sees_money=False, by_customer=house.cora).end(by=None)
    assert not messages_for(see(nora), job).exists()


def test_a_claim_of_no_place_is_none(house: House) -> None:
    assert not claims_of([]).exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [("late", "about 20 minutes late"), ("driving", "on its way"), ("here", "has arrived"), ("", "")],
)
def test_what_a_crew_said_of_its_coming(state: str, words: str) -> None:
    said = arrival_words(state, 20)
    assert words in said
    assert bool(said) is bool(words)


@pytest.mark.parametrize(("end", "group"), [("", "pending"), ("finish", "completed"), ("sold", "active")])
def test_a_place_stands_where_its_work_does(house: House, job: Job, end: str, group: str) -> None:
    if end == "finish":
        job.finish(by=house.rita)
    elif end:
        job.move_to(house.stage("Scheduled"), by=house.rita)
    [place] = places_of([job])
    assert (place.group, place.address) == (group, "2207 Bayshore Ct")


def test_a_page_of_no_name_is_no_visit(house: House, portal_client: Coming) -> None:
    portal_client(house.cora).get(f"/my/{house.tenant.slug}/nonesuch/")
    assert not PortalVisit.objects.exists()
