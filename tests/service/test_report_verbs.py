"""A progress report: one draft, changed, thrown away or sent once; what it says, and who may."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from comms.models import Channel, Message
from crm.documents.files.inspection import inspect
from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import ContactPoint
from crm.platform.models import Brand
from service.models import FieldPhoto, ProgressReport, Project
from service.reports.content import draft_text, language_of, usual_photos
from service.reports.sending import send
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import NOON, recorded, said
from tests.service.test_project_pages import PNG

TUESDAY = NOON + timedelta(days=6)


@pytest.fixture
def draft(house: House, project: Project) -> ProgressReport:
    begin()
    return ProgressReport.draft(project, "All is well.", [], by=house.sam)


@pytest.fixture
def channel(house: House) -> Channel:
    """The brand's address for mail."""
    address = "hello@suncoast.example"
    brand = Brand.objects.get()
    return Channel.create(by=None, brand=brand, medium="email", role="support", provider="embedded", address=address)


def test_a_project_has_one_draft(house: House, draft: ProgressReport) -> None:
    again = ProgressReport.draft(draft.project, "Something else", [], by=house.mona)
    assert (again.pk, again.text, recorded("report.drafted")) == (draft.pk, "All is well.", 1)


@pytest.mark.parametrize(("text", "percent"), [(" ", 10), ("Fine", -1), ("Fine", 101)])
def test_a_report_says_something_and_a_percentage(house: House, draft: ProgressReport, text: str, percent: int) -> None:
    with pytest.raises(Refused, match="0 to 100"):
        draft.edit(text, percent, [], by=house.sam)


def test_the_same_again_keeps_the_version(house: House, draft: ProgressReport) -> None:
    version = draft.version
    draft.edit("All is well. ", draft.percent, [], by=house.sam)
    assert draft.version == version
    draft.edit("All is well.", 5, [], by=house.sam)
    assert draft.version == version + 1


def test_a_draft_is_thrown_away(house: House, draft: ProgressReport) -> None:
    draft.discard(by=house.sam)
    assert (ProgressReport.objects.count(), recorded("report.discarded")) == (0, 1)


def test_what_was_sent_is_neither_changed_nor_thrown_away_nor_sent_again(house: House, draft: ProgressReport) -> None:
    send(draft, by=house.sam)
    for verb in (
        lambda: draft.edit("Not so well", 5, [], by=house.sam),
        lambda: draft.discard(by=house.sam),
        lambda: send(draft, by=house.sam),
    ):
        with pytest.raises(Stale):
            verb()
    assert (Document.objects.count(), recorded("report.sent")) == (1, 1)


def test_without_an_address_it_is_shown_and_not_mailed(house: House, draft: ProgressReport, channel: Channel) -> None:
    ContactPoint.objects.filter(kind="email").delete()
    assert send(draft, by=house.sam) is False
    assert (draft.message, draft.document.visibility) == (None, "customer")


def test_without_a_channel_it_is_shown_and_not_mailed(house: House, draft: ProgressReport) -> None:
    assert send(draft, by=house.sam) is False
    assert not Message.objects.exists()


def test_the_mail_has_the_text_and_the_file(house: House, draft: ProgressReport, channel: Channel) -> None:
    draft.edit("All is well.", 40, [], by=house.sam)
    assert send(draft, by=house.sam) is True
    mail = Message.objects.get()
    assert (mail.subject, mail.text, mail.attachments.count()) == ("Progress report, 40%", "All is well.", 1)
    assert mail.address.endswith("-mail.example")


def test_the_title_is_in_the_language_of_the_customer(house: House, draft: ProgressReport) -> None:
    house.cora.language = "nl"
    house.cora.save(update_fields=["language"])
    draft.refresh_from_db()
    assert language_of(draft.project) == "nl"


def test_before_the_first_day_there_is_no_news_but_what_comes(project: Project) -> None:
    assert draft_text(project) == "Next: The new roof goes on." or draft_text(project).startswith("Next: ")
    project.milestones.update(visibility="internal")
    assert draft_text(project) == "There is no news, and the work goes on as planned."


def test_a_held_project_says_why(house: House, project: Project) -> None:
    project.hold("Rain", None, by=house.sam)
    assert "The work is on hold: Rain." in draft_text(project)


