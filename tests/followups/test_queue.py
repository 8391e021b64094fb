"""The call queue: whom to call at which number, how it went in the tick's menu, the lead by its name, found by text."""

import re
from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import AccessLog, Due
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.queries import data_queries


def lead(house: Any, name: str, *, phone: str = "", member: Any = None) -> Job:
    with use_tenant(house.tenant):
        person = Person.objects.create(name=name)
        if phone:
            ContactPoint.objects.create(person=person, kind="phone", value=phone)
        return open_job(title=name, by=None, person=person, member=member or house.rita)


def test_a_row_has_the_number_to_call_and_to_text(planned, as_member, house):
    planned()
    page = as_member("rita").get("followups/")
    assert 'href="tel:+18135550142" data-act="call"' in page
    composer = r'hx-get="/suncoast-test/messages/write/\d+/"\s+hx-target="#dialog" hx-swap="innerHTML" data-act="write"'
    assert re.search(composer, page)
    assert "(813) 555-0142" in page
    with use_tenant(house.tenant):
        assert AccessLog.objects.of(house.job).count() == 1, "who read it is on record"


def test_no_number_of_a_lead_that_one_does_not_see(planned, as_member, house):
    planned(job=lead(house, "Hector Salinas", phone="+18135550199", member=house.sam))
    page = as_member("rita").get("followups/")
    assert "Hector Salinas" in page
    assert "5550199" not in page


def test_the_queries_of_the_page_do_not_grow_with_its_rows(planned, as_member, house):
    rita = as_member("rita")
    planned(job=lead(house, "One One", phone="+18135550101"))
    rita.get("followups/")
    with data_queries() as few:
        rita.get("followups/")
    for nth in range(5):
        planned(job=lead(house, f"Two {nth}", phone=f"+1813555011{nth}"))
    with data_queries() as many:
        rita.get("followups/")
    assert len(many) == len(few)


def test_how_it_went_is_chosen_in_the_menu_of_the_tick(planned, as_member, house):
    follow_up, rita = planned(), as_member("rita")
    url = f"followups/{follow_up.uid}/complete/"
    menu = rita.get(url, htmx=True)
    assert re.findall(r'name="outcome" value="(\w+)"', menu) == [
        "successful",
        "no_answer",
        "rescheduled",
        "wrong_time",
        "not_needed",
    ]
    given = {"version": "1", "come_from": "menu", "note": "Not home", "outcome": "no_answer"}
    again = rita.post(url, {**given, "then": "whenever"}, status=422, htmx=True)
    assert again["HX-Retarget"] == "#menu"
    assert 'value="Not home"' in again.content.decode(), "what was typed is kept"
    row = rita.post(url, {**given, "then": "call tomorrow 4pm"}, status=200, htmx=True).content.decode()
    assert "Done: No answer. Planned: Call" in row
    assert "todo-then" not in row, "and then was said already"


@pytest.mark.parametrize(("verb", "given"), [("complete", {"outcome": "successful"}), ("cancel", {})])
def test_what_was_done_is_among_the_recent_changes_and_undone_from_there(planned, as_member, house, verb, given):
    follow_up, rita = planned("Ask about the gate"), as_member("rita")
    rita.post(f"followups/{follow_up.uid}/{verb}/", {"version": "1", **given})
    page = rita.get("changes/")
    assert "Ask about the gate" in page
    rita.post(re.search(r'action="/[^/]+/(undo/[^"]+)"', page)[1], {})
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(pk=follow_up.pk).is_open
        assert Job.objects.get(pk=house.job.pk).touched_at is None


