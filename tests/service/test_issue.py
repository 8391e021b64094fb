"""Issues: what is offered within and above a limit, two pairs of eyes, how it ends, and what follows."""

import pytest

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from followups.models import FollowUp
from service.models import ApprovalLimit, Issue
from tests.cast import House
from tests.followups.conftest import Browser


def test_an_offer_above_the_limit_needs_somebody_else_with_more(house: House, job: Job) -> None:
    issue = Issue.open(job, "damage", "The gate is bent", by=house.sam)
    issue.make_offer("repair", "We straighten it", 15_000, by=house.sam)
    assert issue.state == "offered"
    issue.make_offer("refund", "Half of it back", 15_001, by=house.sam)
    assert issue.state == "to_approve"
    dispatch_events()
    told = set(Notice.objects.filter(kind="issue.to_approve").values_list("member_id", flat=True))
    assert told == {house.mona.pk, house.ada.pk}
    with pytest.raises(Refused, match="own offer"):
        issue.approve(by=house.sam)
    with pytest.raises(Refused, match="limit"):
        issue.approve(by=house.rita)
    with pytest.raises(Refused, match="waiting for approval"):
        issue.end(True, "Fine", by=house.sam)
    issue.approve(by=house.mona)
    assert (issue.state, issue.approved_by) == ("offered", house.mona)
    with undo.record_undoable("issue.ended", [issue], by=house.sam) as change:
        issue.end(True, "Paid back, and she is content", by=house.sam)
    recovery = FollowUp.objects.get(job=job)
    assert (issue.state, recovery.assignee, recovery.status) == ("solved", house.rita, "pending")
    undo.undo_change(change.uid, by=house.sam)
    issue.refresh_from_db()
    recovery.refresh_from_db()
    assert (issue.state, recovery.status) == ("offered", "cancelled")
    ApprovalLimit.set_for("service", 10, by=house.ada)
    issue.make_offer("discount", "", 1_100, by=house.sam)
    assert (issue.state, issue.approved_by) == ("to_approve", None)


def test_a_declined_offer_is_offered_no_more_and_says_why(house: House, job: Job) -> None:
    issue = Issue.open(job, "damage", "The gate is bent", by=house.sam)
    issue.make_offer("refund", "Half of it back", 15_001, by=house.sam)
    with pytest.raises(Refused, match="reason"):
        issue.decline(" ", by=house.mona)
    with undo.record_undoable("issue.declined", [issue], by=house.mona) as change:
        issue.decline("Repair it first", by=house.mona)
    assert (issue.state, issue.offer, issue.amount, issue.refusal) == ("open", "", 0, "Repair it first")
    assert Event.objects.get(kind="issue.declined").data["amount"] == 15_001
    undo.undo_change(change.uid, by=house.mona)
    issue.refresh_from_db()
    assert (issue.state, issue.offer_words, issue.amount, issue.refusal) == (
        "to_approve",
        "Half of it back",
        15_001,
        "",
    )


def test_an_offer_after_a_refusal_starts_anew(house: House, job: Job) -> None:
    issue = Issue.open(job, "damage", "The gate is bent", by=house.sam)
    issue.make_offer("refund", "Half of it back", 15_001, by=house.sam)
    issue.decline("Repair it first", by=house.mona)
    with pytest.raises(Refused, match="nothing to approve"):
        issue.decline("Again", by=house.mona)
    issue.make_offer("repair", "We straighten it", 9_000, by=house.sam)
    assert (issue.state, issue.refusal) == ("offered", "")


def test_from_report_to_outcome_on_the_pages(house: House, job: Job) -> None:
    sam, mona = Browser(house, house.sam), Browser(house, house.mona)
    sam.post("service/issues/report/", {"job": job.number, "cause": "delay", "words": ""}, status=422)
    sam.post("service/issues/report/", {"job": job.number, "cause": "delay", "words": "Two weeks late"})

    def act(who: Browser, what: str, status: int = 302, **typed: str) -> str:
        with use_tenant(house.tenant):
            issue = Issue.objects.get()
        place = f"service/issues/{issue.uid}/{what}/"
        return str(who.post(place, {"version": issue.form_version, **typed}, status=status).content)

    act(sam, "offer", 422, offer="discount", amount="much")
    act(sam, "offer", offer="discount", amount="$400", words="For the wait")
    assert "Waits for approval" in mona.get("service/issues/?state=to_approve")
    with use_tenant(house.tenant):
        page = f"service/issues/{Issue.objects.get().uid}/"
        Issue.objects.update(offered_by=house.ada)
    # Another's offer, and above the limit of service's own: nobody is offered what would be refused.
    assert ["/approve/" in who.get(page) for who in (sam, mona)] == [False, True]
    act(mona, "approve")
    act(sam, "end", solved="yes", outcome="She is content")
    assert "Cora Customer" not in sam.get("service/issues/")
    assert "Cora Customer" in sam.get("service/issues/?state=solved")
    Browser(house, house.rita).post("service/issues/report/", {"job": job.number}, status=404)
