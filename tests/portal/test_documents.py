"""The customer's documents: what they see and never see, what they send, what they are asked for."""

import re
from functools import partial
from pathlib import Path

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comms.models import Message
from crm.documents.files.inspection import Inspected, inspect
from crm.documents.kinds import begin
from crm.documents.models import Document, DocumentRead, DocumentRequest, RequestState
from crm.documents.models.request_schedule import DUE
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import JobParty, Side
from crm.people.models import Person
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from portal.access import codes
from portal.access.viewer import Level
from portal.documents import asking
from portal.documents.notices import UNSENT
from portal.models import PortalAccess, PortalCode
from tests.cast import Cast, House, load_cast
from tests.documents.conftest import PDF, files, kind, photo
from tests.portal.conftest import FIREFOX, Coming, point_of
from tests.together import together

__all__ = ["files"]
PIECE = "application/offset+octet-stream"


@pytest.fixture
def house(cast: Cast, files: Path) -> House:
    with use_tenant(cast.house.tenant):
        begin()
    return cast.house


@pytest.fixture
def shelf(house: House) -> dict[str, Document]:
    """A document of each sort, all of them shown but the memo."""
    paper = Inspected("a.pdf", "application/pdf", PDF)
    with use_tenant(house.tenant):
        add = {"job": house.job, "by": house.rita, "visibility": "customer"}
        picture = inspect(photo(), "roof.jpg")
        return {
            "memo": Document.add(paper, kind=kind("Permit"), title="Memo inside", job=house.job, by=house.rita),
            "permit": Document.add(paper, kind=kind("Permit"), title="Permit paper", **add),
            "claim": Document.add(paper, kind=kind("Insurance claim"), title="Claim letter", **add),
            "photo": Document.add(picture, kind=kind("Photo"), title="Roof picture", **add),
            "passport": Document.add(
                paper, kind=kind("Passport"), title="Passport scan", person=house.cora, visibility="customer"
            ),
        }


def path(house: House, rest: str) -> str:
    return f"/my/{house.tenant.slug}/{rest}"


def titles(page: str, shelf: dict[str, Document]) -> set[str]:
    return {name for name, row in shelf.items() if row.title in page}


def of_job(house: House) -> str:
    return path(house, f"jobs/{house.job.number}/documents/")


def test_who_sees_what(house: House, shelf: dict[str, Document], portal_client: Coming) -> None:
    with use_tenant(house.tenant):
        manager = Person.objects.create(name="Pat Manager")
        resident = Person.objects.create(name="Remy Resident")
        JobParty.objects.create(job=house.job, person=manager, role=JobParty.PartyRole.PROPERTY_MANAGER)
        JobParty.objects.create(job=house.job, person=resident, role=JobParty.PartyRole.RESIDENT)
    seen = {
        (house.cora, Level.SESSION): {"permit", "claim", "photo", "passport"},
        (house.cora, Level.LINK): {"permit", "photo"},
        (manager, Level.SESSION): {"permit", "photo"},
        (resident, Level.SESSION): set(),
    }
    for (person, level), expected in seen.items():
        client = portal_client(person, level, job=house.job)
        assert titles(client.get(of_job(house)).content.decode(), shelf) == expected, (person, level)
        for name, row in shelf.items():
            for address in (f"documents/{row.uid}/", f"documents/{row.uid}/file/"):
                status = client.get(path(house, address)).status_code
                assert (status in (200, 302)) == (name in expected), (person, level, name)


def test_bytes_come_by_an_address_that_asks_again(
    house: House, shelf: dict[str, Document], portal_client: Coming
) -> None:
    client = portal_client(house.cora)
    url = client.get(path(house, f"documents/{shelf['claim'].uid}/file/"))["Location"]
    assert url.startswith("/public/documents/")
    assert b"".join(Client().get(url)) == PDF
    small = client.get(of_job(house)).content.decode().partition('src="/public/documents/')[2].partition('"')[0]
    assert Client().get(f"/public/documents/{small}")["Content-Type"] == "image/jpeg"
    with use_tenant(house.tenant):
        [read] = DocumentRead.objects.all()
        assert (read.person, read.document, read.level) == (house.cora, shelf["claim"], "session")
        shelf["claim"].hide(by=house.rita)
    assert Client().get(url).status_code == 404
    with use_tenant(house.tenant):
        PortalAccess.objects.get(person=house.cora).revoke(by=house.ada)
    assert Client().get(f"/public/documents/{small}").status_code == 404


