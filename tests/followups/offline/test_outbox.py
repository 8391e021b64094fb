"""Changes that a device sends: applied once, by the verbs of the pages; merged where they fit, else kept."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from crm.kernel import clock
from crm.platform.models import Change, Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpStatus
from followups.offline.models import OfflineAct
from followups.offline.retention import KEPT, delete_old_acts
from tests.followups.offline.conftest import fresh, noted


def acts(house: Any) -> list[OfflineAct]:
    with use_tenant(house.tenant):
        return list(OfflineAct.objects.order_by("pk"))


def change(house: Any, follow_up: FollowUp, verb: str, *args: Any) -> None:
    """Mona does this meanwhile."""
    with use_tenant(house.tenant):
        getattr(fresh(house, follow_up), verb)(*args, by=house.mona)


def test_it_says_who_is_signed_in_and_gives_a_token(as_member: Any, house: Any) -> None:
    page = as_member("rita").get("followups/outbox/")
    assert str(house.rita.uid) in page
    assert '"token"' in page


def test_a_follow_up_is_completed(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    said = device.send(device.show(call), "complete", outcome="successful", note="Likes it.")
    assert (said["state"], said["text"]) == ("applied", "Done: Successful.")
    assert (fresh(house, call).status, noted(house, call)) == (FollowUpStatus.COMPLETED, "Likes it.")


def test_it_can_be_undone_like_an_act_on_a_page(device: Any, planned: Any, house: Any) -> None:
    device.send(device.show(planned()), "complete", outcome="successful")
    with use_tenant(house.tenant):
        assert Change.objects.get().kind == "followup.completed"


def test_the_same_key_is_applied_once_and_answered_alike(device: Any, planned: Any, house: Any) -> None:
    seen, key = device.show(planned()), str(uuid4())
    answers = [device.send(seen, "note", note="Gate code 4711", key=key) for _attempt in range(2)]
    assert answers[0] == answers[1]
    with use_tenant(house.tenant):
        assert Event.objects.filter(kind="followup.noted").count() == 1


def test_a_key_of_somebody_else_is_another_key(device: Any, as_member: Any, planned: Any, house: Any) -> None:
    call, key = planned(), str(uuid4())
    device.send(device.show(call), "note", note="Mine", key=key)
    device.browser = as_member("mona")
    device.send(device.show(call), "note", note="Hers", key=key)
    assert noted(house, call) == "Mine\nHers"


def test_a_call_is_logged_with_the_outcomes_of_the_call_list(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    said = device.send(device.show(call), "end_call", outcome="reached")
    assert said["text"].startswith("Done: Reached.")
    with use_tenant(house.tenant):
        assert Event.objects.filter(kind="job.contacted").count() == 1


def test_it_is_moved(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    device.send(device.show(call), "reschedule", when="tomorrow")
    assert fresh(house, call).due_at == call.due_at + timedelta(days=1)


def test_tomorrow_is_the_day_after_it_was_written(device: Any, house: Any) -> None:
    device.send({}, "plan", text="call tomorrow 3pm", age=str(20 * 3600))
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().due_at == datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


def test_a_line_plans_a_follow_up(device: Any, house: Any) -> None:
    said = device.send({}, "plan", text="call the roofer tomorrow 3pm", job=str(house.job.number))
    assert said["text"].startswith("Planned: Call the roofer")
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().job_id == house.job.pk


def test_a_line_that_says_no_day_comes_back_with_a_sentence(device: Any, house: Any) -> None:
    said = device.send({}, "plan", text="the roofer")
    assert said["state"] == "refused"
    assert said["text"]


def test_the_line_of_the_next_step_is_planned_with_the_outcome(device: Any, planned: Any, house: Any) -> None:
    device.send(device.show(planned()), "complete", outcome="successful", then="call friday 10")
    with use_tenant(house.tenant):
        assert FollowUp.objects.open().count() == 1


def test_bad_input_is_no_change(device: Any, planned: Any, house: Any) -> None:
    seen = device.show(planned())
    said = device.send(seen, "nonesuch", status=400)
    assert (said["state"], said["text"][:36]) == ("refused", "This device sent a change that could")
    device.send(seen, "note", key="no-key", status=400)
    device.send({}, "note", note="x", status=400)
    assert acts(house) == []


def test_an_outcome_that_is_none_comes_back_with_a_sentence(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    said = device.send(device.show(call), "complete", outcome="great")
    assert said == {"state": "refused", "text": "Choose an outcome."}
    assert fresh(house, call).is_open


def test_what_the_member_no_longer_sees_comes_back(as_member: Any, planned: Any, house: Any, device: Any) -> None:
    said = device.send({"follow_up": str(uuid4()), "version": "1"}, "note", note="x")
    assert said["state"] == "refused"
    assert "no longer see" in said["text"]


def test_a_note_fits_whatever_happened(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "reschedule", call.due_at + timedelta(days=2))
    assert device.send(seen, "note", note="Long ladder")["state"] == "applied"
    assert noted(house, call) == "Long ladder"


def test_another_priority_is_in_nobodys_way(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "prioritize", 1)
    assert device.send(seen, "complete", outcome="successful")["state"] == "applied"


def test_two_changes_of_one_device_do_not_conflict(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    device.send(seen, "reschedule", when="tomorrow")
    assert device.send(seen, "complete", outcome="successful")["state"] == "applied"


def test_a_colleague_who_moved_it_back_is_no_conflict(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "reschedule", call.due_at + timedelta(days=2))
    change(house, call, "reschedule", call.due_at)
    assert device.send(seen, "complete", outcome="successful")["state"] == "applied"


def test_what_a_colleague_has_done_alike_is_done(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "complete", "successful")
    assert device.send(seen, "complete", outcome="successful", note="Me too")["state"] == "applied"
    assert noted(house, call) == "Me too"


def test_a_note_of_blanks_is_none(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "complete", "successful")
    assert device.send(seen, "complete", outcome="successful", note=" \0\n")["state"] == "applied"
    assert noted(house, call) == ""


@pytest.mark.parametrize(
    ("act", "fields", "why"),
    [
        ("complete", {"outcome": "great"}, "Choose an outcome."),
        ("end_call", {}, "Choose an outcome."),
        ("reschedule", {"day": "275760-01-01"}, "Choose a day and time in the future."),
    ],
)
def test_what_says_nothing_is_no_second_version(
    device: Any, planned: Any, house: Any, act: str, fields: dict[str, str], why: str
) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "cancel")
    assert device.send(seen, act, **fields) == {"state": "refused", "text": why}


def test_a_call_that_a_colleague_moved_is_kept_for_a_decision(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "reschedule", call.due_at + timedelta(days=2))
    assert device.send(seen, "complete", outcome="successful")["state"] == "conflict"
    assert fresh(house, call).is_open
    assert "Two versions" in device.browser.get("followups/today/")


def test_what_was_typed_is_kept_only_until_it_is_settled(device: Any, planned: Any, house: Any) -> None:
    device.send(device.show(planned()), "note", note="Private")
    assert [act.fields for act in acts(house)] == [{}]


def test_old_changes_are_deleted(device: Any, planned: Any, house: Any) -> None:
    device.send(device.show(planned()), "note", note="x")
    with use_tenant(house.tenant), clock.at(clock.now() + KEPT - timedelta(hours=1)):
        delete_old_acts(())
    assert len(acts(house)) == 1
    with use_tenant(house.tenant), clock.at(clock.now() + KEPT + timedelta(hours=1)):
        delete_old_acts(())
    assert acts(house) == []


def test_of_an_old_conflict_the_colleagues_version_and_the_note_stay(device: Any, planned: Any, house: Any) -> None:
    call = planned()
    seen = device.show(call)
    change(house, call, "cancel")
    device.send(seen, "complete", outcome="successful", note="Long ladder")
    page = device.browser.get(f"followups/versions/{acts(house)[0].uid}/")
    assert "Both versions are kept until Tue, Feb 23" in page
    with use_tenant(house.tenant), clock.at(clock.now() + KEPT + timedelta(hours=1)):
        for _again in range(2):
            delete_old_acts(())
    assert acts(house) == []
    assert (fresh(house, call).status, noted(house, call)) == (FollowUpStatus.CANCELLED, "Long ladder")
