"""The form of a follow-up: length, meeting link, reminders and repetition when it is planned and when it is edited."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from crm.integrations.models import MeetingPreference
from crm.platform.tenancy.context import use_tenant
from followups.feed import find_follow_ups, meeting_urls_of
from followups.models import FollowUp, FollowUpSeries, ReminderDefault
from tests.cast import House
from tests.markup import flat

DETAILS = {
    "minutes": "45",
    "meeting": "link",
    "proposed": "15:app",
    "number": ["1", "30"],
    "unit": ["days", "minutes"],
    "channel": ["email", "app"],
}
FORM = {"subject": "Talk it over", "kind": "video", "day": "2026-11-27", "clock": "15:00", "notes": "Bring the plan"}
WEEKLY = {
    "repeat": "weekly",
    "interval": "1",
    "weekdays": ["FR"],
    "ends": "open",
    "holidays": "anyway",
    "zone": "America/New_York",
}


def only(house: House) -> FollowUp:
    with use_tenant(house.tenant):
        follow_up: FollowUp = FollowUp.objects.get()
        return follow_up


def test_the_fields_are_kept(as_member: Callable[[str], Any], house: House) -> None:
    as_member("rita").post("followups/new/", FORM | DETAILS | {"job": str(house.job.number)})
    row = only(house)
    assert (row.minutes, row.meeting, row.notes) == (45, "link", "Bring the plan")
    assert row.own_reminders == [[1440, "email"], [30, "app"]]


def test_reminders_as_they_were_proposed_stay_the_default(as_member: Callable[[str], Any], house: House) -> None:
    proposed = DETAILS | {"number": ["15"], "unit": ["minutes"], "channel": ["app"]}
    as_member("rita").post("followups/new/", FORM | proposed)
    assert only(house).own_reminders is None


def test_without_any_nobody_is_reminded(as_member: Callable[[str], Any], house: House) -> None:
    as_member("rita").post("followups/new/", FORM | {"proposed": "15:app", "number": [""]})
    assert only(house).own_reminders == []


def test_the_form_proposes_what_the_type_and_the_member_have(as_member: Callable[[str], Any], house: House) -> None:
    with use_tenant(house.tenant):
        ReminderDefault(kind="video", times=[[120, "email"]]).save()
    given = {"kind": "video", "proposed": "15:app", "number": ["15"], "unit": ["minutes"], "channel": ["app"]}
    proposed = as_member("rita").post("followups/new/reminders/", given, status=200).content.decode()
    assert 'name="proposed" value="120:email"' in proposed
    assert 'name="number" inputmode="numeric" maxlength="5" value="2"' in flat(proposed)
    own = as_member("rita").post("followups/new/reminders/", given | {"number": ["40"]}, status=200).content.decode()
    assert 'maxlength="5" value="40"' in flat(own)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"minutes": "soon"}, "between one minute and a day"),
        ({"number": ["x", ""]}, "Write a whole number of minutes, hours or days."),
        ({"meeting": "pigeon"}, "Choose how you meet."),
        ({"to": ["customer", "member"]}, "Customers are not reminded of “Video call”."),
        ({"day": "2020-01-01"}, "Choose a day and time in the future."),
        ({"completes_on": "answer"}, "nobody can answer"),
    ],
)
def test_a_wrong_form_keeps_what_was_typed(
    as_member: Callable[[str], Any], house: House, wrong: dict[str, Any], sentence: str
) -> None:
    page = flat(as_member("rita").post("followups/new/", FORM | DETAILS | wrong, status=422).content.decode())
    assert sentence in page
    assert 'value="Talk it over"' in page
    assert "Bring the plan" in page
    assert '<option value="days" selected>' in page
    with use_tenant(house.tenant):
        assert not FollowUp.objects.exists()


def test_the_same_form_plans_a_series(as_member: Callable[[str], Any], house: House) -> None:
    given = FORM | DETAILS | WEEKLY | {"job": str(house.job.number), "completes_on": "answer"}
    as_member("rita").post("followups/new/", given)
    with use_tenant(house.tenant):
        series = FollowUpSeries.objects.get()
        assert (series.rule, series.own_minutes, series.meeting) == ("FREQ=WEEKLY;BYDAY=FR", 45, "link")
        rows = list(FollowUp.objects.filter(series=series))
        assert len(rows) == 2
        assert {(row.minutes, row.meeting, row.completes_on) for row in rows} == {(45, "link", "answer")}
        assert all(row.own_reminders == [[1440, "email"], [30, "app"]] for row in rows)


def test_a_line_with_a_rule_of_the_fields_is_a_series(as_member: Callable[[str], Any], house: House) -> None:
    as_member("rita").post("followups/new/", {"text": "call friday 3pm", "job": str(house.job.number)} | WEEKLY)
    with use_tenant(house.tenant):
        series = FollowUpSeries.objects.get()
        assert (series.kind, f"{series.start_day} {series.start_time:%H:%M}") == ("call", "2026-11-27 15:00")


def test_the_form_of_series_plans_one_that_does_not_repeat(as_member: Callable[[str], Any], house: House) -> None:
    as_member("rita").post("followups/series/new/", FORM | DETAILS | {"repeat": "never"})
    assert (only(house).series_id, only(house).own_minutes) == (None, 45)


def test_what_the_form_of_series_plans_once_can_be_undone(as_member: Callable[[str], Any], house: House) -> None:
    rita = as_member("rita")
    response = rita.post("followups/series/new/", FORM | DETAILS | {"repeat": "never"})
    undo_path = re.search(r"undo/[-0-9a-f]{36}/", rita.client.get(response.url).content.decode())
    assert undo_path
    rita.post(undo_path[0], {})
    assert only(house).status == "cancelled"


def edited(follow_up: FollowUp, **changed: Any) -> dict[str, Any]:
    return FORM | DETAILS | {"version": str(follow_up.version)} | changed


def test_one_is_edited_in_the_same_form(
    as_member: Callable[[str], Any], house: House, planned: Callable[..., FollowUp]
) -> None:
    follow_up, rita = planned(), as_member("rita")
    assert 'value="Call"' in rita.get(f"followups/{follow_up.uid}/edit/")
    given = edited(follow_up, priority="1", assignee=str(house.mona.uid), completes_on="answer")
    rita.post(f"followups/{follow_up.uid}/edit/", given)
    row = only(house)
    assert (row.subject, row.kind, row.minutes, row.priority) == ("Talk it over", "video", 45, 1)
    assert (row.assignee_id, row.completes_on) == (house.mona.pk, "answer")
    assert f"{row.due_at:%m-%d %H:%M}" == "11-27 20:00"


def test_an_edit_that_is_wrong_or_late_changes_nothing(
    as_member: Callable[[str], Any], house: House, planned: Callable[..., FollowUp]
) -> None:
    follow_up, rita = planned(), as_member("rita")
    url = f"followups/{follow_up.uid}/edit/"
    page = rita.post(url, edited(follow_up, number=["x", ""]), status=422).content.decode()
    assert 'value="Talk it over"' in page
    assert rita.post(url, edited(follow_up, subject=""), status=422)
    rita.post(f"followups/{follow_up.uid}/start/", {"version": str(follow_up.version)})
    rita.post(url, edited(follow_up), status=409)
    assert (only(house).subject, only(house).own_minutes) == ("Call", None)


def test_an_overdue_one_is_edited_without_another_time(
    as_member: Callable[[str], Any], house: House, planned: Callable[..., FollowUp]
) -> None:
    follow_up = planned(hours=-2)
    given = edited(follow_up, day="2026-11-25", clock="08:00", subject="Still to do")
    as_member("rita").post(f"followups/{follow_up.uid}/edit/", given)
    assert (only(house).subject, only(house).due_at) == ("Still to do", follow_up.due_at)


def test_an_own_link_is_the_meeting_of_a_call(house: House, planned: Callable[..., FollowUp]) -> None:
    with use_tenant(house.tenant):
        MeetingPreference.choose(house.rita, "link", "https://meet.example/rita")
        row, plain = planned(meeting="link"), planned("Another")
        assert meeting_urls_of([row, plain]) == {row.pk: "https://meet.example/rita"}
        [entry] = find_follow_ups([row.pk])
        assert (entry.is_video, entry.meeting_provider) == (True, "link")
        none = planned("Only talk", kind="video", meeting="none")
        assert meeting_urls_of([none]) == {}
