"""The verbs from the browser: with scripts and without, races, refusals, and the next step beside a lead."""

import re
from typing import Any

import html5lib
import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpNote, FollowUpStatus
from tests.markup import flat


def fresh(house: Any, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        found: FollowUp = FollowUp.objects.get(pk=follow_up.pk)
        return found


def noted(house: Any, follow_up: FollowUp) -> list[str]:
    with use_tenant(house.tenant):
        return [note.body for note in FollowUpNote.objects.of([follow_up.pk])]


def form(follow_up: FollowUp, **more: str) -> dict[str, str]:
    return {"version": str(follow_up.version), "come_from": "list", **more}


def test_one_click_completes_and_offers_the_next(as_member: Any, planned: Any, house: Any) -> None:
    follow_up = planned()
    data = form(follow_up, outcome="successful")
    answer = as_member("rita").post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True)
    body = answer.content.decode()
    assert answer["HX-Trigger"] == "followups"
    assert 'class="todo-row is-done"' in body
    assert "Done: Successful." in body
    assert "And then?" in body
    assert fresh(house, follow_up).status == FollowUpStatus.COMPLETED
    html5lib.HTMLParser(strict=True).parseFragment(body)


def test_without_scripts_it_goes_back_to_where_it_stood(as_member: Any, planned: Any, house: Any) -> None:
    rita, follow_up = as_member("rita"), planned()
    here = f"/{house.tenant.slug}/followups/?when=today"
    data = form(follow_up, outcome="no_answer", next=here)
    assert rita.post(f"followups/{follow_up.uid}/complete/", data)["Location"] == here
    assert "Done: No answer." in rita.get("followups/")
    other = planned()
    elsewhere = form(other, outcome="successful", next="//evil.example/")
    assert rita.post(f"followups/{other.uid}/complete/", elsewhere)["Location"] == f"/{house.tenant.slug}/followups/"


def test_completing_plans_the_next_in_the_same_act(as_member: Any, planned: Any, house: Any) -> None:
    follow_up = planned()
    data = form(follow_up, outcome="no_answer", then="call tue 3pm", note="Voicemail.")
    as_member("rita").post(f"followups/{follow_up.uid}/complete/", data)
    with use_tenant(house.tenant):
        after = FollowUp.objects.open().get()
        assert (after.after_id, after.kind, after.assignee_id) == (follow_up.pk, "call", house.rita.pk)
        assert f"{after.due_at:%m-%d %H:%M}" == "12-01 20:00", "three in New York"
        assert Job.objects.get(pk=house.job.pk).next_step_at == after.due_at


@pytest.mark.parametrize(
    ("data", "words"),
    [({"outcome": ""}, "Choose an outcome"), ({"outcome": "successful", "then": "call"}, "When?")],
)
def test_what_is_unclear_completes_nothing(
    as_member: Any, planned: Any, house: Any, data: dict[str, str], words: str
) -> None:
    follow_up = planned()
    url = f"followups/{follow_up.uid}/complete/"
    assert words in as_member("rita").post(url, form(follow_up, **data), status=422).content.decode()
    assert words in as_member("rita").post(url, form(follow_up, **data), status=422, htmx=True).content.decode()
    assert fresh(house, follow_up).status == FollowUpStatus.PENDING


def test_the_loser_of_a_race_is_shown_how_it_is_now(as_member: Any, planned: Any, house: Any) -> None:
    follow_up = planned()
    shown = form(follow_up, when="tomorrow")
    as_member("mona").post(f"followups/{follow_up.uid}/reschedule/", shown)
    moved = fresh(house, follow_up).due_at
    url = f"followups/{follow_up.uid}/complete/"
    for htmx in (True, False):
        answer = as_member("rita").post(url, form(follow_up, outcome="successful"), status=409, htmx=htmx)
        assert "Someone else changed this in the meantime" in answer.content.decode()
    now = fresh(house, follow_up)
    assert (now.status, now.due_at, now.version) == (FollowUpStatus.PENDING, moved, 2)


def test_a_closed_one_refuses_with_words(as_member: Any, planned: Any, house: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    rita.post(f"followups/{follow_up.uid}/cancel/", form(follow_up))
    closed = fresh(house, follow_up)
    for verb in ("start", "complete", "reschedule", "assign"):
        data = form(closed, outcome="successful", when="tomorrow", assignee=str(house.sam.uid))
        answer = rita.post(f"followups/{follow_up.uid}/{verb}/", data, status=409)
        assert "This is no longer possible" in answer.content.decode()
    rita.post(f"followups/{follow_up.uid}/reopen/", form(closed))
    assert fresh(house, follow_up).is_open


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"when": "today"}, "11-25 21:00"),
        ({"when": "tomorrow"}, "11-26 19:00"),
        ({"when": "week"}, "11-30 19:00"),
        ({"day": "2026-12-24", "clock": "10:30"}, "12-24 15:30"),
        ({"day": "2026-12-24"}, "12-24 14:00"),
    ],
)
def test_moving(as_member: Any, planned: Any, house: Any, data: dict[str, str], at: str) -> None:
    follow_up = planned()
    as_member("rita").post(f"followups/{follow_up.uid}/reschedule/", form(follow_up, **data))
    assert f"{fresh(house, follow_up).due_at:%m-%d %H:%M}" == at