def test_a_new_time_and_a_new_member_are_among_them_too(planned, as_member, house):
    follow_up, mona = planned("Ask about the gate"), as_member("mona")
    due_at, assignee = follow_up.due_at, follow_up.assignee_id
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    given = [("reschedule", {"day": day, "clock": "16:00"}), ("assign", {"assignee": str(house.mona.uid)})]
    for version, (verb, sent) in zip((1, 3), given, strict=True):
        mona.post(f"followups/{follow_up.uid}/{verb}/", {"version": version, **sent})
        with use_tenant(house.tenant):
            after = FollowUp.objects.get(pk=follow_up.pk)
            assert (after.due_at, after.assignee_id) != (due_at, assignee)
        page = mona.get("changes/")
        mona.post(re.search(r'action="/[^/]+/(undo/[^"]+)"', page)[1], {})
        with use_tenant(house.tenant):
            after = FollowUp.objects.get(pk=follow_up.pk)
            assert (after.due_at, after.assignee_id, after.is_open) == (due_at, assignee, True)
            assert Job.objects.get(pk=house.job.pk).next_step_at == due_at
            assert Due.objects.filter(kind="followup.miss", subject_id=follow_up.pk, due_at=due_at).exists()


def test_a_heading_counts_its_rows_on_all_pages(planned, as_member, monkeypatch):
    monkeypatch.setattr("crm.web.lists.paging.ROWS", 2)
    for hours in (-1, -2, -3, 1):
        planned(hours=hours)
    page = as_member("rita").get("followups/")
    assert re.search(r"<b>Overdue</b>\s*<span id=\"group-\w+\">3</span>", page)


def test_found_by_what_and_by_whom(planned, as_member, house):
    planned("Ask about gutters")
    planned("Call back", job=lead(house, "Hector Salinas"))
    rita = as_member("rita")
    assert ("gutters" in (page := rita.get("followups/?q=gutter")), "Call back" in page) == (True, False)
    assert ("gutters" in (page := rita.get("followups/?q=salinas")), "Call back" in page) == (False, True)
    assert 'name="q"' in page
    assert "No follow-up matches" in rita.get("followups/?q=nobody")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("call Hector Salinas tue 3pm", "Call"),
        ("call hector tue 3pm about the gutters", "Call about the gutters"),
        ("email to Salinas tomorrow 9", "Email"),
    ],
)
def test_the_line_finds_the_lead_by_its_name(as_member, house, text, subject):
    hector, rita = lead(house, "Hector Salinas"), as_member("rita")
    assert f'<bdi>Hector Salinas</bdi> <span class="muted">#{hector.number}</span>' in rita.get(
        f"followups/understand/?text={text}"
    )
    rita.post("followups/new/", {"text": text})
    with use_tenant(house.tenant):
        found = FollowUp.objects.get()
        assert (found.job_id, found.subject) == (hector.pk, subject)


@pytest.mark.parametrize("text", ["order shingles tomorrow", "call about hector tomorrow", "call Al tomorrow"])
def test_a_line_without_a_name_is_about_no_lead(as_member, house, text):
    lead(house, "Hector Salinas")
    as_member("rita").post("followups/new/", {"text": text})
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().job_id is None


def test_of_several_of_a_name_one_is_chosen_and_of_a_colleague_s_none_is_told(as_member, house):
    first, second, rita = lead(house, "Hector Salinas"), lead(house, "Hector Diaz"), as_member("rita")
    lead(house, "Hector Hidden", member=house.sam)
    offered = rita.get("followups/understand/?text=call+hector+tue+3pm")
    assert re.findall(r'name="job" value="(\w+)"', offered) == [str(first.number), str(second.number), "none"]
    assert "Choose one" in rita.post("followups/new/", {"text": "call hector tue 3pm"}, status=422).content.decode()
    rita.post("followups/new/", {"text": "call hector tue 3pm", "job": str(second.number)})
    rita.post("followups/new/", {"text": "call hector tue 3pm", "job": "none"})
    with use_tenant(house.tenant):
        assert list(FollowUp.objects.order_by("pk").values_list("job_id", flat=True)) == [second.pk, None]


def test_its_own_keys_are_in_the_help(as_member):
    page = as_member("rita").get("followups/")
    for keys, does in (("c", "complete"), ("t", "tomorrow"), ("r", "call")):
        assert f'data-keys="{keys}" data-does="{does}"' in page
