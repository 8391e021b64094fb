"""Bulk actions on the list: the preview is what happens, one undo puts it back, and what changed meanwhile stays."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from followups.bulk.reschedule import Reschedule
from followups.bulk.runs import prepare_run, preview_changes
from followups.models import FollowUp, FollowUpBulkRun
from followups.models.due_time import MISSED
from followups.models.reminder import Reminder

RUN = re.compile(r'action="/[^/"]+/(followups/bulk/[0-9a-f-]{36}/)"')
DIGEST = re.compile(r'name="preview" value="(\w+)"')
UNDO = re.compile(r'action="/[^/"]+/(undo/[0-9a-f-]{36}/)"')


class Selection:
    """A selection of follow-ups and an act, as a member's browser goes through it."""

    def __init__(self, browser: Any, rows: list[FollowUp], act: str, **values: Any) -> None:
        self.browser = browser
        self.values = values
        data = {"pick": [row.pk for row in rows], "act": act}
        page = browser.post("followups/bulk/", data, status=200, htmx=True).content.decode()
        html5lib.HTMLParser(strict=True).parseFragment(page)
        self.url = RUN.search(page)[1]

    def preview(self) -> str:
        page = self.browser.post(self.url, self.values, status=200, htmx=True).content.decode()
        html5lib.HTMLParser(strict=True).parseFragment(page)
        return re.sub(r"\s+", " ", page)

    def apply(self, page: str, *, status: int = 200) -> str:
        digest = DIGEST.search(page)
        data = self.values | {"apply": "1", "preview": digest[1] if digest else ""}
        return self.browser.post(self.url, data, status=status, htmx=True).content.decode()


@pytest.fixture
def plan(planned: Any, house: Any) -> Callable[..., list[FollowUp]]:
    """Plan as many calls, each on a lead of its own, an hour apart."""

    def build(count: int = 3, **changed: Any) -> list[FollowUp]:
        with use_tenant(house.tenant):
            jobs = [open_job(title=f"Lead {number}", member=house.rita, by=None) for number in range(count)]
        return [planned(f"Call {number}", hours=number + 1, job=job, **changed) for number, job in enumerate(jobs)]

    return build


def state(house: Any, rows: list[FollowUp]) -> list[Any]:
    with use_tenant(house.tenant):
        ids = [row.pk for row in rows]
        columns = ("status", "outcome", "due_at", "assignee_id", "priority", "missed_at")
        jobs = Job.objects.filter(pk__in=[row.job_id for row in rows]).order_by("pk")
        dues = Due.objects.filter(kind=MISSED, subject_id__in=ids, run_at__isnull=False).order_by("subject_id")
        kept = list(FollowUp.objects.filter(pk__in=ids).order_by("pk").values_list(*columns))
        reminders = Reminder.objects.waiting().filter(follow_up_id__in=ids).order_by("follow_up_id", "minutes_before")
        return [
            kept,
            list(reminders.values_list("follow_up_id", "minutes_before", "channel", "due_at", "planned_at")),
            [(*job.next_step, job.touched_at) for job in jobs],
            list(dues.values_list("subject_id", "due_at")),
        ]


ACTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "start": ("status", {"to": "start"}, "3 become “In progress”."),
    "complete": ("status", {"to": "complete:successful"}, "3 become “Done · Successful”."),
    "cancel": ("status", {"to": "cancel"}, "3 become “Cancelled”."),
    "prioritize": ("prioritize", {"to": "1"}, "3 become “Urgent”."),
    "one time": ("reschedule", {"how": "at", "day": "2026-12-01", "clock": "10:00"}, "3 move to Tue, Dec 1."),
    "by days": ("reschedule", {"how": "by", "days": "2"}, "3 move to Fri, Nov 27."),
    "spread": ("reschedule", {"how": "spread", "days": "3"}, "Days after the change"),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_preview_says_what_happens_and_one_undo_puts_it_back(
    name: str, plan: Any, as_member: Any, house: Any
) -> None:
    rows, rita = plan(), as_member("rita")
    act, values, sentence = ACTS[name]
    before = state(house, rows)
    selection = Selection(rita, rows, act, **values)
    page = selection.preview()
    assert sentence in page
    assert state(house, rows) == before
    told = selection.apply(page)
    assert ": 3 follow-ups." in told
    assert state(house, rows) != before
    rita.post(UNDO.search(told)[1], {}, status=200, htmx=True)
    assert state(house, rows) == before