@pytest.mark.parametrize("data", [{"when": "never"}, {"day": "2020-01-01"}, {"day": "x", "clock": "y"}, {}])
def test_moving_to_nowhere(as_member: Any, planned: Any, data: dict[str, str]) -> None:
    follow_up = planned()
    url = f"followups/{follow_up.uid}/reschedule/"
    assert "Choose a day" in as_member("rita").post(url, form(follow_up, **data), status=422).content.decode()


def test_its_page_has_all_the_verbs(as_member: Any, planned: Any, house: Any) -> None:
    follow_up, rita = planned("Call <b>", hours=-30), as_member("rita")
    url = f"followups/{follow_up.uid}/"
    for verb, data in (
        ("start", {}),
        ("note", {"note": "Ask for the gate code"}),
        ("assign", {"assignee": str(house.sam.uid)}),
    ):
        rita.post(f"{url}{verb}/", form(fresh(house, follow_up), **data))
    now = fresh(house, follow_up)
    assert (now.status, noted(house, now), now.assignee_id) == ("in_progress", ["Ask for the gate code"], house.sam.pk)
    page = rita.get(url)
    assert "Call &lt;b&gt;" in page
    assert "Sam Service" in page
    html5lib.HTMLParser(strict=True).parse(page)
    rita.post(f"{url}note/", form(now, note=" "), status=422)
    rita.post(f"{url}assign/", form(now, assignee="nobody"), status=422)


def test_reps_reach_neither_others_follow_ups_nor_their_jobs(as_member: Any, planned: Any, house: Any) -> None:
    with use_tenant(house.tenant):
        other = open_job(title="Monas lead", member=house.mona, by=house.mona)
    monas = planned(job=other, assignee=house.mona, by=house.mona)
    rita = as_member("rita")
    rita.get(f"followups/{monas.uid}/", status=404)
    rita.get(f"followups/job/{other.number}/", status=404)
    rita.get(f"followups/new/?job={other.number}", status=404)
    rita.post("followups/new/", {"job": other.number, "text": "call tomorrow"}, status=404)
    for verb in ("start", "complete", "cancel", "reopen", "reschedule", "assign", "note"):
        rita.post(f"followups/{monas.uid}/{verb}/", form(monas, outcome="successful"), status=404)
    handed = planned(job=other, assignee=house.rita, by=house.mona)
    page = rita.get("followups/") + rita.get(f"followups/{handed.uid}/")
    assert page.count("<bdi>Monas lead") == 2
    assert f"/leads/{other.number}/" not in page, "no link that leads nowhere"
    answer = rita.post(f"followups/{handed.uid}/start/", form(handed, come_from="panel"), status=200, htmx=True)
    assert "next-step" not in answer.content.decode(), "nor the panel of a lead she does not see"
    as_member("sam").get(f"followups/{monas.uid}/")
    as_member("mona").get(f"followups/job/{other.number}/")


