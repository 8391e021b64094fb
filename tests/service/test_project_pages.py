"""Service's list, a project's page and the one in the field, without scripts; and the settings of templates."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from crm.documents.files.inspection import inspect
from crm.documents.gallery import Heading
from crm.documents.kinds import begin
from crm.documents.models import Document, DocumentRequest
from crm.jobs.models import Job, Note
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.models import Team
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from service.models import FieldPhoto, HandOff, Issue, Project, ProjectTemplate, Promise
from service.projects.photo_groups import by_milestone
from service.setup.template_form import milestones, papers, whole
from tests.cast import House
from tests.followups.conftest import Browser
from tests.service.test_hand_off import ready

# A pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)


def test_a_template_is_read_from_its_form() -> None:
    post = QueryDict("m-name=Old roof off&m-name=&m-weight=2&m-weight=1&m-day=0&m-day=", mutable=True)
    post.setlist("m-sees", ["internal", "customer"])
    for name, typed in {"coming-en": "It comes off", "done-en": "It is off", "coming-nl": "", "done-nl": ""}.items():
        post.setlist(f"m-{name}", [typed, ""])
    texts = {"en": ["It comes off", "It is off"]}
    plan = {"name": "Old roof off", "customer_texts": texts, "weight": 2, "day": 0, "internal": True, "asks": False}
    assert milestones(post) == [plan]
    post.setlist("m-sees", ["survey", "customer"])
    assert milestones(post) == [plan | {"internal": False, "asks": True}]
    assert papers("HOA letter: 10\n\nUtility letter\nPlan: of the roof") == [
        {"title": "HOA letter", "days": 10},
        {"title": "Utility letter", "days": 7},
        {"title": "Plan: of the roof", "days": 7},
    ]
    for typed in ("", "-1", "99", "x"):
        with pytest.raises(Refused):
            whole(typed, 0, 9)


def move_a_card(house: House, sam: Browser, rita: Browser, job: Job) -> None:
    """A card goes to the step it is dropped on, by who may see the job; its menu answers with the same board."""
    with use_tenant(house.tenant):
        steps = [stage for stage in pipeline_setup().steps(job.pipeline_id) if pipeline_setup().is_sold(stage.pk)]
        job.refresh_from_db()
        stay = job.stay
        # The card shows the project, and is service's to move, not any more who sold it.
        assert f'data-phase="{steps[1].pk}"' in (page := sam.get("service/board/"))
        assert f'data-stay="{stay}"' in page
        assert job.project.uid.hex[:8] in page
    place = f"service/board/{job.number}/"
    sam.post(place, {"stay": stay, "phase": "waiting"}, status=422)
    answer = sam.client.post(
        f"{sam.prefix}{place}",
        {"stay": stay, "phase": str(steps[1].pk), "on": "service-board"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert ('id="board" hx-swap-oob="true"' in answer, "service/board/" in answer) == (True, True)
    with use_tenant(house.tenant):
        job.refresh_from_db()
        assert job.stage_id == steps[1].pk


def hide_and_show(sam: Browser, rita: Browser, place: str, milestone: UUID) -> None:
    """Who works on it takes a milestone off the customer's page, and puts it back."""
    for verb, offered in (("hide", "Show to the customer"), ("show", "Hide it from the customer")):
        sam.post(f"service/milestones/{milestone}/{verb}/", {})
        assert f'{offered}<span class="vh">: Old roof off' in sam.get(place)
    rita.post(f"service/milestones/{milestone}/hide/", {}, status=404)


