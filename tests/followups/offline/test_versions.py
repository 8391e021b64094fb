"""Two versions of a follow-up: the page shows both, and each choice does what it says."""

from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.models import FollowUp, FollowUpNote, FollowUpOutcome, FollowUpStatus
from followups.offline.models import OfflineAct, OfflineActState
from followups.offline.notices import ask_when_due
from tests.followups.offline.conftest import Device, fresh, noted


class Clash:
    """Rita’s change, and what Mona did meanwhile."""

    def __init__(self, device: Device, follow_up: FollowUp) -> None:
        self.device, self.house, self.follow_up = device, device.house, follow_up

    def make(self, act: str, verb: str, *args: Any, **fields: str) -> "Clash":
        seen = self.device.show(self.follow_up)
        with use_tenant(self.house.tenant), clock.at(clock.now() + timedelta(minutes=1)):
            getattr(fresh(self.house, self.follow_up), verb)(*args, by=self.house.mona)
        with clock.at(clock.now() + timedelta(minutes=20)):
            assert self.device.send(seen, act, **fields)["state"] == "conflict"
        return self

    @property
    def act(self) -> OfflineAct:
        with use_tenant(self.house.tenant):
            row: OfflineAct = OfflineAct.objects.get()
            return row

    @property
    def row(self) -> FollowUp:
        return fresh(self.house, self.follow_up)

    @property
    def page(self) -> str:
        return f"followups/versions/{self.act.uid}/"

    def decide(self, browser: Any = None, *, status: int = 302, **choices: str) -> Any:
        data = {"version": str(self.row.version), **choices}
        return (browser or self.device.browser).post(f"{self.page}decide/", data, status=status)


@pytest.fixture
def clash(device: Device, planned: Any) -> Clash:
    return Clash(device, planned("Roof visit", assignee=device.house.rita))


@pytest.fixture
def moved(clash: Clash) -> Clash:
    """Rita moved it to tomorrow, Mona by three days."""
    return clash.make("reschedule", "reschedule", clash.follow_up.due_at + timedelta(days=3), when="tomorrow", note="")


@pytest.fixture
def done(clash: Clash) -> Clash:
    """Rita did it; Mona cancelled it."""
    return clash.make("complete", "cancel", outcome="successful", note="On the roof")


def test_both_versions_are_shown(moved: Clash) -> None:
    page = moved.device.browser.get(moved.page)
    assert "Wed, Nov 25" in page  # as it was
    assert "Thu, Nov 26" in page  # Rita's
    assert "Sat, Nov 28" in page  # Mona's
    assert "You and Mona Manager changed “Roof visit”." in page


def test_nothing_is_chosen_for_the_member_but_what_is_there(moved: Clash) -> None:
    moved.decide()
    assert moved.row.due_at == moved.follow_up.due_at + timedelta(days=3)


def test_mine_is_kept(moved: Clash) -> None:
    moved.decide(act="mine")
    assert moved.row.due_at == moved.follow_up.due_at + timedelta(days=1)
    assert moved.act.state == OfflineActState.DECIDED


def test_theirs_is_kept_and_my_note_is_added(done: Clash) -> None:
    done.decide(do="theirs")
    assert (done.row.status, noted(done.device.house, done.row)) == (FollowUpStatus.CANCELLED, "On the roof")


def test_mine_opens_what_was_closed_and_completes_it(done: Clash) -> None:
    done.decide(act="mine")
    assert (done.row.outcome, noted(done.device.house, done.row)) == (FollowUpOutcome.SUCCESSFUL, "On the roof")


def test_the_choice_is_described_before_it_is_saved(moved: Clash) -> None:
    said = moved.device.browser.get(f"{moved.page}?act=mine", htmx=True)
    assert "Thu, Nov 26" in said
    assert "<html" not in said


