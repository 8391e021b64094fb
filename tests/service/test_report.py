"""A progress report: put together from what happened, approved by a person, and sent once, as PDF."""

import io
from datetime import date

import pytest
from PIL import Image

from comms.models import Message
from crm.documents.files.inspection import inspect
from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from libs.printed_pdf import printable
from service.models import FieldPhoto, ProgressReport, Project, ProjectTemplate
from service.reports.pdf import Content, make_pdf
from service.reports.unprintable import unprintable_letters
from tests.cast import House
from tests.followups.conftest import Browser


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (3000, 2000), "gray").save(file, "JPEG")
    return file.getvalue()


def test_a_pdf_takes_what_people_type_as_text() -> None:
    typed = "<b>Tom & Ann</b> <img src='http://evil.example/x'/>"
    content = Content(typed, typed, "2207 Bayshore Ct", "25 Nov 2026", 66, f"{typed}\nDay 2.", (typed,))
    made = make_pdf(content)
    with_photo = make_pdf(Content("B", "T", "", "", 0, "x", (), ((jpeg(), "Roof"),), is_letter=True))
    assert (made[:5], with_photo[:5]) == (b"%PDF-", b"%PDF-")
    assert len(with_photo) < 200_000


def test_names_of_other_alphabets_are_printed() -> None:
    names = "Zażółć Łódź, Γιάννης Παπαδόπουλος, Сергій Їжак, Şükrü Işık, André"
    assert (printable(names), unprintable_letters([names])) == (names, "")
    assert printable("李 Li 🏠") == "□ Li □"
    assert "boxes" in unprintable_letters(["Li", "李"])
    # The text can be selected: its letters are named in the file.
    made = make_pdf(Content("B", names, "", "", 0, "x", ()))
    assert (b"OpenSans" in made, b"/ToUnicode" in made) == (True, True)


@pytest.fixture
def project(house: House, job: Job) -> Project:
    begin()
    row = Project.start(job, ProjectTemplate.objects.get(), by=house.sam, starts_on=date(2026, 11, 24))
    row.milestones.get(name="Old roof off").complete(by=house.sam)
    photo = inspect(jpeg(), "deck.jpg")
    FieldPhoto.keep(row, "01a20707-504f-7782-8722-088cdec63cfc", photo, by=house.sam, is_shown=True)  # type: ignore[arg-type]
    return row


def test_a_report_is_drafted_changed_and_sent_once(house: House, project: Project) -> None:
    sam, here = Browser(house, house.sam), house.tenant
    place = f"service/projects/{project.uid}/"
    sam.post(f"{place}reports/draft/", {})
    sam.post(f"{place}reports/draft/", {})
    with use_tenant(here):
        report = ProgressReport.objects.get()
        photo = Document.objects.get()
    assert report.text == "Day 2 of 3.\nSince our last report: Old roof off.\nNext: The new roof goes on."
    assert (report.percent, report.photos) == (33, [photo.pk])
    page = f"service/reports/{report.uid}/"
    assert sam.client.get(f"{sam.prefix}{page}pdf/").content[:5] == b"%PDF-"
    form = {"version": "1", "percent": "40", "text": "All is well.", "photo": str(photo.uid)}
    sam.post(f"{page}act/", form | {"act": "send", "percent": "140"}, status=422)
    sam.post(f"{page}act/", form | {"act": "send"})
    sam.post(f"{page}act/", form | {"act": "send"}, status=409)
    with use_tenant(here):
        report.refresh_from_db()
        sent = Document.objects.get(pk=report.document_id)
        assert (sent.visibility, sent.media_type, sent.title) == (
            "customer",
            "application/pdf",
            "Progress report, 40%",
        )
        assert Message.objects.count() == (1 if report.message_id else 0)
    assert "approved and sent it" in Browser(house, house.rita).get(page)
