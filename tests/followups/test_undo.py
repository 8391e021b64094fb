"""What is done with a follow-up can be taken back from its toast, wherever it was done, and then says so there."""

import itertools
import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.queries import data_queries

ACTS = {
    "complete": {"outcome": "successful"},
    "cancel": {},
    "reschedule": {"when": "tomorrow"},
    "assign": {},
}
UNDO = re.compile(r'action="/[^/"]+/(undo/[0-9a-f-]{36}/)"')


def state(house: Any, follow_up: FollowUp) -> list[Any]:
    with use_tenant(house.tenant):
        row = FollowUp.objects.get(pk=follow_up.pk)
        job = Job.objects.get(pk=house.job.pk)
        return [row.status, row.outcome, row.due_at, row.assignee_id, job.next_step]


def open_subjects(house: Any) -> list[str]:
    with use_tenant(house.tenant):
        return list(FollowUp.objects.open().by_time().values_list("subject", flat=True))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("come_from", ["list", "panel"])
def test_an_act_has_its_undo_in_the_toast(act: str, come_from: str, planned: Any, as_member: Any, house: Any) -> None:
    follow_up, mona = planned(), as_member("mona")
    data = {"version": "1", "come_from": come_from, **ACTS[act], "assignee": str(house.mona.uid)}
    before = state(house, follow_up)
    told = mona.post(f"followups/{follow_up.uid}/{act}/", data, status=200, htmx=True).content.decode()
    assert state(house, follow_up) != before
    html5lib.HTMLParser(strict=True).parseFragment(told)
    assert "Call · Cora Customer · " in told, "a toast stands by itself: it says whose"
    answer = mona.post(UNDO.search(told)[1], {"on": ""}, status=200, htmx=True)
    assert "Undone." in answer.content.decode()
    assert {"followups", "planned"} == set(answer["HX-Trigger"].split(", ")), "lists and panels show it anew"
    assert state(house, follow_up) == before
    again = mona.post(UNDO.search(told)[1], {"on": ""}, status=200, htmx=True)
    assert "Undone." in again.content.decode()


def test_without_scripts_the_message_has_it(planned: Any, as_member: Any, house: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    before = state(house, follow_up)
    rita.post(f"followups/{follow_up.uid}/cancel/", {"version": "1"})
    told = rita.get("followups/")
    rita.post(UNDO.search(told)[1], {})
    assert state(house, follow_up) == before


def test_what_a_colleague_changed_meanwhile_stays_and_the_toast_says_so(
    planned: Any, as_member: Any, house: Any
) -> None:
    follow_up, rita = planned(), as_member("rita")
    data = {"version": "1", "come_from": "list", "when": "tomorrow"}
    told = rita.post(f"followups/{follow_up.uid}/reschedule/", data, status=200, htmx=True).content.decode()
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(minutes=1)):
        FollowUp.objects.get(pk=follow_up.pk).assign_to(house.mona, by=house.mona)
    there = state(house, follow_up)
    refused = rita.post(UNDO.search(told)[1], {}, status=409, htmx=True).content.decode()
    assert "Mona Manager changed it in the meantime" in refused
    assert state(house, follow_up) == there


def test_what_was_planned_with_it_goes_with_it_and_what_was_planned_later_stays(
    planned: Any, as_member: Any, house: Any
) -> None:
    follow_up, rita = planned(), as_member("rita")
    data = {"version": "1", "come_from": "list", "outcome": "no_answer", "then": "email fri 9am"}
    told = rita.post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True).content.decode()
    assert open_subjects(house) == ["Email"]
    later = {"text": "visit fri 11am", "job": str(house.job.number), "after": str(follow_up.uid), "come_from": "list"}
    rita.post("followups/new/", later, status=200, htmx=True)
    rita.post(UNDO.search(told)[1], {}, status=200, htmx=True)
    assert open_subjects(house) == ["Call", "Visit"]
    told = rita.post(f"followups/{follow_up.uid}/complete/", {**data, "version": "3"}, status=200, htmx=True)
    assert open_subjects(house) == ["Email", "Visit"]
    rita.post(UNDO.search(told.content.decode())[1], {}, status=200, htmx=True)
    assert open_subjects(house) == ["Call", "Visit"]


