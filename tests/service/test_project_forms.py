"""The forms on a project's page, in the field, and of its milestones: what they do, refuse, and to whom."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Note
from crm.platform.models import Change, Team
from crm.web.requests.form_version import stale_message
from service.models import FieldPhoto, Milestone, Project
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import act, said
from tests.service.test_project_pages import PNG

Form = Callable[..., str]
PROJECT_VERBS = ("schedule", "give", "report", "hold", "resume", "finish", "reopen", "milestones/add", "coming", "note")
PROJECT_VERBS += ("photos", "booking", "assets", "reports/draft")


@pytest.fixture
def form(sam: Browser, project: Project) -> Form:
    """Post a form of the project's page; what the page says of it."""

    def post(verb: str, **typed: str) -> str:
        return said(act(sam, f"service/projects/{project.uid}/{verb}/", project, **typed))

    return post


@pytest.fixture
def first(project: Project) -> Milestone:
    row: Milestone = project.milestones.in_order()[0]
    return row


def test_the_work_is_planned(form: Form, project: Project) -> None:
    assert form("schedule", starts_on="2026-12-07", ends_on="2026-12-08") == "Work planned."
    assert (project.starts_on, project.ends_on) == (date(2026, 12, 7), date(2026, 12, 8))


def test_one_day_is_enough(form: Form, project: Project) -> None:
    form("schedule", starts_on="2026-12-07", ends_on="")
    assert project.ends_on == date(2026, 12, 7)


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01"])
def test_work_is_planned_for_a_day(form: Form, project: Project, typed: str) -> None:
    form("schedule", starts_on=typed)
    assert project.starts_on == date(2026, 12, 1)


def test_days_the_wrong_way_round_are_refused(form: Form) -> None:
    assert "after the start" in form("schedule", starts_on="2026-12-08", ends_on="2026-12-07")


def test_a_crew_is_chosen_and_taken_off(form: Form, project: Project) -> None:
    crew = Team.create("Crew A", by=None)
    assert form("give", team=str(crew.pk)) == "Assigned to Crew A."
    assert project.team == crew
    assert form("give", team="") == "Crew removed."
    assert project.team is None


def test_a_crew_of_another_tenant_is_no_crew(cast: Cast, form: Form, project: Project) -> None:
    assert form("give", team="999999") == "Choose a crew."
    assert project.team is None


@pytest.mark.parametrize(("typed", "percent"), [("66", 66), ("101", 0), ("-1", 0), ("half", 0), ("", 0)])
def test_progress_is_a_percentage(form: Form, project: Project, typed: str, percent: int) -> None:
    form("report", percent=typed)
    assert project.percent == percent


def test_a_hold_says_why_and_until_when(form: Form, project: Project) -> None:
    assert "why it is on hold" in form("hold", reason=" ", until="2026-12-04")
    assert form("hold", reason="Rain", until="2026-12-04") == "On hold."
    assert (project.hold_reason, project.hold_until) == ("Rain", date(2026, 12, 4))


def test_held_work_goes_on(house: House, form: Form, project: Project) -> None:
    project.hold("Rain", None, by=house.sam)
    assert form("resume") == "Resumed."
    assert not project.is_held


def test_the_work_is_finished_and_reopened(form: Form, project: Project) -> None:
    assert form("finish") == "Work finished."
    assert project.finished_at is not None
    assert "Reopen it first" in form("hold", reason="Rain")
    assert form("reopen") == "Reopened."
    assert project.finished_at is None


def test_each_act_can_be_taken_back(form: Form) -> None:
    form("report", percent="20")
    form("hold", reason="Rain")
    form("finish")
    kinds = set(Change.objects.values_list("kind", flat=True))
    assert kinds == {"project.progressed", "project.held", "project.finished"}


def test_a_form_that_somebody_overtook_changes_nothing(sam: Browser, project: Project) -> None:
    assert said(sam.post(f"service/projects/{project.uid}/finish/", {"version": "0"})) == str(stale_message())
    assert Project.objects.get().finished_at is None