def test_a_link_asks_for_a_code_before_what_is_personal(house: House, portal_client: Coming) -> None:
    with use_tenant(house.tenant):
        own = kind("Permit")
        own.edit("Permit", by=None, about="", is_photo=False, is_personal=True, warn_days=30)
        paper = Inspected("a.pdf", "application/pdf", PDF)
        row = Document.add(paper, kind=own, title="Permit", job=house.job, visibility="customer")
    client = portal_client(house.cora, Level.LINK, job=house.job)
    for address in (f"documents/{row.uid}/", f"documents/{row.uid}/file/"):
        answer = client.get(path(house, address))
        assert (answer.status_code, "/sign-in/?next=" in answer["Location"]) == (302, True)


def test_what_is_asked_is_sent_and_looked_at(house: House, portal_client: Coming) -> None:
    with use_tenant(house.tenant):
        asked = DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    client = portal_client(house.cora)
    page = client.get(of_job(house)).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Claim letter" in page
    lie = SimpleUploadedFile("letter.jpg", b"<html><script>1</script>")
    form = {"request": str(asked.uid)}
    told = client.post(f"{of_job(house)}add/", form | {"file": [lie]}, follow=True).content.decode()
    assert "web page" in told
    letter = SimpleUploadedFile("letter.jpg", photo())
    told = client.post(f"{of_job(house)}add/", form | {"file": [letter]}, follow=True).content.decode()
    assert "Thank you, we’ve received 1 file." in told
    assert "Thank you, we’ve received it." in told
    with use_tenant(house.tenant):
        asked.refresh_from_db()
        assert asked.state == RequestState.RECEIVED
        assert (asked.document.sent_by, asked.document.is_shown) == (house.cora, True)
        house.job.refresh_from_db()
        assert house.job.side == Side.US


