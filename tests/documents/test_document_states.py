"""Each verb of a document, twice and in the archive; what it records, and when its date is told of."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from crm.documents.files.inspection import Inspected
from crm.documents.models import Document, DocumentKind, DocumentRead
from crm.documents.models.document import tidy_title
from crm.documents.notices import tell_sent
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.models.due import Due
from crm.web.models import Notice
from tests.documents.conftest import NOW, PDF, kind

TOMORROW = NOW.date() + timedelta(days=1)


@pytest.fixture
def permit(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita)


def recorded(what: str) -> int:
    return int(Event.objects.filter(kind=f"document.{what}").count())


def planned(document: Document) -> Due | None:
    return Due.objects.filter(key=f"document.expiring:{document.pk}").first()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Roof\n plan ", "Roof plan"), ("a\u202ebcd", "a bcd"), ("x" * 200, "x" * 120), ("\0", ""), ("\u200b ", "")],
)
def test_a_title_is_one_line_that_reads_forward(typed: str, kept: str) -> None:
    assert tidy_title(typed) == kept


def test_a_document_without_a_title_is_called_as_its_file(house: Any, permit: Document, paper: Inspected) -> None:
    assert permit.title == paper.name


def test_a_document_without_any_name_is_called_as_its_kind(house: Any) -> None:
    row = Document.add(Inspected(" ", "application/pdf", PDF), kind=kind("Permit"), job=house.job, by=house.rita)
    assert row.title == "Permit"


def test_a_document_of_a_job_is_of_nothing_else(house: Any, paper: Inspected) -> None:
    row = Document.add(paper, kind=kind("Permit"), job=house.job, person=house.cora, site=house.job.site, by=house.rita)
    assert (row.job, row.person, row.site) == (house.job, None, None)


def test_a_document_of_a_person_is_of_no_place(house: Any, paper: Inspected) -> None:
    row = Document.add(paper, kind=kind("Permit"), person=house.cora, site=house.job.site, by=house.rita)
    assert (row.person, row.site) == (house.cora, None)


def test_an_archived_kind_takes_no_new_document(house: Any, paper: Inspected) -> None:
    kind("Permit").archive(by=house.ada)
    with pytest.raises(Refused, match="no longer available"):
        Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita)


def test_a_visibility_is_one_of_two(house: Any, paper: Inspected) -> None:
    with pytest.raises(ValueError, match="everybody"):
        Document.add(paper, kind=kind("Permit"), job=house.job, by=house.rita, visibility="everybody")


def test_a_photo_from_the_future_is_dated_now(house: Any) -> None:
    file = Inspected("a.jpg", "image/jpeg", b"x", taken_at=NOW + timedelta(days=400))
    assert Document.add(file, kind=kind("Photo"), job=house.job, by=house.rita).taken_at == NOW


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        (lambda row, by: row.show(by=by), "shown"),
        (lambda row, by: row.rename("Plan", by=by), "renamed"),
        (lambda row, by: row.classify(kind("Warranty"), by=by), "classified"),
        (lambda row, by: row.set_expiry(TOMORROW, by=by), "dated"),
        (lambda row, by: row.archive(by=by), "archived"),
    ],
    ids=["show", "rename", "classify", "set_expiry", "archive"],
)
def test_done_twice_it_is_done_once(house: Any, permit: Document, verb: Callable[..., None], what: str) -> None:
    version = permit.version
    for _time in range(2):
        verb(permit, house.mona)
    assert (recorded(what), permit.version) == (1, version + 1)


@pytest.mark.parametrize(
    ("verb", "what"),
    [(lambda row, by: row.hide(by=by), "hidden"), (lambda row, by: row.restore(by=by), "restored")],
    ids=["hide", "restore"],
)
def test_what_is_so_already_is_not_done(house: Any, permit: Document, verb: Callable[..., None], what: str) -> None:
    verb(permit, house.mona)
    assert recorded(what) == 0


def test_a_document_keeps_some_title(house: Any, permit: Document) -> None:
    with pytest.raises(Refused, match="title"):
        permit.rename(" \0 ", by=house.rita)


def test_no_document_becomes_of_an_archived_kind(house: Any, permit: Document) -> None:
    kind("Warranty").archive(by=house.ada)
    with pytest.raises(Refused, match="no longer available"):
        permit.classify(kind("Warranty"), by=house.rita)
    permit.classify(kind("Permit"), by=house.rita)


def test_in_the_archive_the_customer_sees_nothing_of_it(house: Any, permit: Document) -> None:
    permit.show(by=house.rita)
    permit.archive(by=house.mona)
    assert (permit.is_shown, Document.objects.for_customer().count(), Document.objects.live().count()) == (False, 0, 0)
    permit.restore(by=house.mona)
    assert (permit.is_shown, recorded("restored")) == (True, 1)


def test_a_new_version_has_the_date_of_its_form(house: Any, permit: Document, paper: Inspected) -> None:
    permit.set_expiry(TOMORROW, by=house.rita)
    permit.replace(paper, by=house.rita, expires_on=date(2027, 1, 1))
    assert (permit.number, permit.expires_on, recorded("replaced")) == (2, date(2027, 1, 1), 1)


def test_the_event_of_a_document_has_no_title(house: Any, permit: Document) -> None:
    assert Event.objects.get(kind="document.added").data == {"kind": kind("Permit").pk, "visibility": "internal"}


def test_a_kind_warns_as_many_days_before_as_it_says(house: Any, permit: Document) -> None:
    permit.set_expiry(date(2026, 9, 1), by=house.rita)
    assert (planned(permit).run_at.date(), planned(permit).run_at.hour) == (date(2026, 8, 2), 13)
    permit.classify(kind("Warranty"), by=house.rita)
    assert planned(permit).run_at.date() == date(2026, 7, 3)


def test_a_date_taken_away_is_not_told_of(house: Any, permit: Document) -> None:
    permit.set_expiry(date(2026, 9, 1), by=house.rita)
    permit.set_expiry(None, by=house.rita)
    assert planned(permit) is None
    permit.warn()
    assert recorded("expiring") == 0


def test_a_date_that_moved_on_is_waited_for(house: Any, permit: Document) -> None:
    permit.set_expiry(date(2026, 9, 1), by=house.rita)
    Due.objects.all().delete()
    permit.warn()
    assert (recorded("expiring"), planned(permit).run_at.date()) == (0, date(2026, 8, 2))


def test_told_of_its_date_it_is_not_planned_again(house: Any, permit: Document) -> None:
    permit.set_expiry(TOMORROW, by=house.rita)
    permit.warn()
    permit.archive(by=house.mona)
    permit.restore(by=house.mona)
    assert (recorded("expiring"), planned(permit)) == (1, None)


def test_another_date_is_told_of_again(house: Any, permit: Document) -> None:
    permit.set_expiry(TOMORROW, by=house.rita)
    permit.warn()
    permit.set_expiry(TOMORROW + timedelta(days=1), by=house.rita)
    permit.warn()
    assert recorded("expiring") == 2


def test_in_the_archive_no_date_is_told_of(house: Any, permit: Document) -> None:
    permit.set_expiry(TOMORROW, by=house.rita)
    permit.archive(by=house.mona)
    permit.warn()
    assert recorded("expiring") == 0


def test_undoing_a_date_plans_the_old_one(house: Any, permit: Document) -> None:
    permit.set_expiry(date(2026, 9, 1), by=house.rita)
    with undo.record_undoable("document.edited", [permit], by=house.rita) as change:
        permit.set_expiry(None, by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    assert (recorded("undone"), planned(permit).run_at.date()) == (1, date(2026, 8, 2))


def test_whose_customer_sent_it_is_told_once(house: Any, paper: Inspected) -> None:
    Document.add(paper, kind=kind("Permit"), job=house.job, sent_by=house.cora)
    added = list(Event.objects.filter(kind="document.added"))
    for _time in range(2):
        tell_sent(added)
    assert list(Notice.objects.values_list("kind", "member")) == [("document.sent", house.rita.pk)]


def test_what_a_colleague_adds_is_no_news(house: Any, permit: Document) -> None:
    tell_sent(list(Event.objects.filter(kind="document.added")))
    assert not Notice.objects.exists()


def test_each_version_and_level_is_a_look_of_its_own(house: Any, permit: Document, paper: Inspected) -> None:
    for level in ("link", "link", "session"):
        DocumentRead.note(permit, house.cora, level=level)
    permit.replace(paper, by=house.rita)
    with clock.at(NOW + timedelta(minutes=59)):
        DocumentRead.note(permit, house.cora, level="link")
    assert list(permit.reads.order_by("pk").values_list("number", "level")) == [
        *((1, "link"), (1, "session")),
        (2, "link"),
    ]


@pytest.mark.parametrize(
    ("media_type", "name", "is_sent", "hangs"),
    [
        ("image/jpeg", "Photo", False, True),
        ("image/jpeg", "Permit", False, False),
        ("image/jpeg", "Permit", True, True),
        ("image/jpeg", "Passport", True, False),
        ("application/pdf", "Photo", True, False),
    ],
)
def test_what_hangs_in_the_gallery(house: Any, media_type: str, name: str, is_sent: bool, hangs: bool) -> None:
    sent_by = house.cora if is_sent else None
    row = Document.add(Inspected("a", media_type, PDF), kind=kind(name), job=house.job, sent_by=sent_by)
    assert row.in_gallery is hangs


def test_what_a_link_says_nothing_of(house: Any) -> None:
    private = {row.name for row in DocumentKind.objects.all() if row.is_private}
    assert private == {"Contract", "Insurance claim", "Insurance policy", "Quote", "Invoice", "Passport", "Visa"}