def test_what_the_last_report_told_is_not_told_again(house: House, project: Project) -> None:
    begin()
    project.milestones.get(name="Old roof off").complete(by=house.sam)
    report = ProgressReport.draft(project, draft_text(project), [], by=house.sam)
    assert "Since our last report: Old roof off." in report.text
    send(report, by=house.sam)
    with clock.at(NOON + timedelta(hours=1)):
        assert "Since our last report" not in draft_text(project)
        project.milestones.get(name="New roof on").complete(by=house.sam)
        assert "Since our last report: Your new roof is on." in draft_text(project)


def test_a_milestone_of_the_team_is_told_to_nobody(house: House, project: Project) -> None:
    project.milestones.get(name="Order shingles").complete(by=house.sam)
    assert "shingles" not in draft_text(project)


def test_photos_of_the_team_stay_out(house: House, project: Project) -> None:
    begin()
    shown = FieldPhoto.keep(project, uuid4(), inspect(PNG, "a.png"), by=house.sam, is_shown=True)
    FieldPhoto.keep(project, uuid4(), inspect(PNG, "b.png"), by=house.sam)
    assert usual_photos(project) == [shown.document_id]


def test_a_photo_sent_again_is_the_one_there_is(house: House, project: Project) -> None:
    begin()
    key = uuid4()
    rows = {FieldPhoto.keep(project, key, inspect(PNG, "a.png"), by=house.sam).pk for _time in range(2)}
    assert (len(rows), Document.objects.count()) == (1, 1)


def act(who: Browser, row: ProgressReport, what: str, status: int = 302, **typed: Any) -> Any:
    form = {"act": what, "version": row.form_version, "percent": "40", "text": "All is well."}
    return who.post(f"service/reports/{row.uid}/act/", form | typed, status=status)


def test_a_draft_is_saved_on_the_page(sam: Browser, draft: ProgressReport) -> None:
    assert said(act(sam, draft, "save", text="Better.\r\nMuch better.")) == "Saved."
    draft.refresh_from_db()
    assert (draft.text, draft.percent, draft.sent_at) == ("Better.\nMuch better.", 40, None)


def test_a_draft_is_thrown_away_on_the_page(sam: Browser, draft: ProgressReport) -> None:
    answer = act(sam, draft, "discard")
    assert answer["Location"].endswith(f"service/projects/{draft.project.uid}/")
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("typed", [{"percent": "140"}, {"percent": "most"}, {"text": " "}])
def test_what_is_refused_is_not_sent_and_stands_as_typed(
    sam: Browser, draft: ProgressReport, typed: dict[str, str]
) -> None:
    page = act(sam, draft, "send", 422, **typed).content.decode()
    assert next(iter(typed.values())) in page
    draft.refresh_from_db()
    assert (draft.sent_at, Document.objects.count()) == (None, 0)


def test_a_form_that_somebody_overtook_sends_nothing(sam: Browser, draft: ProgressReport) -> None:
    act(sam, draft, "send", 409, version="0")
    assert not Document.objects.exists()


def test_a_photo_of_the_team_cannot_be_picked(house: House, sam: Browser, draft: ProgressReport) -> None:
    photo = FieldPhoto.keep(draft.project, uuid4(), inspect(PNG, "b.png"), by=house.sam)
    act(sam, draft, "save", photo=str(photo.document.uid))
    draft.refresh_from_db()
    assert draft.photos == []


def test_who_sold_it_reads_the_report_and_sends_none(rita: Browser, draft: ProgressReport) -> None:
    assert "All is well." in rita.get(f"service/reports/{draft.uid}/")
    act(rita, draft, "send", 404)


def test_another_tenant_finds_no_report(cast: Cast, draft: ProgressReport) -> None:
    otto = Browser(cast.other, cast.otto)
    for path in ("", "pdf/"):
        otto.get(f"service/reports/{draft.uid}/{path}", status=404)
    act(otto, draft, "send", 404)


def test_the_day_of_the_work_is_told(project: Project) -> None:
    with clock.at(TUESDAY):
        assert draft_text(project).startswith("Day 1 of 3.")
    assert project.starts_on == date(2026, 12, 1)
