"""Another system: records sent as JSON, rows of JSON and CSV imported."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from connections.beginning import begin_connection
from connections.feeds.pushing import follow_events
from connections.feeds.records import feed_fields
from connections.feeds.systems import SYSTEM
from connections.feeds.table import as_csv
from connections.models import Connection, FieldRule, FieldRuleDraft, SyncItem
from connections.models.connection import SYNC
from crm.jobs.importing.unreadable import UnreadableFile
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.models import Due, Event
from leads.models import ImportRun
from tests.billing.conftest import NOON
from tests.cast import House
from tests.connections.conftest import Sync, syncing
from tests.followups.conftest import Browser

pytestmark = pytest.mark.django_db

PAGE = "settings/connections/"


class Board:
    """Another system: takes posts, and gives what the test lays there."""

    def __init__(self) -> None:
        self.origin = ""
        self.posts: list[tuple[Any, Any]] = []
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.content = b"[]"
        self.status = 200
        self.seconds = 0.0
        self.gets = 0


@pytest.fixture
def board(settings: Any) -> Iterator[Board]:
    peer = Board()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            peer.posts.append((body, self.headers))
            self.give(*(peer.answers.pop(0) if peer.answers else (200, "", {})))

        def do_GET(self) -> None:
            peer.gets += 1
            time.sleep(peer.seconds)
            self.give(peer.status, peer.content.decode(), {})

        def give(self, status: int, text: str, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    yield peer
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(house: House, board: Board) -> Connection:
    """A system that gets number, title and value of jobs, and gives rows."""
    options = {"push_url": f"{board.origin}/in", "pull_url": f"{board.origin}/out"}
    row = begin_connection(SYSTEM, "Board", secrets={"key": "k-1"}, options=options, owner=house.ada, by=house.ada)
    names = {"job.number": "nr", "job.title": "what", "job.email": "mail"}
    FieldRule.set_all(row, [FieldRuleDraft(ours, theirs) for ours, theirs in names.items()], by=house.ada)
    return row


@pytest.fixture
def sync(house: House, connection: Connection) -> Sync:
    return syncing(house, connection)


def follow() -> None:
    follow_events(list(Event.objects.filter(kind__in=["job.corrected", "job.prioritized", "job.opened"])))


def queue(connection: Connection, job: Job) -> None:
    SyncItem.queue(connection.pk, "job", [job.pk])


def test_a_changed_job_is_sent_by_its_mapping(board: Board, sync: Sync, job: Job, house: House) -> None:
    job.prioritize(1, by=house.rita)
    follow()
    sync()
    ((body, headers),) = board.posts
    assert body == {
        "record": "job",
        "id": job.pk,
        "data": {"nr": job.number, "what": "Cora Customer", "mail": "cora@suncoast-test-mail.example"},
    }
    assert headers["Authorization"] == "Bearer k-1"


def test_what_did_not_change_is_not_sent_again(board: Board, sync: Sync, job: Job, connection: Connection) -> None:
    queue(connection, job)
    sync()
    queue(connection, job)
    sync()
    assert len(board.posts) == 1


def test_a_refused_record_is_a_dead_letter(board: Board, sync: Sync, job: Job, connection: Connection) -> None:
    queue(connection, job)
    board.answers = [(422, '{"error": "nr is unknown"}', {})]
    assert sync().state == "active"
    reason = 'The other system refuses it (422): {"error": "nr is unknown"}'
    assert SyncItem.objects.get(noun="job").reason == reason


def test_a_field_that_is_gone_is_a_dead_letter(board: Board, sync: Sync, job: Job, connection: Connection) -> None:
    FieldRule.objects.filter(ours="job.email").update(ours="job.own-77")
    queue(connection, job)
    sync()
    assert "from a field that no longer exists" in SyncItem.objects.get(noun="job").reason
    assert board.posts == []


def test_a_limit_is_waited_for(board: Board, sync: Sync, job: Job, connection: Connection) -> None:
    queue(connection, job)
    board.answers = [(429, "", {"Retry-After": "1800"})]
    assert sync().problem == "too_many"
    assert Due.objects.get(kind=SYNC).due_at == NOON + timedelta(minutes=30)
    assert sync().problem == ""


def test_a_private_address_is_refused(sync: Sync, job: Job, connection: Connection, settings: Any) -> None:
    settings.PRIVATE_HOSTS = []
    queue(connection, job)
    row = sync()
    assert (row.state, row.problem) == ("broken", "address")


ROWS = [
    {"id": "X-1", "customer": {"name": "Nina New", "email": "nina@new.example"}, "city": "Tampa"},
    {"id": "X-2", "customer": {"name": "Omar Other", "email": "omar@other.example"}, "city": "Miami"},
]


def test_rows_are_imported_once(board: Board, sync: Sync, connection: Connection) -> None:
    board.content = json.dumps({"records": ROWS}).encode()
    rules = [FieldRuleDraft("in.name", "customer.name", "in"), FieldRuleDraft("in.external_id", "id", "in")]
    FieldRule.objects.filter(connection=connection).delete()
    FieldRule.set_all(connection, rules, by=None)
    assert sync().last_received == 2
    assert set(Person.objects.filter(name__in=["Nina New", "Omar Other"]).values_list("name", flat=True)) == {
        "Nina New",
        "Omar Other",
    }
    jobs = Job.objects.count()
    assert sync().last_received == 0
    assert (board.gets, ImportRun.objects.count(), Job.objects.count()) == (2, 1, jobs)


def test_a_column_that_is_gone_is_a_dead_letter_and_the_rest_goes_on(
    board: Board, sync: Sync, connection: Connection
) -> None:
    board.content = b"Name,Email\nNina New,nina@new.example\n"
    FieldRule.set_all(connection, [FieldRuleDraft("in.city", "Town", "in")], by=None)
    assert sync().last_received == 1
    assert "The column “Town” of the mapping is not there any more" in SyncItem.objects.get().reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{broken", "It is no valid JSON."),
        (b'{"ok": true}', "It holds no list of records."),
    ],
)
def test_data_that_cannot_be_read_is_a_dead_letter(board: Board, sync: Sync, content: bytes, reason: str) -> None:
    board.content = content
    assert sync().state == "active"
    assert SyncItem.objects.get().reason == reason


@pytest.mark.parametrize(
    ("status", "problem"), [(429, "too_many"), (500, "unreachable"), (404, "answer"), (401, "sign_in")]
)
def test_an_address_in_trouble_is_read_again_later(board: Board, sync: Sync, status: int, problem: str) -> None:
    board.status = status
    board.content = b"<html>"
    assert sync().problem == problem
    assert not SyncItem.objects.exists()
    board.status = 200
    board.content = json.dumps(ROWS).encode()
    row = sync()
    assert (row.last_received == 2) is (problem != "sign_in")


def test_a_web_page_instead_of_data_is_a_failure_of_the_system(board: Board, sync: Sync) -> None:
    board.content = b"\n<!doctype html><title>Sign in</title>"
    row = sync()
    assert (row.problem, row.state) == ("answer", "connecting")
    assert row.failing_since
    assert not SyncItem.objects.exists()


def test_an_address_that_hangs_is_given_up_for_now(board: Board, sync: Sync, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.platform.http.guarded_session.SECONDS", 0.2)
    board.seconds = 1
    assert sync().problem == "unreachable"


def test_the_mapping_is_edited(board: Board, sync: Sync, ada: Browser, connection: Connection) -> None:
    board.content = b"Klantnaam,Email\nNina New,nina@new.example\n"
    sync()
    url = f"{PAGE}{connection.uid}/"
    assert "Klantnaam" in ada.get(url)
    urls = {"push_url": f"{board.origin}/in", "pull_url": f"{board.origin}/out"}
    ada.post(f"{url}feed/", urls | {"out-job.number": "nr", "out-invoice.total": "sum", "in-0": "name"})
    rules = [(rule.ours, rule.theirs, rule.direction) for rule in FieldRule.objects.all()]
    assert rules == [("job.number", "nr", "out"), ("invoice.total", "sum", "out"), ("in.name", "Klantnaam", "in")]
    ada.post(f"{url}feed/", urls | {"out-job.number": "nr", "out-job.title": "nr"}, status=422)
    ada.post(f"{url}feed/", {"push_url": "ftp://there", "pull_url": ""}, status=422)


def test_a_file_is_uploaded(board: Board, ada: Browser, connection: Connection) -> None:
    file = SimpleUploadedFile("rows.json", json.dumps(ROWS).encode())
    ada.post(f"{PAGE}{connection.uid}/upload/", {"file": file})
    assert ImportRun.objects.count() == 1


def test_a_file_is_tried_first_and_says_why_a_row_would_be_refused(
    board: Board, ada: Browser, connection: Connection, house: House
) -> None:
    FieldRule.set_all(connection, [FieldRuleDraft("in.city", "Town", "in")], by=house.ada)
    jobs = Job.objects.count()
    file = SimpleUploadedFile("rows.csv", b"Name,Email\nNina New,nina@new.example\nBob\n,no\n")
    page = ada.post(f"{PAGE}{connection.uid}/preview/", {"file": file}, status=200).content.decode()
    assert "Columns of the mapping that are not in the file" in page
    assert "Row 4" in page
    assert (Job.objects.count(), ImportRun.objects.count(), SyncItem.objects.count()) == (jobs, 0, 0)


def test_refused_rows_link_to_the_import_that_says_why(board: Board, ada: Browser, connection: Connection) -> None:
    file = SimpleUploadedFile("rows.csv", b"Name,Email\nNina New,nina@new.example\n,no\n")
    ada.post(f"{PAGE}{connection.uid}/upload/", {"file": file})
    file.seek(0)
    ada.post(f"{PAGE}{connection.uid}/upload/", {"file": file})
    assert SyncItem.objects.get().label == "upload.csv"
    assert f"/leads/import/{ImportRun.objects.latest('pk').uid}/" in ada.get(f"{PAGE}{connection.uid}/")


def test_rows_of_a_file_are_settled_by_uploading_it_again(board: Board, ada: Browser, connection: Connection) -> None:
    upload_url = f"{PAGE}{connection.uid}/upload/"
    ada.post(upload_url, {"file": SimpleUploadedFile("rows.csv", b"Name,Email\nNina New,nina@new.example\n,no\n")})
    assert "Send again" not in ada.get(f"{PAGE}{connection.uid}/")
    ada.post(upload_url, {"file": SimpleUploadedFile("rows.csv", b"Name,Email\nNina New,nina@new.example\n")})
    assert not SyncItem.objects.exists()


def test_a_dead_letter_ends_once_the_address_is_right_again(
    board: Board, sync: Sync, connection: Connection, house: House
) -> None:
    FieldRule.set_all(connection, [FieldRuleDraft("in.city", "Town", "in")], by=house.ada)
    for content in (b"{broken", b"Name,Email\nNina New,nina@new.example\n"):
        board.content = content
        sync()
    assert SyncItem.objects.get().noun == "column"
    board.content = b"Name,Email,Town\nNina New,nina@new.example,Tampa\n"
    sync()
    assert not SyncItem.objects.exists()


def test_nested_values_have_paths() -> None:
    assert as_csv(b'[{"a": {"b": 1}, "c": ["x", "y"]}]').decode().splitlines() == ["a.b,c", '1,"x, y"']
    assert as_csv(b"[]") == as_csv(b" ") == b""
    with pytest.raises(UnreadableFile):
        as_csv(b"[1, 2]")


def test_a_preset_begins_with_its_mapping(board: Board, ada: Browser) -> None:
    assert "new/feed/?preset=suppliers" in ada.get(f"{PAGE}new/")
    assert 'value="Suppliers"' in ada.get(f"{PAGE}new/feed/?preset=suppliers")
    given = {"name": "Roof supply", "preset": "suppliers", "field-push_url": f"{board.origin}/in"}
    ada.post(f"{PAGE}new/feed/add/", given)
    sent = FieldRule.objects.filter(connection__name="Roof supply").values_list("ours", flat=True)
    assert "job.street" in sent
    assert "job.email" not in sent


def test_every_preset_sends_fields_that_exist(house: House) -> None:
    fields = {f"{noun}.{name}" for noun, name, _field in feed_fields()}
    assert {rule.ours for preset in SYSTEM.presets for rule in preset.rules} <= fields


def test_systems_that_other_settings_connect_are_linked(ada: Browser) -> None:
    page = ada.get(f"{PAGE}new/")
    for path in ("settings/payments/", "leads/intake/doors/", "service/claims/mails/", "settings/webhooks/"):
        assert path in page


def test_a_feed_without_an_address_is_refused_in_the_form(house: House, ada: Browser) -> None:
    answer = ada.post(f"{PAGE}new/feed/add/", {"name": "Board"}, status=422)
    assert "Enter the address that takes records" in answer.content.decode()
    assert not Connection.objects.exists()


def test_a_feed_that_has_no_address_any_more_says_so(house: House) -> None:
    options = {"push_url": "", "pull_url": ""}
    row = begin_connection(SYSTEM, "Board", secrets={}, options=options, owner=house.ada, by=house.ada)
    row = syncing(house, row)()
    assert (row.state, row.problem) == ("broken", "settings")
