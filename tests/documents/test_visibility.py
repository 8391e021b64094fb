"""Which documents a member sees, under which filter they are listed, and what reads them for a customer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.documents.document_list import DOCUMENTS
from crm.documents.files.inspection import Inspected
from crm.documents.files.limits import claimed_type, ending_of
from crm.documents.kinds import kind_for
from crm.documents.models import Document, DocumentKind, DocumentRequest
from crm.documents.serving.addresses import AddressUse, DocumentPass, pass_of, signed_url
from crm.documents.serving.answers import file_name
from crm.documents.serving.holders import MEMBER, admit
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import AccessLog
from tests.cast import Cast
from tests.documents.conftest import NOW, PDF, kind


@pytest.fixture
def add(house: Any, paper: Inspected) -> Callable[..., Document]:
    """Keep a permit of Cora's job, or of what is said."""

    def keep(title: str = "Permit", **changed: Any) -> Document:
        about = {} if changed.keys() & {"person", "site", "job"} else {"job": house.job}
        return Document.add(paper, **{"kind": kind("Permit"), "by": house.rita, "title": title, **about, **changed})

    return keep


@pytest.fixture
def titles(house: Any) -> Callable[..., list[str]]:
    """What the list has for a member under some filters."""

    def read(member: Any = None, **filters: str) -> list[str]:
        rows = DOCUMENTS.apply(DOCUMENTS.filters(**filters), member or house.rita)
        return sorted(rows.values_list("title", flat=True))

    return read


def test_a_document_of_a_job_of_nobody_is_seen_by_all(house: Any, add: Any, titles: Any) -> None:
    add(job=open_job(title="Otis", by=None))
    assert titles(house.rita) == ["Permit"]


def test_a_document_of_somebody_elses_customer_is_not_seen(house: Any, add: Any, titles: Any) -> None:
    nora = Person.objects.create(name="Nora")
    job = open_job(title="Nora", person=nora, member=house.mona, by=house.mona)
    add("Hers", person=nora)
    add("Of her job", job=job)
    assert titles(house.rita) == []
    assert titles(house.mona) == titles(house.sam) == ["Hers", "Of her job"]


def test_a_place_is_seen_through_any_job_there(house: Any, add: Any, titles: Any) -> None:
    other = open_job(title="Otis", site=house.job.site, member=house.mona, by=house.mona)
    add("Of the place", site=house.job.site)
    add("Of the other job", job=other)
    assert titles(house.rita) == ["Of the place"]


def test_another_tenant_sees_none(cast: Cast, add: Any, titles: Any) -> None:
    add()
    assert not Document.objects.visible_to(cast.otto).filter(tenant_id=cast.other.tenant.pk).exists()


def test_when_it_expires(house: Any, add: Any, titles: Any) -> None:
    for title, days in (("Past", -1), ("Today", 0), ("Month", 30), ("Later", 31), ("Half", 180)):
        add(title, expires_on=NOW.date() + timedelta(days=days))
    add("Never")
    assert titles(expiring="past") == ["Past"]
    assert titles(expiring="30") == ["Month", "Today"]
    assert titles(expiring="180") == ["Half", "Later", "Month", "Today"]
    assert titles(expiring="never") == ["Never"]


def test_what_the_customer_was_asked_for(house: Any, add: Any, titles: Any) -> None:
    asked = DocumentRequest.ask(house.job, "Letter", kind=kind("Permit"), by=house.rita)
    add("Unasked")
    asked.receive(add("Letter"))
    assert titles(requested="1") == ["Letter"]


def test_the_archive_is_listed_where_it_is_asked_for(house: Any, add: Any, titles: Any) -> None:
    add("Kept")
    add("Old").archive(by=house.mona)
    assert (titles(), titles(archived="1")) == (["Kept"], ["Old"])