def test_a_milestone_is_added_for_the_team_unless_said_otherwise(form: Form, project: Project) -> None:
    form("milestones/add", name="Clean up", planned_on="2026-12-03", sees="customer")
    form("milestones/add", name="Count nails", sees="everybody")
    added = list(project.milestones.in_order())[3:]
    assert [(one.name, one.visibility) for one in added] == [("Clean up", "customer"), ("Count nails", "internal")]
    assert added[0].planned_on == date(2026, 12, 3)


def test_a_tick_is_taken_off_on_the_page(house: House, sam: Browser, first: Milestone) -> None:
    first.complete(by=house.sam)
    answer = sam.post(f"service/milestones/{first.uid}/reopen/", {})
    assert said(answer) == "“Old roof off” is open again."
    first.refresh_from_db()
    assert not first.is_done


def test_what_the_customer_reads_is_set_on_the_page(sam: Browser, first: Milestone) -> None:
    typed = {"m-coming-en": "We take it off", "m-done-en": "It is off"}
    assert "We take it off" in said(sam.post(f"service/milestones/{first.uid}/describe/", typed))
    first.refresh_from_db()
    assert first.customer_texts == {"en": ["We take it off", "It is off"]}


@pytest.mark.parametrize("verb", PROJECT_VERBS)
def test_who_sold_it_works_on_nothing_of_it(rita: Browser, project: Project, verb: str) -> None:
    rita.post(f"service/projects/{project.uid}/{verb}/", {"version": project.form_version}, status=404)


@pytest.mark.parametrize("verb", ["complete", "reopen", "show", "hide", "describe"])
def test_who_sold_it_ticks_nothing(rita: Browser, first: Milestone, verb: str) -> None:
    rita.post(f"service/milestones/{first.uid}/{verb}/", {}, status=404)


def test_a_project_of_somebody_elses_job_is_not_found(house: House, rita: Browser) -> None:
    other = Project.start(open_job(title="Otis Other", member=house.mona, by=house.mona), None, by=house.sam)
    rita.get(f"service/projects/{other.uid}/", status=404)


def test_another_tenant_finds_nothing(cast: Cast, project: Project, first: Milestone) -> None:
    otto = Browser(cast.other, cast.otto)
    otto.get(f"service/projects/{project.uid}/", status=404)
    otto.post(f"service/projects/{project.uid}/finish/", {"version": project.form_version}, status=404)
    otto.post(f"service/milestones/{first.uid}/complete/", {}, status=404)


@pytest.fixture
def send(sam: Browser, project: Project) -> Callable[..., Any]:
    """Send photos from the field."""
    begin()

    def post(*files: bytes, **data: Any) -> Any:
        photos = [SimpleUploadedFile("roof.png", content, "image/png") for content in files]
        return sam.client.post(f"{sam.prefix}service/projects/{project.uid}/photos/", {"photos": photos, **data})

    return post


def test_photos_of_a_plain_form_are_kept_for_the_team(send: Any, first: Milestone) -> None:
    assert said(send(PNG, PNG, milestone=str(first.uid))) == "2 photos are kept."
    assert set(FieldPhoto.objects.values_list("milestone", "document__visibility")) == {(first.pk, "internal")}


def test_a_photo_without_a_key_is_kept_each_time(send: Any) -> None:
    send(PNG, key="no-uuid")
    send(PNG, key="no-uuid")
    assert FieldPhoto.objects.count() == 2


def test_no_photo_chosen_is_said(send: Any) -> None:
    assert said(send()) == "Choose a photo first."


def test_a_paper_is_no_photo(send: Any) -> None:
    paper = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "application/pdf")
    assert said(send(photos=paper)) == "“plan.pdf” is not a photo."
    assert not Document.objects.exists()


def test_a_file_that_lies_about_what_it_is_is_named(send: Any) -> None:
    assert "roof.png" in said(send(b"<svg onload=alert(1)>", key=str(uuid4())))
    assert not FieldPhoto.objects.exists()


def test_a_photo_of_no_milestone_is_of_the_whole_work(send: Any) -> None:
    send(PNG, milestone=str(uuid4()))
    assert FieldPhoto.objects.get().milestone is None


def test_a_note_from_the_field_says_something(form: Form) -> None:
    assert form("note", body=" ") == "Write something first."
    assert form("note", body="Soft deck") == "Noted."
    assert [note.body for note in Note.objects.all()] == ["Soft deck"]
