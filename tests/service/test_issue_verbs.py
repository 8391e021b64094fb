"""Each verb of an issue: what it changes, when it is refused, and that doing it again does nothing."""

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from followups.models import FollowUp
from service.models import ApprovalLimit, Issue
from service.models.approval_limit import limits
from tests.cast import House
from tests.service.conftest import NOON, recorded


@pytest.fixture
def issue(house: House, job: Job) -> Issue:
    return Issue.open(job, "damage", "  The gate is bent ", by=house.sam)


@pytest.fixture
def waiting(house: House, issue: Issue) -> Issue:
    """An offer of Sam's that is above what service may offer."""
    issue.make_offer("refund", "Half of it back", 15_001, by=house.sam)
    return issue


def test_a_reported_issue_is_open_and_says_who_reported_it(house: House, issue: Issue) -> None:
    assert (issue.state, issue.words, issue.opened_by, issue.opened_at) == ("open", "The gate is bent", house.sam, NOON)
    assert recorded("issue.opened") == 1


def test_an_issue_without_words_is_refused(house: House, job: Job) -> None:
    with pytest.raises(Refused, match="what happened"):
        Issue.open(job, "damage", " \n ", by=house.sam)


def test_an_issue_has_one_of_the_known_causes(house: House, job: Job) -> None:
    with pytest.raises(ValueError, match="weather"):
        Issue.open(job, "weather", "Rain", by=house.sam)


@pytest.mark.parametrize(
    ("name", "cents", "state"),
    [
        ("rita", 0, "offered"),
        ("rita", 1, "to_approve"),
        ("sam", 15_000, "offered"),
        ("sam", 15_001, "to_approve"),
        ("mona", 250_000, "offered"),
        ("mona", 250_001, "to_approve"),
        ("ada", 10**12, "offered"),
    ],
)
def test_each_role_offers_up_to_its_limit(house: House, issue: Issue, name: str, cents: int, state: str) -> None:
    issue.make_offer("refund", "", cents, by=getattr(house, name))
    assert (issue.state, issue.amount) == (state, cents)


def test_a_limit_counts_in_whole_units_of_a_currency_without_cents(house: House, issue: Issue) -> None:
    Job.objects.update(currency="JPY")
    issue.make_offer("refund", "", 150, by=house.sam)
    assert issue.state == "offered"
    issue.make_offer("refund", "", 151, by=house.sam)
    assert issue.state == "to_approve"


def test_a_limit_counts_in_whole_units_of_a_currency_with_mils(house: House, issue: Issue) -> None:
    Job.objects.update(currency="KWD")
    issue.make_offer("refund", "", 150_000, by=house.sam)
    assert issue.state == "offered"
    issue.make_offer("refund", "", 150_001, by=house.sam)
    assert issue.state == "to_approve"


def test_nothing_less_than_nothing_is_offered(house: House, issue: Issue) -> None:
    issue.make_offer("apology", "", -5, by=house.sam)
    assert issue.amount == 0


def test_a_new_offer_takes_the_place_of_an_approved_one(house: House, waiting: Issue) -> None:
    waiting.approve(by=house.mona)
    waiting.make_offer("refund", "All of it", 20_000, by=house.sam)
    assert (waiting.state, waiting.approved_by, waiting.approved_at) == ("to_approve", None, None)


def test_approving_says_who_and_when(house: House, waiting: Issue) -> None:
    waiting.approve(by=house.mona)
    assert (waiting.state, waiting.approved_by, waiting.approved_at) == ("offered", house.mona, NOON)


def test_approved_twice_it_is_approved_once(house: House, waiting: Issue) -> None:
    waiting.approve(by=house.mona)
    waiting.approve(by=house.ada)
    assert (waiting.approved_by, recorded("issue.approved")) == (house.mona, 1)


def test_what_nobody_offered_is_not_approved(house: House, issue: Issue) -> None:
    with pytest.raises(Refused, match="nothing to approve"):
        issue.approve(by=house.mona)


def test_nobody_approves_their_own_offer_however_high_their_limit(house: House, issue: Issue) -> None:
    issue.make_offer("refund", "", 250_001, by=house.mona)
    ApprovalLimit.set_for("manager", None, by=house.ada)
    with pytest.raises(Refused, match="own offer"):
        issue.approve(by=house.mona)
    assert issue.state == "to_approve"


