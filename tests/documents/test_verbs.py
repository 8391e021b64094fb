"""What is done with documents: kept, replaced, shown, archived, dated; and what the timeline and the undo say of it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.documents.erasure import DATA
from crm.documents.files.inspection import Inspected, inspect
from crm.documents.handlers import warn
from crm.documents.models import Document, DocumentRead, DocumentVersion, DocumentVisibility
from crm.documents.thumbnails import make_thumbnails
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.erasure import ErasureSubject
from crm.platform import undo
from crm.platform.files import stored_files
from crm.platform.models import Event
from crm.platform.models.due import Due
from crm.web.timeline.event_words import describe_event
from tests.documents.conftest import NOW, PDF, kind, photo


def said(house: Any) -> list[str]:
    """What the timeline of Cora's lead says of documents, in order."""
    rows = Event.objects.of_job(house.job.pk).filter(kind__startswith="document").order_by("pk")
    return [describe_event(row.kind, row.data, row.actor_id).words for row in rows]


@pytest.fixture
def contract(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Contract"), job=house.job, by=house.rita)


def test_a_document_is_internal_until_somebody_shows_it(house: Any, contract: Document) -> None:
    assert (contract.visibility, contract.title, contract.number) == (
        DocumentVisibility.INTERNAL,
        "Contract signed.pdf",
        1,
    )
    assert not Document.objects.for_customer().exists()
    contract.show(by=house.rita)
    contract.show(by=house.rita)
    assert list(Document.objects.for_customer()) == [contract]
    contract.hide(by=house.rita)
    assert said(house) == [
        "added a document: Contract",
        "showed the customer a document: Contract",
        "hid a document from the customer: Contract",
    ]


def test_a_new_version_keeps_the_old_one(house: Any, contract: Document) -> None:
    newer = Inspected("v2.pdf", "application/pdf", PDF + b"%v2\n")
    contract.replace(newer, by=None, sent_by=house.cora)
    with stored_files.open_file(contract.current.file) as file:
        assert file.read() == newer.content
    old = contract.versions.select_related("file").get(number=1)
    with stored_files.open_file(old.file) as file:
        assert file.read() == PDF
    assert (contract.number, contract.title, contract.size) == (2, "Contract signed.pdf", newer.size)
    assert said(house)[-1] == "The customer sent a new version: Contract"
    contract.archive(by=house.mona)
    with pytest.raises(Refused, match="archive"):
        contract.replace(newer, by=house.rita)


def test_a_document_is_of_something(house: Any, paper: Inspected, contract: Document) -> None:
    with pytest.raises(ValueError, match="of something"):
        Document.add(paper, kind=kind("Contract"), by=house.rita)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=contract.pk).update(job=None)


def test_an_act_is_undone_until_somebody_else_changed_it(house: Any, contract: Document) -> None:
    with undo.record_undoable("document.shown", [contract], by=house.rita) as change:
        contract.show(by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    contract.refresh_from_db()
    assert contract.visibility == DocumentVisibility.INTERNAL
    with undo.record_undoable("document.archived", [contract], by=house.mona) as change:
        contract.archive(by=house.mona)
    contract.restore(by=house.ada)
    with pytest.raises(Refused, match="in the meantime"):
        undo.undo_change(change.uid, by=house.mona)


def test_who_sees_it(house: Any, paper: Inspected, contract: Document) -> None:
    of_person = Document.add(paper, kind=kind("Passport"), person=house.cora, by=house.mona)
    of_place = Document.add(paper, kind=kind("Permit"), site=house.job.site, by=house.mona)
    mine = {contract, of_person, of_place}
    assert set(Document.objects.visible_to(house.rita)) == mine
    assert set(Document.objects.all().of_job(house.job)) == mine
    house.job.assign_to(house.mona, by=house.mona)
    assert not Document.objects.visible_to(house.rita).exists()
    assert set(Document.objects.visible_to(house.mona)) == mine


def test_a_date_that_comes_near_is_told_once(house: Any, paper: Inspected) -> None:
    passport = Document.add(
        paper, kind=kind("Passport"), job=house.job, by=house.rita, expires_on=NOW.date() + timedelta(days=181)
    )
    due = Due.objects.get(key=f"document.expiring:{passport.pk}")
    assert due.run_at == NOW + timedelta(days=1), "nine o'clock in New York, 180 days before"
    warn([passport.pk])
    assert "expires" not in " ".join(said(house))
    with clock.at(due.run_at):
        warn([passport.pk])
        warn([passport.pk])
        assert said(house)[1:] == ["Expires on Sun, Nov 8: Passport"]
        passport.refresh_from_db()
        passport.set_expiry(date(2036, 11, 8), by=house.rita)
        assert Due.objects.get(key=due.key).run_at.year == 2036
        passport.archive(by=house.mona)
    assert not Due.objects.filter(key=due.key).exists()


def test_a_refreshed_document_forgets_the_old_date(house: Any, paper: Inspected) -> None:
    visa = Document.add(paper, kind=kind("Visa"), job=house.job, by=house.rita, expires_on=NOW.date())
    visa.replace(paper, by=house.rita)
    assert visa.expires_on is None
    assert not Due.objects.filter(key=f"document.expiring:{visa.pk}").exists()


def test_a_photo_gets_a_small_image_without_its_place(house: Any) -> None:
    made = inspect(photo(taken="2026:05:09 14:30:00", size=(1200, 600)), "roof.jpg")
    document = Document.add(made, kind=kind("Photo"), job=house.job, by=house.rita)
    assert document.taken_at.isoformat() == "2026-05-09T14:30:00-04:00"
    version = document.current
    make_thumbnails([version.pk])
    make_thumbnails([version.pk])
    version = DocumentVersion.objects.select_related("thumbnail").get(pk=version.pk)
    assert version.thumbnail is not None
    assert version.thumbnail.content_type == "image/jpeg"
    assert 0 < version.thumbnail.size < 20_000


def test_a_customers_look_is_noted_once_an_hour(house: Any, contract: Document) -> None:
    for minutes in (0, 5, 70):
        with clock.at(NOW + timedelta(minutes=minutes)):
            DocumentRead.note(contract, house.cora, level="session")
    assert contract.reads.count() == 2


def test_erasing_a_person_takes_bytes_and_words(house: Any, contract: Document, files: Path) -> None:
    stored = contract.current.file
    [data] = DATA
    assert data.count(frozenset({house.cora.pk})) == 1
    data.erase(ErasureSubject(frozenset({house.cora.pk}), (), "Erased person", house.ada))
    stored_files.expire_files([stored.pk])
    stored.refresh_from_db()
    contract.refresh_from_db()
    assert (stored.path, contract.title) == ("", "–")
    assert contract.archived_at is not None
    assert [path for path in files.rglob("*") if path.is_file()] == []
