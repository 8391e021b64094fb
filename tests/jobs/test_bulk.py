"""Many leads at once: who is meant, what would happen, what happened, and the way back."""

import re
from html import escape
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import BulkRun, Job, StageVisit
from crm.platform.models import Event, Member
from crm.platform.tenancy.context import use_tenant
from crm.web.lists import selection
from tests.leads.test_list import data_queries, fill
from tests.markup import flat


class Desk:
    """One member's way through a bulk act, by htmx."""

    def __init__(self, house: Any, member: Member) -> None:
        self.house, self.client = house, Client()
        self.client.force_login(member.user)
        self.base = f"/{house.tenant.slug}/leads/"

    def ask(self, path: str, values: Any = None, *, htmx: bool = True) -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        url = path if path.startswith("/") else self.base + path
        return (
            self.client.get(url, headers=headers) if values is None else self.client.post(url, values, headers=headers)
        )

    def choose(self, act: str, titles: Any = (), **given: Any) -> str:
        """Select and ask; gives the address of the choice."""
        answer = self.ask("bulk/", {"act": act, "pick": [self.house.jobs[t].number for t in titles], **given})
        assert answer.status_code == 200, answer.content.decode()
        return re.search(r'hx-post="([^"]+)"', answer.content.decode())[1]

    def effect(self, url: str, to: str) -> list[str]:
        return re.findall(r"<li>(.*?)</li>", flat(self.ask(f"{url}?to={to}").content.decode()))

    def apply(self, url: str, to: str, **given: str) -> Any:
        return self.ask(url, {"to": to, "apply": "1", **given})


@pytest.fixture
def house(cast, scene):
    cast.house.jobs = scene
    return cast.house


@pytest.fixture
def mona(house):
    return Desk(house, house.mona)


def steps(house, *titles):
    with use_tenant(house.tenant):
        return [job.stage.name if job.stage_id else None for t in titles for job in [Job.objects.get(title=t)]]


CARE, ROOF = ["Luz Okafor"], ["Hector Salinas", "Deborah Lindqvist", "Samir Haddad", "Yara Solberg"]


def test_what_would_happen_is_said_before_it_happens(mona, house):
    url = mona.choose("move", CARE + ROOF)
    assert mona.effect(url, "phase:2") == [
        "1 lead moves to “Visit booked”.",
        "2 need no change.",
        "1 has ended and stays as it is.",
        "1 stays: “Care plan” has no such step.",
    ]
    assert mona.effect(url, "phase:4") == [
        "3 leads move to “Follow-up”.",
        "1 lead moves to “Agreed”.",
        "1 has ended and stays as it is.",
    ]
    assert steps(house, *CARE, *ROOF[:2]) == ["Plan offered", "Quote sent", "Inspected"], "looking changes nothing"


def test_it_is_done_told_and_taken_back(mona, house):
    url = mona.choose("move", CARE + ROOF)
    answer = mona.apply(url, "phase:4")
    page = answer.content.decode()
    assert "4 leads moved to “Decide”." in page
    assert "bulk-done" in answer["HX-Trigger"]
    assert steps(house, *CARE, *ROOF) == ["Agreed", "Follow-up", "Follow-up", "Follow-up", "Quote sent"]
    with use_tenant(house.tenant):
        facts = Event.objects.filter(kind="job.moved", actor=house.mona)
        assert facts.count() == 4
        hector = Job.objects.get(title="Hector Salinas")
        assert StageVisit.objects.filter(job=hector, left_at=None).count() == 1
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', page)[1]
    assert "Undone for 4 leads." in mona.ask(undo, {}).content.decode()
    assert steps(house, *CARE, *ROOF) == ["Plan offered", "Quote sent", "Inspected", "Visit booked", "Quote sent"]
    with use_tenant(house.tenant):
        again = Job.objects.get(title="Hector Salinas")
        assert (again.past, again.due_at, again.level) == (
            house.jobs["Hector Salinas"].past,
            house.jobs["Hector Salinas"].due_at,
            house.jobs["Hector Salinas"].level,
        )


def test_what_somebody_changed_since_is_not_taken_back(mona, house):
    page = mona.apply(mona.choose("move", CARE + ROOF), "phase:4").content.decode()
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Hector Salinas")
        job.lose("Price", by=house.ada)
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', page)[1]
    told = mona.ask(undo, {}).content.decode()
    assert "Undone for 3 leads. 1 was changed since and stays" in told
    assert f"/leads/{job.number}/" in told, "with a link to it"
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=job.pk).state == "lost"
    assert steps(house, *CARE, *ROOF[1:3]) == ["Plan offered", "Inspected", "Visit booked"]


