"""Those inside an older version are moved to the present one: where they go on, what they miss, and the undo."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from comms.models import Message
from comms.outbox.send import send
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Change
from followups.sequences.definition import SequenceDefinition, SequenceStep, compile_steps
from followups.sequences.enrolling import enrol, enrol_all
from followups.sequences.member_acts import pause_enrolment, stop_enrolments, take_back_end
from followups.sequences.models import Enrolment, Sequence, SequenceVersion
from followups.sequences.moving import runs as moving_runs
from followups.sequences.moving.runs import start_move
from followups.sequences.moving.step_mapping import NextPlace, StepMapping
from tests.automation.rules import work
from tests.cast import House
from tests.followups.preset_acts import MONDAY
from tests.followups.sequences.scenes import (
    DAY,
    HOUR,
    another_lead,
    fork,
    lead,
    message,
    pass_to,
    sent,
    sequence,
    task,
    wait,
    writes,
)
from tests.markup import flat
from tests.queries import data_queries

EMAIL, TEXT, CALL, WELCOME = message(), message("sms"), task(), message(template="welcome")


@pytest.mark.parametrize(
    ("old", "new", "at", "place"),
    [
        ([EMAIL, wait(2), TEXT], [EMAIL, wait(2), TEXT], 1, NextPlace(1, True)),
        # A changed wait is the same step; a step put in before is missed.
        ([EMAIL, wait(2), TEXT], [EMAIL, wait(3), TEXT], 1, NextPlace(1, True)),
        ([EMAIL, wait(2), TEXT], [WELCOME, EMAIL, wait(2), TEXT], 1, NextPlace(2, True, (0,))),
        # Their step is gone: they go on with the next one that is left.
        ([EMAIL, wait(2), TEXT, wait(1)], [EMAIL, TEXT, wait(1)], 1, NextPlace(1)),
        # Nothing is left behind their step.
        ([EMAIL, wait(2), TEXT], [EMAIL], 1, NextPlace(None)),
        ([EMAIL, wait(2)], [EMAIL, CALL], 1, NextPlace(1)),
        # What they have had comes again behind their place.
        ([EMAIL, wait(2), TEXT], [wait(2), TEXT, EMAIL], 1, NextPlace(0, True, (), (2,))),
        # Within a fork, and behind one that is gone.
        (
            [fork("visited", [CALL, wait(1)], []), EMAIL],
            [fork("visited", [CALL, wait(2)], []), EMAIL],
            2,
            NextPlace(2, True),
        ),
        ([fork("visited", [wait(1)], []), EMAIL], [wait(5), EMAIL], 1, NextPlace(1)),
    ],
)
def test_where_those_at_a_step_go_on(
    old: list[SequenceStep], new: list[SequenceStep], at: int, place: NextPlace
) -> None:
    assert StepMapping.of(compile_steps(old), compile_steps(new)).place_of(at) == place


def edited(made: Sequence, *steps: SequenceStep) -> tuple[SequenceVersion, SequenceVersion]:
    """Save new steps; the older and the present version."""
    before = made.version
    assert made.version is not None
    made.edit(SequenceDefinition(steps, stops=made.version.parsed.stops), by=None)
    assert before is not None
    assert made.version is not None
    return before, made.version


def inside() -> Enrolment:
    row: Enrolment = Enrolment.objects.inside().get()
    return row


def test_a_wait_goes_on_counting_by_its_new_length(house: House) -> None:
    made = sequence(message(), wait(2), message("sms", template="welcome"))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    with clock.at(MONDAY + DAY):
        start_move(*edited(made, message(), wait(4), message("email")), by=house.ada)
    assert (inside().version.number, inside().position) == (2, 1)
    pass_to(4 * DAY)
    assert sent() == ["email"]
    pass_to(4 * DAY + 2 * HOUR)
    assert sent() == ["email", "email"]


def test_they_keep_their_entry_and_are_judged_by_what_happened_since(house: House) -> None:
    made = sequence(wait(2), message())
    enrol(made, lead(house), by=house.rita)
    before, after = edited(made, wait(3), message())
    with clock.at(MONDAY + HOUR):
        start_move(before, after, by=house.ada)
    assert (inside().entered_at, inside().entered_by) == (MONDAY, house.rita)
    pass_to(2 * HOUR, lambda: writes(house))
    assert sorted(Enrolment.objects.values_list("end_reason", flat=True)) == ["answered", "moved"]


def test_who_waits_for_a_follow_up_and_who_has_no_step_left_stays(house: House) -> None:
    made = sequence(task(), wait(1))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    run = start_move(*edited(made, task(title="Other"), wait(2)), by=house.ada)
    assert (run.status, run.total, inside().version.number) == ("done", 0, 1)


def test_a_pause_goes_with_them(house: House) -> None:
    made = sequence(wait(2), message())
    pause_enrolment(enrol(made, lead(house), by=house.rita), until=None, by=house.rita)
    start_move(*edited(made, wait(3), message()), by=house.ada)
    assert (inside().version.number, inside().state, inside().pause_reason) == (2, "paused", "hand")


def test_a_message_that_waits_for_its_hour_still_leaves(house: House) -> None:
    made = sequence(message(), wait(2))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    queued = Message.objects.get(origin__startswith="sequence:")
    with clock.at(MONDAY + 2 * HOUR):
        start_move(*edited(made, message(), wait(3)), by=house.ada)
        send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.decisions.get().outcome == "send"


def test_it_is_dropped_if_they_answered_since(house: House) -> None:
    made = sequence(message(), wait(2))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    queued = Message.objects.get(origin__startswith="sequence:")
    with clock.at(MONDAY + 2 * HOUR):
        start_move(*edited(made, message(), wait(3)), by=house.ada)
        writes(house)
        send(house.tenant.pk, queued.pk)
    queued.refresh_from_db()
    assert queued.state == "dropped"


def test_the_undo_puts_them_back_where_they_were(house: House) -> None:
    made = sequence(message(), wait(2), message("sms", template="welcome"))
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    calendar = inside().calendar_id
    run = start_move(*edited(made, message(), wait(9)), by=house.ada)
    assert run.change is not None
    undo.undo_change(run.change.uid, by=house.ada)
    row = inside()
    assert (row.version.number, row.position, row.next_at) == (1, 1, MONDAY + HOUR + 2 * DAY)
    assert row.calendar_id == calendar is not None
    assert sorted(Enrolment.objects.values_list("end_reason", flat=True)) == ["", "undone"]


def test_who_has_gone_on_since_stays_in_the_new_version(house: House) -> None:
    made = sequence(wait(2, "hours"), message())
    enrol(made, lead(house), by=house.rita)
    start_move(*edited(made, wait(1, "hours"), message(), wait(1)), by=house.ada)
    pass_to(2 * HOUR)
    with clock.at(MONDAY + 2 * HOUR), pytest.raises(Refused, match="has gone on"):
        undo.undo_change(Change.objects.get(kind="sequence.version_moved").uid, by=house.ada)
    assert inside().version.number == 2


def test_many_are_moved_batch_by_batch_with_one_undo(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_runs.VersionMoveKind, "size", 2)
    monkeypatch.setattr(moving_runs.VersionMoveKind, "small", 2)
    made = sequence(wait(2), message())
    enrol_all(made, [another_lead(house, f"P{n}") for n in range(5)], by=house.rita)
    run = start_move(*edited(made, wait(3), message()), by=house.ada)
    assert run.is_working
    for minute in range(1, 20):
        work(MONDAY + timedelta(minutes=minute), rounds=1)
    run.refresh_from_db()
    assert (run.status, run.changed_count, Change.objects.count()) == ("done", 5, 1)
    assert set(Enrolment.objects.inside().values_list("version__number", flat=True)) == {2}


def test_a_newer_version_stops_a_move_that_is_under_way(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_runs.VersionMoveKind, "small", 0)
    made = sequence(wait(2), message())
    enrol(made, lead(house), by=house.rita)
    run = start_move(*edited(made, wait(3), message()), by=house.ada)
    edited(made, wait(4), message())
    work(MONDAY)
    run.refresh_from_db()
    assert (run.status, inside().version.number) == ("failed", 1)
    assert "newer version" in run.problem


def test_many_are_moved_with_a_fixed_number_of_queries(house: House) -> None:
    counts: list[int] = []
    for size in (2, 2, 8):
        made = sequence(wait(2), message(), name=f"Of {size} {len(counts)}")
        enrol_all(made, [another_lead(house, f"P{size}{n}") for n in range(size)], by=house.rita)
        versions = edited(made, wait(3), message())
        with data_queries() as queries:
            start_move(*versions, by=house.ada)
        counts.append(len(queries))
    assert counts[1] == counts[2], counts


def test_many_are_put_back_with_a_fixed_number_of_queries(house: House) -> None:
    counts: list[int] = []
    for size in (2, 2, 8):
        made = sequence(wait(2), message(), name=f"Of {size} {len(counts)}")
        enrol_all(made, [another_lead(house, f"P{size}{n}") for n in range(size)], by=house.rita)
        change = start_move(*edited(made, wait(3), message()), by=house.ada).change
        assert change is not None
        with data_queries() as queries:
            undo.undo_change(change.uid, by=house.ada)
        counts.append(len(queries))
    assert counts[1] == counts[2], counts


def test_one_that_was_moved_has_not_left_and_is_not_put_back(house: House) -> None:
    client = Client()
    client.force_login(house.ada.user)
    made = sequence(wait(2), message(), name="Nudge")
    old = enrol(made, lead(house), by=house.rita)
    start_move(*edited(made, wait(3), message()), by=house.ada)
    path = f"/{house.tenant.slug}/sequences/"
    assert "Left in 30 days" not in client.get(f"{path}{made.uid}/").content.decode()
    stop_enrolments([inside().pk], by=house.rita)
    page = client.get(f"{path}{made.uid}/").content.decode()
    assert "Left in 30 days" in page
    assert ">all 1</a>" in page
    assert f"people/{old.uid}/back/" not in client.get(f"{path}leads/{house.job.number}/").content.decode()
    with pytest.raises(Refused):
        take_back_end(old, by=house.rita)


def test_the_page_shows_the_effect_moves_them_and_offers_the_undo(house: House) -> None:
    client = Client()
    client.force_login(house.ada.user)
    made = sequence(message(), wait(2), message("sms"), name="Nudge")
    enrol(made, lead(house), by=house.rita)
    pass_to(HOUR)
    edited(made, message(template="welcome"), message(), wait(3), message("sms"))
    path = f"/{house.tenant.slug}/sequences/{made.uid}/"
    link = re.search(r'href="([^"]+/versions/1/move/)"', client.get(path).content.decode())
    assert link is not None
    with clock.at(MONDAY + 2 * HOUR):
        page = flat(client.get(link[1]).content.decode())
        for words in ("They go on at “Wait 3 days”.", "They are past “Email", "Move 1 to version 2"):
            assert words in page
        assert client.post(link[1], {"version": "older"}).status_code == 409
        version = re.search(r'name="version" value="(\w+)"', page)
        assert version is not None
        answer = client.post(link[1], {"version": version[1]}, follow=True)
    assert "1 lead moved to version 2." in flat(answer.content.decode())
    assert "/undo/" in answer.content.decode()
    assert client.get(link[1]).status_code == 200
    assert inside().version.number == 2


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_who_may_not_set_up_moves_nobody(house: House, name: str) -> None:
    client = Client()
    client.force_login(getattr(house, name).user)
    made = sequence(wait(2), message())
    enrol(made, lead(house), by=house.rita)
    edited(made, wait(3), message())
    path = f"/{house.tenant.slug}/sequences/{made.uid}/versions/1/move/"
    assert client.get(path).status_code == 404
    assert client.post(path, {}).status_code == 404
    assert inside().version.number == 1
