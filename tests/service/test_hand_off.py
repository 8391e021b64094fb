"""The hand-off: opened by the sale, aged until answered, accepted, sent back, withdrawn, undone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from crm.jobs.bulk.bulk_actions import Move
from crm.jobs.bulk.effects import BulkOutcome
from crm.jobs.models import Job, Level
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.work.tasks import dispatch_events, tick
from crm.web.models import Notice
from followups.models import FollowUp
from leads.models import Lead
from service.models import HandOff, HandOffItem, Milestone, Project, Promise
from service.models.hand_off_checklist import checklist_of
from tests.cast import House
from tests.service.conftest import NOON

Sell = Callable[..., HandOff]


def ready(house: House, hand_off: HandOff) -> None:
    """Say yes to every promise, and tick what a person has to."""
    for promise in hand_off.promises.all():
        promise.reply("yes", by=house.sam)
    for check in checklist_of(hand_off):
        if check.is_missing:
            HandOffItem.tick(hand_off, check.code, check.label, by=house.sam)


def kinds(job: Job) -> list[str]:
    about = Event.objects.filter(job_id=job.pk, kind__regex="^(handoff|project|milestone|lead)")
    return list(about.order_by("pk").values_list("kind", flat=True))


def test_a_sale_opens_one_hand_off_and_the_line_waits_for_it(house: House, job: Job, sold: Sell) -> None:
    hand_off = sold()
    assert (hand_off.state, hand_off.seller, str(hand_off.template)) == ("open", house.rita, "Re-roof")
    assert Lead.objects.get(job=job).won_at == NOON
    # A working day on, at ten on Thursday; two are over on Friday.
    assert (hand_off.due_at, hand_off.far_at) == (NOON + timedelta(days=1), NOON + timedelta(days=2))
    assert Notice.objects.filter(kind="handoff.opened").values_list("member_id", flat=True).get() == house.sam.pk
    job.refresh_from_db()
    assert job.awaits_acceptance
    for refused in (
        lambda: job.move_to(house.stage("Invoiced"), by=house.rita),
        lambda: job.finish(by=house.rita),
        lambda: job.pause(reason="later", until=None, by=house.rita),
    ):
        with pytest.raises(Refused):
            refused()
    assert Move(stage=house.stage("Invoiced")).verdict(job).outcome == BulkOutcome.UNACCEPTED
    HandOff.open(job, seller=house.mona, by=None)
    assert (HandOff.objects.count(), kinds(job)) == (1, ["lead.won", "handoff.opened"])


def test_unanswered_for_two_days_a_manager_is_told(house: House, sold: Sell) -> None:
    hand_off = sold()
    for at, level in ((18, Level.SOON), (25, Level.LATE), (49, Level.CRIT)):
        assert hand_off.level_at(NOON + timedelta(hours=at)) == level
    with clock.at(NOON + timedelta(hours=25)):
        tick()
        dispatch_events()
        assert not Notice.objects.filter(kind="handoff.unanswered").exists()
    with clock.at(NOON + timedelta(hours=49)):
        tick()
        dispatch_events()
        assert Notice.objects.filter(kind="handoff.unanswered").values_list("member_id", flat=True).get() == (
            house.mona.pk
        )
    assert kinds(hand_off.job)[-2:] == ["handoff.overdue", "handoff.far_overdue"]


def test_what_is_moved_back_or_taken_back_is_not_sold(house: House, job: Job) -> None:
    with undo.record_undoable("job.moved", [job], by=house.rita) as change:
        job.move_to(house.stage("Scheduled"), by=house.rita)
    dispatch_events()
    undo.undo_change(change.uid, by=house.rita)
    dispatch_events()
    dispatch_events()
    assert (Lead.objects.get(job=job).won_at, HandOff.objects.get().state) == (None, "withdrawn")
    job.refresh_from_db()
    job.move_to(house.stage("Scheduled"), by=house.rita)
    dispatch_events()
    dispatch_events()
    assert HandOff.objects.get().state == "open"
    job.lose("price", by=house.rita)
    dispatch_events()
    assert HandOff.objects.get().state == "withdrawn"
    job.reopen(by=house.rita)
    dispatch_events()
    assert (HandOff.objects.get().state, Job.objects.get(pk=job.pk).awaits_acceptance) == ("open", True)


def test_accepting_sets_the_job_up_and_can_be_taken_back(house: House, sold: Sell) -> None:
    hand_off = sold(value=2_385_000)
    price = hand_off.promises.get()
    assert (price.kind, price.text) == ("price", "$23,850")
    price.reply("yes", by=house.sam)
    promise = Promise.add(hand_off, "date", "The crew starts before 1 December", by=house.rita)
    with pytest.raises(Refused, match="each promise"):
        hand_off.accept(by=house.sam)
    with pytest.raises(Refused, match="why"):
        promise.reply("no", by=house.sam)
    promise.reply("no", "First free crew is 2 December", by=house.sam)
    with pytest.raises(Refused, match="HOA letter"):
        hand_off.accept(by=house.sam)
    missing = {check.code for check in checklist_of(hand_off) if check.is_missing}
    assert missing == {"deposit", "line:HOA letter", f"promise:{promise.pk}"}
    HandOffItem.tick(hand_off, "deposit", "Deposit", by=house.sam)
    later = NOON + timedelta(days=1)
    owed = HandOffItem.owe(hand_off, "line:HOA letter", "HOA letter", owner=house.rita, due_at=later, by=house.sam)
    HandOffItem.owe(hand_off, f"promise:{promise.pk}", "Tell Cora", owner=house.rita, due_at=later, by=house.sam)
    assert FollowUp.objects.filter(assignee=house.rita, job=hand_off.job).count() == 2

    with undo.record_undoable("handoff.accepted", [hand_off], by=house.sam) as change:
        project = hand_off.accept(by=house.sam, starts_on=date(2026, 12, 2), contact=house.sam)
    job = Job.objects.get(pk=hand_off.job_id)
    assert (job.awaits_acceptance, job.member, project.ends_on) == (False, house.sam, date(2026, 12, 4))
    planned = [(one.name, one.planned_on.day, one.visibility) for one in project.milestones.in_order()]
    assert planned == [
        ("Old roof off", 2, "customer"),
        ("Order shingles", 2, "internal"),
        ("New roof on", 4, "customer"),
    ]
    assert hand_off.accept(by=house.sam).pk == project.pk
    dispatch_events()
    assert Notice.objects.filter(kind="handoff.answered").values_list("member_id", flat=True).get() == house.rita.pk
    assert owed.follow_up is not None
    owed.follow_up.complete("successful", by=house.rita)
    dispatch_events()
    owed.refresh_from_db()
    assert owed.done_by == house.rita

    undo.undo_change(change.uid, by=house.sam)
    hand_off.refresh_from_db()
    job.refresh_from_db()
    assert (hand_off.state, Project.objects.count(), Milestone.objects.count()) == ("open", 0, 0)
    assert (job.awaits_acceptance, job.member) == (True, house.rita)


def test_an_answer_is_not_taken_back_late_or_once_work_has_begun(house: House, sold: Sell) -> None:
    hand_off = sold(value=1)
    ready(house, hand_off)
    with undo.record_undoable("handoff.accepted", [hand_off], by=house.sam) as change:
        project = hand_off.accept(by=house.sam)
    with clock.at(NOON + timedelta(minutes=16)), pytest.raises(Refused, match="15 minutes"):
        undo.undo_change(change.uid, by=house.sam)
    project.milestones.get(name="Old roof off").complete(by=house.sam)
    with pytest.raises(Refused, match="already started"):
        undo.undo_change(change.uid, by=house.sam)


def test_sent_back_it_stays_sold_and_comes_again(house: House, sold: Sell) -> None:
    hand_off = sold()
    with pytest.raises(Refused):
        hand_off.send_back("date", " ", by=house.sam)
    hand_off.send_back("date", "Agree 2 December with Cora.", by=house.sam)
    dispatch_events()
    assert (hand_off.state, hand_off.returned, Lead.objects.get().won_at) == ("returned", 1, NOON)
    assert Job.objects.get().awaits_acceptance
    notice = Notice.objects.get(kind="handoff.answered")
    assert (notice.member_id, notice.data["reason"]) == (house.rita.pk, "date")
    # It ages on with the seller: the same instants.
    assert hand_off.due_at == NOON + timedelta(days=1)
    with clock.at(NOON + timedelta(hours=30)):
        hand_off.resubmit("Agreed.", by=house.rita)
    assert (hand_off.state, hand_off.level_at(NOON + timedelta(hours=31))) == ("open", Level.OK)


def test_who_sold_it_goes_on_seeing_it(house: House, sold: Sell) -> None:
    hand_off = sold(value=1)
    ready(house, hand_off)
    hand_off.accept(by=house.sam, contact=house.sam)
    assert not Job.objects.visible_to(house.rita).exists()
    assert HandOff.objects.visible_to(house.rita).exists()
    assert Project.objects.visible_to(house.rita).exists()