def test_the_undo_on_the_row_takes_along_the_same_as_the_one_in_the_toast(
    planned: Any, as_member: Any, house: Any
) -> None:
    follow_up, rita = planned(), as_member("rita")
    before = state(house, follow_up)
    data = {"version": "1", "come_from": "list", "outcome": "successful", "then": "email fri 9am"}
    rita.post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True)
    later = {"text": "visit fri 11am", "job": str(house.job.number), "after": str(follow_up.uid), "come_from": "list"}
    rita.post("followups/new/", later, status=200, htmx=True)
    again = {"version": "2", "come_from": "list"}
    told = rita.post(f"followups/{follow_up.uid}/reopen/", again, status=200, htmx=True).content.decode()
    assert "Reopened. Cancelled with it: Email." in told
    assert open_subjects(house) == ["Call", "Visit"]
    assert state(house, follow_up) == before


def test_what_was_planned_with_it_and_moved_since_stays(planned: Any, as_member: Any, house: Any) -> None:
    follow_up, rita = planned(), as_member("rita")
    data = {"version": "1", "come_from": "list", "outcome": "successful", "then": "email fri 9am"}
    rita.post(f"followups/{follow_up.uid}/complete/", data, status=200, htmx=True)
    with use_tenant(house.tenant):
        FollowUp.objects.open().get().assign_to(house.mona, by=house.rita)
    again = {"version": "2", "come_from": "list"}
    told = rita.post(f"followups/{follow_up.uid}/reopen/", again, status=200, htmx=True).content.decode()
    assert "Reopened." in told
    assert "Cancelled" not in told
    assert open_subjects(house) == ["Call", "Email"]


@pytest.mark.parametrize("come_from", ["list", "panel", "dialog", ""])
def test_what_is_planned_is_taken_back(come_from: str, as_member: Any, house: Any) -> None:
    rita = as_member("rita")
    data = {"text": "call fri 9am", "job": str(house.job.number), "come_from": come_from}
    told = rita.post("followups/new/", data, status=200 if come_from else 302, htmx=bool(come_from))
    page = told.content.decode() if come_from else rita.get("followups/")
    assert open_subjects(house) == ["Call"]
    with use_tenant(house.tenant):
        assert Change.objects.get().kind == "followup.planned"
    rita.post(UNDO.search(page)[1], {}, status=200 if come_from else 302, htmx=bool(come_from))
    assert open_subjects(house) == []
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=house.job.pk).next_step_kind == ""


def test_completions_of_several_members_come_back_as_theirs_with_as_many_statements(planned: Any, house: Any) -> None:
    rows = [planned(subject) for subject in ("First", "Second", "Third")]
    with use_tenant(house.tenant):
        counts = [_undo_reopening(rows, members, house) for members in ([house.rita], [house.rita, house.mona])]
        contacts = Event.objects.filter(kind="job.contacted").order_by("-pk")[:3]
        assert {event.actor_id for event in contacts} == {house.rita.pk, house.mona.pk}
    assert counts[0] == counts[1]


def _undo_reopening(rows: list[FollowUp], members: list[Any], house: Any) -> int:
    """Have these members complete them, a manager reopen all, and count what undoing that asks the database."""
    for row, member in zip(rows, itertools.cycle(members), strict=False):
        row.complete("successful", by=member)
    with undo.record_undoable("followup.reopened", rows, by=house.mona) as change:
        for row in rows:
            row.reopen(by=house.mona)
    with data_queries() as asked:
        undo.undo_change(change.uid, by=house.mona)
    for row in rows:
        row.refresh_from_db()
        row.reopen(by=house.mona)
    return len(asked)