def test_the_panel_beside_a_lead(as_member: Any, planned: Any, house: Any) -> None:
    rita, url = as_member("rita"), f"followups/job/{house.job.number}/"
    assert "No next step" in rita.get(url, htmx=True)
    data = {"job": house.job.number, "come_from": "panel", "text": "visit 12 June 10:30 about gutters"}
    body = rita.post("followups/new/", data, status=200, htmx=True).content.decode()
    assert "Planned: Visit about gutters · Sat, Jun 12, 2027, 10:30\u202fAM" in body.replace("\u00a0", "\u202f")
    assert "Today 4:00" in body
    body = rita.post("followups/new/", data | {"text": "hm"}, status=422, htmx=True).content.decode()
    assert "When?" in body
    assert 'value="hm"' in body
    with use_tenant(house.tenant):
        follow_up = FollowUp.objects.get()
    data = form(follow_up, come_from="panel", outcome="successful")
    body = rita.post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True).content.decode()
    assert flat(body).startswith('<div class="side-block next-step" id="next-step"')
    assert "No next step" in body
    html5lib.HTMLParser(strict=True).parseFragment(body)
    page = rita.get(url)
    assert "<html" in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_the_lead_page_and_list_lead_there(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    place = f"/{house.tenant.slug}/followups/"
    assert f'hx-get="{place}job/{house.job.number}/"' in rita.get(f"leads/{house.job.number}/")
    hole = re.search(
        r'<a class="next missing" href="([^"]+)" data-act="plan">.*?Plan next step</span></a>', rita.get("leads/")
    )
    assert hole
    assert hole[1] == f"{place}new/?job={house.job.number}"
    assert "Cora Customer" in rita.get(hole[1].removeprefix(f"/{house.tenant.slug}/"))


def test_planning_by_words_and_by_fields(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    lead = f"/{house.tenant.slug}/leads/{house.job.number}/"
    answer = rita.post("followups/new/", {"job": house.job.number, "text": "bel di 15:00", "next": lead})
    assert answer["Location"] == lead
    assert "Planned: Bel · Tue, Dec 1" in rita.get("followups/")
    fields = {"kind": "video", "subject": "Show the drawings", "day": "2026-12-02", "clock": "09:15"}
    rita.post("followups/new/", {**fields, "assignee": str(house.sam.uid), "priority": "1", "notes": "Bring them"})
    with use_tenant(house.tenant):
        one = FollowUp.objects.get(kind="video")
        assert (one.subject, one.assignee_id, one.priority, one.job_id) == ("Show the drawings", house.sam.pk, 1, None)
    page = rita.post("followups/new/", {"text": "soon <b>"}, status=422).content.decode()
    assert "When?" in page
    assert "soon &lt;b&gt;" in page
    assert "Choose a day" in rita.post("followups/new/", {"day": "2020-01-01"}, status=422).content.decode()
    rita.post("followups/new/", {"job": "999999999999", "text": "call tomorrow"}, status=404)
    rita.post("followups/new/", {"job": "x", "text": "call tomorrow"}, status=404)


def test_it_says_what_it_understood(as_member: Any) -> None:
    rita = as_member("rita")
    assert rita.get("followups/understand/?text=email+tomorrow+9").startswith("<b>Email</b> · Thu, Nov 26, 9:00")
    assert rita.get("followups/understand/?text=email+the+quote+tomorrow").startswith(
        "Email · <b>Email the quote</b> · "
    )
    assert "When?" in rita.get("followups/understand/?text=email")
    assert rita.get("followups/understand/?text=") == ""
    assert "<script" not in rita.get("followups/understand/?text=%3Cscript%3E+tomorrow")
    asks_at_once = 'hx-trigger="load, input changed'
    assert asks_at_once in rita.get("followups/new/?text=call+tomorrow"), "what came along is read aloud too"
    assert asks_at_once not in rita.get("followups/new/")


def test_the_timeline_tells_it_once(as_member: Any, planned: Any, house: Any) -> None:
    follow_up, rita = planned(hours=-3), as_member("rita")
    rita.post(f"followups/{follow_up.uid}/complete/", form(follow_up, outcome="no_answer"))
    page = rita.get(f"leads/{house.job.number}/")
    assert "planned a follow-up: Call" in page
    assert "completed a follow-up: Call · No answer" in page
    assert "A follow-up was missed: Call" in page
    assert "next step" not in page.split('class="feed"')[1].split("</section>")[0]


def test_the_one_line_in_the_dialog(as_member: Any, house: Any) -> None:
    rita, number = as_member("rita"), house.job.number
    asked = rita.get(f"followups/new/?job={number}", htmx=True)
    assert "<html" not in asked
    assert "Plan the next step" in asked
    data = {"job": number, "come_from": "dialog", "text": "hm"}
    again = rita.post("followups/new/", data, status=422, htmx=True).content.decode()
    assert flat(again).startswith("<form")
    assert 'value="hm"' in again
    done = rita.post("followups/new/", data | {"text": "call tomorrow 3pm"}, status=200, htmx=True)
    assert (done["HX-Trigger"], done["HX-Reswap"]) == ("followups, planned", "none")
    assert "Planned: Call" in done.content.decode()
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(job=house.job).subject == "Call"


def test_the_priority_is_set_on_its_page(planned: Any, as_member: Any, house: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    assert f"followups/{follow_up.uid}/prioritize/" in rita.get(f"followups/{follow_up.uid}/")
    rita.post(f"followups/{follow_up.uid}/prioritize/", {"version": "1", "priority": "9"}, status=422)
    rita.post(f"followups/{follow_up.uid}/prioritize/", {"version": "1", "priority": str(Priority.URGENT)})
    rita.post(f"followups/{follow_up.uid}/prioritize/", {"version": "1", "priority": "1"}, status=409)
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(pk=follow_up.pk).priority == Priority.URGENT


def test_the_day_it_is_promised_for_is_kept_and_shown(as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    fields = {"kind": "call", "subject": "Call back", "day": "2026-11-27", "limit_day": "2026-11-30"}
    assert (
        "before the day it is planned for"
        in rita.post("followups/new/", fields | {"limit_day": "2026-11-26"}, status=422).content.decode()
    )
    rita.post("followups/new/", fields)
    with use_tenant(house.tenant):
        follow_up = FollowUp.objects.get()
    assert "Mon, Nov 30" in rita.get(f"followups/{follow_up.uid}/")
