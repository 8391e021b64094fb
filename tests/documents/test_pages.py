"""The pages of documents as members use them: adding plainly and in pieces, looking, deciding, asking; and refusals."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.documents.files.inspection import Inspected, inspect
from crm.documents.kinds import begin
from crm.documents.models import Document, DocumentRequest, DocumentVisibility, RequestState, Upload
from crm.documents.models.upload import UploadPart
from crm.documents.serving.addresses import AddressUse, signed_url
from crm.documents.serving.holders import MEMBER
from crm.documents.thumbnails import make_thumbnails
from crm.kernel import clock
from crm.platform.models import AccessLog, Member, Role
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, member
from tests.documents.conftest import PDF, kind, photo
from tests.queries import data_queries

PIECE = "application/offset+octet-stream"


@pytest.fixture
def rita(house: Any, client: Client) -> Client:
    client.force_login(house.rita.user)
    return client


def at(house: Any, name: str, *args: object) -> str:
    return reverse(f"documents:{name}", args=[house.tenant.slug, *args])


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.fixture
def contract(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Contract"), job=house.job, by=house.rita)


def test_a_plain_form_keeps_what_is_right_and_says_what_is_not(house: Any, rita: Client) -> None:
    files = [upload("roof.jpg", photo()), upload("bad.jpg", b"<html><script>1</script>"), upload("plan.pdf", PDF)]
    response = rita.post(
        at(house, "add_to_job", house.job.number),
        {"file": files, "visible": "1", "expires_on": "2026-12-24"},
        follow=True,
    )
    page = response.content.decode()
    assert "2 files added." in page
    assert "“bad.jpg” is a web page" in page
    kept = {row.title: row for row in Document.objects.select_related("kind")}
    assert {row.kind.name for row in kept.values()} == {"Photo", "Other document"}
    assert {row.visibility for row in kept.values()} == {DocumentVisibility.CUSTOMER}
    for title in kept:
        assert title in page
    assert (
        "is empty"
        in rita.post(
            at(house, "add_to_job", house.job.number), {"file": upload("a.pdf", b"")}, follow=True
        ).content.decode()
    )


def test_a_file_in_pieces_and_what_breaks_off(house: Any, rita: Client) -> None:
    fields = {"lead": house.job.number, "name": "plan.pdf", "size": len(PDF), "kind": kind("Permit").pk}
    begun = rita.post(at(house, "begin_upload"), fields)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")
    url = begun["Location"]

    def patch(offset: int, piece: bytes, content_type: str = PIECE) -> Any:
        return rita.patch(url, piece, content_type=content_type, headers={"Upload-Offset": str(offset)})

    assert patch(0, PDF[:20]).status_code == 204
    assert rita.head(url)["Upload-Offset"] == "20"
    late = patch(0, PDF[:20])
    assert (late.status_code, late["Upload-Offset"]) == (409, "20")
    assert patch(20, b"x" * 999).status_code == 413
    assert patch(20, PDF[20:], "multipart/form-data").status_code == 415
    assert not Document.objects.exists()
    assert patch(20, PDF[20:]).status_code == 204
    document = Document.objects.get()
    assert (document.title, document.kind.name, document.size) == ("plan.pdf", "Permit", len(PDF))
    assert Upload.objects.get().finished_at
    assert patch(20, PDF[20:]).status_code == 204, "the answer was lost"
    assert (Document.objects.count(), UploadPart.objects.exists()) == (1, False)


def test_what_is_refused_in_pieces_is_said_and_forgotten(house: Any, rita: Client, client: Client) -> None:
    fields = {"lead": house.job.number, "name": "plan.pdf", "size": 10_000_000_000}
    huge = rita.post(at(house, "begin_upload"), fields)
    assert (huge.status_code, huge.content.decode()) == (422, "“plan.pdf” is too large. The limit is 40 MB.")
    lie = b"<html><script>1</script>"
    url = rita.post(at(house, "begin_upload"), fields | {"size": len(lie)})["Location"]
    refused = rita.patch(url, lie, content_type=PIECE, headers={"Upload-Offset": "0"})
    assert (refused.status_code, "web page" in refused.content.decode()) == (422, True)
    assert not UploadPart.objects.exists()
    assert not Document.objects.exists()
    mine = rita.post(at(house, "begin_upload"), fields | {"size": 9})["Location"]
    client.force_login(house.mona.user)
    assert client.head(mine).status_code == 404, "an upload is its sender's alone"


def test_the_page_of_a_lead_and_of_its_customer(house: Any, rita: Client, contract: Document) -> None:
    Document.add(inspect(photo(), "roof.jpg"), kind=kind("Photo"), job=house.job, by=house.rita)
    DocumentRequest.ask(house.job, "Claim letter", kind=kind("Insurance claim"), by=house.rita)
    for url in (at(house, "of_job", house.job.number), at(house, "of_person", house.cora.uid)):
        page, part = rita.get(url).content.decode(), rita.get(url, headers={"HX-Request": "true"}).content.decode()
        for text in ("Contract signed.pdf", "Claim letter", "roof.jpg"):
            assert text in page
            assert text in part
        assert "<html" not in part
    assert (
        at(house, "of_job", house.job.number)
        in rita.get(f"/{house.tenant.slug}/leads/{house.job.number}/").content.decode()
    )


def test_questions_do_not_grow_with_rows(house: Any, rita: Client, contract: Document, paper: Inspected) -> None:
    DocumentRequest.ask(house.job, "Thing", kind=kind("Permit"), by=house.rita)
    counts = []
    for _each in range(2):
        for url in (at(house, "of_job", house.job.number), at(house, "list")):
            rita.get(url)
            with data_queries() as queries:
                assert rita.get(url).status_code == 200
            counts.append(len(queries))
        for number in range(5):
            Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita, title=f"Paper {number}")
            DocumentRequest.ask(house.job, f"Thing {number}", kind=kind("Permit"), by=house.rita)
    assert counts[:2] == counts[2:]


def test_bytes_are_handed_out_safely_and_each_look_is_on_record(house: Any, rita: Client, contract: Document) -> None:
    url = at(house, "file", contract.uid, 1)
    saved, shown = rita.get(url), rita.get(f"{url}?open")
    assert b"".join(saved) == shown.content == PDF
    assert saved["Content-Disposition"] == 'attachment; filename="Contract signed.pdf"'
    assert shown["Content-Disposition"] == 'inline; filename="Contract signed.pdf"'
    for response in (saved, shown):
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response["Content-Security-Policy"]
    part = rita.get(f"{url}?open", headers={"Range": "bytes=5-8"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, PDF[5:9], f"bytes 5-8/{len(PDF)}")
    assert AccessLog.objects.of(contract).get().member_id == house.rita.pk
    assert "Rita Rep" in rita.get(at(house, "document", contract.uid)).content.decode()


def test_a_photo_is_shown_small_and_large(house: Any, rita: Client) -> None:
    row = Document.add(inspect(photo(size=(2000, 900)), "roof.jpg"), kind=kind("Photo"), job=house.job, by=house.rita)
    url = at(house, "preview", row.uid, 1)
    made_at_once = rita.get(url)
    make_thumbnails([row.current.pk])
    stored, large = rita.get(url), rita.get(f"{url}?large")
    assert [one["Content-Type"] for one in (made_at_once, stored, large)] == ["image/jpeg"] * 3
    assert len(b"".join(stored)) < len(large.content)
    assert stored["Content-Security-Policy"].startswith("sandbox")
    assert rita.get(at(house, "file", row.uid, 1) + "?open").status_code == 404


def test_a_signed_address_ends_and_asks_again(cast: Cast, files: Path, client: Client, paper: Inspected) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        begin()
        version = Document.add(paper, kind=kind("Contract"), job=house.job, by=house.rita).current
        url = signed_url(version, AddressUse.DOWNLOAD, holder=MEMBER, holder_id=house.rita.pk)
        nobodys = signed_url(version, AddressUse.OPEN, holder="nobody", holder_id=1)
    assert b"".join(client.get(url)) == PDF
    for wrong in (nobodys, f"{url[:-3]}x/", f"{url[:-9]}/", "/public/documents/x/", f"/public/documents/{'a' * 700}/"):
        assert client.get(wrong).status_code == 404
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert client.get(url).status_code == 404
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    assert client.get(url).status_code == 404


def test_another_reps_and_another_tenants_are_not_there(
    house: Any, cast: Cast, client: Client, contract: Document
) -> None:
    rob: Member = member("Rob Rep", Role.REP, house.tenant.slug)
    names = (("document", contract.uid), ("file", contract.uid, 1), ("preview", contract.uid, 1))
    for user in (rob.user, cast.otto.user):
        client.force_login(user)
        for name, *args in (*names, ("of_job", house.job.number)):
            assert client.get(at(house, name, *args)).status_code == 404
        assert client.post(at(house, "show", contract.uid), {"version": "1"}).status_code == 404


def test_deciding_who_sees_it_and_undoing_that(house: Any, rita: Client, contract: Document) -> None:
    here = at(house, "document", contract.uid)
    shown = rita.post(at(house, "show", contract.uid), {"version": contract.form_version, "next": here}, follow=True)
    assert "“Contract signed.pdf” is now visible to the customer." in shown.content.decode()
    again = rita.post(at(house, "hide", contract.uid), {"version": contract.form_version, "next": here}, follow=True)
    contract.refresh_from_db()
    assert contract.is_shown, "the page it was pressed on was an old one"
    assert again.status_code == 200
    edited = {"version": contract.form_version, "title": "Contract 2", "expires_on": "soon", "next": here}
    assert (
        "That is not a valid date." in rita.post(at(house, "edit", contract.uid), edited, follow=True).content.decode()
    )
    rita.post(at(house, "edit", contract.uid), edited | {"expires_on": "2027-01-31"})
    contract.refresh_from_db()
    assert (contract.title, str(contract.expires_on)) == ("Contract 2", "2027-01-31")
    assert rita.post(at(house, "archive", contract.uid), {"version": contract.form_version}).status_code == 404


def test_asking_and_what_becomes_of_it(house: Any, rita: Client, contract: Document) -> None:
    here = at(house, "of_job", house.job.number)
    form = {"kind": kind("Insurance claim").pk, "title": "Claim letter", "due_on": "2026-05-18", "note": "Both pages"}
    asked = rita.post(at(house, "ask", house.job.number), form, follow=True)
    assert "Requested. Waiting on the customer." in asked.content.decode()
    row = DocumentRequest.objects.get()
    row.receive(contract)
    said = rita.post(
        at(house, "refuse", row.uid), {"version": row.form_version, "reason": "", "next": here}, follow=True
    )
    assert "Enter a reason" in said.content.decode()
    rita.post(at(house, "accept", row.uid), {"version": row.form_version, "next": here})
    row.refresh_from_db()
    assert row.state == RequestState.ACCEPTED
    past = rita.post(at(house, "ask", house.job.number), form | {"due_on": "2026-01-01"}, follow=True)
    assert "Choose a day in the future." in past.content.decode()


def test_the_list_filters_and_its_file(house: Any, rita: Client, contract: Document, paper: Inspected) -> None:
    Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita, title="Permit", visibility="customer")
    page = rita.get(at(house, "list"), {"visibility": "customer"}).content.decode()
    assert ("Permit</bdi>" in page, "Contract signed" in page) == (True, False)
    assert "Contract signed" in rita.get(at(house, "list"), {"q": "cora"}).content.decode()
    contract.archive(by=house.mona)
    assert "Contract signed" not in rita.get(at(house, "list")).content.decode()
    assert "Contract signed" in rita.get(at(house, "list"), {"archived": "1"}).content.decode()


def test_kinds_are_set_up(house: Any, client: Client) -> None:
    client.force_login(house.ada.user)
    page = client.get(at(house, "kinds"))
    form = {"version": page.context["version"], "name": "Energy label", "warn_days": "60", "is_personal": "on"}
    client.post(at(house, "add_kind"), form)
    added = kind("Energy label")
    assert (added.warn_days, added.is_personal, added.is_photo) == (60, True, False)