def test_from_the_list_to_the_field(house: House, sold: Callable[..., HandOff]) -> None:
    begin()
    hand_off, here = sold(value=1), house.tenant
    sam, rita = Browser(house, house.sam), Browser(house, house.rita)
    page = sam.get("service/")
    assert "Sold, waiting for an answer" in page
    # What waits for an answer stands on the board, and nobody drags it.
    waiting = sam.get("service/board/")
    assert ("Cora Customer" in waiting, "data-stay" in waiting) == (True, False)
    ProjectTemplate.objects.get().edit("Re-roof", by=None, papers=[{"title": "HOA letter", "days": 7}])
    with use_tenant(here):
        ready(house, hand_off)
        project = hand_off.accept(by=house.sam, starts_on=date(2026, 11, 25))
        dispatch_events()
        assert DocumentRequest.objects.get().title == "HOA letter"
    page = sam.get("service/")
    assert ("On site today" in page, "Cora Customer" in page) == (True, True)
    move_a_card(house, sam, rita, hand_off.job)
    assert "0%" in sam.get("service/?work=site")
    assert "Cora Customer" not in sam.get("service/?work=waiting")
    place = f"service/projects/{project.uid}/"
    assert "Day 1 of 3" in rita.get(place)
    first = project.milestones.get(name="Old roof off")
    sam.post(f"service/milestones/{first.uid}/complete/", {"next": f"/{here.slug}/{place}field/"})
    page = sam.get(f"{place}field/")
    assert "33%" in page
    hide_and_show(sam, rita, place, first.uid)
    key = str(uuid4())

    def send(**more: Any) -> Any:
        photo = SimpleUploadedFile("roof.png", PNG, "image/png")
        data = {"photos": photo, "key": key, "milestone": str(first.uid), "shown": "yes", **more}
        return sam.client.post(f"{sam.prefix}{place}photos/", data, headers={"Accept": "application/json"})

    assert [send().json(), send().json()] == [{"kept": 1}, {"kept": 1}]
    lie = SimpleUploadedFile("roof.png", b"<svg onload=alert(1)>", "image/png")
    assert send(photos=lie, key=str(uuid4())).status_code == 422
    sam.post(f"{place}note/", {"body": "Soft deck over the garage"})
    rita.post(f"{place}photos/", {}, status=404)
    with use_tenant(here):
        photo = FieldPhoto.objects.get()
        assert (photo.milestone, Document.objects.get().visibility) == (first, "customer")
        pictures = [photo.document]
        assert by_milestone(hand_off.job, pictures, True) == {photo.document_id: Heading((0, "00000"), "Old roof off")}
        first.visibility = "internal"
        first.save(update_fields=["visibility"])
        assert by_milestone(hand_off.job, pictures, True) == {}
        assert by_milestone(hand_off.job, pictures, False)[photo.document_id].words == "Old roof off"
        assert Note.objects.filter(job=hand_off.job, author=house.sam).exists()
        version = Project.objects.get().form_version
    sam.post(f"{place}hold/", {"version": version, "reason": "Rain", "until": "2026-11-27"})
    assert "Rain" in sam.get("service/?work=risk")
    ada = Browser(house, house.ada)
    assert "Old roof off" in ada.get("service/templates/")
    with use_tenant(here):
        assert Job.objects.get(pk=project.pk).awaits_acceptance is False


def test_crews_on_site_are_shown_to_who_sees_their_jobs(house: House, sold: Callable[..., HandOff]) -> None:
    hand_off, rita = sold(value=1), Browser(house, house.rita)
    with use_tenant(house.tenant):
        ready(house, hand_off)
        hand_off.accept(by=house.sam, starts_on=date(2026, 11, 25))
        Project.objects.update(team=Team.objects.create(name="Crew B"))
    assert 'class="crew"' in rita.get("service/"), "she sold it"
    with use_tenant(house.tenant):
        HandOff.objects.update(seller=house.mona)
        Job.objects.filter(pk=hand_off.job_id).update(member=house.sam)
    page = rita.get("service/")
    assert ('class="crew"' in page, "Cora Customer" in page) == (False, False)
    assert 'class="crew"' in Browser(house, house.sam).get("service/")


def test_who_sold_it_is_led_to_nothing_that_is_no_longer_theirs(house: House, sold: Callable[..., HandOff]) -> None:
    hand_off, rita = sold(value=1), Browser(house, house.rita)
    with use_tenant(house.tenant):
        begin()
        ready(house, hand_off)
        project = hand_off.accept(by=house.sam, starts_on=date(2026, 11, 25))
        issue = Issue.open(hand_off.job, "delay", "Two hours late", by=house.sam)
        FieldPhoto.keep(project, uuid4(), inspect(PNG, "roof.png"), by=house.sam)
        note = Note.write(hand_off.job, "Before June", by=house.rita)
        Promise.objects.create(hand_off=hand_off, kind="date", text="Before June", note=note)
        Job.objects.filter(pk=hand_off.job_id).update(member=house.sam)
    for place in (f"projects/{project.uid}", f"handoffs/{hand_off.uid}", f"issues/{issue.uid}"):
        page = rita.get(f"service/{place}/")
        for attribute, link in set(re.findall(rf'(href|src|hx-get)="{rita.prefix}([^"#]+)', page)):
            rita.get(unescape(link), htmx=attribute == "hx-get")