def test_the_forms_address_alone_leads_to_the_list(mona, house):
    for path in ("bulk/", f"/{house.tenant.slug}/followups/new/many/"):
        answer = mona.ask(path, htmx=False)
        assert (answer.status_code, answer["Location"]) == (302, mona.base)


def test_whose_step_was_archived_since_stays_and_is_told_apart(mona, house):
    page = mona.apply(mona.choose("move", CARE + ROOF), "phase:4").content.decode()
    with use_tenant(house.tenant):
        Job.objects.get(title="Deborah Lindqvist").lose("Price", by=house.ada)
        shut = house.jobs["Hector Salinas"]
        shut.stage.archive(into=None, stay=True, by=house.ada)
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', page)[1]
    told = mona.ask(undo, {}).content.decode()
    assert "Undone for 2 leads. 1 was changed since and stays. 1 stays, because its step was archived." in told
    assert f"/leads/{shut.number}/" in told, "with a link to it"
    assert steps(house, "Hector Salinas") == ["Follow-up"]


def test_of_one_pipeline_its_own_steps_can_be_chosen(mona, house):
    page = mona.ask("bulk/", {"act": "move", "pick": [house.jobs[t].number for t in ROOF]}).content.decode()
    stage = re.search(r'value="(stage:\d+)">Signed<', flat(page))[1]
    assert '<optgroup label="Decide">' in page
    url = re.search(r'hx-post="([^"]+)"', page)[1]
    mona.apply(url, stage)
    assert steps(house, *ROOF) == ["Signed", "Signed", "Signed", "Quote sent"]
    mixed = mona.choose("move", CARE + ROOF)
    assert mona.apply(mixed, stage).status_code == 422, "not for several pipelines"


def test_assigning_and_prioritizing(mona, house):
    to = str(house.sam.uid)
    url = mona.choose("assign", CARE + ROOF)
    assert mona.effect(url, to) == ["5 leads go to Sam Service."]
    assert "5 leads are with Sam Service now." in mona.apply(url, to, reason="Rita is on leave").content.decode()
    url = mona.choose("assign", CARE)
    assert mona.effect(url, to) == ["1 needs no change."]
    assert mona.apply(url, to).status_code == 422, "nothing would change"
    assert mona.effect(url, "nobody") == ["1 lead becomes unclaimed."]
    url = mona.choose("prioritize", CARE + ROOF)
    assert mona.effect(url, "1") == ["5 leads become “Urgent”."]
    mona.apply(url, "1")
    with use_tenant(house.tenant):
        found = Job.objects.filter(title__in=CARE + ROOF)
        assert {(job.member_id, job.priority) for job in found} == {(house.sam.pk, 1)}
        told = Event.objects.filter(kind="job.assigned", data__reason="Rita is on leave")
        assert told.count() == 5, "why stands in the timeline of each"
        assert not BulkRun.objects.exclude(reason="").exists()


@pytest.mark.parametrize("to", ["", "phase:9", "phase:0", "stage:1", "1", "nobody", "phase:2:3", "x" * 500])
def test_a_target_that_is_none_is_asked_for_again(mona, house, to):
    url = mona.choose("move", CARE + ROOF)
    answer = mona.apply(url, to)
    assert answer.status_code == 422
    assert "Choose one of these." in answer.content.decode()


def test_all_of_a_view_is_resolved_by_the_server(mona, house):
    url = mona.choose("prioritize", view="?source=Google+Ads", all="1")
    assert mona.effect(url, "1") == ["2 leads become “Urgent”."]
    url = mona.choose("prioritize", picked=",".join(str(house.jobs[t].number) for t in ROOF) + ",zz,٣," + "9" * 40)
    assert mona.effect(url, "1") == ["4 leads become “Urgent”."]


def test_what_was_shown_is_what_is_done(mona, house):
    url = mona.choose("prioritize", view="?source=Google+Ads", all="1")
    with use_tenant(house.tenant):
        Job.objects.filter(title="Marisol Vega").update(source=house.jobs["Hector Salinas"].source_id)
    mona.apply(url, "1")
    with use_tenant(house.tenant):
        assert Job.objects.filter(priority=1).count() == 2


def test_nothing_selected_and_too_many_are_told(mona, house, monkeypatch):
    answer = mona.ask("bulk/", {"act": "move"})
    assert answer.status_code == 422
    assert "Select some leads first." in answer.content.decode()
    monkeypatch.setattr(selection, "MOST", 3)
    answer = mona.ask("bulk/", {"act": "move", "all": "1"})
    assert "That is more than 3 leads." in answer.content.decode()


