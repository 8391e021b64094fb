"""The call list: its order, its outcomes, the next call, and undo."""

from datetime import timedelta
from typing import Any

from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from followups.calls.queue import read_queue
from followups.models import FollowUp, FollowUpNote, FollowUpStatus


def end(browser: Any, follow_up: FollowUp, outcome: str, *, status: int = 302, **more: str) -> Any:
    data = {"version": str(follow_up.version), "outcome": outcome, **more}
    return browser.post(f"followups/calls/{follow_up.uid}/end/", data, status=status)


def fresh(house: Any, follow_up: FollowUp) -> FollowUp:
    with use_tenant(house.tenant):
        found: FollowUp = FollowUp.objects.get(pk=follow_up.pk)
        return found


def waiting(house: Any) -> list[str]:
    with use_tenant(house.tenant):
        return [row.subject for row in read_queue(house.rita, Reader.of(house.rita, clock.now())).waiting]


def test_overdue_calls_come_first_and_urgent_ones_before_older(planned: Any, house: Any) -> None:
    planned("Today", hours=2)
    planned("Old", hours=-50)
    planned("Urgent", hours=-3, priority=1)
    planned("Tomorrow", hours=30)
    planned("Letter", hours=-1, kind="email")
    planned("Another’s", hours=-1, assignee=house.mona)
    assert waiting(house) == ["Urgent", "Old", "Today"]


def test_the_card_says_how_far_one_is(as_member: Any, planned: Any) -> None:
    rita, first = as_member("rita"), planned("First", hours=-2)
    planned("Second", hours=1)
    end(rita, first, "reached")
    page = rita.get("followups/calls/")
    assert "1 of 2" in page
    assert "about 15 min left" in page
    assert "Second" in page


def test_saving_shows_the_next_call(as_member: Any, planned: Any, house: Any) -> None:
    first, second = planned("First", hours=-2), planned("Second", hours=1)
    answer = end(as_member("rita"), first, "reached", following=str(second.uid), note="Likes it.")
    assert answer["Location"].endswith(f"/followups/calls/{second.uid}/")
    after = fresh(house, first)
    with use_tenant(house.tenant):
        noted = FollowUpNote.objects.get(follow_up=first).body
    assert (after.status, after.outcome, noted) == (FollowUpStatus.COMPLETED, "successful", "Likes it.")


def test_nobody_answered_plans_the_call_again(as_member: Any, planned: Any, house: Any) -> None:
    first = planned(hours=-2)
    end(as_member("rita"), first, "no_answer")
    with use_tenant(house.tenant):
        again = FollowUp.objects.open().get()
        assert (again.after_id, again.due_at) == (first.pk, clock.now() + timedelta(hours=2))


def test_in_the_evening_it_is_planned_for_the_next_day(as_member: Any, planned: Any, house: Any) -> None:
    first = planned(hours=-2)
    with clock.at(clock.now() + timedelta(hours=7)):
        end(as_member("rita"), first, "no_answer")
        with use_tenant(house.tenant):
            assert FollowUp.objects.open().get().due_at == clock.now() + timedelta(days=1)


def test_a_message_left_is_recorded_as_one(as_member: Any, planned: Any, house: Any) -> None:
    end(as_member("rita"), planned(hours=-2), "message_left")
    with use_tenant(house.tenant):
        assert Event.objects.get(kind="job.contacted").data["outcome"] == "message_left"


def test_call_me_later_asks_when(as_member: Any, planned: Any, house: Any) -> None:
    rita, first = as_member("rita"), planned(hours=-2)
    answer = end(rita, first, "later", status=422, note="Busy.")
    assert "Write when to call again" in answer.content.decode()
    assert "Busy." in answer.content.decode()
    end(rita, first, "later", then="call tue 3pm")
    assert fresh(house, first).outcome == "rescheduled"


def test_no_outcome_completes_nothing(as_member: Any, planned: Any, house: Any) -> None:
    first = planned(hours=-2)
    assert "Choose how the call went." in end(as_member("rita"), first, "", status=422).content.decode()
    assert fresh(house, first).is_open


def test_undo_brings_the_call_back_and_takes_the_next_away(as_member: Any, planned: Any, house: Any) -> None:
    rita, first = as_member("rita"), planned(hours=-2)
    end(rita, first, "no_answer")
    page = rita.get("followups/calls/")
    url = page.split('action="/')[1:]
    undo = next(part.split('"')[0] for part in url if "/undo/" in part.split('"')[0])
    rita.client.post(f"/{undo}", {"next": ""})
    assert waiting(house) == ["Call"]
    assert fresh(house, first).is_open


def test_a_call_that_a_colleague_made_is_not_made_twice(as_member: Any, planned: Any, house: Any) -> None:
    first = planned(hours=-2)
    with use_tenant(house.tenant):
        FollowUp.objects.get(pk=first.pk).complete("not_needed", by=house.mona)
    end(as_member("rita"), first, "reached")
    assert fresh(house, first).outcome == "not_needed"


def test_without_calls_it_says_so(as_member: Any, house: Any) -> None:
    assert "No calls today" in as_member("rita").get("followups/calls/")
