"""Which calls on a campaign's number count as its leads."""

from datetime import timedelta

import pytest

from comms.models import JudgedSender, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from leads.models import CallPolicy, Lead, Touch, TrackedCall, TrackingNumber
from tests.cast import Cast
from tests.leads.calls.conftest import CORA, STRANGER, Calls, phone_channel
from tickets.matching.leads import source_of


def test_a_long_call_of_a_stranger_makes_a_lead_of_the_campaign(called: Calls, number: TrackingNumber) -> None:
    call = called(seconds=60)
    assert (call.verdict, call.source_id, call.campaign_id) == ("counted", number.source_id, number.campaign_id)
    assert call.lead
    job = call.lead.job
    assert (job.source_id, call.lead.campaign_id, job.person_id) == (
        number.source_id,
        number.campaign_id,
        call.message.person_id,
    )
    first = Touch.objects.get(lead=call.lead)
    assert (first.kind, first.campaign_id) == ("first", number.campaign_id)
    assert Message.objects.get(pk=call.message_id).job_id == job.pk


@pytest.mark.parametrize(("seconds", "verdict"), [(0, "missed"), (59, "short"), (60, "counted")])
def test_a_call_counts_from_the_threshold_on(called: Calls, seconds: int, verdict: str) -> None:
    call = called(seconds=seconds)
    assert (call.verdict, call.lead is not None) == (verdict, verdict == "counted")


def test_the_threshold_is_a_setting(called: Calls, cast: Cast) -> None:
    CallPolicy.set(200, by=cast.house.ada)
    assert called(seconds=120).verdict == "short"
    with pytest.raises(Refused):
        CallPolicy.set(0, by=cast.house.ada)


def test_a_lead_that_begins_with_a_missed_call_has_the_source_of_the_number(number: TrackingNumber) -> None:
    assert source_of(number.channel) == number.source
    number.archive(by=None)
    assert source_of(number.channel).name == number.channel.address


def test_our_own_call_never_counts(called: Calls) -> None:
    assert called(seconds=600, ours=True).verdict == "outgoing"
    assert not Lead.objects.filter(job__title=STRANGER).exists()


def test_a_call_that_returns_ours_does_not_count(called: Calls) -> None:
    called(seconds=0, ours=True)
    assert called(seconds=300).verdict == "returned"


def test_who_called_the_number_first_counts_although_we_called_back(called: Calls) -> None:
    called(seconds=0)
    called(seconds=0, ours=True)
    assert called(seconds=300).verdict == "counted"


def test_a_customer_we_have_is_no_lead_of_the_advertisement(called: Calls, cast: Cast, number: TrackingNumber) -> None:
    before = cast.house.job.source_id
    call = called(CORA, seconds=300)
    job = Job.objects.get(pk=cast.house.job.pk)
    assert (call.verdict, job.source_id, call.lead_id) == ("repeat", before, job.pk)
    kinds = dict(Touch.objects.filter(lead=job.pk).values_list("kind", "campaign_id"))
    assert kinds == {"first": None, "conversion": number.campaign_id}


def test_a_second_call_is_of_the_lead_of_the_first(called: Calls) -> None:
    lead = called().lead
    assert called(seconds=400).verdict == "repeat"
    assert lead
    assert Job.objects.filter(person=lead.job.person).count() == 1


def test_a_call_reported_twice_or_late_is_judged_once(called: Calls) -> None:
    first = called(again="CA77")
    assert called(again="CA77").pk == first.pk
    assert TrackedCall.objects.count() == 1


def test_a_known_spam_caller_is_excused(called: Calls, cast: Cast) -> None:
    JudgedSender.judge(STRANGER, is_spam=True, by=cast.house.ada)
    call = called()
    assert (call.verdict, call.reason, call.lead) == ("excused", "spam", None)


def test_a_withheld_number_counts_without_a_customer(called: Calls) -> None:
    call = called("anonymous")
    assert call.verdict == "counted"
    assert call.lead
    assert call.lead.job.person is None


def test_a_line_without_campaign_is_not_judged(called: Calls, number: TrackingNumber, cast: Cast) -> None:
    number.archive(by=cast.house.ada)
    with pytest.raises(TrackedCall.DoesNotExist):
        called()


def test_a_number_that_is_assigned_anew_keeps_its_past_calls(called: Calls, number: TrackingNumber, cast: Cast) -> None:
    call = called()
    number.assign(source=number.source, campaign=None, by=cast.house.ada)
    with clock.at(clock.now() + timedelta(minutes=1)):
        later = called("+18135550178")
    call.refresh_from_db()
    assert (call.campaign_id is not None, later.campaign_id) == (True, None)


def test_only_a_phone_number_is_tracked_and_once(number: TrackingNumber) -> None:
    with pytest.raises(Refused, match="assigned already"):
        TrackingNumber.add(number.channel, source=number.source, campaign=None, by=None)
    other = phone_channel("+18135550198")
    other.medium = "sms"
    with pytest.raises(Refused, match="takes calls"):
        TrackingNumber.add(other, source=number.source, campaign=None, by=None)