def test_a_rep_changes_the_own_leads_only(house):
    with use_tenant(house.tenant):
        house.jobs["Hers"] = open_job(title="Hers", member=house.mona, by=None, stage=house.stage("New"))
        house.jobs["Nobody’s"] = open_job(title="Nobody’s", by=None, stage=house.stage("New"))
    rita = Desk(house, house.rita)
    url = rita.choose("prioritize", ["Hers", "Nobody’s", *CARE])
    assert rita.effect(url, "1") == ["2 leads become “Urgent”."]
    page = rita.ask("bulk/", {"act": "assign", "pick": house.jobs["Nobody’s"].number}).content.decode()
    choices = re.findall(r'<option value="([^"]+)"', page)
    assert choices == [str(house.rita.uid), "nobody"], "who may only claim gives nothing to others"
    url = re.search(r'hx-post="([^"]+)"', page)[1]
    assert rita.apply(url, str(house.sam.uid)).status_code == 422
    assert rita.apply(url, str(house.rita.uid)).status_code == 200
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Nobody’s").member_id == house.rita.pk
        assert Job.objects.get(title="Hers").priority == 3


def test_a_lead_handed_on_in_between_stays(house):
    rita = Desk(house, house.rita)
    url = rita.choose("prioritize", CARE + ROOF)
    with use_tenant(house.tenant):
        Job.objects.get(title="Luz Okafor").assign_to(house.mona, by=house.mona)
    rita.apply(url, "1")
    with use_tenant(house.tenant):
        assert Job.objects.get(title="Luz Okafor").priority == 3
        assert Job.objects.get(title="Hector Salinas").priority == 1


def test_service_and_other_people_find_nothing(mona, house):
    url = mona.choose("move", CARE + ROOF)
    sam, ada = Desk(house, house.sam), Desk(house, house.ada)
    assert sam.ask("bulk/", {"act": "move", "pick": house.jobs["Luz Okafor"].number}).status_code == 404
    assert sam.ask(url).status_code == ada.ask(url).status_code == ada.apply(url, "phase:4").status_code == 404
    assert ada.ask(f"{url}cancel/", {}).status_code == 404
    assert mona.ask("bulk/", {"act": "drop", "pick": 1}).status_code == 422
    assert 'name="pick"' not in sam.ask("", htmx=False).content.decode()
    assert steps(house, *CARE) == ["Plan offered"]


def test_two_clicks_do_it_once(mona, house):
    url = mona.choose("move", CARE + ROOF)
    mona.apply(url, "phase:4")
    again = mona.apply(url, "phase:5")
    assert again.status_code == 302
    assert steps(house, *CARE) == ["Agreed"]


@pytest.mark.parametrize("place", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_no_link_leads_out_of_the_house(mona, house, place):
    url = mona.choose("prioritize", ROOF)
    assert f'href="{place}' not in mona.ask(f"{url}?next={place}", htmx=False).content.decode()
    mona.apply(url, "1")
    over = mona.ask(f"{url}?next={place}", htmx=False).content.decode()
    assert f'href="{place}' not in over
    assert f'<a class="btn is-primary" href="{mona.base}"' in over


def test_without_scripts_it_goes_by_pages(mona, house):
    numbers = [house.jobs[t].number for t in ROOF]
    here = f"{mona.base}?source=Google+Ads&priority=3"
    answer = mona.ask("bulk/", {"act": "move", "pick": numbers, "next": here}, htmx=False)
    assert answer.status_code == 302
    page = mona.ask(answer["Location"], htmx=False).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    assert f'href="{escape(here)}"' in page, "back to the whole view, with all of its filters"
    url = answer["Location"].partition("?")[0]
    shown = mona.ask(url, {"to": "stage:0", "next": here}, htmx=False)
    assert shown.status_code == 422
    to = re.search(r'value="(stage:\d+)">Signed<', flat(page))[1]
    shown = mona.ask(url, {"to": to, "next": here}, htmx=False).content.decode()
    assert "3 leads move to “Signed”." in shown
    assert "1 has ended and stays as it is." in shown
    done = mona.ask(url, {"to": to, "apply": "1", "next": here}, htmx=False)
    assert (done.status_code, done["Location"]) == (302, here)
    back = mona.ask(here, htmx=False).content.decode()
    assert "3 leads moved to “Signed”." in back
    assert re.search(r'action="[^"]*/undo/', back), "with a way back"


def test_statements_do_not_grow_with_the_leads(house, mona):
    fill(house, 110)
    with use_tenant(house.tenant):
        stage = f"stage:{house.stage('Quote sent').pk}"
    cost = []
    for title in ("Lead 00", "Lead 0"):
        with use_tenant(house.tenant):
            numbers = list(Job.objects.filter(title__startswith=title).values_list("number", flat=True))
        url = mona.choose("move", picked=",".join(map(str, numbers)))
        with CaptureQueriesContext(connection) as captured:
            assert mona.apply(url, stage).status_code == 200
        cost.append((len(numbers), len(data_queries(captured))))
    (few, one), (more, other) = cost
    assert (few, more) == (10, 100)
    assert one == other