def test_who_has_it_is_a_choice_of_its_own(clash: Clash) -> None:
    clash.make("reschedule", "assign_to", clash.house.mona, when="tomorrow")
    page = clash.device.browser.get(clash.page)
    assert "Only you changed it" in page
    clash.decide(who="mine")
    assert clash.row.assignee_id == clash.house.rita.pk
    assert clash.row.due_at == clash.follow_up.due_at + timedelta(days=1)


def test_all_of_theirs_leaves_the_time_too(clash: Clash) -> None:
    clash.make("reschedule", "assign_to", clash.house.mona, when="tomorrow")
    clash.decide(do="theirs")
    assert (clash.row.assignee_id, clash.row.due_at) == (clash.house.mona.pk, clash.follow_up.due_at)


def test_a_call_that_two_have_made_keeps_the_chosen_outcome(clash: Clash) -> None:
    clash.make("end_call", "complete", "no_answer", outcome="reached")
    clash.decide(act="mine")
    assert clash.row.outcome == FollowUpOutcome.SUCCESSFUL


def test_a_third_change_shows_the_versions_anew(moved: Clash) -> None:
    old = str(moved.row.version)
    with use_tenant(moved.house.tenant):
        moved.row.reschedule(clock.now() + timedelta(days=5), by=moved.house.mona)
    answer = moved.decide(version=old, act="mine", status=409)
    assert "Mon, Nov 30" in answer.content.decode()
    assert moved.act.state == OfflineActState.CONFLICT


def test_a_time_that_has_passed_is_refused_and_nothing_lost(moved: Clash, as_member: Any) -> None:
    with clock.at(clock.now() + timedelta(days=2)):
        answer = moved.decide(as_member("rita"), act="mine", status=422)
    assert "in the future" in answer.content.decode()
    assert moved.act.fields["when"] == "tomorrow"


def test_deciding_again_says_what_was_decided(moved: Clash) -> None:
    moved.decide(act="mine")
    moved.decide(do="theirs")
    assert moved.row.due_at == moved.follow_up.due_at + timedelta(days=1)


def test_the_member_is_told_that_it_came_back(moved: Clash) -> None:
    with use_tenant(moved.house.tenant):
        assert Notice.objects.filter(kind="followup.came_back", member=moved.house.rita).count() == 1


def test_the_colleague_is_asked_and_decides(moved: Clash, as_member: Any) -> None:
    moved.decide(do="ask")
    mona = as_member("mona")
    assert "Rita" in mona.get(moved.page)
    moved.decide(mona, act="mine")
    with use_tenant(moved.house.tenant):
        told = Notice.objects.filter(kind="followup.was_decided").values_list("member_id", flat=True)
        assert list(told) == [moved.house.rita.pk]


def test_a_note_stays_its_authors_whoever_decides(done: Clash, as_member: Any) -> None:
    done.decide(do="ask")
    done.decide(as_member("mona"), do="theirs")
    with use_tenant(done.house.tenant):
        assert FollowUpNote.objects.get(body="On the roof").author_id == done.house.rita.pk


def test_who_was_not_asked_does_not_see_it(moved: Clash, as_member: Any) -> None:
    as_member("mona").get(moved.page, status=404)
    as_member("sam").get(moved.page, status=404)


def test_nobody_decides_and_the_colleague_is_asked_before_it_was_due(moved: Clash) -> None:
    with use_tenant(moved.house.tenant):
        for _again in range(2):
            ask_when_due([moved.act.pk])
        assert moved.act.asked_id == moved.house.mona.pk
        assert Notice.objects.filter(kind="followup.to_decide").count() == 1


def test_a_change_of_the_product_itself_can_be_decided_and_nobody_asked(clash: Clash) -> None:
    clash.house.mona = None
    clash.make("complete", "cancel", outcome="successful")
    assert "was changed while your change was on the way" in clash.device.browser.get(clash.page)
    clash.decide(do="ask", status=422)
    clash.decide(act="mine")
    assert clash.row.status == FollowUpStatus.COMPLETED