def test_closed_ones_stay_and_are_counted(plan: Any, as_member: Any, house: Any) -> None:
    rows, rita = plan(), as_member("rita")
    with use_tenant(house.tenant):
        rows[0].cancel(by=house.rita)
    page = Selection(rita, rows, "prioritize", to="1").preview()
    assert "2 become “Urgent”." in page
    assert "1 is done or cancelled and stays." in page


def test_a_reopened_one_takes_along_what_was_planned_with_its_completion(plan: Any, as_member: Any, house: Any) -> None:
    [row], rita = plan(1), as_member("rita")
    data = {"version": "1", "come_from": "list", "outcome": "successful", "then": "email fri 9am"}
    rita.post(f"followups/{row.uid}/complete/", data, status=200, htmx=True)
    before = state(house, [row])
    selection = Selection(rita, [row], "status", to="reopen")
    told = selection.apply(selection.preview())
    with use_tenant(house.tenant):
        assert list(FollowUp.objects.open().values_list("subject", flat=True)) == [row.subject]
    rita.post(UNDO.search(told)[1], {}, status=200, htmx=True)
    assert state(house, [row]) == before
    with use_tenant(house.tenant):
        assert list(FollowUp.objects.open().values_list("subject", flat=True)) == ["Email"]


def test_what_changed_since_the_preview_is_shown_again(plan: Any, as_member: Any, house: Any) -> None:
    rows, rita = plan(), as_member("rita")
    selection = Selection(rita, rows, "prioritize", to="1")
    page = selection.preview()
    with use_tenant(house.tenant):
        rows[0].assign_to(house.mona, by=house.mona)
    assert "something changed since the preview" in selection.apply(page, status=422)
    with use_tenant(house.tenant):
        assert not FollowUp.objects.filter(priority=Priority.URGENT).exists()


def test_what_changes_while_it_runs_stays_and_is_counted(
    plan: Any, as_member: Any, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, rita = plan(), as_member("rita")
    selection = Selection(rita, rows, "prioritize", to="1")
    page = selection.preview()
    started = FollowUpBulkRun.set_plan

    def change_first(run: FollowUpBulkRun, *values: Any) -> None:
        started(run, *values)
        FollowUp.objects.get(pk=rows[0].pk).assign_to(house.mona, by=house.mona)

    monkeypatch.setattr(FollowUpBulkRun, "set_plan", change_first)
    told = selection.apply(page)
    assert "Priority set: 2 follow-ups. 1 was changed by somebody in the meantime and stays." in told
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(pk=rows[0].pk).priority == Priority.NORMAL


def test_undo_leaves_what_somebody_changed_since(plan: Any, as_member: Any, house: Any) -> None:
    rows, rita = plan(), as_member("rita")
    selection = Selection(rita, rows, "reschedule", how="by", days="2")
    told = selection.apply(selection.preview())
    with use_tenant(house.tenant), clock.at(clock.now() + timedelta(minutes=1)):
        moved = FollowUp.objects.get(pk=rows[0].pk)
        moved.assign_to(house.mona, by=house.mona)
    answer = rita.post(UNDO.search(told)[1], {}, status=409, htmx=True).content.decode()
    assert "Undone for 2; 1 has been changed since and stays as it is." in answer
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(pk=rows[0].pk).due_at == moved.due_at


def test_a_rep_cannot_reach_others_by_their_ids(planned: Any, plan: Any, as_member: Any, house: Any) -> None:
    with use_tenant(house.tenant):
        hers = open_job(title="Hers", member=house.mona, by=None)
    others, own = planned("Hers", job=hers, assignee=house.mona, by=house.mona), plan(1)
    rita = as_member("rita")
    page = Selection(rita, [*own, others], "prioritize", to="1").preview()
    assert "1 follow-up is selected." in page
    data = {"pick": [others.pk], "act": "prioritize"}
    refused = rita.post("followups/bulk/", data, status=422, htmx=True).content.decode()
    assert "Select something first." in refused
    selection = Selection(as_member("mona"), [others], "prioritize", to="1")
    rita.post(selection.url, {"to": "1", "apply": "1"}, status=404)


def test_a_time_after_the_promised_one_is_refused(plan: Any, as_member: Any) -> None:
    [row], rita = plan(1, limit_at=datetime(2026, 11, 26, 17, tzinfo=UTC)), as_member("rita")
    late = Selection(rita, [row], "reschedule", how="at", day="2026-12-01", clock="").preview()
    assert "1 stays: it is promised for an earlier time." in late
    assert "Nothing would change." in Selection(rita, [row], "reschedule", how="by", days="3").apply("", status=422)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"how": "at", "day": ""}, "Choose a day and time in the future."),
        ({"how": "by", "days": ""}, "Say how many working days."),
        ({"how": "spread", "days": "99"}, "less than or equal to 30"),
        ({"how": "leap"}, "not one of the available choices"),
    ],
)
def test_a_form_that_is_not_filled_in_says_so(values: Any, sentence: str, plan: Any, as_member: Any) -> None:
    selection = Selection(as_member("rita"), plan(1), "reschedule", **values)
    page = selection.browser.post(selection.url, values, status=422, htmx=True).content.decode()
    assert sentence in page


