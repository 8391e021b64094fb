"""The forms of documents and of what is asked: what each refuses with which words, and who may send it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.documents.files.inspection import Inspected
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentKind, DocumentRequest, RequestState, Upload
from crm.documents.upload_details import UploadDetails
from crm.documents.views.kinds import version
from crm.jobs.creation.job_creation import open_job
from crm.kernel.refusal import Refused
from crm.platform.models import AccessLog, Change, Member
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from tests.cast import Cast
from tests.documents.conftest import PDF, kind
from tests.documents.test_pages import PIECE, at

Send = Callable[..., str]
NOBODY = "00000000-0000-7000-8000-000000000000"


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def send(house: Any) -> Send:
    """Post a form as Rita, or as somebody else; what the next page says."""

    def post(name: str, /, *args: object, member: Member | None = None, status: int = 302, **typed: Any) -> str:
        answer = signed_in(member or house.rita).post(at(house, name, *args), typed)
        assert answer.status_code == status
        return " ".join(str(message) for message in get_messages(answer.wsgi_request)) if status == 302 else ""

    return post


@pytest.fixture
def permit(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita)


@pytest.fixture
def asked(house: Any) -> DocumentRequest:
    return DocumentRequest.ask(house.job, "Letter", kind=kind("Permit"), by=house.rita)


def pdf(name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def act(send: Send, row: Any, name: str, /, **typed: Any) -> str:
    row.refresh_from_db()
    said = send(name, row.uid, version=row.form_version, **typed)
    row.refresh_from_db()
    return said


def test_a_form_without_a_file_says_so(house: Any, send: Send) -> None:
    assert send("add_to_job", house.job.number) == "Choose a file first."


def test_a_form_with_a_date_that_is_none_keeps_nothing(house: Any, send: Send) -> None:
    assert "not a valid date" in send("add_to_job", house.job.number, file=pdf(), expires_on="soon")
    assert not Document.objects.exists()


def test_what_a_form_says_of_its_file_is_kept(house: Any, send: Send) -> None:
    typed = {"kind": kind("Warranty").pk, "title": " Ten  years ", "expires_on": "2036-05-11"}
    send("add_to_job", house.job.number, file=pdf(), **typed)
    row = Document.objects.get()
    assert (row.title, row.kind.name, row.expires_on) == ("Ten years", "Warranty", date(2036, 5, 11))
    assert (row.visibility, row.created_by) == ("internal", house.rita)


def test_a_kind_that_is_not_offered_is_guessed(house: Any, send: Send) -> None:
    kind("Warranty").archive(by=house.ada)
    send("add_to_job", house.job.number, file=pdf(), kind=kind("Warranty").pk)
    assert Document.objects.get().kind.name == "Other document"


def test_without_any_kind_nothing_is_kept(house: Any) -> None:
    DocumentKind.objects.all().delete()
    house.job.refresh_from_db()
    with use_tenant(required_tenant_id()), pytest.raises(Refused, match="No document types"):
        UploadDetails().kind(Inspected("a.pdf", "application/pdf", PDF))


def test_a_customers_own_document_is_of_no_job(house: Any, send: Send) -> None:
    send("add_to_person", house.cora.uid, file=pdf())
    row = Document.objects.get()
    assert (row.person, row.job) == (house.cora, None)


def test_a_new_version_is_one_file(house: Any, send: Send, permit: Document) -> None:
    send("replace", permit.uid, file=[pdf("a.pdf"), pdf("b.pdf")])
    permit.refresh_from_db()
    assert (permit.number, permit.title) == (2, "Contract signed.pdf")


def test_a_document_in_the_archive_takes_no_version(house: Any, send: Send, permit: Document) -> None:
    permit.archive(by=house.mona)
    assert "Restore it first" in send("replace", permit.uid, file=pdf())


def test_the_title_is_kept_where_the_form_has_none(send: Send, permit: Document) -> None:
    assert act(send, permit, "edit", title=" ", expires_on="2027-01-01") == "Enter a title."
    assert (permit.title, permit.expires_on) == ("Contract signed.pdf", None)


def test_a_kind_is_chosen_on_the_page(send: Send, permit: Document) -> None:
    act(send, permit, "edit", title="Ten years", kind=kind("Warranty").pk)
    assert (permit.kind.name, [change.kind for change in Change.objects.all()]) == ("Warranty", ["document.edited"])


@pytest.mark.parametrize("name", ["archive", "restore"])
def test_who_sells_archives_nothing(house: Any, send: Send, permit: Document, name: str) -> None:
    send(name, permit.uid, version=permit.form_version, status=404)


def test_service_archives_and_restores(house: Any, send: Send, permit: Document) -> None:
    assert "archived" in act(send, permit, "archive", member=house.sam)
    assert permit.archived_at is not None
    assert "restored" in act(send, permit, "restore", member=house.sam)
    assert permit.archived_at is None


@pytest.mark.parametrize("name", ["show", "hide", "edit", "archive", "replace"])
def test_another_tenant_does_nothing_with_it(cast: Cast, house: Any, permit: Document, name: str) -> None:
    url = at(house, name, permit.uid)
    for place in (url, url.replace(house.tenant.slug, cast.other.tenant.slug)):
        assert signed_in(cast.otto).post(place, {"version": permit.form_version}).status_code == 404
    permit.refresh_from_db()
    assert (permit.number, permit.visibility, permit.archived_at) == (1, "internal", None)


@pytest.mark.parametrize("typed", [{}, {"kind": "0"}, {"kind": "x"}])
def test_something_is_asked_of_a_kind(house: Any, send: Send, typed: dict[str, str]) -> None:
    assert send("ask", house.job.number, title="Letter", **typed) == "Choose a type."
    assert not DocumentRequest.objects.exists()


def test_of_a_closed_job_nothing_is_asked(house: Any, send: Send) -> None:
    house.job.lose("price", by=house.rita)
    assert "closed" in send("ask", house.job.number, kind=kind("Permit").pk)


def test_asking_can_be_taken_back(house: Any, send: Send) -> None:
    send("ask", house.job.number, kind=kind("Permit").pk, note="  Both   pages ")
    row = DocumentRequest.objects.get()
    assert (row.note, row.created_by, Change.objects.get().kind) == (
        *("Both pages", house.rita),
        "document_request.asked",
    )


def test_each_answer_on_the_page(house: Any, send: Send, asked: DocumentRequest, permit: Document) -> None:
    assert act(send, asked, "remind") == "Reminder sent."
    assert act(send, asked, "postpone", due_on="2026-06-01") == "Saved."
    assert asked.due_on == date(2026, 6, 1)
    asked.receive(permit)
    assert act(send, asked, "refuse", reason="Unreadable") == "Sent back. Waiting on the customer."
    assert (asked.state, asked.reason) == (RequestState.REFUSED, "Unreadable")
    assert "no longer requested" in act(send, asked, "withdraw")
    assert asked.state == RequestState.WITHDRAWN


@pytest.mark.parametrize("due_on", ["soon", "2026-05-10"])
def test_a_date_that_is_none_or_has_passed(send: Send, asked: DocumentRequest, due_on: str) -> None:
    assert act(send, asked, "postpone", due_on=due_on) != ""
    assert asked.due_on is None


def test_a_request_that_somebody_overtook(send: Send, asked: DocumentRequest) -> None:
    send("withdraw", asked.uid, version="0")
    asked.refresh_from_db()
    assert asked.state == RequestState.OPEN


@pytest.mark.parametrize("name", ["remind", "accept", "refuse", "withdraw", "postpone"])
def test_of_somebody_elses_job_nothing_is_answered(house: Any, send: Send, name: str) -> None:
    job = open_job(title="Otis Other", member=house.mona, by=house.mona)
    row = DocumentRequest.ask(job, "Letter", kind=kind("Permit"), by=house.mona)
    send(name, row.uid, version=row.form_version, status=404)


def test_a_request_leads_to_the_documents_of_its_job(house: Any, asked: DocumentRequest) -> None:
    answer = signed_in(house.rita).get(at(house, "request", asked.uid))
    assert answer["Location"] == at(house, "of_job", house.job.number)


def test_a_look_at_a_small_image_is_no_look(house: Any, permit: Document) -> None:
    signed_in(house.rita).get(at(house, "preview", permit.uid, 1))
    assert not AccessLog.objects.of(permit).exists()
    signed_in(house.rita).get(at(house, "file", permit.uid, 1))
    assert AccessLog.objects.of(permit).exists()


def test_a_version_that_was_never_made_is_not_found(house: Any, permit: Document) -> None:
    for name in ("file", "preview"):
        assert signed_in(house.rita).get(at(house, name, permit.uid, 2)).status_code == 404


@pytest.mark.parametrize(
    "about", [{}, {"lead": "999999"}, {"lead": "x"}, {"person": NOBODY}, {"person": "x"}, {"document": NOBODY}]
)
def test_an_upload_is_of_something_there_is(house: Any, send: Send, about: dict[str, str]) -> None:
    send("begin_upload", name="plan.pdf", size=9, status=404, **about)
    assert not Upload.objects.exists()


@pytest.fixture
def upload(house: Any) -> Callable[..., Any]:
    """Begin an upload and send all of it at once; the last answer."""

    def go(**about: Any) -> Any:
        client = signed_in(house.rita)
        url = client.post(at(house, "begin_upload"), {"name": "plan.pdf", "size": len(PDF), **about})["Location"]
        return client.patch(url, PDF, content_type=PIECE, headers={"Upload-Offset": "0"})

    return go


def test_an_upload_of_a_customer_is_of_no_job(house: Any, upload: Any) -> None:
    assert upload(person=str(house.cora.uid)).status_code == 204
    assert (Document.objects.get().person, Document.objects.get().job) == (house.cora, None)


def test_an_upload_of_a_document_is_its_next_version(house: Any, upload: Any, permit: Document) -> None:
    upload(document=str(permit.uid), expires_on="2027-01-01")
    permit.refresh_from_db()
    assert (permit.number, permit.expires_on) == (2, date(2027, 1, 1))


def test_an_upload_given_up_is_gone(house: Any) -> None:
    client = signed_in(house.rita)
    url = client.post(at(house, "begin_upload"), {"name": "a.pdf", "size": 9, "lead": house.job.number})["Location"]
    assert client.delete(url).status_code == 204
    assert (Upload.objects.count(), client.head(url).status_code, client.put(url).status_code) == (0, 404, 404)


def test_whose_job_it_is_no_more_ends_no_upload(house: Any) -> None:
    client = signed_in(house.rita)
    fields = {"name": "a.pdf", "size": len(PDF), "lead": house.job.number}
    url = client.post(at(house, "begin_upload"), fields)["Location"]
    house.job.assign_to(house.mona, by=house.mona)
    assert client.patch(url, PDF, content_type=PIECE, headers={"Upload-Offset": "0"}).status_code == 404
    assert not Document.objects.exists()


@pytest.mark.parametrize("offset", ["", "x", "-1"])
def test_a_piece_says_where_it_begins(house: Any, offset: str) -> None:
    client = signed_in(house.rita)
    url = client.post(at(house, "begin_upload"), {"name": "a.pdf", "size": 9, "lead": house.job.number})["Location"]
    assert client.patch(url, b"x", content_type=PIECE, headers={"Upload-Offset": offset}).status_code == 400


def set_kind(send: Send, member: Member, name: str, /, *args: object, status: int = 302, **typed: Any) -> str:
    with use_tenant(required_tenant_id()):
        mark = version()
    form = {"version": mark, "name": "Energy label", "warn_days": "60", "about": ""}
    return send(name, *args, member=member, status=status, **form | typed)


@pytest.mark.parametrize("typed", [{"name": ""}, {"name": "passport"}, {"warn_days": "731"}, {"about": "weather"}])
def test_a_kind_that_means_nothing_is_refused(house: Any, send: Send, typed: dict[str, str]) -> None:
    set_kind(send, house.mona, "add_kind", status=422, **typed)
    assert not DocumentKind.objects.filter(name="Energy label").exists()


def test_a_kind_is_changed_archived_and_restored(house: Any, send: Send) -> None:
    row = kind("Visa")
    set_kind(send, house.mona, "edit_kind", row.pk, is_photo="on", about="money")
    row.refresh_from_db()
    assert (row.name, row.is_photo, row.is_personal, row.about) == ("Energy label", True, False, "money")
    set_kind(send, house.mona, "archive_kind", row.pk)
    with use_tenant(required_tenant_id()):
        assert document_kinds()[row.pk].archived_at is not None
    set_kind(send, house.mona, "restore_kind", row.pk)
    row.refresh_from_db()
    assert row.archived_at is None


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_kinds_are_set_up_by_managers(house: Any, send: Send, name: str) -> None:
    set_kind(send, getattr(house, name), "add_kind", status=404)
    set_kind(send, getattr(house, name), "archive_kind", kind("Visa").pk, status=404)