def test_a_link_of_a_request_opens_it_and_a_code_on_the_page_lets_it_be_sent(
    writing_house: House, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = writing_house
    begin()
    asked = DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    asking.announce_requests(list(Event.objects.of(asked).filter(kind="document_request.asked")))
    sent = Message.objects.get(occasion__startswith="document_request:")
    link = re.search(r"http\S+?/my/\S+?/open/[^\s)\"]+", sent.text)
    assert link is not None, sent.text
    client = Client(headers={"user-agent": FIREFOX})
    page = client.get(link[0], follow=True)
    where = page.redirect_chain[-1][0]
    words = page.content.decode()
    assert "Claim letter" in words
    assert 'type="file"' not in words, "a link alone sends nothing"
    point = point_of(house.cora)
    step = client.post(path(house, "sign-in/"), {"own": point.pk, "next": where, "in_place": "1"})
    assert step["Location"].startswith(f"{where}?code=")
    code = PortalCode.objects.get()
    monkeypatch.setattr("portal.models.code.get_random_string", lambda *args: "246810")
    codes.send_code(house.tenant.pk, code.pk)
    wrong = client.post(path(house, f"sign-in/{code.uid}/"), {"code": "111111", "in_place": "1"}, follow=True)
    assert "That code is wrong or has expired" in wrong.content.decode()
    right = client.post(path(house, f"sign-in/{code.uid}/"), {"code": "246810", "in_place": "1"}, follow=True)
    assert right.redirect_chain[-1][0] == where
    assert 'type="file"' in right.content.decode()
    pages = [SimpleUploadedFile(f"{at}.jpg", photo()) for at in (1, 2)]
    told = client.post(f"{of_job(house)}add/", {"request": str(asked.uid), "file": pages}, follow=True)
    assert told.redirect_chain[-1][0] == where
    assert "Add another page" in told.content.decode()
    assert asked.pages.count() == 2


@pytest.mark.parametrize(
    ("end", "words"), [("withdraw", "We don’t need this any more"), ("accept", "we have it and it is fine")]
)
def test_a_link_of_what_is_over_says_that_nothing_is_to_do(
    house: House, portal_client: Coming, end: str, words: str
) -> None:
    with use_tenant(house.tenant):
        asked = DocumentRequest.ask(house.job, "Roof plan", kind=kind("Permit"), by=house.rita)
        if end == "accept":
            asked.receive(Document.add(Inspected("a.pdf", "application/pdf", PDF), kind=kind("Permit"), job=house.job))
        getattr(asked, end)(by=house.rita)
    page = portal_client(house.cora, Level.LINK, job=house.job).get(path(house, f"asked/{asked.uid}/"))
    assert words in page.content.decode()


def test_the_job_page_of_a_link_says_what_is_to_do_and_names_nothing_private(
    house: House, portal_client: Coming
) -> None:
    with use_tenant(house.tenant):
        DocumentRequest.ask(house.job, "Roof plan", kind=kind("Permit"), by=house.rita)
        DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    page = portal_client(house.cora, Level.LINK, job=house.job).get(path(house, f"jobs/{house.job.number}/"))
    words = page.content.decode()
    assert ("Roof plan" in words, "We need a document from you" in words, "Claim letter" in words) == (
        True,
        True,
        False,
    )


def test_a_file_comes_in_pieces_and_is_its_senders_alone(house: House, portal_client: Coming) -> None:
    client = portal_client(house.cora)
    begun = client.post(f"{of_job(house)}uploads/", {"name": "plan.pdf", "size": len(PDF)})
    url = begun["Location"]
    assert client.patch(url, PDF[:9], content_type=PIECE, headers={"Upload-Offset": "0"}).status_code == 204
    with use_tenant(house.tenant):
        other = Person.objects.create(name="Olga Other")
        hers = open_job(title="Olga Other", person=other, by=None)
    stranger = portal_client(other)
    assert stranger.patch(url, PDF[9:], content_type=PIECE, headers={"Upload-Offset": "9"}).status_code == 404
    for address in (of_job(house), f"{of_job(house)}uploads/", f"{of_job(house)}add/"):
        assert stranger.post(address, {"name": "a.pdf", "size": 9}).status_code in (404, 405)
    assert Client().head(url).status_code == 302
    assert client.patch(url, PDF[9:], content_type=PIECE, headers={"Upload-Offset": "9"}).status_code == 204
    huge = client.post(f"{of_job(house)}uploads/", {"name": "a.mp4", "size": 10_000_000_000})
    assert (huge.status_code, "The limit is 60 MB" in huge.content.decode()) == (422, True)
    with use_tenant(house.tenant):
        row = Document.objects.get()
        assert (row.title, row.job, row.is_shown) == ("plan.pdf", house.job, True)
        foreign = DocumentRequest.ask(hers, "Hers", kind=kind("Permit"), by=None)
    answer = client.post(f"{of_job(house)}add/", {"request": str(foreign.uid)})
    assert answer.status_code == 404


def test_access_that_was_removed_stays_removed_and_the_asker_hears_of_it(writing_house: House, files: Path) -> None:
    house = writing_house
    begin()
    PortalAccess.invite(house.cora, by=None).revoke(by=house.mona)
    asked = DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    asking.announce_requests(list(Event.objects.of(asked).filter(kind="document_request.asked")))
    assert PortalAccess.objects.get(person=house.cora).state == PortalAccess.State.REVOKED
    assert not Message.objects.filter(direction="out").exists()
    assert Notice.objects.get(kind=UNSENT).member_id == house.rita.pk


def test_the_household_reads_what_the_customer_is_asked_for(house: House, portal_client: Coming) -> None:
    with use_tenant(house.tenant):
        DocumentRequest.ask(house.job, "Roof plan", kind=kind("Permit"), by=house.rita)
        people = {role: Person.objects.create(name=f"Pat {role}") for role in ("spouse", "adjuster")}
        for role, person in people.items():
            JobParty.objects.create(job=house.job, person=person, role=role)
    page = path(house, f"jobs/{house.job.number}/")
    asked = {role: "Roof plan" in portal_client(one).get(page).content.decode() for role, one in people.items()}
    assert asked == {"spouse": True, "adjuster": False}


def test_asking_writes_once_and_reminds(writing_house: House, files: Path) -> None:
    house = writing_house
    begin()
    asked = DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    events = list(Event.objects.of(asked).filter(kind="document_request.asked"))
    asking.announce_requests(events)
    asking.announce_requests(events)
    [message] = Message.objects.filter(direction="out")
    assert "Claim letter" in message.text
    asked.refresh_from_db()
    assert asked.state == RequestState.SENT
    asked.remind(by=house.rita)
    asking.announce_requests(list(Event.objects.of(asked).filter(kind__in=("document_request.reminded", DUE))))
    assert Message.objects.filter(direction="out").count() == 2
    asked.withdraw(by=house.rita)
    asking.announce_requests(events)
    assert Message.objects.filter(direction="out").count() == 2


@pytest.mark.parametrize(("content", "status"), [(PDF, 204), (b"no file that anybody knows", 422)])
def test_a_last_piece_sent_twelve_times_at_once_ends_once(
    transactional_db: None, files: Path, portal_client: Coming, content: bytes, status: int
) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        begin()
    clients = [portal_client(house.cora) for _client in range(12)]
    url = clients[0].post(f"{of_job(house)}uploads/", {"name": "plan.pdf", "size": len(content)})["Location"]

    def send(client: Client) -> tuple[int, bytes]:
        answer = client.patch(url, content, content_type=PIECE, headers={"Upload-Offset": "0"})
        return answer.status_code, answer.content

    answers = together(*(partial(send, client) for client in clients))
    assert {code for code, _words in answers} == {status}
    assert {*answers, send(clients[0])} == {answers[0]}, "and once more after all of them"
    with use_tenant(house.tenant):
        assert Document.objects.count() == (1 if status == 204 else 0)