def test_a_time_that_has_passed_moves_nothing(plan: Any, as_member: Any) -> None:
    page = Selection(as_member("rita"), plan(1), "reschedule", how="at", day="2026-11-01", clock="").preview()
    assert "1 stays: its new time would have passed." in page


def test_without_scripts_it_goes_by_pages(plan: Any, as_member: Any, house: Any) -> None:
    rows, rita = plan(2), as_member("rita")
    answer = rita.post("followups/bulk/", {"pick": [row.pk for row in rows], "act": "prioritize"})
    url = answer["Location"].removeprefix(f"/{house.tenant.slug}/").partition("?")[0]
    assert "2 follow-ups are selected." in rita.get(url)
    page = rita.post(url, {"to": "1"}, status=200).content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    answer = rita.post(url, {"to": "1", "apply": "1", "preview": DIGEST.search(page)[1]})
    assert answer["Location"] == f"/{house.tenant.slug}/followups/"
    assert "Priority set: 2 follow-ups." in rita.get("followups/")
    assert rita.post(url, {"to": "2", "apply": "1"})["Location"] == f"/{house.tenant.slug}/{url}"


def test_a_large_selection_is_done_by_a_worker(
    plan: Any, as_member: Any, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.platform.work.runs.kinds import registered

    rows, rita = plan(3), as_member("rita")
    monkeypatch.setattr(registered[FollowUpBulkRun], "small", 1)
    selection = Selection(rita, rows, "prioritize", to="1")
    data = selection.values | {"apply": "1", "preview": DIGEST.search(selection.preview())[1]}
    answer = rita.post(selection.url, data, status=200, htmx=True)
    assert answer["HX-Redirect"].startswith(f"/{house.tenant.slug}/{selection.url}")
    assert "0 of 3 follow-ups." in rita.get(selection.url)
    rita.post(f"{selection.url}cancel/", {})
    assert "Stopped after 0 of 3." in rita.get(selection.url)


def test_moved_ones_have_their_reminders_at_the_new_time(plan: Any, as_member: Any, house: Any) -> None:
    rows, rita = plan(), as_member("rita")
    selection = Selection(rita, rows, "reschedule", how="by", days="2")
    selection.apply(selection.preview())
    with use_tenant(house.tenant):
        due_times = dict(FollowUp.objects.values_list("pk", "due_at"))
        reminders = list(Reminder.objects.waiting().values_list("follow_up_id", "due_at"))
    assert len(reminders) == 3
    assert all(due_times[pk] == due_at for pk, due_at in reminders)


def test_a_preview_of_ten_costs_no_more_statements_than_one_of_two(plan: Any, house: Any) -> None:
    rows, costs = plan(10), []
    with use_tenant(house.tenant):
        for size in (2, 10):
            run = prepare_run("reschedule", [row.pk for row in rows[:size]], by=house.mona)
            with CaptureQueriesContext(connection) as captured:
                preview_changes(run, Reschedule({"how": "spread", "days": 5}, house.mona))
            costs.append(len(captured))
    assert costs[1] <= costs[0]