def test_a_manager_approves_no_more_than_a_manager_may_offer(house: House, issue: Issue) -> None:
    issue.make_offer("refund", "", 250_001, by=house.sam)
    with pytest.raises(Refused, match="limit"):
        issue.approve(by=house.mona)
    issue.approve(by=house.ada)
    assert issue.state == "offered"


def test_an_offer_within_the_limit_is_not_declined(house: House, issue: Issue) -> None:
    issue.make_offer("apology", "We are sorry", 0, by=house.sam)
    with pytest.raises(Refused, match="nothing to approve"):
        issue.decline("No", by=house.mona)
    assert issue.offer_words == "We are sorry"


def test_declining_leaves_the_offer_to_nobody(house: House, waiting: Issue) -> None:
    waiting.decline("Repair it first", by=house.mona)
    waiting.refresh_from_db()
    assert (waiting.offered_by, waiting.offer_words, waiting.amount) == (None, "", 0)


def test_the_event_of_a_refusal_keeps_the_amount_and_nobodys_words(house: House, waiting: Issue) -> None:
    """Erasing a person leaves events alone, so no event has what somebody typed."""
    waiting.decline("Cora is a difficult customer", by=house.mona)
    assert Event.objects.get(kind="issue.declined").data == {"offer": "refund", "amount": 15_001}


def test_closing_needs_a_result(house: House, issue: Issue) -> None:
    with pytest.raises(Refused, match="result"):
        issue.end(True, " ", by=house.sam)
    assert not issue.is_over


def test_closing_without_a_solution_says_so(house: House, issue: Issue) -> None:
    issue.end(False, "She wants none of it", by=house.sam)
    assert (issue.state, issue.outcome, issue.ended_at) == ("unsolved", "She wants none of it", NOON)


def test_closed_twice_it_is_followed_up_once(house: House, issue: Issue) -> None:
    issue.end(True, "Made good", by=house.sam)
    issue.end(False, "Not at all", by=house.mona)
    assert (issue.state, FollowUp.objects.count(), recorded("issue.ended")) == ("solved", 1, 1)


def test_three_days_later_the_owner_of_the_job_asks_how_it_is(house: House, issue: Issue) -> None:
    issue.end(True, "Made good", by=house.sam)
    planned = FollowUp.objects.get()
    assert (planned.assignee, (planned.due_at - clock.now()).days, planned.kind) == (house.rita, 3, "call")


def test_on_a_job_of_nobody_who_closed_it_asks(house: House, issue: Issue) -> None:
    Job.objects.update(member=None)
    issue.end(True, "Made good", by=house.sam)
    assert FollowUp.objects.get().assignee == house.sam


def test_on_a_closed_job_nobody_asks(house: House, issue: Issue) -> None:
    issue.job.lose("price", by=house.rita)
    issue.end(True, "Made good", by=house.sam)
    assert (issue.follow_up, FollowUp.objects.count()) == (None, 0)


def test_a_closed_issue_takes_no_offer(house: House, issue: Issue) -> None:
    issue.end(True, "Made good", by=house.sam)
    with pytest.raises(Refused, match="Reopen"):
        issue.make_offer("refund", "", 100, by=house.sam)


def test_reopened_it_is_open_again_without_its_result(house: House, issue: Issue) -> None:
    issue.end(True, "Made good", by=house.sam)
    issue.reopen(by=house.sam)
    issue.refresh_from_db()
    assert (issue.state, issue.outcome, issue.ended_at) == ("open", "", None)


def test_an_open_issue_is_not_reopened(house: House, waiting: Issue) -> None:
    waiting.reopen(by=house.sam)
    assert (waiting.state, recorded("issue.reopened")) == ("to_approve", 0)


def test_a_limit_set_to_what_it_is_records_nothing(house: House) -> None:
    ApprovalLimit.set_for("service", 150, by=house.ada)
    assert (recorded("approval_limit.set"), ApprovalLimit.objects.count()) == (0, 0)


def test_a_limit_of_a_role_is_one_row_however_often_it_is_set(house: House) -> None:
    for amount in (10, 20, None):
        ApprovalLimit.set_for("service", amount, by=house.ada)
    assert (ApprovalLimit.objects.get().amount, limits()["service"]) == (None, None)


def test_the_limits_of_other_roles_stay_the_usual_ones(house: House) -> None:
    ApprovalLimit.set_for("service", 10, by=house.ada)
    assert limits() == {"rep": 0, "service": 10, "manager": 2_500, "admin": None}
