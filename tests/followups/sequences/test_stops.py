"""What ends a sequence and what pauses it, when it happens and again in the second before sending."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from comms.gate.consent import suppressions
from comms.models import KillSwitch, Message
from comms.outbox.send import send
from crm.automation.models import AutomationPolicy
from crm.jobs.models.assignment.absence import Absence
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.erasure import erase
from crm.people.merging.merge import merge
from crm.people.models import Company, Person
from followups.models import FollowUp
from followups.sequences.engine.reactions import wanted_events
from followups.sequences.enrolling import enrol, enrol_all
from followups.sequences.member_acts import (
    pause_enrolment,
    resume_enrolment,
    stop_enrolments,
    take_back_end,
    undo_entries_or_ends,
)
from followups.sequences.models import Enrolment, EnrolmentStep, SequenceMode
from followups.sequences.registry import STOP_CHOICES
from service.models import Issue
from tests.automation.rules import work
from tests.cast import House
from tests.followups.preset_acts import MONDAY, books, loses, wins
from tests.followups.sequences.scenes import (
    DAY,
    HOUR,
    another_lead,
    fork,
    lead,
    logs_call,
    message,
    open_tasks,
    pass_to,
    row,
    sent,
    sequence,
    task,
    texts_stop,
    wait,
    writes,
)
from tests.queries import data_queries

ALL_STOPS = tuple(choice.name for choice in STOP_CHOICES)


def _colleague_writes(house: House) -> None:
    company = Company.objects.create(name="Gulf Dental")
    other = Person.objects.create(name="Dan", company=company)
    Person.objects.filter(pk=house.cora.pk).update(company=company)
    writes(house, person=other, job=another_lead(house))


def _stranger_in_the_thread(house: House) -> None:
    writes(house, person=None, address="else@mail.example")


def _erased(house: House) -> None:
    erase(house.cora, by=house.ada)


def _merged(house: House) -> None:
    merge(Person.objects.create(name="Cora C."), house.cora, by=house.ada)


ENDS: list[tuple[str, Callable[[House], Any]]] = [
    ("answered", writes),
    ("answered", _stranger_in_the_thread),
    ("answered", lambda house: writes(house, job=another_lead(house), medium="sms")),
    ("colleague", _colleague_writes),
    ("reached", lambda house: logs_call(house, "reached")),
    ("booked", books),
    ("won", wins),
    ("lost", loses("price")),
    ("erased", _erased),
    ("merged", _merged),
    ("stopped", lambda house: stop_enrolments([row().pk], by=house.rita)),
]


@pytest.mark.parametrize(("reason", "act"), ENDS)
def test_it_ends_and_what_is_open_goes_with_it(house: House, reason: str, act: Callable[[House], Any]) -> None:
    enrol(sequence(task(), message(), stops=ALL_STOPS), lead(house), by=house.rita)
    pass_to(HOUR, lambda: act(house))
    assert (row().state, row().end_reason, open_tasks(), sent()) == ("ended", reason, [], [])
    assert EnrolmentStep.objects.count() == 1


@pytest.mark.parametrize(("reason", "act"), [end for end in ENDS if end[0] not in ("stopped", "erased")])
def test_a_message_that_was_queued_before_does_not_leave(
    house: House, reason: str, act: Callable[[House], Any]
) -> None:
    """What happened is committed; no worker has heard of it yet."""
    enrol(sequence(message(), wait(1), stops=ALL_STOPS), lead(house), by=house.rita)
    pass_to(HOUR)
    queued = Message.objects.get(origin__startswith="sequence:")
    with clock.at(MONDAY + 2 * HOUR):
        act(house)
        send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.state == "dropped"
    assert queued.decisions.get().rule == "origin"


def test_without_sequences_no_event_is_queued_for_them(house: House) -> None:
    assert not wanted_events()
    sequence(wait(1), stops=("job.paid",))
    assert wanted_events() >= {"message.received", "followup.completed", "issue.opened"}


def test_without_anything_the_message_leaves(house: House) -> None:
    enrol(sequence(message(), wait(1), stops=ALL_STOPS), lead(house), by=house.rita)
    pass_to(HOUR)
    queued = Message.objects.get(origin__startswith="sequence:")
    with clock.at(MONDAY + 2 * HOUR):
        send(house.tenant.pk, queued.pk)
    assert queued.decisions.get().outcome == "send"


def test_what_was_before_does_not_end_it(house: House) -> None:
    writes(house)
    loses("price")(house)
    with clock.at(MONDAY + HOUR):
        enrol(sequence(message(), wait(1)), lead(house), by=house.rita)
    pass_to(2 * HOUR)
    assert (row().state, sent()) == ("active", ["email"])


def test_it_ends_when_the_lead_leaves_the_step_it_must_stay_in(house: House) -> None:
    enrol(sequence(wait(1), message(), stays="where=step:is:Reached"), lead(house), by=house.rita)
    pass_to(HOUR, lambda: lead(house).move_to(house.stage("Quote sent"), by=house.rita))
    assert row().end_reason == "left"


def test_a_signal_of_triggers_may_end_it(house: House) -> None:
    enrol(sequence(wait(9), stops=("job.paid",)), lead(house), by=house.rita)
    pay: Any = {"kind": "payment", "subject": "Paid?", "due_at": MONDAY + DAY, "by": house.rita}
    pass_to(HOUR, lambda: FollowUp.plan(**pay, job=lead(house)).complete("successful", by=house.rita))
    assert (row().end_reason, row().end_cause["signal"]) == ("signal", "job.paid")


def test_out_of_office_pauses_until_the_day_and_counts_as_no_answer(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    away = {"automatic": "auto_reply", "returns_on": date(2026, 3, 10).isoformat()}
    pass_to(HOUR, lambda: writes(house, **away))
    assert (row().state, row().pause_reason) == ("paused", "away")
    pass_to(7 * DAY)
    assert sent() == []
    pass_to(8 * DAY)
    assert sent() == ["email"]


def test_a_member_lets_it_go_on_in_spite_of_an_absence_until_the_next_one(house: House) -> None:
    enrol(sequence(wait(9), message()), lead(house), by=house.rita)
    away = {"automatic": "auto_reply", "returns_on": date(2026, 3, 10).isoformat()}
    pass_to(HOUR, lambda: writes(house, **away))
    pass_to(2 * HOUR, lambda: resume_enrolment(row(), by=house.rita))
    pass_to(3 * HOUR, lambda: logs_call(house, "no_answer"))
    assert row().state == "active"
    pass_to(4 * HOUR, lambda: writes(house, **away))
    assert (row().state, row().pause_reason) == ("paused", "away")


@pytest.mark.parametrize("text", ["We will let you know on Friday.", "Ik laat het je vrijdag weten"])
def test_who_names_a_day_is_left_alone_until_the_day_after(house: House, text: str) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: writes(house, text=text))
    assert (row().pause_reason, row().state) == ("named_day", "paused")
    pass_to(5 * DAY - 4 * HOUR)
    assert sent() == []
    pass_to(8 * DAY)
    assert sent() == ["email"]


def test_a_stop_ends_it_as_a_wish_and_not_as_an_answer(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: texts_stop(house))
    assert (row().state, row().end_reason) == ("ended", "opted_out")


def test_a_stop_answers_no_fork(house: House) -> None:
    enrol(sequence(wait(1), fork("answered", [message()], [task()]), wait(1), stops=()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: texts_stop(house))
    pass_to(DAY + HOUR)
    assert EnrolmentStep.objects.get(position=1).result == "no"


def test_a_hard_bounce_on_every_channel_ends_it(house: House) -> None:
    for point in house.cora.contact_points.all():
        medium = "email" if point.kind == "email" else "sms"
        suppressions.suppress(point.value, "hard_bounce", source="provider", medium=medium, brand=None)
    enrol(sequence(message(), wait(1)), lead(house), by=house.rita)
    pass_to(HOUR)
    assert row().end_reason == "unreachable"


def test_an_open_complaint_pauses_and_its_end_resumes(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: Issue.open(lead(house), "damage", "The gate is bent", by=house.sam))
    pass_to(2 * DAY)
    assert (row().pause_reason, sent()) == ("complaint", [])
    pass_to(3 * DAY, lambda: Issue.objects.get().end(True, "Mended", by=house.sam))
    assert sent() == ["email"]


def test_a_lead_on_hold_rests_and_goes_on(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: lead(house).pause(reason="HOA", until=MONDAY + 30 * DAY, by=house.rita))
    pass_to(2 * DAY)
    assert (row().pause_reason, sent()) == ("hold", [])
    pass_to(3 * DAY, lambda: lead(house).resume(by=house.rita))
    assert (row().pause_reason, sent()) == ("", ["email"])


def test_a_kill_switch_pauses_and_its_end_resumes(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: KillSwitch.switch_on(reason="Storm", by=house.ada))
    pass_to(2 * DAY)
    assert (row().pause_reason, sent()) == ("switch", [])
    pass_to(3 * DAY, lambda: KillSwitch.objects.get().end(by=house.ada))
    assert sent() == ["email"]


def test_all_triggers_off_pauses_too(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: AutomationPolicy.switch(False, by=house.ada))
    pass_to(2 * DAY)
    assert row().pause_reason == "switch"
    pass_to(3 * DAY, lambda: AutomationPolicy.switch(True, by=house.ada))
    assert sent() == ["email"]


def test_switched_off_those_inside_rest_and_archived_they_leave(house: House) -> None:
    made = sequence(wait(1), message(), wait(5))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR, lambda: made.switch(SequenceMode.OFF, by=house.ada))
    pass_to(2 * DAY)
    assert (row().pause_reason, sent()) == ("sequence", [])
    pass_to(3 * DAY, lambda: made.switch(SequenceMode.ON, by=house.ada))
    assert sent() == ["email"]
    pass_to(4 * DAY, lambda: made.archive(by=house.ada))
    assert row().end_reason == "archived"


def test_a_member_pauses_and_resumes(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: pause_enrolment(row(), until=None, by=house.rita))
    pass_to(2 * DAY)
    assert (row().pause_reason, sent()) == ("hand", [])
    pass_to(3 * DAY, lambda: resume_enrolment(row(), by=house.rita))
    assert sent() == ["email"]


def test_an_absent_rep_is_stood_in_for(house: House) -> None:
    Absence.objects.create(member=house.rita, starts_at=MONDAY - DAY, ends_at=MONDAY + 9 * DAY, cover=house.mona)
    enrol(sequence(task()), lead(house), by=house.mona)
    pass_to(HOUR)
    assert FollowUp.objects.get().assignee == house.mona


def test_stop_on_every_channel_ends_it_and_on_one_the_next_is_tried(house: House) -> None:
    enrol(sequence(message("sms", "email"), wait(1), message("email"), wait(1)), lead(house), by=house.rita)
    suppressions.suppress("+18135550142", "stop", source="sms", medium="sms", brand=None)
    pass_to(HOUR)
    assert sent() == ["email"]
    for point in house.cora.contact_points.all():
        suppressions.suppress(point.value, "hard_bounce", source="provider", medium="email", brand=None)
    pass_to(DAY + HOUR)
    assert row().end_reason == "opted_out"


def test_a_cap_drops_the_step_and_the_walk_goes_on(house: House) -> None:
    for _time in range(3):
        Message.objects.create(
            brand=house.job.brand,
            medium="email",
            direction="out",
            state="sent",
            address="cora@suncoast-test-mail.example",
            person=house.cora,
            purpose="service",
            template_version=_version("welcome"),
            at=clock.now() - HOUR,
            sent_at=clock.now() - HOUR,
        )
    enrol(sequence(message(template="welcome"), task()), lead(house), by=house.rita)
    pass_to(HOUR)
    assert (sent(), open_tasks()) == ([], ["call"])
    assert EnrolmentStep.objects.get(position=0).result == "skipped"


def _version(key: str) -> Any:
    from comms.models import TemplateVersion

    return TemplateVersion.objects.filter(template__key=key, medium="email", language="en").first()


def test_quiet_hours_defer_and_the_next_wait_counts_from_the_departure(house: House) -> None:
    with clock.at(MONDAY + 11 * HOUR):  # 21:00 in Tampa
        enrol(sequence(message("sms"), wait(60, "minutes"), message("email")), lead(house), by=house.rita)
    pass_to(13 * HOUR)
    assert (sent(), EnrolmentStep.objects.get().result) == (["sms"], "held")
    pass_to(23 * HOUR + HOUR / 2)
    assert sent() == ["sms", "email"]


def test_a_message_no_channel_carries_may_become_a_call(house: House) -> None:
    enrol(sequence(message("whatsapp", otherwise="call"), wait(1)), lead(house), by=house.rita)
    pass_to(HOUR)
    assert (sent(), open_tasks()) == ([], ["call"])


def test_an_end_is_taken_back(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    pass_to(HOUR, lambda: loses("price")(house))
    with clock.at(MONDAY + 2 * HOUR):
        take_back_end(row(), by=house.rita)
    pass_to(2 * DAY)
    assert (sent(), Enrolment.objects.count()) == (["email"], 1)


def test_many_ends_are_taken_back_with_a_fixed_number_of_queries(house: House) -> None:
    counts: list[int] = []
    for size in (2, 2, 8):
        made = sequence(wait(2), message(), name=f"Of {size} {len(counts)}")
        rows = enrol_all(made, [another_lead(house, f"P{size}{n}") for n in range(size)], by=house.rita).entered
        stop_enrolments([one.pk for one in rows], by=house.rita)
        stopped = Enrolment.lock_all(Enrolment.objects.filter(sequence=made))
        with data_queries() as queries:
            undo_entries_or_ends(None, rows=stopped, kind="sequence.stopped", by=house.rita)
        assert Enrolment.objects.inside().filter(sequence=made).count() == size
        counts.append(len(queries))
    assert counts[1] == counts[2], counts


def test_an_end_is_not_taken_back_where_another_sequence_holds_the_customer(house: House) -> None:
    enrol(sequence(wait(1), message()), lead(house), by=house.rita)
    left = row()
    stop_enrolments([left.pk], by=house.rita)
    enrol(sequence(wait(1), name="Other"), lead(house), by=house.rita)
    with pytest.raises(Refused, match="Held by “Other”"):
        take_back_end(left, by=house.rita)


def test_what_became_of_a_message_is_noted_on_its_step(house: House) -> None:
    enrol(sequence(message(), wait(1)), lead(house), by=house.rita)
    pass_to(HOUR)
    Message.objects.get(origin__startswith="sequence:").record_event("message.failed", None, {"reason": "No such box"})
    work(MONDAY + 2 * HOUR)
    step = EnrolmentStep.objects.get()
    assert (step.result, step.reason) == ("failed", "No such box")


def test_an_edited_calendar_moves_the_wait(house: House) -> None:
    enrol(sequence(wait(2, "working_days"), message()), lead(house), by=house.rita)
    pass_to(HOUR)
    before = row().next_at
    calendar = house.job.brand.calendar
    with clock.at(MONDAY + 2 * HOUR):
        calendar.close_on(date(2026, 3, 3), "Storm", by=house.ada)
    pass_to(3 * HOUR)
    assert row().next_at == before + timedelta(days=1)
