"""An update and its plan from each state: what a verb does there, what it refuses, and that twice is once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comms.models import Message
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Due, Event
from portal.models import CustomerUpdate, UpdatePlan, UpdatePolicy
from portal.models.customer_update import END_OF_DAY
from portal.models.update_plan import due_day, hears_updates
from portal.models.update_policy import update_policy
from portal.preferences.choices import PACES, pace_of
from portal.preferences.inheritance import inherit_preferences
from portal.preferences.withheld import withheld_reason
from tests.portal.updates.conftest import NOW, letters

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNSEEN = "update.unseen"


@pytest.fixture
def job(house: Any) -> Job:
    """A sold job in work, whose customer is told of it; as quickly made as can be."""
    row: Job = Job.objects.get(pk=house.job.pk)
    row.move_to(house.stage("Scheduled"), by=house.rita)
    Job.objects.filter(pk=row.pk).update(awaits_acceptance=False)
    row.refresh_from_db()
    UpdatePlan.begin_all([row])
    return row


@pytest.fixture
def plan(job: Job) -> UpdatePlan:
    return UpdatePlan.objects.get(job=job)


@pytest.fixture
def draft(house: Any, job: Job) -> CustomerUpdate:
    row: CustomerUpdate = CustomerUpdate.objects.create(
        job=job,
        person=house.cora,
        brand=job.brand,
        member=house.rita,
        language="en",
        happened="The tiles are here.",
        next="We lay them on Friday.",
        since=NOW - DAY,
        until=NOW,
        due_at=NOW + DAY,
    )
    row.refresh_from_db()
    return row


@pytest.fixture
def in_state(house: Any, draft: CustomerUpdate) -> Callable[[str], CustomerUpdate]:
    """The update, brought into a state by its verbs."""

    def bring(state: str) -> CustomerUpdate:
        if state in ("approved", "sent"):
            draft.approve(by=house.rita)
        if state == "sent":
            draft.delivery.note_sent(NOW)
        if state == "skipped":
            draft.skip("We spoke", by=house.rita)
        assert draft.state == state
        return draft

    return bring


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


VERBS: dict[str, Callable[[CustomerUpdate, Any], None]] = {
    "edit": lambda row, by: row.edit({"happened": "It rains."}, by=by),
    "approve": lambda row, by: row.approve(by=by),
    "skip": lambda row, by: row.skip("We spoke", by=by),
    "restore": lambda row, by: row.restore(by=by),
    "send_by": lambda row, by: row.send_by("sms", by=by),
    "give_way": lambda row, by: row.give_way("Another one"),
}
TOO_LATE = {
    "edit": ("approved", "sent", "skipped"),
    "approve": ("skipped",),
    "skip": ("approved", "sent"),
    "restore": ("approved", "sent"),
    "send_by": ("draft", "approved", "skipped"),
    "give_way": ("approved", "sent", "skipped"),
}


@pytest.mark.parametrize(("verb", "state"), [(verb, state) for verb, states in TOO_LATE.items() for state in states])
def test_a_verb_that_comes_too_late_or_too_soon(house: Any, in_state: Any, verb: str, state: str) -> None:
    row = in_state(state)
    with pytest.raises(Stale):
        VERBS[verb](row, house.rita)
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("state", ["sent", "skipped"])
def test_what_has_left_or_was_skipped_is_not_taken_back(house: Any, in_state: Any, state: str) -> None:
    row = in_state(state)
    with pytest.raises(Refused):
        row.take_back(by=house.rita)


@pytest.mark.parametrize("parts", [{"happened": " "}, {"next": "\n \n"}, {"happened": "", "next": ""}])
def test_an_update_says_what_happened_and_what_comes(house: Any, draft: CustomerUpdate, parts: dict[str, str]) -> None:
    with pytest.raises(Refused, match="what happened"):
        draft.edit(parts, by=house.rita)
    draft.refresh_from_db()
    assert draft.edited_at is None


def test_nothing_needs_to_be_needed(house: Any, draft: CustomerUpdate) -> None:
    draft.edit({"needed": " Your   colour. \n\n"}, by=house.rita)
    assert draft.letter.needed == ("Your colour.",)
    draft.edit({"needed": ""}, by=house.rita)
    assert draft.letter.needed == ()


def test_the_same_words_again_are_no_edit(house: Any, draft: CustomerUpdate) -> None:
    draft.edit({"happened": "The tiles are here. "}, by=house.rita)
    assert (draft.edited_at, recorded("update.edited")) == (None, 0)


def test_words_of_a_person_are_news(house: Any, draft: CustomerUpdate) -> None:
    draft.is_no_news = True
    draft.save(update_fields=["is_no_news"])
    draft.edit({"happened": "The tiles are red."}, by=house.rita)
    assert (draft.is_no_news, draft.edited_at) == (False, NOW)


def test_approved_twice_it_leaves_once(house: Any, draft: CustomerUpdate) -> None:
    for _time in range(2):
        draft.approve(by=house.rita)
    assert (letters().count(), recorded("update.approved")) == (1, 1)
    assert (draft.approved_by, draft.approved_at, draft.medium) == (house.rita, NOW, "email")


def test_taken_back_twice_it_is_a_draft_once(house: Any, in_state: Any) -> None:
    row = in_state("approved")
    for _time in range(2):
        row.take_back(by=house.rita)
    assert (row.state, row.approved_by, recorded("update.taken_back")) == ("draft", None, 1)
    assert letters().get().state == Message.State.CANCELLED
    assert Due.objects.filter(kind=END_OF_DAY).exists()


def test_skipping_says_why_once(house: Any, draft: CustomerUpdate) -> None:
    with pytest.raises(Refused, match="why"):
        draft.skip(" ", by=house.rita)
    for _time in range(2):
        draft.skip("We  spoke", by=house.rita)
    assert (draft.reason, recorded("update.skipped")) == ("We spoke", 1)


def test_a_skipped_one_is_a_draft_again_once(house: Any, in_state: Any) -> None:
    row = in_state("skipped")
    for _time in range(2):
        row.restore(by=house.rita)
    assert (row.state, recorded("update.restored")) == ("draft", 1)


def test_a_skipped_one_gives_way_to_a_newer_draft(house: Any, in_state: Any) -> None:
    row = in_state("skipped")
    values = {"job": row.job, "brand": row.brand, "language": "en", "since": NOW, "until": NOW, "due_at": NOW}
    CustomerUpdate.objects.create(**values)
    with pytest.raises(Refused, match="newer"):
        row.restore(by=house.rita)


def test_undoing_a_skip_restores_it(house: Any, draft: CustomerUpdate) -> None:
    with undo.record_undoable("update.skipped", [draft], by=house.rita) as change:
        draft.skip("We spoke", by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_sent_once_the_next_one_counts_from_then(in_state: Any, plan: UpdatePlan) -> None:
    row = in_state("sent")
    row.delivery.note_sent(NOW + DAY)
    plan.refresh_from_db()
    assert (row.sent_at, plan.last_sent_at, plan.told_until, recorded("update.sent")) == (NOW, NOW, NOW, 1)


def test_sent_by_the_same_channel_again_is_nothing(house: Any, in_state: Any) -> None:
    row = in_state("sent")
    row.send_by("email", by=house.rita)
    assert letters().count() == 1
    row.send_by("sms", by=house.rita)
    assert (letters().count(), row.medium, recorded("update.sent_again")) == (2, "sms", 1)


def test_missed_once_it_stays_missed(house: Any, draft: CustomerUpdate) -> None:
    for _time in range(2):
        draft.miss()
    draft.approve(by=house.rita)
    assert (draft.missed_at, recorded("update.missed")) == (draft.due_at, 1)


def test_seen_once_by_the_first_way(in_state: Any) -> None:
    row = in_state("sent")
    row.delivery.propose("sms")
    row.delivery.note_seen("visit", NOW + DAY)
    row.delivery.note_seen("click", NOW + 2 * DAY)
    assert (row.seen_at, row.seen_by, row.proposed_medium, recorded("update.seen")) == (NOW + DAY, "visit", "", 1)


def test_an_answer_is_to_have_seen_it(in_state: Any) -> None:
    row = in_state("sent")
    for _time in range(2):
        row.delivery.note_answered(NOW + DAY)
    assert (row.seen_by, row.answered_at, recorded("update.answered")) == ("reply", NOW + DAY, 1)


@pytest.mark.parametrize("state", ["draft", "approved", "skipped"])
def test_another_channel_is_proposed_of_what_was_sent_alone(in_state: Any, state: str) -> None:
    row = in_state(state)
    row.delivery.propose("sms")
    assert row.proposed_medium == ""


def test_a_proposal_is_made_once_and_dismissed_once(house: Any, in_state: Any) -> None:
    row = in_state("sent")
    for _time in range(2):
        row.delivery.propose("sms")
    for _time in range(2):
        row.leave_it(by=house.rita)
    assert (recorded("update.unseen"), recorded("update.left_unseen")) == (1, 1)


def test_what_was_seen_is_proposed_nothing(in_state: Any) -> None:
    row = in_state("sent")
    row.delivery.note_seen("visit", NOW)
    row.delivery.propose("sms")
    assert row.proposed_medium == ""


@pytest.mark.parametrize(
    "changed",
    [{"edited_at": NOW}, {"negatives": ["hold"]}, {"problem": "Mailbox full"}, {"kind": "take_off"}],
)
def test_what_leaves_by_itself_is_plain(house: Any, draft: CustomerUpdate, changed: dict[str, Any]) -> None:
    assert not draft.may_leave_by_itself
    UpdatePolicy.set(cadence_days=14, ahead_days=2, unseen_days=5, sends_itself=True, by=house.ada)
    assert draft.may_leave_by_itself
    for name, value in changed.items():
        setattr(draft, name, value)
    assert not draft.may_leave_by_itself


@pytest.mark.parametrize(
    "days",
    [
        {"cadence_days": 0},
        {"cadence_days": 181},
        {"unseen_days": 0},
        {"unseen_days": 61},
        {"ahead_days": -1},
        {"ahead_days": 15},
        {"cadence_days": 2, "ahead_days": 2},
    ],
)
def test_a_policy_that_cannot_be_is_refused(house: Any, days: dict[str, int]) -> None:
    usual = {"cadence_days": 30, "ahead_days": 2, "unseen_days": 5}
    with pytest.raises(Refused):
        UpdatePolicy.set(**usual | days, sends_itself=False, by=house.ada)
    assert update_policy().cadence_days == 14


def test_a_policy_set_twice_is_recorded_once(house: Any) -> None:
    for _time in range(2):
        UpdatePolicy.set(cadence_days=7, ahead_days=1, unseen_days=3, sends_itself=True, by=house.ada)
    assert (UpdatePolicy.objects.count(), recorded("update_policy.edited")) == (1, 1)


def test_a_plan_is_begun_once(job: Job, plan: UpdatePlan) -> None:
    UpdatePlan.begin_all([job])
    assert (UpdatePlan.objects.count(), recorded("update_plan.begun")) == (1, 1)


def test_a_plan_is_paused_and_resumed_once(house: Any, plan: UpdatePlan) -> None:
    for _time in range(2):
        plan.pause("Abroad", by=house.rita)
    assert (plan.next_due_at, plan.hears_each, recorded("update_plan.paused")) == (None, False, 1)
    for _time in range(2):
        plan.resume(by=house.rita)
    assert (plan.pause_reason, recorded("update_plan.resumed")) == ("", 1)
    assert plan.next_due_at is not None


def test_a_plan_resumed_after_the_job_ended_has_no_next_day(house: Any, job: Job, plan: UpdatePlan) -> None:
    plan.pause("Abroad", by=house.rita)
    job.finish(by=house.rita)
    plan.resume(by=house.rita)
    assert plan.next_due_at is None


@pytest.mark.parametrize("days", [0, -1, 181])
def test_a_pace_is_some_days(house: Any, plan: UpdatePlan, days: int) -> None:
    with pytest.raises(Refused, match="1 to 180"):
        plan.set_cadence(days, by=house.rita)


def test_the_same_pace_again_is_nothing(house: Any, plan: UpdatePlan) -> None:
    for _time in range(2):
        plan.set_cadence(7, by=house.rita)
    assert recorded("update_plan.cadence_set") == 1


def test_a_paused_plan_of_another_pace_stays_paused(house: Any, plan: UpdatePlan) -> None:
    plan.pause("Abroad", by=house.rita)
    plan.set_cadence(7, by=house.rita)
    assert (plan.is_paused, plan.next_due_at) == (True, None)


@pytest.mark.parametrize(
    ("pace", "words"),
    [
        ({}, ""),
        ({"only_the_end": True}, "when the work is done"),
        ({"is_gathered": True}, "everything in one message"),
    ],
)
def test_why_news_is_withheld(house: Any, job: Job, plan: UpdatePlan, pace: dict[str, bool], words: str) -> None:
    plan.set_cadence(7, **pace, by=house.rita)
    assert words in withheld_reason(job, "step_reached")
    assert bool(withheld_reason(job, "step_reached")) is bool(words)


def test_a_question_is_withheld_from_who_wants_the_end_alone(house: Any, job: Job, plan: UpdatePlan) -> None:
    plan.set_cadence(7, is_gathered=True, by=house.rita)
    assert withheld_reason(job, "milestone_survey") == ""
    plan.set_cadence(7, only_the_end=True, by=house.rita)
    assert withheld_reason(job, "milestone_survey") != ""


def test_of_work_that_ended_nothing_is_withheld(house: Any, job: Job, plan: UpdatePlan) -> None:
    plan.pause("Abroad", by=house.rita)
    assert "Abroad" in withheld_reason(job, "step_reached")
    job.finish(by=house.rita)
    assert withheld_reason(job, "step_reached") == ""


@pytest.mark.parametrize("key", list(PACES))
def test_each_choice_of_a_customer_is_read_back(house: Any, plan: UpdatePlan, key: str) -> None:
    pace = PACES[key][0]
    plan.set_cadence(pace.days, only_the_end=pace.only_the_end, is_gathered=pace.is_gathered, by=house.rita)
    assert pace_of([plan]) == key


def test_a_pace_of_the_office_is_none_of_the_choices(house: Any, plan: UpdatePlan) -> None:
    plan.set_cadence(9, by=house.rita)
    assert (pace_of([plan]), pace_of([])) == ("", "usual")


def test_new_work_has_the_pace_of_the_work_before(house: Any, job: Job, plan: UpdatePlan) -> None:
    plan.set_cadence(28, by=house.rita)
    later = UpdatePlan.objects.create(job=second(house), told_until=NOW)
    for _time in range(2):
        inherit_preferences([Event(subject_id=later.pk)])
    later.refresh_from_db()
    assert (later.cadence_days, recorded("update_plan.cadence_set")) == (28, 2)


def second(house: Any) -> Job:
    return open_job(title="Second", person=house.cora, stage=house.stage("Scheduled"), member=house.rita, by=house.rita)


@pytest.mark.parametrize("end", ["finish", "pause"])
def test_of_work_that_ended_or_waits_nobody_is_told(house: Any, job: Job, end: str) -> None:
    assert hears_updates(job)
    if end == "finish":
        job.finish(by=house.rita)
    else:
        job.pause(reason="Rain", until=None, by=house.rita)
    assert not hears_updates(job)


def test_without_a_calendar_a_day_ends_at_five() -> None:
    zone = ZoneInfo("America/New_York")
    at = due_day(datetime(2026, 5, 11, 23, tzinfo=UTC), 2, None, zone)
    assert at == datetime(2026, 5, 13, 21, tzinfo=UTC)
