"""The forms of issues: what is refused with which words, who is offered what, and the settings of limits."""

from collections.abc import Callable
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from service.issues.views import _limits_version
from service.models import ApprovalLimit, Issue
from service.models.approval_limit import limits
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import act, said

ISSUES = "service/issues/"


@pytest.fixture
def issue(house: House, job: Job) -> Issue:
    return Issue.open(job, "damage", "The gate is bent", by=house.sam)


@pytest.fixture
def offer(sam: Browser, issue: Issue) -> Callable[..., Any]:
    """Post the form of an offer."""

    def post(status: int = 302, **typed: str) -> Any:
        return act(sam, f"{ISSUES}{issue.uid}/offer/", issue, status=status, **{"offer": "refund", **typed})

    return post


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"offer": "gold"}, "Choose what we offer"),
        ({"amount": "-5"}, "below zero"),
        ({"amount": "much"}, "amount of money"),
        ({"amount": "€ 20"}, "currency of the job"),
        ({"amount": "9" * 30}, "too large"),
    ],
)
def test_an_offer_that_means_nothing_is_refused(offer: Any, issue: Issue, typed: dict[str, str], words: str) -> None:
    assert words in offer(422, **typed).content.decode()
    assert (issue.state, issue.amount) == ("open", 0)


def test_a_refused_offer_stands_in_the_form_as_it_was_typed(offer: Any) -> None:
    assert 'value="12,oo"' in offer(422, amount="12,oo").content.decode()


def test_an_offer_without_an_amount_costs_nothing(offer: Any, issue: Issue) -> None:
    assert "Offered." in said(offer(offer="apology", words="  We are   sorry "))
    assert (issue.amount, issue.offer_words) == (0, "We are sorry")


def test_cents_are_kept(offer: Any, issue: Issue) -> None:
    offer(amount="$99.95")
    assert issue.amount == 9_995


def test_above_the_limit_the_form_says_that_it_waits(offer: Any) -> None:
    assert "waits for approval" in said(offer(amount="150.01"))


def test_a_form_that_somebody_overtook_changes_nothing(sam: Browser, issue: Issue) -> None:
    sam.post(f"{ISSUES}{issue.uid}/offer/", {"version": "0", "offer": "refund", "amount": "1"}, status=409)
    issue.refresh_from_db()
    assert issue.state == "open"


def test_a_manager_declines_with_a_reason(house: House, mona: Browser, issue: Issue) -> None:
    issue.make_offer("refund", "", 15_001, by=house.sam)
    place = f"{ISSUES}{issue.uid}/decline/"
    assert "reason" in act(mona, place, issue, status=422, why=" ").content.decode()
    assert said(act(mona, place, issue, why="Repair it first")) == "Not approved."
    assert "Repair it first" in mona.get(f"{ISSUES}{issue.uid}/")


def test_service_approves_nothing_above_its_limit(house: House, sam: Browser, issue: Issue) -> None:
    issue.make_offer("refund", "", 15_001, by=house.mona)
    Issue.objects.filter(pk=issue.pk).update(state="to_approve")
    assert "above your" in act(sam, f"{ISSUES}{issue.uid}/approve/", issue, status=422).content.decode()
    assert issue.state == "to_approve"


def test_reopening_on_the_page(house: House, sam: Browser, issue: Issue) -> None:
    issue.end(True, "Made good", by=house.sam)
    assert said(act(sam, f"{ISSUES}{issue.uid}/reopen/", issue)) == "Reopened."
    assert issue.state == "open"


def test_closing_unsolved_on_the_page(sam: Browser, issue: Issue) -> None:
    act(sam, f"{ISSUES}{issue.uid}/end/", issue, solved="no", outcome="She moved away")
    assert (issue.state, issue.outcome) == ("unsolved", "She moved away")


@pytest.mark.parametrize("verb", ["offer", "approve", "decline", "end", "reopen"])
def test_a_rep_reads_and_does_not_act(rita: Browser, issue: Issue, verb: str) -> None:
    assert "The gate is bent" in rita.get(f"{ISSUES}{issue.uid}/")
    rita.post(f"{ISSUES}{issue.uid}/{verb}/", {"version": issue.form_version}, status=404)


def test_a_rep_does_not_see_an_issue_of_somebody_elses_job(house: House, rita: Browser) -> None:
    other = open_job(title="Otis Other", member=house.mona, by=house.mona)
    issue = Issue.open(other, "delay", "Late", by=house.sam)
    rita.get(f"{ISSUES}{issue.uid}/", status=404)
    assert "Otis Other" not in rita.get(ISSUES)


def test_another_tenant_finds_no_issue(cast: Cast, issue: Issue) -> None:
    otto = Browser(cast.other, cast.otto)
    otto.get(f"{ISSUES}{issue.uid}/", status=404)
    otto.post(f"{ISSUES}{issue.uid}/approve/", {"version": issue.form_version}, status=404)


@pytest.mark.parametrize(("typed", "words"), [({"cause": "weather"}, "what it is about"), ({"words": " "}, "happened")])
def test_a_report_that_says_nothing_is_refused(sam: Browser, job: Job, typed: dict[str, str], words: str) -> None:
    form = {"job": job.number, "cause": "delay", "words": "Late"} | typed
    assert words in sam.post(f"{ISSUES}report/", form, status=422).content.decode()
    assert not Issue.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "999999"])
def test_a_report_about_no_job_reports_nothing(sam: Browser, number: str) -> None:
    sam.post(f"{ISSUES}report/", {"job": number, "cause": "delay", "words": "Late"}, status=200)
    assert not Issue.objects.exists()


def test_a_report_leads_to_the_issue(sam: Browser, job: Job) -> None:
    answer = sam.post(f"{ISSUES}report/", {"job": job.number, "cause": "billing", "words": "Twice"})
    assert answer["Location"].endswith(f"{ISSUES}{Issue.objects.get().uid}/")


def test_the_list_has_one_cause_if_asked(house: House, sam: Browser, issue: Issue) -> None:
    assert "Cora Customer" in sam.get(f"{ISSUES}?cause=damage")
    assert "Cora Customer" not in sam.get(f"{ISSUES}?cause=delay")


def set_limits(who: Browser, status: int = 302, **typed: str) -> Any:
    form = {role: "" if amount is None else str(amount) for role, amount in limits().items()}
    return who.post(f"{ISSUES}limits/set/", {"version": _limits_version(), **form, **typed}, status=status)


@pytest.fixture
def ada(house: House) -> Browser:
    return Browser(house, house.ada)


def test_an_administrator_sets_the_limits(house: House, ada: Browser) -> None:
    set_limits(ada, service="75", manager="")
    assert dict(ApprovalLimit.objects.values_list("role", "amount")) == {"service": 75, "manager": None}


@pytest.mark.parametrize("typed", ["-1", "1.5", "much", "1000000000"])
def test_a_limit_is_a_whole_amount(house: House, ada: Browser, typed: str) -> None:
    set_limits(ada, 422, service=typed)
    assert not ApprovalLimit.objects.exists()


def test_one_bad_limit_leaves_all_as_they_were(house: House, ada: Browser) -> None:
    set_limits(ada, 422, rep="5", manager="much")
    assert not ApprovalLimit.objects.exists()


def test_nobody_else_sets_limits(sam: Browser, mona: Browser) -> None:
    for who in (sam, mona):
        set_limits(who, 404, service="1000000")
    assert not ApprovalLimit.objects.exists()