def test_text_is_looked_for_in_titles_jobs_and_names(house: Any, add: Any, titles: Any) -> None:
    add("Roof plan")
    add("Ann's passport", person=house.cora)
    assert titles(q="PLAN") == ["Roof plan"]
    assert titles(q="cora") == ["Ann's passport", "Roof plan"]
    assert titles(q="%") == []


@pytest.mark.parametrize(
    ("title", "media_type", "name"),
    [
        ("Contract.pdf", "application/pdf", "Contract.pdf"),
        ("Contract", "application/pdf", "Contract.pdf"),
        ("Roof.JPEG", "image/jpeg", "Roof.JPEG"),
        ("Roof.pdf", "image/jpeg", "Roof.pdf.jpg"),
        ("Thing", "application/unknown", "Thing"),
    ],
)
def test_a_download_has_the_ending_of_what_it_is(house: Any, title: str, media_type: str, name: str) -> None:
    file = Inspected("a", media_type, PDF)
    row = Document.add(file, kind=kind("Permit"), job=house.job, by=house.rita, title=title)
    assert file_name(row, row.current) == name


@pytest.mark.parametrize(
    ("name", "ending", "media_type"),
    [
        ("C:\\papers\\Plan.PDF", ".pdf", "application/pdf"),
        ("plan", "", ""),
        ("plan.pdf.exe", ".exe", ""),
        (".pdf", "", ""),
    ],
)
def test_what_a_name_claims(name: str, ending: str, media_type: str) -> None:
    assert (ending_of(name), claimed_type(name)) == (ending, media_type)


@pytest.fixture
def held(house: Any, add: Any) -> tuple[Document, DocumentPass]:
    """Rita's pass for the download of a document."""
    row = add()
    url = signed_url(row.current, AddressUse.DOWNLOAD, holder=MEMBER, holder_id=house.rita.pk)
    read = pass_of(url.rstrip("/").rsplit("/", 1)[-1])
    assert read is not None
    return row, read


def test_a_download_is_admitted_and_noted(house: Any, held: tuple[Document, DocumentPass]) -> None:
    row, read = held
    assert admit(read, row)
    assert AccessLog.objects.of(row).get().member_id == house.rita.pk


def test_a_member_who_left_is_not_admitted(house: Any, held: tuple[Document, DocumentPass]) -> None:
    house.rita.deactivate(by=house.ada)
    assert not admit(held[1], held[0])


def test_who_sees_the_job_no_more_is_not_admitted(house: Any, held: tuple[Document, DocumentPass]) -> None:
    house.job.assign_to(house.mona, by=house.mona)
    assert not admit(held[1], held[0])
    assert not AccessLog.objects.of(held[0]).exists()


@pytest.mark.parametrize(
    ("use", "minutes"),
    [(AddressUse.DOWNLOAD, 5), (AddressUse.OPEN, 60), (AddressUse.SMALL, 12 * 60), (AddressUse.LARGE, 12 * 60)],
)
def test_an_address_is_good_for_as_long_as_its_use_takes(house: Any, add: Any, use: AddressUse, minutes: int) -> None:
    url = signed_url(add().current, use, holder=MEMBER, holder_id=house.rita.pk)
    token = url.rstrip("/").rsplit("/", 1)[-1]
    with clock.at(NOW + timedelta(minutes=minutes, seconds=-1)):
        assert pass_of(token) is not None
    with clock.at(NOW + timedelta(minutes=minutes)):
        assert pass_of(token) is None


def test_a_file_that_nobody_named_gets_the_first_kind_of_photos_or_the_last_of_papers(house: Any) -> None:
    assert (kind_for(is_photo=True).name, kind_for(is_photo=False).name) == ("Photo", "Other document")


def test_without_a_kind_of_photos_a_photo_gets_any(house: Any) -> None:
    kind("Photo").archive(by=house.ada)
    assert kind_for(is_photo=True).name == "Contract"


def test_without_any_kind_there_is_none(house: Any) -> None:
    for row in DocumentKind.objects.all():
        row.archive(by=house.ada)
    assert kind_for(is_photo=False) is None
